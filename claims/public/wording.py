"""Sentences for readers, in the language of the site, from the codes and parameters of published bodies.

In English a sentence is, letter for letter, the one that newsrooms get by REST. Texts of people, and names, are never
translated; a template gives them their own `lang`. Days are those of UTC, as everywhere in the published data.
"""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from claims.json_object import Json
from claims.models.verification import Verification
from claims.publication.citation import english_day, rating_in_sentence

_DISPLAY = {
    "rated_as_of": __("%(organisation)s rated this claim %(rating)s (as of %(on)s)."),
    "rated": __("%(organisation)s rated this claim %(rating)s (published %(on)s)."),
    "reviewed_as_of": __("%(organisation)s reviewed this claim (as of %(on)s)."),
    "reviewed": __("%(organisation)s reviewed this claim (published %(on)s)."),
    "withdrawn": __("%(organisation)s withdrew its review of this claim on %(on)s."),
    "corrected": __("Corrected on %(on)s."),
    "updated": __("Updated on %(on)s."),
    "reconfirmed": __("A page it rests on has changed; checked again on %(on)s, and the finding stands."),
    "recheck_confirmed": __(
        "Needs a re-check since %(on)s: a quote it rests on was no longer found in its place on its page."
    ),
    "recheck_page_confirmed": __("Needs a re-check since %(on)s: a page it rests on has changed."),
    "rated_undated": __("%(organisation)s rated this claim %(rating)s."),
    "reviewed_undated": __("%(organisation)s reviewed this claim."),
    "withdrawn_undated": __("%(organisation)s withdrew its review of this claim."),
    "corrected_undated": __("Corrected."),
    "updated_undated": __("Updated."),
    "suspended": __(
        "Under review since %(on)s: %(organisation)s is looking at its review of this claim again"
        " and gives no rating until it has."
    ),
}
_STATES = {
    "intact": __("stands"),
    "moved": __("stands, at another place on the page"),
    "altered": __("no longer stands as we quoted it"),
    "disowned": __("the page seems to take it back"),
    "reattributed": __("the page seems to ascribe it to somebody else"),
    "requalified": __("the page seems to put it in another frame"),
    "gone": __("no longer found on the page"),
    "page_gone": __("the page is no longer found"),
    "kept": __("the page has changed; the finding stands"),
    "unverifiable": __("could not be read"),
    "not_watchable": __("cannot be watched"),
}
_STANCES = {
    "supports": __("Speaks for the claim"),
    "refutes": __("Speaks against the claim"),
    "context": __("Background"),
}
_STATUSES = {
    Verification.CHECKED.value: __("checked"),
    Verification.NEEDS_RECHECK.value: __("being looked at again"),
    Verification.SUSPENDED.value: __("under review"),
    Verification.WITHDRAWN.value: __("withdrawn"),
    Verification.MERGED.value: __("part of another claim"),
}
_EVENTS = {
    "published": __("Published"),
    "updated": __("Update: facts have moved on"),
    "clarified": __("Clarification"),
    "corrected": __("Correction"),
    "recheck_confirmed": __("A page that this rests on has changed; we are looking again"),
    "recheck_dismissed": __("We looked again: nothing that matters had changed"),
    "reconfirmed": __("We looked again, and the finding stands"),
    "watch_lost": __("A page that this rests on could no longer be read"),
    "watch_resumed": __("That page could be read again"),
    "suspended": __("Put under review; no verdict is given meanwhile"),
    "resumed": __("No longer under review"),
    "merged": __("Made one with another claim that says the same"),
    "unmerged": __("Separated from another claim"),
    "withdrawn": __("Withdrawn"),
    "redacted": __("Words were removed"),
}
_CAUSES = {
    "altered": __("On %(on)s we no longer found this sentence in its place on the page; a similar one stood there."),
    "disowned": __("On %(on)s this sentence stood on the page, and other words there seemed to take it back."),
    "reattributed": __(
        "On %(on)s this sentence stood on the page, and seemed to be ascribed to somebody else than before."
    ),
    "requalified": __(
        "On %(on)s this sentence stood on the page, and what stood around it seemed to change what it says."
    ),
    "gone": __("On %(on)s we no longer found this sentence in its place on the page."),
    "page_gone": __("On %(on)s we no longer found the page."),
}
_ONE_OTHER = __("The quote that it rests on no longer stands on its page as quoted.")
_ONE_UNREAD = __("The page that it rests on could not be read.")
_COMES_AND_GOES = __("At some of our looks within a week this was so, at others it was not.")
_NOT_IN_PLACE = __("These words no longer stand in their place on the page as they did.")
_OTHER_WORDS = __("The page still has these words; other words on it have changed.")
_KEPT = {
    "disowned": _OTHER_WORDS,
    "reattributed": _OTHER_WORDS,
    "requalified": _OTHER_WORDS,
    "page_gone": __("We no longer found the page."),
}
_SPEAKERS = {
    "person": __("a person"),
    "organisation": __("an organisation"),
    "unknown": __("a person or an organisation"),
}
_CORRECTIONS = {
    "rating": __("Correction of the rating"),
    "substantive": __("Correction of a fact"),
    "typo": __("Correction of a typing error"),
}


def day(moment: str | date) -> str:
    """A day in words, from an ISO 8601 date or UTC time, as in 1 March 2026."""
    text = moment if isinstance(moment, str) else moment.isoformat()
    if _is_english():
        return english_day(text)
    return str(date_format(date.fromisoformat(text[:10]), "DATE_FORMAT"))


def display(review: Json) -> tuple[str, bool]:
    """The finding of a review in sentences, and whether they are in the language of the site.

    Bodies from before there were codes have English sentences alone, and so has a code that this version lacks.
    """
    codes = review.get("display_codes")
    if _is_english() or not codes or any(each["code"] not in _DISPLAY for each in codes):
        return review["display"], _is_english()
    rating = review["rating"]
    names = {
        "organisation": review["organisation"]["name"],
        "rating": rating_in_sentence(rating["label"]) if rating else "",
    }
    sentences = (_DISPLAY[each["code"]] % {**names, "on": day(each["on"]) if "on" in each else ""} for each in codes)
    return " ".join(" ".join(sentences).split()), True


def state(code: str) -> str:
    """What was found of a quote, in a few words; the code itself if this version does not know it."""
    return str(_STATES.get(code, code))


def stance(code: str) -> str:
    """How a piece of evidence stands to the claim."""
    return str(_STANCES.get(code, code))


def status(code: str) -> str:
    """The status of the check, which is not its verdict."""
    return str(_STATUSES.get(code, code))


def speaker_kind(code: str) -> str:
    """What kind of speaker it is."""
    return str(_SPEAKERS.get(code, code))


def event(code: str, correction_kind: str | None = None) -> str:
    """An event of the public record; of a correction also what was corrected."""
    if code == "corrected" and correction_kind in _CORRECTIONS:
        return str(_CORRECTIONS[correction_kind])
    return str(_EVENTS.get(code, code))


def cause(because: Json) -> str:
    """Why a quote is looked at again, in a sentence: what was seen and when, never who wrote it or why."""
    said = _CAUSES.get(because.get("cause") or because["result"])
    if _is_english() or said is None:
        return str(because["wording"])
    sentence = str(said) % {"on": day(because["detected_at"])}
    return f"{sentence} {_COMES_AND_GOES}" if because.get("comes_and_goes") else sentence


def quote(evidence: Json) -> str:
    """What readers must know of a quote that broke and on which editors have decided; empty for others."""
    if _is_english():
        return str(evidence.get("wording") or "")
    sentences = []
    if accepted := evidence.get("stands_as"):
        said = _("The page has changed. On %(day)s we accepted these words of it in place of the quote: “%(words)s”")
        sentences.append(said % {"day": day(accepted["since"]), "words": accepted["exact"]})
    if evidence["state"] == "kept" and "decided_at" in evidence:
        sentences.append(str(_KEPT.get(evidence.get("cause", ""), _NOT_IN_PLACE)))
        sentences.append(_("On %(day)s we decided that the finding stands.") % {"day": day(evidence["decided_at"])})
    return " ".join(sentences)


def without_page(evidence: Json) -> str:
    """What a piece of evidence is that has no page on the web; empty for a quote of a page."""
    if said := evidence.get("interview"):
        when = day(said["when"]) if said["when"] else ""
        return ", ".join(filter(None, (said["who"], said["how"], when)))
    if sent := evidence.get("broadcast"):
        when = day(sent["when"]) if sent["when"] else ""
        return ", ".join(filter(None, (sent["programme"], when, sent["timecode"])))
    if held := evidence.get("dataset"):
        value = " ".join(filter(None, (held["value"], held["unit"])))
        return ", ".join(filter(None, (held["dataset"], held["release"], held["cell"], value)))
    if kept := evidence.get("file"):
        name = kept["name"] or _("a file")
        return _("%(name)s (sha256 %(sha256)s)") % {"name": name, "sha256": kept["sha256"]}
    return ""


def quotes_standing(states: list[str], seen_since: str | None) -> str:
    """One sentence about the watched quotes of a review by their states; empty if there are none.

    `seen_since` is the day at which the one that was seen longest ago was last seen. Every quote is counted, and
    nothing is said to stand now: the public is told of a change once an editor has confirmed it.
    """
    watched = [each for each in states if each != "not_watchable"]
    if not watched:
        return ""
    stood = sum(each in ("intact", "moved") for each in watched)
    unread = watched.count("unverifiable")
    counts = {"stood": stood, "all": len(watched), "unread": unread, "other": len(watched) - stood - unread}
    if stood == len(watched):
        if seen_since is None:
            return ""
        sentence = ngettext(
            "The quote that it rests on was last seen in its place on %(day)s.",
            "Each of the %(all)s quotes that it rests on was seen in its place on %(day)s or later.",
            stood,
        )
        return sentence % {**counts, "day": day(seen_since)}
    if len(watched) == 1:
        return str(_ONE_UNREAD if unread else _ONE_OTHER)
    if counts["other"] and unread:
        sentence = _("Of %(all)s quotes %(stood)s stood, %(other)s no longer as quoted, %(unread)s could not be read.")
    elif counts["other"]:
        sentence = _("Of %(all)s quotes %(stood)s stood; %(other)s no longer as quoted.")
    else:
        sentence = _("Of %(all)s quotes %(stood)s stood; %(unread)s could not be read.")
    return sentence % counts


def _is_english() -> bool:
    return (get_language() or "en").split("-")[0] == "en"
