"""The verdict of a check in sentences: ready or not and by what, or why it was not judged."""

from collections.abc import Sequence

from simulator.contact_data.call_backs import CallBacks
from simulator.contact_data.meanings_of_words import unknown_in_words
from simulator.contact_data.readiness import Readiness
from simulator.report import amounts


def decision(result: Readiness) -> str:
    """Say in a sentence whether the extract is ready, and by what."""
    if not result.headline.crimes or result.unknown_words:
        return _not_judged(result)
    reached, least = amounts.share(result.headline.share), amounts.share(result.reachable_min)
    if result.headline.share < result.reachable_min:
        return (
            f"Not ready: {reached} of open eligible crimes have one safe usable contact, and the "
            f"limit is {least}. Correct the worklist first."
        )
    if result.call_backs is None or result.limit is None:
        return (
            f"Not judged yet: {reached} of open eligible crimes have one safe usable contact "
            f"(limit {least}). Only call-backs tell whether the numbers are the victims' own: ring "
            "the list of --audit-sample, and give --audit-results and --limit."
        )
    whole = result.call_backs.whole
    found = (
        f"at most {amounts.share(whole.high)} of those told may be somebody else "
        f"(limit {amounts.share(result.limit)})"
    )
    if whole.high > result.limit:
        return f"Not ready: {reached} can be told (limit {least}), but {found}."
    if result.call_backs.cautious_high > result.limit:
        return could_not_verify(result.call_backs, result.limit)
    return f"Ready: {reached} can be told (limit {least}), and {found}."


def _not_judged(result: Readiness) -> str:
    """Say what the map must have before anything can be judged."""
    if not result.headline.crimes:
        return "Not judged: the extract has no open eligible crime. Check the map of columns."
    unknown = " ".join(unknown_in_words(result.unknown_words))
    return (
        f"Not judged: {amounts.share(result.headline.share)} of open eligible crimes have one safe "
        f"usable contact (limit {amounts.share(result.reachable_min)}), if the words that the map "
        f"does not know mean what is assumed. {unknown}"
    )


def could_not_verify(found: CallBacks, limit: float) -> str:
    """Say what silence may hide, so that the limit could not be verified, and whom to ring."""
    told = (
        f"Could not verify that at most {amounts.share(limit)} of those told are somebody else: it "
        f"is at most {amounts.share(found.whole.high)} by those who were reached"
    )
    if found.silent_wrong.high > limit and found.whole.no_answer:
        told += (
            f", and {amounts.share(found.silent_wrong.high)} if each of "
            f"{amounts.several(found.whole.no_answer, 'call')} without an answer were a wrong "
            "person: ring these again"
        )
    if found.worst_high > limit:
        told += (
            f"; nobody was reached in {_first(found.strata_unasked)} "
            f"({amounts.share(found.unasked_share)} of the records): ring people there"
        )
    return f"{told}."


def wrong_people_in_words(result: Readiness) -> str:
    """Say how many of those who were rung were somebody else, with the interval."""
    if result.call_backs is None:
        return "Wrong people: not measured; nobody was rung."
    whole = result.call_backs.whole
    words = (
        f"Wrong people: {whole.wrong:,} of {whole.asked:,} reached; of the whole extract "
        f"{amounts.share(whole.share)} (95% interval {amounts.share(whole.low)} to "
        f"{amounts.share(whole.high)}). {amounts.several(whole.no_answer, 'call')} without an "
        "answer."
    )
    if whole.no_answer:
        words += (
            " If each were a wrong person, the upper end would be "
            f"{amounts.share(result.call_backs.silent_wrong.high)}."
        )
    if not result.call_backs.strata_unasked:
        return words
    return f"{words} Nobody was reached in {_first(result.call_backs.strata_unasked)}."


def _first(names: Sequence[str], number: int = 5) -> str:
    more = len(names) - number
    return ", ".join(names[:number]) + (f" and {more:,} more" if more > 0 else "")
