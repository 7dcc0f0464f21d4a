"""What the org itself does with a record that is written, beside checking its fields.

Sources: Object Reference (EmailMessage: only a draft can be changed; Knowledge: only a draft).
"""

from collections.abc import Mapping

from simulator.neighbours.salesforce.errors import SalesforceError, bad
from simulator.neighbours.salesforce.objects import CLOSED, DRAFT_EMAIL, Record, SObject, Value
from simulator.neighbours.salesforce.record_ids import made_id
from simulator.neighbours.salesforce.values import Known, moment

DRAFT, ONLINE, ARCHIVED = "Draft", "Online", "Archived"
LANGUAGE = "en_GB"
_NEW, _READ = "0", "1"
#: Of an email that was sent or received these alone may change, and fields of our own.
_OPEN_OF_EMAIL = frozenset({"IsExternallyVisible", "Status"})
#: What the system writes when an article is published or withdrawn.
_OF_PUBLISHING = frozenset(
    {"PublishStatus", "VersionNumber", "IsLatestVersion", "FirstPublishedDate", "LastPublishedDate"}
)


def completed(records: Known, sobject: SObject, before: Record | None, record: Record) -> Record:
    """Fill in what follows from the rest; raises SalesforceError for what the org refuses."""
    match sobject.name:
        case "Contact":
            names = (record["FirstName"], record["LastName"])
            record["Name"] = " ".join(str(each) for each in names if each)
        case "Case":
            record["CaseNumber"] = record["CaseNumber"] or f"{1000 + records.count('Case'):08d}"
            is_closed = record["Status"] in CLOSED
            if not is_closed:
                record["ClosedDate"] = None
            elif record["ClosedDate"] is None:
                record["ClosedDate"] = moment(records.now())
            record["IsClosed"] = is_closed
        case "Task":
            record["IsClosed"] = record["Status"] == "Completed"
        case "EmailMessage" if before is not None:
            _check_email(before, record)
        case "Knowledge__kav":
            _complete_article(records, before, record)
    return record


def _check_email(before: Record, record: Record) -> None:
    if before["Status"] == DRAFT_EMAIL:
        return
    changed = {
        name
        for name, value in record.items()
        if value != before[name] and not name.endswith("__c") and name not in _OPEN_OF_EMAIL
    }
    if changed:
        raise _refused("Only a draft email can be changed", *sorted(changed))
    if record["Status"] != before["Status"] and (before["Status"], record["Status"]) != (
        _NEW,
        _READ,
    ):
        raise _refused("The status of an email can only go from New to Read", "Status")


def _complete_article(records: Known, before: Record | None, record: Record) -> None:
    if before is None:
        number = records.count("Knowledge__kav")
        record |= {
            "PublishStatus": record["PublishStatus"] or DRAFT,
            "VersionNumber": record["VersionNumber"] or 0,
            "KnowledgeArticleId": record["KnowledgeArticleId"] or made_id("kA0", number),
            "ArticleNumber": record["ArticleNumber"] or f"{1000 + number:09d}",
            "IsMasterLanguage": record["Language"] == LANGUAGE,
        }
    elif before["PublishStatus"] != DRAFT and any(
        record[name] != before[name] for name in record if name not in _OF_PUBLISHING
    ):
        raise _refused("Only a draft of an article can be changed", "PublishStatus")
    for other in records.all("Knowledge__kav"):
        if (
            not other["IsDeleted"]
            and other["UrlName"] == record["UrlName"]
            and other["KnowledgeArticleId"] != record["KnowledgeArticleId"]
        ):
            raise bad("DUPLICATE_VALUE", "URL Name already exists", "UrlName")


def is_published(name: str, record: Mapping[str, Value]) -> bool:
    """Say whether a victim may see a record in the org's own portal."""
    match name:
        case "CaseComment":
            return bool(record["IsPublished"])
        case "EmailMessage":
            return bool(record["IsExternallyVisible"])
        case "FeedItem":
            return record["Visibility"] == "AllUsers"
        case "Knowledge__kav":
            return record["PublishStatus"] == ONLINE and bool(record["IsVisibleInCsp"])
        case "Task" | "Knowledge__DataCategorySelection":
            return False
    return True


def _refused(message: str, *fields: str) -> SalesforceError:
    return bad("INSUFFICIENT_ACCESS_OR_READONLY", message, *fields)
