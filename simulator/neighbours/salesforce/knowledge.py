"""Knowledge by the support API, which shows what is online, and by what publishes and withdraws it.

Source: Knowledge Developer Guide, developer.salesforce.com. That a wrong language is answered 400,
and by which code, is assumed: the guide gives the words alone.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from simulator.neighbours.salesforce.calls import Answer, Call
from simulator.neighbours.salesforce.categories import GROUPS, Category, category, names_for
from simulator.neighbours.salesforce.errors import SalesforceError, bad, no_method, not_found
from simulator.neighbours.salesforce.objects import OBJECTS, Record
from simulator.neighbours.salesforce.record_ids import whole_id
from simulator.neighbours.salesforce.records import Records
from simulator.neighbours.salesforce.rules import ARCHIVED, DRAFT, LANGUAGE, ONLINE
from simulator.neighbours.salesforce.values import moment

LANGUAGES = (LANGUAGE, "en_US", "cy", "pl", "ur", "ro")
CHANNELS = ("App", "Pkb", "Csp", "Prm")
CONDITIONS_MAX = 3
PAGE_ARTICLES, PAGE_ARTICLES_MAX = 20, 100
_KAV = OBJECTS["knowledge__kav"]
_SELECTION = "Knowledge__DataCategorySelection"
_SHOWN_FIELDS = ("Title", "UrlName", "Summary", "Answer__c")
_SORTS: Mapping[str, str] = {
    "LastPublishedDate": "LastPublishedDate",
    "CreatedDate": "CreatedDate",
    "Title": "Title",
    "ViewScore": "",
}
_METHODS = ("AT", "BELOW", "ABOVE", "ABOVE_OR_BELOW")
_COPIED = [each.name for each in _KAV.fields if each.written == "always"]
_SAME_IN_ALL_VERSIONS = ("KnowledgeArticleId", "ArticleNumber", "VersionNumber")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z]{2})?")


class Knowledge:
    """The articles among the records."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._views: Counter[str] = Counter()

    def support(self, call: Call) -> Answer:
        """Answer under `support`; raises SalesforceError."""
        if call.method != "GET":
            raise no_method(call.method, "GET")
        match call.parts[1:]:
            case ():
                names = ("dataCategoryGroups", "knowledgeArticles")
                body: Any = {each: f"{call.root}/support/{each}" for each in names}
            case ("dataCategoryGroups",):
                _language(call)
                body = {"categoryGroups": [_group(call, each) for each in GROUPS]}
            case ("dataCategoryGroups", group, "dataCategories", name):
                found = category(group, name)
                if found is None:
                    raise not_found()
                body = _category(call, group, found)
            case ("knowledgeArticles",):
                body = self._list(call)
            case ("knowledgeArticles", name):
                body = self._article(call, name)
            case _:
                raise not_found()
        return Answer(status=200, body=body)

    def managed(self, call: Call) -> Answer:
        """Answer under `knowledgeManagement`; raises SalesforceError."""
        if call.view.is_portal and call.method != "GET":
            words = "insufficient access rights on entity"
            raise SalesforceError(403, "INSUFFICIENT_ACCESS", words)
        match call.method, call.parts[1:]:
            case "GET", ("settings",):
                named = [{"active": True, "name": each} for each in LANGUAGES]
                body = {"defaultLanguage": LANGUAGE, "knowledgeEnabled": True, "languages": named}
                return Answer(status=200, body=body)
            case "POST", ("articleVersions", "masterVersions" | "translations" as kind):
                return Answer(status=201, body={"id": self._drafted(call.record(), kind)})
            case "PATCH", ("articleVersions", "masterVersions" | "translations", version_id):
                self._published(self._version(version_id), call.record())
                return Answer(status=204)
            case "DELETE", ("articleVersions", "masterVersions" | "translations", version_id):
                self._records.delete(_KAV, str(self._version(version_id)["Id"]))
                return Answer(status=204)
            case _, ("settings",):
                raise no_method(call.method, "GET")
            case _, ("articleVersions", "masterVersions" | "translations"):
                raise no_method(call.method, "POST")
            case _, ("articleVersions", "masterVersions" | "translations", _):
                raise no_method(call.method, "PATCH", "DELETE")
        raise not_found()

    def _version(self, text: str) -> Record:
        found = self._records.find(_KAV.name, whole_id(text))
        if found is None:
            raise not_found()
        return found

    def _drafted(self, given: Mapping[str, Any], kind: str) -> str:
        """Copy the version of an article that is online into a draft, or into another language."""
        article = whole_id(str(given.get("articleId", "")))
        versions = [
            each
            for each in self._records.all(_KAV.name)
            if each["KnowledgeArticleId"] == article and not each["IsDeleted"]
        ]
        language = LANGUAGE if kind == "masterVersions" else str(given.get("language", ""))
        if language not in LANGUAGES:
            raise bad("INVALID_FIELD", "Invalid language code.", "language")
        if not versions:
            raise not_found()
        if any((each["PublishStatus"], each["Language"]) == (DRAFT, language) for each in versions):
            raise bad("DUPLICATE_VALUE", "A draft of this article exists already")
        latest = versions[-1]
        draft = {name: latest[name] for name in _COPIED} | {"Language": language}
        with self._records.whole():
            same = {name: latest[name] for name in _SAME_IN_ALL_VERSIONS}
            made = self._records.create(_KAV, draft, same)
            for each in self._records.living(_SELECTION, "ParentId", latest["Id"]):
                names = ("DataCategoryGroupName", "DataCategoryName")
                given = {"ParentId": made} | {name: each[name] for name in names}
                self._records.create(OBJECTS[_SELECTION.lower()], given)
        return made

    def _published(self, version: Record, given: Mapping[str, Any]) -> None:
        """Publish, withdraw or archive a version; raises SalesforceError."""
        wanted, before = str(given.get("publishStatus", "")).title(), version["PublishStatus"]
        now = moment(self._records.now())
        match before, wanted:
            case "Draft", "Online":
                is_next = (
                    given.get("versionNumber") == "NextVersion" or not version["VersionNumber"]
                )
                number = int(version["VersionNumber"] or 0) + is_next
                values: Record = {
                    "PublishStatus": ONLINE,
                    "VersionNumber": number,
                    "FirstPublishedDate": version["FirstPublishedDate"] or now,
                    "LastPublishedDate": now,
                    "IsLatestVersion": True,
                }
                with self._records.whole():
                    self._archive_others(version)
                    self._records.set(_KAV, version, values)
            case "Online", "Draft":
                self._records.set(_KAV, version, {"PublishStatus": DRAFT})
            case "Online", "Archived":
                self._records.set(_KAV, version, {"PublishStatus": ARCHIVED})
            case _:
                message = f"publishStatus: cannot go from {before} to {wanted[:40] or 'nothing'}"
                raise bad("INVALID_FIELD", message, "publishStatus")

    def _archive_others(self, version: Record) -> None:
        for each in list(self._records.all(_KAV.name)):
            if each["PublishStatus"] == ONLINE and all(
                each[name] == version[name] for name in ("KnowledgeArticleId", "Language")
            ):
                archived: Record = {"PublishStatus": ARCHIVED, "IsLatestVersion": False}
                self._records.set(_KAV, each, archived)

    def _online(self, call: Call) -> list[Record]:
        """The versions that a channel shows in a language; raises SalesforceError."""
        language, own = _language(call), "Csp" if call.view.is_portal else "App"
        channel = call.parameters.get("channel", own)
        if channel not in CHANNELS or (call.view.is_portal and channel != own):
            message = f"The channel {channel[:40]} is not available to this user"
            raise bad("INVALID_FILTER_VALUE", message)
        return [
            each
            for each in self._records.all(_KAV.name)
            if each["PublishStatus"] == ONLINE
            and not each["IsDeleted"]
            and each["Language"] == language
            and each[f"IsVisibleIn{channel}"]
        ]

    def _list(self, call: Call) -> dict[str, Any]:
        asked = call.parameters
        size = _number(asked, "pageSize", PAGE_ARTICLES, PAGE_ARTICLES_MAX)
        page = _number(asked, "pageNumber", 1, 10_000)
        tests = [*_words(asked.get("q", "")), *self._conditions(asked)]
        found = [each for each in self._online(call) if all(test(each) for test in tests)]
        sort, order = asked.get("sort", "LastPublishedDate"), asked.get("order", "DESC").upper()
        if sort not in _SORTS or order not in {"ASC", "DESC"}:
            raise bad("INVALID_FILTER_VALUE", f"Invalid sort or order: {sort[:40]} {order[:40]}")
        found.sort(key=self._sorted_by(sort), reverse=order == "DESC")
        begin = (page - 1) * size
        has_more = sort != "ViewScore" and begin + size < len(found)
        return {
            "articles": [self._shown(call, each) for each in found[begin : begin + size]],
            "currentPageUrl": _page_url(call, page),
            "nextPageUrl": _page_url(call, page + 1) if has_more else None,
            "pageNumber": page,
        }

    def _sorted_by(self, sort: str) -> Callable[[Record], Any]:
        field = _SORTS[sort]
        if not field:
            return lambda each: self._views[str(each["KnowledgeArticleId"])]
        return lambda each: str(each[field] or "").lower()

    def _conditions(self, asked: Mapping[str, str]) -> list[Callable[[Record], bool]]:
        """Read `categories`, one category of each of at most three groups."""
        text = asked.get("categories", "")
        if not text:
            return []
        method = asked.get("queryMethod", "ABOVE_OR_BELOW").upper()
        try:
            pairs = json.loads(text, object_pairs_hook=list)
            names = [(str(group), str(name)) for group, name in pairs]
        except (ValueError, TypeError, RecursionError):
            raise _unreadable() from None
        if len({group for group, _ in names}) < len(names):
            raise _unreadable()
        if len(names) > CONDITIONS_MAX or method not in _METHODS:
            message = f"No more than {CONDITIONS_MAX} category conditions, by {', '.join(_METHODS)}"
            raise bad("INVALID_FILTER_VALUE", message)
        return [self._chosen(group, method, name) for group, name in names]

    def _chosen(self, group: str, method: str, name: str) -> Callable[[Record], bool]:
        wanted = names_for(group, method.lower(), name)
        if wanted is None:
            raise bad("INVALID_FILTER_VALUE", f"Invalid category: {group[:40]} {name[:40]}")
        return lambda each: any(
            given == group and chosen in wanted for given, chosen in self._categories(each)
        )

    def _categories(self, article: Record) -> list[tuple[str, str]]:
        found = self._records.living(_SELECTION, "ParentId", article["Id"])
        return [
            (str(each["DataCategoryGroupName"]), str(each["DataCategoryName"])) for each in found
        ]

    def _article(self, call: Call, name: str) -> dict[str, Any]:
        article_id = whole_id(name)
        for each in self._online(call):
            if name == each["UrlName"] or article_id in {each["KnowledgeArticleId"], each["Id"]}:
                if call.parameters.get("updateViewStat", "true").lower() != "false":
                    self._views[str(each["KnowledgeArticleId"])] += 1
                return self._shown(call, each) | {"layoutItems": _layout(each)}
        raise not_found()

    def _shown(self, call: Call, each: Record) -> dict[str, Any]:
        article = str(each["KnowledgeArticleId"])
        chosen: dict[str, list[Category]] = {}
        for group, name in self._categories(each):
            found = category(group, name)
            if found is not None:
                chosen.setdefault(group, []).append(found)
        return {
            "id": article,
            "articleNumber": each["ArticleNumber"],
            "articleType": _KAV.name,
            "title": each["Title"],
            "urlName": each["UrlName"],
            "summary": each["Summary"],
            "url": f"{call.root}/support/knowledgeArticles/{article}",
            "viewCount": self._views[article],
            "viewScore": float(self._views[article]),
            "upVoteCount": 0,
            "downVoteCount": 0,
            "lastPublishedDate": each["LastPublishedDate"],
            "categoryGroups": [
                {
                    "groupName": group,
                    "groupLabel": group.replace("_", " "),
                    "selectedCategories": [_category_head(call, group, one) for one in found],
                }
                for group, found in chosen.items()
            ],
        }


def _language(call: Call) -> str:
    """Read the language, which every call names; raises SalesforceError."""
    given = call.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    if not _LANGUAGE_TAG.fullmatch(given):
        message = "The language code is not valid or not supported by Knowledge."
        raise bad("INVALID_LANGUAGE_CODE", message)
    language, _, country = given.replace("-", "_").partition("_")
    found = f"{language.lower()}_{country.upper()}" if country else language.lower()
    if found not in LANGUAGES:
        message = (
            "Invalid language code. Check that the language is included in your Knowledge language "
            "settings."
        )
        raise bad("INVALID_LANGUAGE_CODE", message)
    return found


def _words(text: str) -> list[Callable[[Record], bool]]:
    """Read the words of a search: each stands in an article."""
    return [
        lambda each, word=word: any(word in str(each[name] or "").lower() for name in _SHOWN_FIELDS)  # type: ignore[misc]
        for word in text.lower().split()[:50]
    ]


def _layout(article: Record) -> Sequence[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": _KAV.by_name[name.lower()].label or name.removesuffix("__c"),
            "type": "RICH_TEXT_AREA" if name == "Answer__c" else "TEXT",
            "value": article[name],
        }
        for name in _SHOWN_FIELDS
    ]


def _group(call: Call, name: str) -> dict[str, Any]:
    top = GROUPS[name]
    return {
        "name": name,
        "label": name.replace("_", " "),
        "objectUsage": "KnowledgeArticleVersion",
        "topCategories": [_category_head(call, name, each) for each in top.below],
    }


def _category(call: Call, group: str, found: Category) -> dict[str, Any]:
    below = [_category_head(call, group, each) for each in found.below]
    return {**_category_head(call, group, found), "childCategories": below}


def _category_head(call: Call, group: str, found: Category) -> dict[str, Any]:
    url = f"{call.root}/support/dataCategoryGroups/{group}/dataCategories/{found.name}"
    return {"name": found.name, "label": found.label, "url": url}


def _page_url(call: Call, page: int) -> str:
    asked = {**call.parameters, "pageNumber": str(page)}
    written = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
    return f"{call.root}/support/knowledgeArticles?{written}"


def _number(asked: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = asked.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= most):
        raise bad("INVALID_FILTER_VALUE", f"{name} must be from 1 to {most}")
    return int(text)


def _unreadable() -> SalesforceError:
    return bad("ARGUMENT_OBJECT_PARSE_ERROR", "categories cannot be read, or name a group twice")
