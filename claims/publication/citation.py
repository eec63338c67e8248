"""Compose the attribution line and the summary sentences with which others may quote a review. Pure functions.

Pure: a review as a published body has it goes in, text for people comes out. The words are neutral and say what
a reader must know before relying on them: that it was corrected, is being re-checked, or was withdrawn.

`display` is made of codes, each with the day that it speaks of, which stand beside it as `display_codes`: with the
organisation's name and the rating's label they are all that a translation needs.
"""

import re
from calendar import month_name
from datetime import date
from functools import lru_cache

from claims.publication.published_claim import DisplayCode, ReviewContent

_LONGEST_BARE_RATING = 40
_BROKEN_QUOTE = "Needs a re-check since {on}: a quote it rests on was no longer found on its page"
_ENGLISH = {
    "rated_as_of": "{organisation} rated this claim {rating} (as of {on}).",
    "rated": "{organisation} rated this claim {rating} (published {on}).",
    "reviewed_as_of": "{organisation} reviewed this claim (as of {on}).",
    "reviewed": "{organisation} reviewed this claim (published {on}).",
    "withdrawn": "{organisation} withdrew its review of this claim on {on}.",
    "corrected": "Corrected on {on}.",
    "updated": "Updated on {on}.",
    "recheck_raised": f"{_BROKEN_QUOTE}; no editor has confirmed that yet.",
    "recheck_confirmed": f"{_BROKEN_QUOTE}.",
}


def attribution(review: ReviewContent) -> str:
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


def display_codes(
    review: ReviewContent, *, recheck_since: str | None = None, confirmed: bool = False
) -> list[DisplayCode]:
    """The finding and what qualifies it, a code for each sentence.

    `recheck_since` is when an open re-check of the review was raised, if the audience may know of one;
    `confirmed` says that an editor agrees with it.
    """
    if review["withdrawn_at"]:
        return [{"code": "withdrawn", "on": review["withdrawn_at"][:10]}]
    finding = "rated" if review["rating"] else "reviewed"
    if review["true_as_of"]:
        codes: list[DisplayCode] = [{"code": f"{finding}_as_of", "on": review["true_as_of"]}]
    else:
        codes = [{"code": finding, "on": review["first_published_at"][:10]}]
    if corrected := _last(review, "correction"):
        codes.append({"code": "corrected", "on": corrected[:10]})
    if updated := _last(review, "update"):
        codes.append({"code": "updated", "on": updated[:10]})
    if recheck_since:
        codes.append({"code": "recheck_confirmed" if confirmed else "recheck_raised", "on": recheck_since[:10]})
    return codes


def display(review: ReviewContent, codes: list[DisplayCode]) -> str:
    """The codes in English: sentences that may be shown as they stand."""
    names = {
        "organisation": review["organisation"]["name"],
        "rating": _shown(review["rating"]["label"]) if review["rating"] else "",
    }
    return _line(" ".join(_ENGLISH[each["code"]].format(on=written_out(each["on"]), **names) for each in codes))


def written_out(moment: str) -> str:
    """The day of an ISO 8601 date or UTC time in words: 1 March 2026."""
    return _in_words(moment[:10])


@lru_cache(maxsize=4096)
def _in_words(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {month_name[day.month]} {day.year}"


def _last(review: ReviewContent, kind: str) -> str | None:
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
