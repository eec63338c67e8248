"""What people at the desk read of re-checks: whole sentences made of codes and parameters, and translated."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from claims.causes import Cause
from claims.models import EvidenceCheck, Recheck, SourceRequest
from claims.publication.quote_state import KEPT
from sources.quotes.grade import Grade

CAUSES = {
    Cause.ALTERED.value: __("sentence changed"),
    Cause.DISOWNED.value: __("page disowns it"),
    Cause.REATTRIBUTED.value: __("given to somebody else"),
    Cause.REQUALIFIED.value: __("in another frame"),
    Cause.GONE.value: __("no longer found"),
    Cause.PAGE_GONE.value: __("page gone"),
}
"""Causes as tags and as choices of the filter."""
FOUND = {
    EvidenceCheck.Result.INTACT.value: __("stands"),
    EvidenceCheck.Result.MOVED.value: __("stands elsewhere on the page"),
    EvidenceCheck.Result.UNVERIFIABLE.value: __("could not be read"),
    KEPT: __("no longer stands, kept by a decision"),
    **CAUSES,
}
"""What a look found, and what a quote's state is called."""
_CHANGED = {
    "number": __("figure changed"),
    "negation": __("negation changed"),
    "name": __("name changed"),
    "date": __("date changed"),
}
"""An alteration by the first kind of words that differ."""
GRADES = {
    Grade.SUBSTANCE.value: __("substance"),
    Grade.WORDING.value: __("wording"),
    Grade.COSMETIC.value: __("typography"),
}
_EXPLAINED = {
    (Cause.ALTERED.value, Grade.SUBSTANCE.value): __(
        "A similar sentence stands in its place, and says something else."
    ),
    (Cause.ALTERED.value, Grade.WORDING.value): __(
        "A similar sentence stands in its place. Only the wording differs, as far as a machine can tell."
    ),
    (Cause.ALTERED.value, ""): __("A similar sentence stands in its place."),
    (Cause.DISOWNED.value, ""): __("The sentence still stands. Other words on the page seem to take it back."),
    (Cause.REATTRIBUTED.value, ""): __(
        "The sentence still stands. Other words on the page seem to ascribe it to somebody else than before."
    ),
    (Cause.REQUALIFIED.value, ""): __("The sentence still stands. What stands around it seems to change what it says."),
    (Cause.GONE.value, ""): __("Neither the sentence nor a similar one stands in its place."),
    (Cause.PAGE_GONE.value, ""): __("The page answers that it is gone (404 or 410)."),
}
STATES = {
    Recheck.State.RAISED.value: __("waits for an editor"),
    Recheck.State.CONFIRMED.value: __("readers know that we are looking again"),
    Recheck.State.DISMISSED.value: __("false alarm"),
    Recheck.State.RECONFIRMED.value: __("still stands"),
    Recheck.State.UPDATED.value: __("settled by an update"),
    Recheck.State.CORRECTED.value: __("settled by a correction"),
    Recheck.State.WITHDRAWN.value: __("settled by a withdrawal"),
}
LETTER_GRADES = {
    SourceRequest.Grade.NOTE.value: __("Note"),
    SourceRequest.Grade.REQUEST.value: __("Request"),
    SourceRequest.Grade.COMPLAINT.value: __("Formal complaint"),
}
LETTER_STATES = {
    SourceRequest.State.DRAFT.value: __("draft"),
    SourceRequest.State.SENT.value: __("waits for an answer"),
    SourceRequest.State.ANSWERED.value: __("answered"),
    SourceRequest.State.CLOSED.value: __("closed without an answer"),
}


def cause(code: str, check: EvidenceCheck | None = None) -> str:
    """The cause as a tag: of an alteration, the first kind of words that differ."""
    if code == Cause.ALTERED and check is not None:
        kind = next((kind for kind in check.kinds if kind in _CHANGED), None)
        if kind is not None:
            return str(_CHANGED[kind])
    return str(CAUSES.get(code, _("not known")))


def found(code: str, grade: str = "", check: EvidenceCheck | None = None) -> str:
    """What was found in a word or two: a result, or a cause with the grade of an alteration."""
    said = cause(code, check) if code in CAUSES else str(FOUND.get(code, _("not known")))
    if code == Cause.ALTERED and grade in (Grade.SUBSTANCE, Grade.WORDING):
        return _("%(found)s (%(grade)s)") % {"found": said, "grade": GRADES[grade]}
    return said


def label(check: EvidenceCheck) -> str:
    """What one look found, in a word or two."""
    if check.why:
        said = found(check.why, check.grade, check)
    elif check.result == EvidenceCheck.Result.ALTERED:
        said = _("stands; only the typography differs")
    else:
        said = found(check.result)
    return _("%(found)s, comes and goes") % {"found": said} if check.comes_and_goes else said


def grade(code: str) -> str:
    """The grade of an alteration as a tag; empty if it has none."""
    return str(GRADES.get(code, ""))


def explained(check: EvidenceCheck) -> str:
    """What a check found, in a sentence; empty if the quote stands."""
    found = str(_EXPLAINED.get((check.why, check.grade)) or _EXPLAINED.get((check.why, "")) or "")
    if found and check.comes_and_goes:
        return _("%(found)s At some looks within a week this was so, at others it was not.") % {"found": found}
    return found


def now(check: EvidenceCheck) -> str:
    """What a later look found, as a tag."""
    if check.broke:
        return cause(check.why, check)
    if check.result == EvidenceCheck.Result.MOVED:
        return _("stands elsewhere on the page")
    return _("could not be read") if check.result == EvidenceCheck.Result.UNVERIFIABLE else _("stands")


def state(recheck: Recheck) -> str:
    """The state of a re-check."""
    return str(STATES[recheck.state])


def letter_state(letter: SourceRequest) -> str:
    """What became of a letter."""
    if letter.corrected_at is not None:
        return _("the page was seen corrected")
    return str(LETTER_STATES[letter.state])
