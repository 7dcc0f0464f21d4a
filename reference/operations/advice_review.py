"""Which pages of advice need an editor: those past their review date, and those with a gap."""

from datetime import date

from reference.portal.words.advice import Advice

# Where the operator must write what only the force knows, before the page is of use.
TO_FILL_IN = "Your force fills this in"


def overdue(advice: Advice, today: date) -> dict[str, date]:
    """Find the pages whose review date has passed, with that date, oldest first."""
    dates = {slug: article.review_date for slug, article in advice.articles.items()}
    late = [slug for slug, on in dates.items() if on < today]
    return {slug: dates[slug] for slug in sorted(late, key=lambda slug: (dates[slug], slug))}


def to_fill_in(advice: Advice) -> list[str]:
    """Name the pages in which the force has yet to write something of its own."""
    return sorted(slug for slug, article in advice.articles.items() if TO_FILL_IN in article.html)
