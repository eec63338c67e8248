"""The buttons of a document and of a statement; each calls the function of claims/statements/ that holds its rule."""

import hashlib
from datetime import date
from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from claims.desk.documents import progress
from claims.desk.documents.addresses import document_address, statement_address
from claims.desk.documents.details import save_details
from claims.desk.shell import typed
from claims.desk.shell.addresses import number as key_number
from claims.desk.shell.verbs import FRAME, Act, Verb, register
from claims.models import Attribution, Claim, Document, Statement
from claims.permissions import Refused
from claims.statements import link_claim, mend
from claims.statements.by_hand import marks, spans, speaker_edits
from claims.statements.by_hand.places import places
from claims.visibility import visible_claims
from sources.admin.base import fingerprint

MOST_FIGURES = 30
_CHANGED = lazy("A colleague changed this statement meanwhile. What you typed is kept; compare it and save again.")
_DETAILS_CHANGED = lazy("A colleague changed these details meanwhile. What you typed is kept; compare and save again.")


def seen(statement: Statement) -> str:
    """The hash of a statement with who is said to have said what."""
    parts = [fingerprint(statement), *(fingerprint(each) for each in statement.attributions.all())]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def document_seen(document: Document) -> str:
    """The hash of what is known of a document besides its text, which never changes."""
    names = ("title", "publisher", "published_on", "kind", "language", "url")
    return hashlib.sha256(repr([getattr(document, name) for name in names]).encode()).hexdigest()


def words_place(document: Document) -> str:
    """Where words are kept of which the place in the text is still to be chosen."""
    return f"words:{document.pk}"


def _show(act: Act) -> str:
    show = act.text("show")
    return show if show in progress.SHOWS else ""


def _at(act: Act, statement: Statement) -> HttpResponseRedirect:
    return HttpResponseRedirect(statement_address(statement, _show(act)))


def _after(act: Act, statement: Statement) -> HttpResponseRedirect:
    """On to the next statement that waits; back to this one after the last."""
    following = progress.neighbour(statement, progress.LEFT, act.user, forward=True)
    return _at(act, following or statement)


def _refuse_changed(act: Act) -> None:
    row = Statement.objects.select_for_update().filter(pk=act.row.pk).first()
    if row is None:
        raise Refused(_("This statement was removed meanwhile; look at the document again."))
    if act.seen != seen(row):
        raise Refused(str(_CHANGED))


def _attribution(act: Act) -> Attribution | None:
    key = act.text("attribution")[:24]
    found = act.row.attributions.filter(public_id=key).first() if key else None
    if key and found is None:
        raise Refused(_("This attribution was removed meanwhile; look at the statement again."))
    return found


def make_claim(act: Act) -> HttpResponseBase:
    """Make the claim; its page opens, or with `stay` the next statement that waits."""
    attribution = _attribution(act)
    silent = "without_speaker" in act.data
    # Whoever made a claim of it before has said so then.
    is_said = "confirmed" in act.data or act.row.appearances.filter(attribution=attribution).exists()
    if not silent and attribution is not None and attribution.is_read_as and not is_said:
        raise Refused(
            _("Say whether the speaker is right: the document says %(speaker)s.")
            % {"speaker": attribution.speaker_as_read}
        )
    claim = link_claim.claim_from_statement(
        act.row,
        actor=act.user,
        text=act.text("text"),
        attribution=attribution,
        without_speaker=silent,
        about=link_claim.About(_day(act, "period_start"), _day(act, "period_end"), act.text("place")[:300]),
        another="another" in act.data,
    )
    if "stay" in act.data:
        return _after(act, act.row)
    return HttpResponseRedirect(reverse("desk:claim", args=[claim.pk]))


def _day(act: Act, name: str) -> date | None:
    text = act.text(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(_("“%(text)s” is not a day; write it as 2026-11-30.") % {"text": text[:60]}) from None


def link(act: Act) -> HttpResponseBase:
    """Link the statement to a claim, named by its key, its id or its exact words."""
    claim = _claim(act)
    attribution = _attribution(act)
    asserted = attribution is not None and attribution.polarity == Attribution.Polarity.ASSERTED
    link_claim.link_statement(
        act.row,
        claim,
        actor=act.user,
        attribution=attribution if asserted else None,
        without_speaker=not asserted and act.row.attributions.exists(),
    )
    return _after(act, act.row)


def unlink(act: Act) -> HttpResponseBase:
    """Unlink the statement from a claim."""
    link_claim.unlink_statement(act.row, _claim(act), actor=act.user)
    return _at(act, act.row)


def _claim(act: Act) -> Claim:
    text = act.text("claim")
    claims = visible_claims(act.user)
    if (key := key_number(text)) is not None:
        found = claims.filter(pk=key)
    elif text.startswith("clm_"):
        found = claims.filter(public_id=text[:24])
    else:
        found = claims.filter(text=text) if text else claims.none()
    two = list(found[:2])
    if len(two) != 1:
        raise Refused(_("Choose a claim: write its id, or its exact words."))
    return two[0]


def set_aside(act: Act) -> HttpResponseBase:
    """Set the statement aside; the next that waits is shown."""
    marks.set_aside(act.row, actor=act.user)
    return _after(act, act.row)


def take_back(act: Act) -> HttpResponseBase:
    marks.take_back(act.row, actor=act.user)
    return _at(act, act.row)


def worth(act: Act) -> HttpResponseBase:
    """Say whether the statement is worth checking."""
    marks.mark(act.row, worthy=act.text("worthy") == "yes", actor=act.user)
    return _at(act, act.row)


def save_speaker(act: Act) -> HttpResponseBase:
    """Save one attribution as it stands in the form; a new one if none is named."""
    _refuse_changed(act)
    statement = act.row
    attribution = _attribution(act) or Attribution(statement=statement)
    polarity = act.text("polarity")
    if polarity not in Attribution.Polarity.values:
        raise Refused(_("Choose whether the document says that it was said."))
    attribution.polarity = polarity
    attribution.cue = act.text("cue")[:100]
    attribution.quoted = "quoted" in act.data
    asserted = polarity == Attribution.Polarity.ASSERTED
    name = act.text("speaker") if asserted else ""
    attribution.speaker = speaker_edits.named(name, actor=act.user, new="new" in act.data)
    written = act.text("speaker_as_written")
    if not written and attribution.speaker is not None:
        written = attribution.speaker.name
    attribution.speaker_as_written = written[:300]
    pieces = [line.strip() for line in act.data.get("said", "").splitlines() if line.strip()]
    attribution.content = mend.spans_of(pieces, statement) or [[statement.start, statement.end]]
    mend.mend(attribution, actor=act.user)
    return _at(act, statement)


def remove_speaker(act: Act) -> HttpResponseBase:
    _refuse_changed(act)
    attribution = _attribution(act)
    if attribution is None:
        raise Refused(_("Choose who is taken away."))
    mend.remove(attribution, actor=act.user)
    return _at(act, act.row)


def save_figures(act: Act) -> HttpResponseBase:
    """Save the figures as they stand in the form; one whose words are empty is taken away."""
    _refuse_changed(act)
    written = [
        marks.WrittenFigure(*(act.text(f"{name}-{number}") for name in ("figure", "value", "unit", "counts")))
        for number in range(MOST_FIGURES)
        if act.text(f"figure-{number}")
    ]
    return _at(act, marks.write_figures(act.row, written, actor=act.user))


def split(act: Act) -> HttpResponseBase:
    """Cut the statement at an offset, or before words of its own."""
    _refuse_changed(act)
    at = key_number(act.text("at"))
    words = act.text("before")
    if at is None:
        found = places(act.row.text, words)
        if len(found) != 1:
            raise Refused(
                _("These words stand in the statement more than once; write more of them.")
                if found
                else _("Write the words with which the second statement begins, letter by letter.")
            )
        at = act.row.start + found[0][0]
    first, _second = spans.split(act.row, at, actor=act.user)
    return _at(act, first)


def join(act: Act) -> HttpResponseBase:
    _refuse_changed(act)
    return _at(act, spans.join(act.row, actor=act.user))


def remove(act: Act) -> HttpResponseBase:
    """Remove the statement; what stands next to it is shown."""
    _refuse_changed(act)
    beside = progress.neighbour(act.row, progress.ALL, act.user, forward=True)
    beside = beside or progress.neighbour(act.row, progress.ALL, act.user, forward=False)
    spans.remove(act.row, actor=act.user)
    return _at(act, beside) if beside is not None else HttpResponseRedirect(document_address(act.row.document_id))


def add(act: Act) -> HttpResponseBase:
    """Add a statement of selected words: by their offsets, or by the words themselves where they stand once."""
    document: Document = act.row
    start, end = key_number(act.text("start")), key_number(act.text("end"))
    if "place" in act.data:
        start, end = (key_number(each) for each in [*act.text("place").split("-"), ""][:2])
    if start is None or end is None:
        found = places(document.text, act.text("words"))
        if not found:
            raise Refused(_("These words do not stand in the text, letter by letter."))
        if len(found) > 1:
            typed.keep(act.user, words_place(document), act.data, leave_out=FRAME)
            return HttpResponseRedirect(document_address(document, choose="1") + "#add")
        start, end = found[0]
    return _at(act, spans.add(document, start, end, actor=act.user))


def edit_details(act: Act) -> HttpResponseBase:
    """Save what is known of the document, unless a colleague changed it meanwhile."""
    row = Document.objects.select_for_update().defer("text").filter(pk=act.row.pk).first()
    if row is None:
        raise Refused(_("This document was removed meanwhile."))
    if act.seen != document_seen(row):
        raise Refused(str(_DETAILS_CHANGED))
    save_details(row, act.data, actor=act.user)
    return HttpResponseRedirect(document_address(row))


def _unlinked(statement: Any) -> bool:
    return not statement.appearances.exists()


STATEMENT = (
    Verb(
        "make-claim",
        lazy("Make this claim"),
        make_claim,
        "write",
        effect=lazy("Stays at the desk."),
        tone="go",
        key="c",
    ),
    Verb("link", lazy("Link to this"), link, "write"),
    Verb("unlink", lazy("Unlink"), unlink, "write"),
    Verb("set-aside", lazy("Set aside"), set_aside, "write", when=lambda row: row.set_aside_at is None, key="x"),
    Verb("take-back", lazy("Take back"), take_back, "write", when=lambda row: row.set_aside_at is not None, key="x"),
    Verb("worth", lazy("Worth checking"), worth, "write"),
    Verb("save-speaker", lazy("Save"), save_speaker, "write", compares=True, merges=True),
    Verb("remove-speaker", lazy("Take away"), remove_speaker, "write", compares=True, merges=True, tone="danger"),
    Verb("save-figures", lazy("Save the figures"), save_figures, "write", compares=True, merges=True),
    Verb("split", lazy("Split"), split, "write", compares=True, merges=True, key="s"),
    Verb("join", lazy("Join with the next"), join, "write", compares=True, merges=True),
    Verb("remove", lazy("Remove"), remove, "write", compares=True, merges=True, when=_unlinked, tone="danger"),
)
DOCUMENT = (
    Verb("add-statement", lazy("Add as a statement"), add, "write"),
    Verb("details", lazy("Save details"), edit_details, "write", compares=True, merges=True),
)

register("statement", Statement, STATEMENT, seen=seen)
register("document", Document, DOCUMENT, seen=document_seen)
