# ruff: noqa: E501, S608  each refusal stands on one line; queries are what is tested
"""Articles are shown while they are online, in the language and by the category that is asked for.

The refusals: Knowledge Developer Guide, Articles List and Articles Details.
"""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.simulator.neighbours.salesforce.double import Org, refusal

VERSIONS = "knowledgeManagement/articleVersions"
LOCKS = {"Title": "Lock your doors", "UrlName": "locks", "Summary": "Locks", "Answer__c": "Lock."}


@pytest.fixture
def org() -> Org:
    """An org without articles."""
    return Org()


def _set(org: Org, version: str, status: str, kind: str = "masterVersions") -> int:
    return org.ask("PATCH", f"{VERSIONS}/{kind}/{version}", {"publishStatus": status}).status


def _titles(org: Org, language: str = "en-GB", **asked: str) -> list[str]:
    query = "&".join(f"{name}={quote(value)}" for name, value in asked.items())
    path = f"support/knowledgeArticles?{query}"
    answer = org.ask("GET", path, accept_language=language)
    assert answer.status == 200, answer.body
    return [each["title"] for each in answer.json["articles"]]


def _online(org: Org, **values: Any) -> str:
    version = org.create("Knowledge__kav", **{**LOCKS, **values})
    assert _set(org, version, "Online") == 204
    return version


def test_an_article_is_shown_from_its_publishing_to_its_withdrawal(org: Org) -> None:
    """One that is withdrawn today is not shown tomorrow, by no way."""
    version = org.create("Knowledge__kav", **LOCKS)
    soql = "SELECT Title FROM Knowledge__kav WHERE PublishStatus = 'Online' AND Language = 'en_GB'"

    def shown() -> tuple[int, int, int]:
        detail = org.ask("GET", "support/knowledgeArticles/locks", accept_language="en_GB")
        return len(_titles(org)), len(org.rows(soql)), detail.status

    assert shown() == (0, 0, 404)
    assert _set(org, version, "Online") == 204
    assert shown() == (1, 1, 200)
    org.advance(hours=1)
    assert _set(org, version, "draft") == 204
    org.advance(days=1)
    assert shown() == (0, 0, 404)
    assert _set(org, version, "Archived") == 400


def test_an_edited_article_is_shown_as_it_was_until_it_is_published(org: Org) -> None:
    """A draft copies what is online; published, it takes its place, and the old one is archived."""
    first = _online(org)
    article = org.ask("GET", f"sobjects/Knowledge__kav/{first}").json["KnowledgeArticleId"]
    draft = org.ask("POST", f"{VERSIONS}/masterVersions", {"articleId": article}).json["id"]
    assert org.ask("PATCH", f"sobjects/Knowledge__kav/{draft}", {"Title": "New"}).status == 204
    assert _titles(org) == ["Lock your doors"]
    assert _set(org, draft, "Online") == 204

    assert _titles(org) == ["New"]
    assert org.rows("SELECT PublishStatus, Title FROM Knowledge__kav") == [
        {"PublishStatus": "Archived", "Title": "Lock your doors"},
        {"PublishStatus": "Online", "Title": "New"},
    ]
    assert org.ask("PATCH", f"sobjects/Knowledge__kav/{draft}", {"Title": "x"}).status == 400


def test_a_translation_is_shown_in_its_language_alone(org: Org) -> None:
    """A wrong language is an error, and not English."""
    first = _online(org)
    article = org.ask("GET", f"sobjects/Knowledge__kav/{first}").json["KnowledgeArticleId"]
    asked = {"articleId": article, "language": "cy"}
    welsh = org.ask("POST", f"{VERSIONS}/translations", asked).json["id"]
    org.ask("PATCH", f"sobjects/Knowledge__kav/{welsh}", {"Title": "Clowch y drws"})
    _set(org, welsh, "Online", "translations")

    assert (_titles(org), _titles(org, "cy"), _titles(org, "pl")) == (
        ["Lock your doors"],
        ["Clowch y drws"],
        [],
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("", "The language code is not valid or not supported by Knowledge."),
        ("english", "The language code is not valid or not supported by Knowledge."),
        ("fr", "Invalid language code. Check that the language is included in your Knowledge language settings."),
    ],
)  # fmt: skip
def test_a_language_is_wanted_that_knowledge_has(org: Org, language: str, words: str) -> None:
    """The words are the guide's; the status is assumed."""
    headers = {"accept_language": language} if language else {}
    answer = org.ask("GET", "support/knowledgeArticles", **headers)

    assert answer.status == 400
    assert answer.json[0]["message"] == words


def test_categories_choose_articles_from_above_and_below(org: Org) -> None:
    """By the support API and by SOQL alike."""
    for title, name in (("A burglary", "Burglary"), ("Any theft", "Theft"), ("Fraud", "Fraud")):
        version = org.create("Knowledge__kav", **{**LOCKS, "Title": title, "UrlName": name})
        chosen = {"DataCategoryGroupName": "Crime_Type", "DataCategoryName": name}
        org.create("Knowledge__DataCategorySelection", ParentId=version, **chosen)
        _set(org, version, "Online")
    wanted = {"AT": 1, "BELOW": 2, "ABOVE": 1, "ABOVE_OR_BELOW": 2}
    for method, count in wanted.items():
        found = _titles(org, categories='{"Crime_Type":"Theft"}', queryMethod=method)
        condition = f"WITH DATA CATEGORY Crime_Type__c {method} Theft__c"
        rows = org.rows(f"SELECT Title FROM Knowledge__kav {condition}")
        assert sorted(found) == sorted(each["Title"] for each in rows)
        assert len(found) == count, method
    group = "support/dataCategoryGroups/Crime_Type/dataCategories/Theft"
    below = org.ask("GET", group).json["childCategories"]
    assert [each["name"] for each in below] == ["Burglary", "Vehicle_Theft", "Shoplifting"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"categories": json.dumps({f"G{n}": "x" for n in range(4)})}, "INVALID_FILTER_VALUE"),
        ({"categories": '{"Topic":"Safety","Topic":"Rights"}'}, "ARGUMENT_OBJECT_PARSE_ERROR"),
        ({"categories": "x"}, "ARGUMENT_OBJECT_PARSE_ERROR"),
        ({"categories": '{"Topic":"x"}'}, "INVALID_FILTER_VALUE"),
        ({"pageSize": "101"}, "INVALID_FILTER_VALUE"),
        ({"sort": "x"}, "INVALID_FILTER_VALUE"),
        ({"channel": "x"}, "INVALID_FILTER_VALUE"),
    ],
)
def test_a_list_that_cannot_be_given_is_refused(org: Org, asked: dict[str, str], code: str) -> None:
    """The guide names both codes."""
    query = "&".join(f"{name}={quote(value)}" for name, value in asked.items())
    answer = org.ask("GET", f"support/knowledgeArticles?{query}", accept_language="en-GB")

    assert refusal(answer) == (400, code)


def test_articles_are_searched_sorted_and_paged(org: Org) -> None:
    """What is looked at most comes first by ViewScore."""
    for n in range(3):
        _online(org, Title=f"Advice {n}", UrlName=f"advice-{n}", Answer__c=f"word{n}")
    assert _titles(org, q="WORD1") == ["Advice 1"]
    assert _titles(org, sort="Title", order="ASC", pageSize="2") == ["Advice 0", "Advice 1"]
    assert _titles(org, sort="Title", order="ASC", pageSize="2", pageNumber="2") == ["Advice 2"]
    path = "support/knowledgeArticles/advice-2"
    read = org.ask("GET", path, accept_language="en-GB").json
    org.ask("GET", f"{path}?updateViewStat=false", accept_language="en-GB")
    assert {each["name"] for each in read["layoutItems"]} >= {"Title", "Answer__c"}
    assert _titles(org, sort="ViewScore")[0] == "Advice 2"


def test_a_victim_reads_what_their_channel_shows(org: Org) -> None:
    """And may not ask for another; SOQL and the record give no more."""
    hidden = _online(org, IsVisibleInCsp=False)
    headers = {"accept_language": "en-GB", "token": org.portal_token}

    assert org.ask("GET", "support/knowledgeArticles", **headers).json["articles"] == []
    other = org.ask("GET", "support/knowledgeArticles?channel=App", **headers)
    assert refusal(other) == (400, "INVALID_FILTER_VALUE")
    read = org.ask("GET", f"sobjects/Knowledge__kav/{hidden}", token=org.portal_token)
    assert read.status == 404
    path, given = f"{VERSIONS}/masterVersions/{hidden}", {"publishStatus": "Archived"}
    archived = org.ask("PATCH", path, given, token=org.portal_token)
    assert refusal(archived) == (403, "INSUFFICIENT_ACCESS")


def test_a_victim_reads_no_draft_and_nothing_archived(org: Org) -> None:
    """By query, by id, by the category's own parent, by the list; nor another language's."""
    archived, draft = _online(org), org.create("Knowledge__kav", **{**LOCKS, "UrlName": "draft"})
    _set(org, archived, "Archived")
    chosen = {"DataCategoryGroupName": "Topic", "DataCategoryName": "Safety"}
    org.create("Knowledge__DataCategorySelection", ParentId=draft, **chosen)
    _online(org, UrlName="online")

    def rows(soql: str) -> list[Any]:
        path = f"queryAll?q={quote(soql)}"
        found: list[Any] = org.ask("GET", path, token=org.portal_token).json["records"]
        return found

    assert [each["UrlName"] for each in rows("SELECT UrlName FROM Knowledge__kav")] == ["online"]
    by_category = "SELECT Id FROM Knowledge__kav WITH DATA CATEGORY Topic__c AT Safety__c"
    assert rows(by_category) == []
    assert rows("SELECT Parent.Title FROM Knowledge__DataCategorySelection") == []
    for each in (archived, draft):
        answer = org.ask("GET", f"sobjects/Knowledge__kav/{each}", token=org.portal_token)
        assert answer.status == 404
    for language, count in (("en-GB", 1), ("cy", 0)):
        headers = {"accept_language": language, "token": org.portal_token}
        listed = org.ask("GET", "support/knowledgeArticles?q=lock", **headers).json["articles"]
        assert len(listed) == count


def test_settings_name_the_languages(org: Org) -> None:
    """The guide: Retrieve Knowledge Language Settings."""
    settings = org.ask("GET", "knowledgeManagement/settings").json

    assert settings["knowledgeEnabled"]
    assert {"active": True, "name": "cy"} in settings["languages"]
