"""What pages of advice must say: any words will do, and no part may be missing."""

import pytest

from simulator.inputs.order import Support
from simulator.judge.text.practical_advice import ANOTHER_WAY, COMPLAINT, lacking, local_support

SUPPORT = Support(
    name="Thames Valley Victims' Support Service",
    number="01632 960201",
    website="https://support.example",
)
NEAR = "Thames Valley Victims\u2019 Support Service: 01632 960 201."
REFERRED = "that the police refer a victim to support"
IS_ASKED = "that a victim is asked first"
IN_TIME = "that it is within 2 working days"
ASKED = "If you agree, we refer you within two working days."


@pytest.mark.parametrize(
    "pages",
    [
        ["Interpreters, BSL, Easy Read and large print: 999 BSL, Relay UK"],
        [
            "Ask for another language or British Sign Language",
            "Easy-read, large-print",
            "999BSL RelayUK",
        ],
    ],
)
def test_the_parts_may_be_on_several_pages_and_in_any_words(pages: list[str]) -> None:
    """Nothing lacks."""
    assert lacking(ANOTHER_WAY, pages) == []


def test_each_part_is_needed() -> None:
    """A page that names one format does not name the others."""
    assert lacking(ANOTHER_WAY, ["Ask for an interpreter in BSL, or for large print"]) == [
        "Easy Read",
        "999 BSL",
        "Relay UK",
    ]
    assert lacking(COMPLAINT, ["You can complain to us"]) == [
        "the Independent Office for Police Conduct"
    ]
    assert lacking(COMPLAINT, ["Complaints: the IOPC"]) == []


@pytest.mark.parametrize(
    ("pages", "missing"),
    [
        ([NEAR, ASKED], []),
        ([NEAR, "We pass on your details if you say yes"], [IN_TIME]),
        ([NEAR, "If you agree, ring them, within 2 working days"], [REFERRED]),
        ([ASKED], [SUPPORT.name, SUPPORT.number]),
        ([NEAR, "We refer you within 2 working days."], [IS_ASKED]),
        ([NEAR, "We refer you if you want."], [IN_TIME]),
    ],
)
def test_local_support_is_named_as_the_order_names_it(pages: list[str], missing: list[str]) -> None:
    """By name and number, with how the police refer victims and that they ask first."""
    assert lacking(local_support(SUPPORT), pages) == missing


def test_pages_that_can_be_read_once_are_enough() -> None:
    """They may come one after another: each part is looked for on all of them."""
    pages = ["Interpreters, BSL, Easy Read and large print: 999 BSL, Relay UK"]
    assert lacking(ANOTHER_WAY, iter(pages)) == []
