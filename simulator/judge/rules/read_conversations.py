"""Phase 3, as the victim reads it: both sides whole, in order, by whom, and nothing else.

Line ends may differ from those that were written, and blanks around the words. Nothing may be cut,
escaped, doubled, or filed under another crime.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from reference.contract.events import OfficerReplied
from reference.contract.messages import QUESTION_CHARACTERS_MAX, ConversationPost
from simulator.evidence.records import QuestionAsked, Seen
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.questions import Question
from simulator.judge.page_rule import PageRule
from simulator.judge.text.plain_words import has_word, with_plain_line_ends
from simulator.verdicts import Finding


@dataclass
class ReadConversations(PageRule):
    """Judges conversations whose posts are known one by one."""

    requirements = frozenset(
        {"PERS-05", "PRIV-03", "TWO-01", "TWO-04", "TWO-05", "TWO-10", "TWO-11", "TWO-12"}
    )
    hears = (Seen, QuestionAsked)

    def hear(self, record: Seen | QuestionAsked, book: CaseBook) -> Iterable[Finding]:
        """Judge one conversation, or one question that the portal took."""
        if isinstance(record, QuestionAsked):
            return self._too_long(record)
        view = book.page_views.latest
        is_read = record.where == "conversation" and (record.posts or not record.texts)
        if not is_read or view.access != "own" or record.how == "by the tester":
            return ()
        return self._conversation(view.seen, {record.person_id, view.seen.person_id}, book)

    def _conversation(self, seen: Seen, readers: set[str], book: CaseBook) -> Iterator[Finding]:
        crime = book.register.current(seen.crime_reference)
        if crime != seen.crime_reference and book.register.crimes[seen.crime_reference].gone:
            return
        victim = book.register.crimes[crime].victims.get(seen.person_id)
        if victim is None or self.order.phase_at(seen.at) < 3:
            return
        asked = [
            each
            for who in sorted(readers)
            for each in book.questions.asked_by(who)
            if book.register.current(each.asked.crime_reference) == crime
        ]
        asked.sort(key=lambda each: each.asked.at)
        replies = _replies(seen, readers, book)
        ever_asked = asked
        anew_at = book.questions.anew_at(seen.person_id)
        if anew_at is not None:
            # Once two records are parted, what came for this one meanwhile is its person's.
            was_parted = anew_at in book.register.persons.parted_at.get(seen.person_id, ())
            if victim.own.kind != "organisation" and not was_parted:
                yield from self._of_another_person(seen, asked, replies, anew_at, book)
            asked = [each for each in asked if each.asked.at >= anew_at]
            replies = [each for each in replies if each.received_at >= anew_at]
        if book.register.persons.of(seen.person_id) is None:
            yield from self._of_survivor(seen, asked)
        # In the moment in which another person is put in their place either may have asked it.
        own = [each for each in asked if each.asked.at != anew_at]
        # What an organisation wrote its next contact may read too.
        may_read = ever_asked if victim.own.kind == "organisation" else own
        yield from self._questions(seen, own, Counter(map(_words, may_read)))
        yield from self._of_another_crime(seen, ever_asked, readers, book)
        yield from self._with_the_force(seen, asked, book)
        yield from self._replies(seen, replies)
        yield from self._under_another_reference(seen, replies, book)
        yield from self._order(seen, asked, replies)

    def _too_long(self, record: QuestionAsked) -> Iterator[Finding]:
        characters = len(with_plain_line_ends(record.text))
        if characters > QUESTION_CHARACTERS_MAX:
            expected = f"a question of more than {QUESTION_CHARACTERS_MAX} characters is refused"
            observed = f"one of {characters} was taken"
            yield from self.fail(
                record, "TWO-11", expected, observed, "too long", rests_on="contract: Stamp.text"
            )

    def _of_another_person(
        self,
        seen: Seen,
        asked: list[Question],
        replies: list[Received],
        anew_at: datetime,
        book: CaseBook,
    ) -> Iterator[Finding]:
        """Find words by or to the person who was told before, and not by or to this one."""
        before = {_words(each) for each in asked if each.asked.at < anew_at}
        before |= {_said(each) for each in replies if each.received_at < anew_at}
        before -= {_words(each) for each in asked if each.asked.at >= anew_at}
        before -= {_said(each) for each in replies if each.received_at >= anew_at}
        if anew_at <= book.events.due_before(seen.at) and before & set(map(_text, seen.posts)):
            expected = "a person sees only their own conversation"
            observed = "they were shown that of the person who was told before them"
            yield from self.fail(seen, "PRIV-03", expected, observed, harm="disclosed")

    def _of_survivor(self, seen: Seen, asked: list[Question]) -> Iterator[Finding]:
        theirs = {_words(each) for each in asked if each.of_survivor}
        theirs -= {_words(each) for each in asked if not each.of_survivor}
        if theirs & set(map(_text, seen.posts)):
            expected = (
                "after a merger of persons is taken back each reads what they wrote themselves"
            )
            observed = "they were shown what the other wrote"
            rests_on = "contract: PersonsUnmerged"
            yield from self.fail(
                seen, "PERS-05", expected, observed, harm="disclosed", rests_on=rests_on
            )

    def _questions(
        self, seen: Seen, asked: list[Question], may_read: Counter[str]
    ) -> Iterator[Finding]:
        """Find words that the victim wrote, and that are not there as theirs, or too often."""
        shown = Counter(_text(each) for each in seen.posts if each.author == "victim")
        by_officer = {_text(each) for each in seen.posts if each.author == "officer"}
        wanted = Counter(_words(each) for each in asked if not each.is_of_either)
        for text, times in wanted.items():
            expected = "the victim's words stand in the conversation as they wrote them, once"
            if shown[text] < times:
                observed = "they are not there, or changed" + sentences.beside_its_look(text, shown)
                if text in by_officer:
                    observed = "they stand there as an officer's"
                rests_on = "contract: ConversationPost.text"
                yield from self.fail(seen, "TWO-01", expected, observed, rests_on=rests_on)
            elif shown[text] > max(times, may_read[text]):
                observed = f"they are there {shown[text]} times, and were sent {times} times"
                rests_on = "contract: ConversationPost.key"
                yield from self.fail(
                    seen,
                    "TWO-01",
                    expected,
                    observed,
                    "twice",
                    harm="duplicated",
                    rests_on=rests_on,
                )

    def _of_another_crime(
        self, seen: Seen, asked: list[Question], readers: set[str], book: CaseBook
    ) -> Iterator[Finding]:
        here = {_words(each) for each in asked}
        elsewhere = {
            _words(each)
            for who in readers
            for each in book.questions.asked_by(who)
            if book.register.current(each.asked.crime_reference) != seen.crime_reference
            and not each.is_of_either
        } - here
        if any(_text(each) in elsewhere for each in seen.posts if each.author == "victim"):
            expected = "what a victim writes about one crime stays with that crime"
            yield from self.fail(seen, "TWO-10", expected, "it is shown with another of theirs")

    def _with_the_force(
        self, seen: Seen, asked: list[Question], book: CaseBook
    ) -> Iterator[Finding]:
        """Find words that are shown as with the force and are not, or the other way round."""
        texts = Counter(_words(each) for each in asked)
        posts = {_text(each): each for each in seen.posts if each.author == "victim"}
        by = book.events.due_before(seen.at)
        for each in asked:
            text = _words(each)
            post = posts.get(text)
            if post is None or texts[text] > 1:
                continue
            rests_on = "contract: ConversationPost.is_with_force"
            expected = "the victim is told whether the force has their words"
            is_stamped = bool(each.stamps)
            if is_stamped and each.stamps[0].at <= by and not post.is_with_force:
                observed = "they are shown as waiting, long after the force had them"
                yield from self.fail(seen, "TWO-05", expected, observed, rests_on=rests_on)
            down = book.crime_system_outages.due_at(each.asked.at) is None
            if not is_stamped and down and post.is_with_force:
                observed = "they are shown as with the force, which is down and does not have them"
                yield from self.fail(seen, "TWO-05", expected, observed, rests_on=rests_on)

    def _replies(self, seen: Seen, replies: list[Received]) -> Iterator[Finding]:
        """Find replies by no officer's name or another's, as the victim's, or twice."""
        posts = [each for each in seen.posts if each.author == "officer"]
        shown = Counter(map(_text, posts))
        written = Counter(map(_said, replies))
        for text, times in shown.items():
            if text in written and times > written[text]:
                expected = "each reply stands in the conversation once"
                observed = f"one is there {times} times"
                rests_on = "contract: ConversationPost.key"
                yield from self.fail(
                    seen, "TWO-04", expected, observed, harm="duplicated", rests_on=rests_on
                )
        for post in posts:
            signers = [
                each.event.officer
                for each in replies
                if isinstance(each.event, OfficerReplied) and _said(each) == _text(post)
            ]
            # The force may not say who wrote it.
            if signers and not any(not each or has_word(post.name, each.name) for each in signers):
                names = " or ".join(sorted({each.name for each in signers if each is not None}))
                yield from self.fail(
                    seen,
                    "TWO-12",
                    f"the answer is signed by {names}",
                    f"it is signed {post.name!r}" + sentences.beside_its_look(names, [post.name]),
                    rests_on="contract: ConversationPost.name",
                )

    def _under_another_reference(
        self, seen: Seen, replies: list[Received], book: CaseBook
    ) -> Iterator[Finding]:
        """Find a reply that came under the reference of a merged crime, and is nowhere."""
        if book.register.crimes[seen.crime_reference].gone:
            return
        by, texts = book.events.due_before(seen.at), set(map(_text, seen.posts))
        # Another rule asks for those that came before the merger.
        owed = {each.event_id for each in book.questions.replies_to(seen.person_id)}
        for each in replies:
            reference = each.event.crime_reference
            is_late = each.received_at > by or self.order.phase_at(each.received_at) < 3
            merged = book.register.crimes.get(reference)
            victim = merged.victims.get(seen.person_id) if merged is not None else None
            is_out = victim is not None and bool(victim.exclusion)
            if is_out or each.event_id in book.questions.unreadable:
                # They could not read it when it came, and an officer tells them.
                continue
            assert isinstance(each.event, OfficerReplied)
            if book.questions.may_be_of_another(each.event, each):
                continue
            if reference == seen.crime_reference or is_late or each.event_id in owed:
                continue
            same = [e for e in replies if _reply_id(e) == _reply_id(each)]
            if not texts & set(map(_said, same)):
                expected = "a reply under the old reference stands where the crime goes on"
                observed = "the victim read it, and the reply was not there"
                yield from self.fail(
                    seen, "TWO-04", expected, observed, rests_on="contract: CrimeMerged.into"
                )

    def _order(
        self, seen: Seen, asked: list[Question], replies: list[Received]
    ) -> Iterator[Finding]:
        """Find a post after one that is newer for certain: the conversation is oldest first.

        A reply may stand where it was written, recorded or received.
        """
        times: dict[tuple[str, str], list[datetime]] = {}
        for question in asked:
            times.setdefault(("victim", _words(question)), []).append(question.asked.at)
        for reply in replies:
            at = (reply.happened_at, reply.recorded_at, reply.received_at)
            times.setdefault(("officer", _said(reply)), []).extend(at)
        known = [
            (each.author, times[each.author, _text(each)])
            for each in seen.posts
            if (each.author, _text(each)) in times
        ]
        for (author, before), (later_author, after) in combinations(known, 2):
            if min(before) <= max(after):
                continue
            observed = "words of the victim's come before what they wrote earlier"
            if author != "victim" or later_author != "victim":
                observed = f"words of the {author}'s come before older ones of the {later_author}'s"
            yield from self.fail(
                seen,
                "TWO-04",
                "the conversation is in the order in which it was written",
                observed,
                harm="out of order",
                rests_on="contract: readConversation",
            )


def _text(post: ConversationPost) -> str:
    return with_plain_line_ends(post.text)


def _words(question: Question) -> str:
    return with_plain_line_ends(question.asked.text)


def _said(reply: Received) -> str:
    assert isinstance(reply.event, OfficerReplied)
    return with_plain_line_ends(reply.event.text)


def _reply_id(reply: Received) -> tuple[str, str]:
    assert isinstance(reply.event, OfficerReplied)
    return reply.event.crime_reference, reply.event.reply_id


def _replies(seen: Seen, readers: set[str], book: CaseBook) -> list[Received]:
    return [
        each
        for each in book.events.of_all_parts(seen.crime_reference)
        if isinstance(each.event, OfficerReplied) and each.event.person_id in readers
    ]
