"""Compose the attribution line and the summary sentences with which others may quote a review. Pure functions.

Pure: a review as a published body has it goes in, text for people comes out. The words are neutral and say what
a reader must know before relying on them: that it was corrected, is being re-checked or under review, or was withdrawn.

`display` is the English of `display_codes`, each a code with the day that it names. The codes, the organisation's name
and the rating's label are all that a translation needs.
"""

import re
from calendar import month_name
from datetime import date
from functools import lru_cache

from claims.publication.published_claim import DisplayCode, Evidence, ReviewContent, ReviewHistory

_LONGEST_BARE_RATING = 40
_BROKEN_QUOTE = "Needs a re-check since {on}: a quote it rests on was no longer found in its place on its page"
_CHANGED_PAGE = "Needs a re-check since {on}: a page it rests on has changed"
_ENGLISH = {
    "rated_as_of": "{organisation} rated this claim {rating} (as of {on}).",
    "rated": "{organisation} rated this claim {rating} (published {on}).",
    "reviewed_as_of": "{organisation} reviewed this claim (as of {on}).",
    "reviewed": "{organisation} reviewed this claim (published {on}).",
    "withdrawn": "{organisation} withdrew its review of this claim on {on}.",
    "corrected": "Corrected on {on}.",
    "updated": "Updated on {on}.",
    "reconfirmed": "A page it rests on has changed; checked again on {on}, and the finding stands.",
    "recheck_raised": f"{_BROKEN_QUOTE}; no editor has confirmed that yet.",
    "recheck_confirmed": f"{_BROKEN_QUOTE}.",
    "recheck_page_raised": f"{_CHANGED_PAGE}; no editor has confirmed that yet.",
    "recheck_page_confirmed": f"{_CHANGED_PAGE}.",
    "rated_undated": "{organisation} rated this claim {rating}.",
    "reviewed_undated": "{organisation} reviewed this claim.",
    "withdrawn_undated": "{organisation} withdrew its review of this claim.",
    "corrected_undated": "Corrected.",
    "updated_undated": "Updated.",
    "suspended": (
        "Under review since {on}: {organisation} is looking at its review of this claim again"
        " and gives no rating until it has."
    ),
}


def attribution(review: ReviewContent) -> str:
    """Organisation, headline, date, address and licence, on one line; without what its publisher did not give."""
    organisation, article = review["organisation"], review["article"]
    parts = [
        organisation["name"],
        f"“{article['title']}”" if article and article["title"] else "",
        "" if review.get("undated") else english_day(review["first_published_at"]),
        (article["url"] if article else organisation["site"]) or "",
        f"licence: {review['licence']}" if review["licence"] else "",
    ]
    return _line(", ".join(part for part in parts if part))


def display_codes(
    review: ReviewContent, *, recheck_since: str | None = None, confirmed: bool = False, words_missing: bool = True
) -> list[DisplayCode]:
    """The finding and its qualifications, a code for each sentence.

    `recheck_since` is when an open re-check of the review was raised, if the audience may know of one;
    `confirmed` says that an editor agrees with it, `words_missing` that the words of a quote were no longer found.
    """
    if review["withdrawn_at"]:
        if review["history"] and review["history"][-1].get("undated"):
            return [{"code": "withdrawn_undated"}]
        return [{"code": "withdrawn", "on": review["withdrawn_at"][:10]}]
    if since := review.get("suspended_since"):
        return [{"code": "suspended", "on": since[:10]}]
    finding = "rated" if review["rating"] else "reviewed"
    if review["true_as_of"]:
        codes: list[DisplayCode] = [{"code": f"{finding}_as_of", "on": review["true_as_of"]}]
    elif review.get("undated"):
        codes = [{"code": f"{finding}_undated"}]
    else:
        codes = [{"code": finding, "on": review["first_published_at"][:10]}]
    for kind, code in (("correction", "corrected"), ("update", "updated")):
        if last := _last(review, kind):
            undated = last.get("undated")
            codes.append({"code": f"{code}_undated"} if undated else {"code": code, "on": last["published_at"][:10]})
    if "reconfirmed_at" in review:
        codes.append({"code": "reconfirmed", "on": review["reconfirmed_at"][:10]})
    if recheck_since:
        about = "recheck" if words_missing else "recheck_page"
        codes.append({"code": f"{about}_confirmed" if confirmed else f"{about}_raised", "on": recheck_since[:10]})
    return codes


def display(review: ReviewContent, codes: list[DisplayCode]) -> str:
    """The codes in English, as sentences that may be shown as they are."""
    names = {
        "organisation": review["organisation"]["name"],
        "rating": rating_in_sentence(review["rating"]["label"]) if review["rating"] else "",
    }
    sentences = (
        _ENGLISH[each["code"]].format(on=english_day(each["on"]) if "on" in each else "", **names) for each in codes
    )
    return _line(" ".join(sentences))


_NOT_IN_PLACE = "These words no longer stand in their place on the page as they did."
_KEPT = {
    **dict.fromkeys(
        ("disowned", "reattributed", "requalified"), "The page still has these words; other words on it have changed."
    ),
    "page_gone": "We no longer found the page.",
}


def quote_wording(evidence: Evidence) -> str:
    """What readers must know of a quote that broke and on which editors have decided; empty for others."""
    sentences = []
    if accepted := evidence.get("stands_as"):
        sentences.append(
            f"The page has changed. On {english_day(accepted['since'])} we accepted these words of it in place of the "
            f"quote: “{accepted['exact']}”"
        )
    if evidence["state"] == "kept" and "decided_at" in evidence:
        sentences.append(
            f"{_KEPT.get(evidence.get('cause', ''), _NOT_IN_PLACE)} "
            f"On {english_day(evidence['decided_at'])} we decided that the finding stands."
        )
    return _line(" ".join(sentences))


def english_day(moment: str) -> str:
    """The day of an ISO 8601 date or UTC time, as in 1 March 2026."""
    return _english_day(moment[:10])


@lru_cache(maxsize=4096)
def _english_day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {month_name[day.month]} {day.year}"


def _last(review: ReviewContent, kind: str) -> ReviewHistory | None:
    """The last version of this kind. Corrections of typing errors change no finding."""
    versions = [
        version for version in review["history"] if version["kind"] == kind and version["correction_kind"] != "typo"
    ]
    return versions[-1] if versions else None


def rating_in_sentence(rating: str) -> str:
    """The rating, in quotation marks if it is a sentence of its own, as imported ones can be."""
    bare = len(rating) <= _LONGEST_BARE_RATING and not re.search(r"[.!?:;“”\"]", rating)
    return rating if bare else f"“{rating}”"


def _line(text: str) -> str:
    return " ".join(text.split())
