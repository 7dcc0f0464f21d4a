"""SOQL read into a tree: the subset that docs/neighbours.md names, and an error for the rest.

A parser of its own: those on PyPI overlook conditions. Grammar: Salesforce's SOQL and SOSL
Reference, developer.salesforce.com. `AND` and `OR` side by side want brackets, as documented.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, NoReturn, TypeAlias

from msgspec import Struct, structs

from simulator.neighbours.salesforce.errors import bad

CHARACTERS_MAX = 100_000
DEPTH_MAX = 40
OFFSET_MAX = 2_000
PARENTS_MAX = 5
DAYS_DIGITS_MAX = 4
QUERIES_KEPT_MAX = 256

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^'\\]|\\.)*')
  | (?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d))
  | (?P<day>\d{4}-\d\d-\d\d)
  | (?P<number>[+-]?\d+(?:\.\d+)?)(?![\w])
  | (?P<relative>[A-Za-z_]+_N_[A-Za-z]+:\d+)
  | (?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
  | (?P<mark><=|>=|!=|<>|[=<>(),])
  | (?P<end>$)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "'": "'", '"': '"', "\\": "\\"}
_FUNCTIONS = frozenset({"count", "count_distinct", "min", "max"})
_DAYS = frozenset({"today", "yesterday", "tomorrow"})
_AFTER_FROM = frozenset(
    {"where", "with", "group", "having", "order", "limit", "offset", "for", "using"}
)
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "like", "in", "not in"]
Selecting: TypeAlias = Literal["at", "below", "above", "above_or_below"]
_COMPARISONS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})


class Named(Struct, frozen=True):
    """A field by its path from the queried object, and where in the query it stands."""

    path: tuple[str, ...]
    at: int


class Aggregate(Struct, frozen=True):
    """A function over rows, and what its value is called."""

    function: str
    field: Named
    alias: str


class AllFields(Struct, frozen=True):
    """`FIELDS(ALL)`, `FIELDS(STANDARD)` or `FIELDS(CUSTOM)`."""

    which: str


class Literals(Struct, frozen=True, kw_only=True):
    """What a field is compared with: its type, and the values."""

    kind: Literal["string", "number", "boolean", "null", "date", "datetime", "day_range"]
    value: Any


class Comparison(Struct, frozen=True):
    """One field against a literal, a list of them, or the rows of another query."""

    field: Named
    operator: Operator
    right: "tuple[Literals, ...] | Query"


class Joined(Struct, frozen=True):
    """Conditions joined by `and` or `or`."""

    word: Literal["and", "or"]
    parts: "tuple[Condition, ...]"


class Negated(Struct, frozen=True):
    """A condition that must not hold."""

    part: "Condition"


Condition: TypeAlias = Comparison | Joined | Negated


class Category(Struct, frozen=True):
    """`WITH DATA CATEGORY`: a group, how, and of which categories."""

    group: str
    selecting: Selecting
    names: tuple[str, ...]


class Ordering(Struct, frozen=True):
    """One field of an ORDER BY."""

    field: Named
    is_descending: bool
    nulls_last: bool


class Query(Struct, frozen=True, kw_only=True):
    """A whole query, or one in brackets within another."""

    source: str
    source_at: int
    items: "tuple[Named | Aggregate | AllFields | Query, ...]"
    text: str
    counts: bool = False
    where: Condition | None = None
    categories: tuple[Category, ...] = ()
    group: tuple[Named, ...] = ()
    order: tuple[Ordering, ...] = ()
    limit: int | None = None
    offset: int = 0


@lru_cache(maxsize=QUERIES_KEPT_MAX)
def read_query(text: str) -> Query:
    """Read a query; raises SalesforceError. Read once: a client asks the same again and again."""
    if len(text) > CHARACTERS_MAX:
        message = f"SOQL statements can not be longer than {CHARACTERS_MAX} characters"
        raise bad("MALFORMED_QUERY", message)
    return _Parser(text).whole()


def pointed_at(text: str, at: int, message: str) -> str:
    """Show where in a query something is wrong, as the org does: row, column and a caret."""
    row, begin = text.count("\n", 0, at) + 1, text.rfind("\n", 0, at) + 1
    first = max(begin, at - 40)
    line = text[first : at + 40].partition("\n")[0]
    caret = " " * (at - first) + "^"
    return f"\n{line}\n{caret}\nERROR at Row:{row}:Column:{at - begin + 1}\n{message}"


class _Token(Struct, frozen=True):
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        return self.text.lower() if self.kind in {"name", "mark"} else ""


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._depth = 0
        self._tokens = list(self._read())
        self._place = 0

    def whole(self) -> Query:
        query = self._query()
        if self._next.kind != "end":
            self._unexpected()
        return query

    def _read(self) -> Iterator[_Token]:
        place = 0
        while True:
            match = _TOKEN.match(self._text, place)
            if match is None:
                rest = self._text[place:].lstrip()
                self._refuse(len(self._text) - len(rest), f"unexpected token: '{rest[:1]}'")
            kind = str(match.lastgroup)
            yield _Token(kind, match[kind], match.start(kind))
            if kind == "end":
                return
            place = match.end()

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._next
        self._place += 1
        return token

    def _is(self, *words: str) -> bool:
        """Take these words if they come next."""
        ahead = self._tokens[self._place : self._place + len(words)]
        if [each.word for each in ahead] != list(words):
            return False
        self._place += len(words)
        return True

    def _expect(self, *words: str) -> None:
        if not self._is(*words):
            self._unexpected()

    def _unexpected(self) -> NoReturn:
        token = self._next
        shown = token.text[:40] if token.kind != "end" else "<EOF>"
        self._refuse(token.at, f"unexpected token: '{shown}'")

    def _refuse(self, at: int, message: str) -> NoReturn:
        raise bad("MALFORMED_QUERY", pointed_at(self._text, at, message))

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            self._refuse(self._next.at, "The query is nested too deeply.")

    def _name(self) -> Named:
        token = self._next
        if token.kind != "name":
            self._unexpected()
        self._place += 1
        path = tuple(token.text.split("."))
        if len(path) > PARENTS_MAX + 1:
            message = f"SOQL relationships can only be traversed up to {PARENTS_MAX} levels"
            self._refuse(token.at, message)
        return Named(path, token.at)

    def _query(self) -> Query:
        self._deeper()
        self._expect("select")
        counts = self._is("count", "(", ")")
        items = () if counts else tuple(self._listed(self._item))
        self._expect("from")
        source = self._name()
        aliases = self._alias(source)
        if self._is("using", "scope"):
            self._name()
        where = self._condition() if self._is("where") else None
        query = Query(
            source=source.path[-1],
            source_at=source.at,
            items=tuple(_without_alias(each, aliases) for each in items),
            text=self._text,
            counts=counts,
            where=where,
            **self._endings(),
        )
        self._depth -= 1
        return _unaliased(query, aliases) if aliases else query

    def _alias(self, source: Named) -> frozenset[str]:
        if self._is("as"):
            return frozenset({self._name().path[0].lower()})
        if self._next.kind == "name" and self._next.word not in _AFTER_FROM:
            return frozenset({self._name().path[0].lower()})
        return frozenset({source.path[-1].lower()})

    def _endings(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self._is("with"):
            self._with(found)
        if self._is("group", "by"):
            found["group"] = tuple(self._listed(self._name))
        if self._is("order", "by"):
            found["order"] = tuple(self._listed(self._ordering))
        if self._is("limit"):
            found["limit"] = self._number()
        if self._is("offset"):
            at, found["offset"] = self._next.at, self._number()
            if found["offset"] > OFFSET_MAX:
                message = f"Maximum SOQL offset allowed is {OFFSET_MAX}"
                raise bad("NUMBER_OUTSIDE_VALID_RANGE", pointed_at(self._text, at, message))
        while self._is("for"):
            if not any(self._is(each) for each in ("view", "reference", "update")):
                self._unexpected()
        return found

    def _with(self, found: dict[str, Any]) -> None:
        if self._is("security_enforced") or self._is("user_mode") or self._is("system_mode"):
            return
        self._expect("data", "category")
        categories = [self._category()]
        while self._is("and"):
            categories.append(self._category())
        found["categories"] = tuple(categories)

    def _category(self) -> Category:
        group = self._name().path[-1]
        words: tuple[Selecting, ...] = ("above_or_below", "at", "below", "above")
        for word in words:
            if self._is(word):
                if self._is("("):
                    names = tuple(each.path[-1] for each in self._listed(self._name))
                    self._expect(")")
                else:
                    names = (self._name().path[-1],)
                return Category(group, word, names)
        return self._unexpected()

    def _listed(self, read: Any) -> list[Any]:
        found = [read()]
        while self._is(","):
            found.append(read())
        return found

    def _number(self) -> int:
        token = self._take()
        if token.kind != "number" or not token.text.isdigit():
            self._place -= 1
            self._unexpected()
        return int(token.text[:9])

    def _item(self) -> "Named | Aggregate | AllFields | Query":
        if self._is("("):
            inner = self._query()
            self._expect(")")
            return inner
        named = self._name()
        if not self._is("("):
            return named
        function = named.path[-1].lower()
        if function == "fields":
            which = self._name().path[-1].lower()
            self._expect(")")
            if which not in {"all", "standard", "custom"}:
                self._refuse(named.at, f"unexpected token: '{which[:40]}'")
            return AllFields(which)
        if function not in _FUNCTIONS:
            self._refuse(named.at, f"unexpected token: '{named.path[-1][:40]}'")
        field = self._name()
        self._expect(")")
        is_named = self._next.kind == "name" and self._next.word != "from"
        return Aggregate(function, field, self._name().path[-1] if is_named else "")

    def _ordering(self) -> Ordering:
        field = self._name()
        is_descending = self._is("desc")
        if not is_descending:
            self._is("asc")
        nulls_last = False
        if self._is("nulls"):
            nulls_last = self._is("last")
            if not nulls_last:
                self._expect("first")
        return Ordering(field, is_descending, nulls_last)

    def _condition(self) -> Condition:
        self._deeper()
        first = self._negatable()
        parts, words = [first], set[Literal["and", "or"]]()
        while self._next.word in {"and", "or"}:
            word: Literal["and", "or"] = "and" if self._next.word == "and" else "or"
            if words and word not in words:
                self._unexpected()
            words.add(word)
            self._place += 1
            parts.append(self._negatable())
        self._depth -= 1
        return Joined(words.pop(), tuple(parts)) if words else first

    def _negatable(self) -> Condition:
        if self._is("not"):
            self._deeper()
            part = Negated(self._negatable())
            self._depth -= 1
            return part
        if self._is("("):
            inner = self._condition()
            self._expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Comparison:
        field = self._name()
        if self._is("like"):
            return Comparison(field, "like", (self._literal(),))
        if self._is("in"):
            return Comparison(field, "in", self._among())
        if self._is("not", "in"):
            return Comparison(field, "not in", self._among())
        token = self._next
        if token.text not in _COMPARISONS:
            self._unexpected()
        self._place += 1
        operator: Any = "!=" if token.text == "<>" else token.text
        return Comparison(field, operator, (self._literal(),))

    def _among(self) -> "tuple[Literals, ...] | Query":
        self._expect("(")
        found = self._query() if self._next.word == "select" else tuple(self._listed(self._literal))
        self._expect(")")
        return found

    def _literal(self) -> Literals:
        try:
            found = _literal(self._next)
        except (ValueError, OverflowError):
            found = None
        if found is None:
            return self._unexpected()
        self._place += 1
        return found


def _literal(token: _Token) -> Literals | None:
    """Read a value; None if it is none, raises ValueError if it cannot be read."""
    found: Literals | None = None
    match token.kind:
        case "string":
            found = Literals(kind="string", value=_unescaped(token.text[1:-1]))
        case "moment":
            found = Literals(kind="datetime", value=datetime.fromisoformat(token.text))
        case "day":
            found = Literals(kind="date", value=date.fromisoformat(token.text))
        case "number":
            found = Literals(kind="number", value=float(token.text))
        case "relative":
            name, _, count = token.text.lower().partition(":")
            if name in {"last_n_days", "next_n_days"} and len(count) <= DAYS_DIGITS_MAX:
                found = Literals(kind="day_range", value=(name, int(count)))
        case "name" if token.word in {"true", "false"}:
            found = Literals(kind="boolean", value=token.word == "true")
        case "name" if token.word == "null":
            found = Literals(kind="null", value=None)
        case "name" if token.word in _DAYS:
            found = Literals(kind="day_range", value=(token.word, 0))
    return found


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPES:
            # A pattern keeps its own escapes.
            if match[1] in "%_":
                return match[0]
            raise ValueError(match[1])
        return _ESCAPES[match[1]]

    return re.sub(r"\\(.)", one, text, flags=re.DOTALL)


def _without_alias(item: Any, aliases: frozenset[str]) -> Any:
    """Leave the alias of the queried object out of a field's path."""
    match item:
        case Named(path=(first, _, *_)) if first.lower() in aliases:
            item = Named(item.path[1:], item.at)
        case Aggregate() | Comparison() | Ordering():
            item = structs.replace(item, field=_without_alias(item.field, aliases))
        case Joined():
            parts = tuple(_without_alias(each, aliases) for each in item.parts)
            item = Joined(item.word, parts)
        case Negated():
            item = Negated(_without_alias(item.part, aliases))
    return item


def _unaliased(query: Query, aliases: frozenset[str]) -> Query:
    return structs.replace(
        query,
        where=None if query.where is None else _without_alias(query.where, aliases),
        group=tuple(_without_alias(each, aliases) for each in query.group),
        order=tuple(_without_alias(each, aliases) for each in query.order),
    )
