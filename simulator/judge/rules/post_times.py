"""The time and the key of each post of a conversation, as the victim reads it.

A page may show no more than the day: midnight of London stands for it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from reference.contract.messages import ConversationPost
from simulator.clock import LONDON, in_london
from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.page_entries import CLOCKS_APART
from simulator.judge.page_rule import PageRule
from simulator.judge.text.plain_words import with_plain_line_ends
from simulator.verdicts import Finding


@dataclass
class PostTimes(PageRule):
    """Judges the times and keys of conversations whose posts are known one by one."""

    requirements = frozenset({"TWO-01"})

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one conversation."""
        view = book.page_views.latest
        if record.where != "conversation" or view.access != "own" or record.how == "by the tester":
            return ()
        return self._posts(view.seen, {record.person_id, view.seen.person_id}, book)

    def _posts(self, seen: Seen, readers: set[str], book: CaseBook) -> Iterator[Finding]:
        asked: dict[str, list[datetime]] = {}
        for who in readers:
            for each in book.questions.asked_by(who):
                asked.setdefault(_plain(each.asked.text), []).append(each.asked.at)
        for post in seen.posts:
            if post.at > seen.at + CLOCKS_APART:
                yield from self._wrong(seen, post, f"by now, {in_london(seen.at)}, at the latest")
            times = asked.get(_plain(post.text), []) if post.author == "victim" else []
            if times and not any(_is_then(post.at, each) for each in times):
                wrote = " or ".join(in_london(each) for each in sorted(times))
                yield from self._wrong(seen, post, wrote)
        keys = Counter(post.key for post in seen.posts)
        if any(times > 1 for times in keys.values()):
            expected = "each post of a conversation has a key of its own"
            observed = "two have the same"
            yield from self.fail(
                seen, "TWO-01", expected, observed, "key", rests_on="contract: ConversationPost.key"
            )

    def _wrong(self, seen: Seen, post: ConversationPost, when: str) -> Iterator[Finding]:
        expected = f"a post has the time at which it was written: {when}"
        observed = f"it has {in_london(post.at)}"
        yield from self.fail(
            seen, "TWO-01", expected, observed, "time", rests_on="contract: ConversationPost.at"
        )


def _is_then(shown: datetime, wrote: datetime) -> bool:
    here, there = shown.astimezone(LONDON), wrote.astimezone(LONDON)
    is_a_day = (here.hour, here.minute) == (0, 0) and here.date() == there.date()
    return is_a_day or abs(shown - wrote) <= CLOCKS_APART


def _plain(text: str) -> str:
    return with_plain_line_ends(text).strip()
