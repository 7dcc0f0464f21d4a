"""Every published code has its published name, and something that reaches it."""

import re
from pathlib import Path

import pytest

from simulator.neighbours.marketing_cloud.errors import NAMES, failed
from tests.simulator.asgi import call

#: "Transactional API Response Level Error Codes", developer.salesforce.com, for sms and email.
PUBLISHED = """
10000 MCMS_UTM_Validation
10001 MCMS_UTM_Validation_InvalidDataType
10002 MCMS_UTM_Validation_MissingRequiredField
10003 MCMS_UTM_Validation_IncorrectFormat
10005 MCMS_UTM_Validation_InvalidValue
30000 MCMS_UTM_Runtime
30001 MCMS_UTM_Runtime_InvalidOperation
30003 MCMS_UTM_Runtime_ObjectNotFound
30004 MCMS_UTM_Runtime_ObjectAlreadyExists
40000 MCMS_UTM_Authentication
40001 MCMS_UTM_Authentication_NotAuthenticated
109001 MCMS_UTM_ResponsesHasErrors
109101 MCMS_UTM_Validation_TooManySubscribers
109102 MCMS_UTM_Validation_NoSubscribers
109103 MCMS_UTM_Validation_NoValidSubscribers
109104 MCMS_UTM_Validation_MissingRequiredField_messageKey
109105 MCMS_UTM_Validation_MissingRequiredField_subscriberKey
109106 MCMS_UTM_Validation_MissingRequiredField_to
109107 MCMS_UTM_Validation_MissingRequiredField_definitionKey
109108 MCMS_UTM_Validation_InvalidValue_messageKey
109109 MCMS_UTM_Validation_InvalidValue_subscriberKey
109110 MCMS_UTM_Validation_DuplicateMessageKey
109111 MCMS_UTM_Validation_InvalidValue_definitionKey
109112 MCMS_UTM_Validation_InvalidValue_options
109113 MCMS_UTM_Validation_InvalidValue_autoAddSubscriber
109114 MCMS_UTM_Validation_InvalidValue_resubscribe
109115 MCMS_UTM_Validation_InvalidValue_keyword
109116 MCMS_UTM_Validation_InvalidValue_resubscribe_true_without_keyword_specified
109120 MCMS_UTM_Validation_MissingRequiredField_keyword
109121 MCMS_UTM_Validation_InvalidValue_to
109122 MCMS_UTM_Validation_UnknownFieldName
109123 MCMS_UTM_Validation_InvalidValue_classification_IncorrectType
109124 MCMS_UTM_Validation_email_does_not_pass_validation
109125 MCMS_UTM_Validation_InvalidValue_updateSubscriber
"""
FOLDER = Path(__file__).parent


def test_the_names_are_those_that_salesforce_publishes() -> None:
    """Each code of texts and emails, and no other."""
    rows = dict(line.split() for line in PUBLISHED.strip().splitlines())

    assert {str(code): f"MCMS_UTM_{name}" for code, name in NAMES.items()} == rows


@pytest.mark.parametrize("code", sorted(NAMES))
def test_a_test_of_a_request_expects_each_code(code: int) -> None:
    """None is in the table alone: a request reaches it."""
    tests = "".join(
        each.read_text(encoding="utf-8")
        for each in FOLDER.glob("test_*.py")
        if each.name != Path(__file__).name
    )

    assert re.search(rf"\b{code}\b", tests)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failing_marketing_cloud_says_so(status: int) -> None:
    """An issue of sfmc-devtools (725) printed "MCMS_UTM_Runtime: Unknown runtime exception"."""
    answer = call(failed(status), "GET", "/", headers={})

    assert (answer.status, answer.json["errorcode"]) == (status, 30000)
    assert answer.json["message"] == "MCMS_UTM_Runtime: Unknown runtime exception"
