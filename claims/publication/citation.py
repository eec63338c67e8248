"""How a review may be quoted elsewhere: one line that says whose it is, and one ready sentence of what it found.

Pure: a review as a published body has it goes in, text for people comes out. The words are neutral and say what
a reader must know before relying on them: that it was corrected, is being re-checked, or was withdrawn.
"""

import re
from calendar import month_name
from datetime import date
from functools import lru_cache

from claims.json_object import Json

_LONGEST_BARE_RATING = 40


def attribution(review: Json) -> str:
    """Who published it, what, when, where and under which licence, on one line."""
    organisation, article = review["organisation"], review["article"]
    parts = [
        organisation["name"],
        f"“{article['title']}”" if article and article["title"] else "",
        written_out(review["first_published_at"]),
        (article["url"] if article else organisation["site"]) or "",
        f"licence: {review['licence']}" if review["licence"] else "",
    ]
    return _line(", ".join(part for part in parts if part))


def display(review: Json, *, recheck_since: str | None = None, confirmed: bool = False) -> str:
    """The finding in a sentence that may be shown as it stands, with what qualifies it.

    `recheck_since` is when an open re-check of the review was raised, if the audience may know of one;
    `confirmed` says that an editor agrees with it.
    """
    organisation = review["organisation"]["name"]
    if review["withdrawn_at"]:
        return _line(f"{organisation} withdrew its review of this claim on {written_out(review['withdrawn_at'])}.")
    rating = review["rating"]["label"] if review["rating"] else None
    if review["true_as_of"]:
        when = f"as of {written_out(review['true_as_of'])}"
    else:
        when = f"published {written_out(review['first_published_at'])}"
    found = f"rated this claim {_shown(rating)}" if rating else "reviewed this claim"
    sentences = [f"{organisation} {found} ({when})."]
    if corrected := _last(review, "correction"):
        sentences.append(f"Corrected on {written_out(corrected)}.")
    if updated := _last(review, "update"):
        sentences.append(f"Updated on {written_out(updated)}.")
    if recheck_since:
        seen = "" if confirmed else "; no editor has confirmed that yet"
        sentences.append(
            f"Needs a re-check since {written_out(recheck_since)}:"
            f" a quote it rests on was no longer found on its page{seen}."
        )
    return _line(" ".join(sentences))


def written_out(moment: str) -> str:
    """The day of an ISO 8601 date or UTC time in words: 1 March 2026."""
    return _in_words(moment[:10])


@lru_cache(maxsize=4096)
def _in_words(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {month_name[day.month]} {day.year}"


def _last(review: Json, kind: str) -> str | None:
    """When the last version of this kind went out. Typing errors that were corrected change no finding."""
    times = [
        version["published_at"]
        for version in review["history"]
        if version["kind"] == kind and version["correction_kind"] != "typo"
    ]
    return times[-1] if times else None


def _shown(rating: str) -> str:
    """A rating that is a sentence of its own, as imported ones can be, is quoted."""
    bare = len(rating) <= _LONGEST_BARE_RATING and not re.search(r"[.!?:;“”\"]", rating)
    return rating if bare else f"“{rating}”"


def _line(text: str) -> str:
    return " ".join(text.split())
