"""Add, split, join and remove the statements of a document by hand.

    add ──> a statement of these words, within another or round others
    split ──> two; the claims go with the half that says them, which keeps the row and its id
    join ──> one with the next; the claims of both are its own
    remove ──> none, where no claim rests on it

Statements of a document nest or lie apart, and never cross. Each verb locks the document, so that two people who cut at
once wait for each other. A statement that a published claim rests on keeps its words.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Appearance, Attribution, Document, Publication, Statement
from claims.permissions import Refused, User, may_edit, require
from claims.statements.by_hand.places import Span, clipped, crosses, shared_words, trimmed
from claims.statements.mend import speak_by_the_first
from claims.statements.statement_sandbox import assess
from sources.database.audit import acting

LONGEST = 5_000
"""Characters of a statement that is made by hand."""
_KEPT = ("speaker_as_written", "cue", "quoted", "polarity", "unsure", "mended_at", "mended_by_id", "start", "end")


def add(document: Document, start: int, end: int, *, actor: User) -> Statement:
    """Add a statement of these words, or return the one that is there. Raises `Refused`.

    Within another statement it takes over who is said to have said its words.
    """
    _require(actor)
    with acting(actor, reason="added a statement"), transaction.atomic():
        row = _locked(document.pk)
        if not 0 <= start < end <= len(row.text):
            raise Refused(_("These words lie outside the text. Reload the page and select them again."))
        span = trimmed(row.text, start, end)
        _require_words(row.text, span)
        there = _statements_near(row, span)
        if (same := next((each for each in there if (each.start, each.end) == span), None)) is not None:
            return same
        _require_nesting(span, there)
        around = [each for each in there if each.start <= span[0] and span[1] <= each.end]
        inside = min(around, key=lambda each: each.end - each.start, default=None)
        made = Statement.objects.create(**_fields(row, span))
        if inside is not None:
            _copy_speakers(inside, made)
        _assess(made, row.language)
        return made


def split(statement: Statement, at: int, *, actor: User) -> tuple[Statement, Statement]:
    """Cut a statement in two before the character at this place of the document's text. Raises `Refused`.

    Returns the halves in their order.
    """
    _require(actor)
    with acting(actor, reason="split a statement"), transaction.atomic():
        row = _locked(statement.document_id)
        kept = _statement(statement.pk)
        if not kept.start < at < kept.end:
            raise Refused(_("Choose a place within the statement at which it is cut."))
        _require_unpublished([kept])
        halves = trimmed(row.text, kept.start, at), trimmed(row.text, at, kept.end)
        for half in halves:
            _require_words(row.text, half)
            _require_nesting(half, _others(row, kept, half))
            if any((each.start, each.end) == half for each in _others(row, kept, half)):
                raise Refused(_("One of the halves is a statement already. Cut elsewhere, or remove that one first."))
        appearances = list(kept.appearances.select_related("claim", "attribution"))
        sides = {each.pk: _side(each, row.text, halves) for each in appearances}
        keeps = 1 if sum(sides.values()) * 2 > len(sides) else 0
        other = Statement.objects.create(
            **_fields(row, halves[1 - keeps]), set_aside_at=kept.set_aside_at, set_aside_by=kept.set_aside_by
        )
        _divide(kept, other, halves[keeps], [each for each in appearances if sides[each.pk] != keeps])
        kept.start, kept.end = halves[keeps]
        kept.text = row.text[kept.start : kept.end]
        for each in (kept, other):
            _assess(each, row.language)
        return (other, kept) if keeps else (kept, other)


def join(statement: Statement, *, actor: User) -> Statement:
    """Join a statement with the next one, whose attributions and claims become its own. Raises `Refused`."""
    _require(actor)
    with acting(actor, reason="joined two statements"), transaction.atomic():
        row = _locked(statement.document_id)
        first = _statement(statement.pk)
        after = row.statements.filter(start__gte=first.end).order_by("start", "-end").first()
        if after is None:
            raise Refused(_("No statement follows this one."))
        second = _statement(after.pk)
        _require_unpublished([first, second])
        _require_not_sent(second)
        span = (first.start, second.end)
        _require_words(row.text, span)
        others = [each for each in _others(row, first, span) if each.pk != second.pk]
        _require_nesting(span, others)
        if any((each.start, each.end) == span for each in others):
            raise Refused(_("Both together are a statement already."))
        first.figures = [*first.figures, *(each for each in second.figures if each not in first.figures)]
        _take_over(second, first)
        second.delete()
        first.start, first.end = span
        first.text = row.text[first.start : first.end]
        _assess(first, row.language)
        return first


def remove(statement: Statement, *, actor: User) -> None:
    """Remove a statement on which no claim rests. Raises `Refused`."""
    _require(actor)
    with acting(actor, reason="removed a statement"), transaction.atomic():
        _locked(statement.document_id)
        row = _statement(statement.pk)
        if row.appearances.exists():
            raise Refused(_("A claim rests on this statement, so it stays. Set it aside, or unlink it from the claim."))
        _require_not_sent(row)
        row.delete()


def _require(actor: User) -> None:
    require(
        may_edit(actor),
        _("You may not change statements; ask an administrator for the role of a reporter or an editor."),
    )


def _locked(document: int) -> Document:
    return Document.objects.select_for_update().get(pk=document)


def _statement(pk: int) -> Statement:
    row = Statement.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refused(_("This statement was removed meanwhile; look at the document again."))
    return row


def _require_words(text: str, span: Span) -> None:
    if not re.search(r"\w", text[span[0] : span[1]]):
        raise Refused(_("A statement needs a word on it; choose another place."))
    if span[1] - span[0] > LONGEST:
        raise Refused(
            _("A statement has at most %(number)s characters; choose fewer words.") % {"number": f"{LONGEST:,}"}
        )


def _require_nesting(span: Span, others: Sequence[Statement]) -> None:
    crossed = next((each for each in others if crosses(span, (each.start, each.end))), None)
    if crossed is not None:
        raise Refused(
            _(
                "These words hold only a part of the statement “%(text)s”. Choose words within it or all of it; or join"
                " it with its neighbour, or split it, first."
            )
            % {"text": crossed.text[:120]}
        )


def _require_unpublished(statements: Sequence[Statement]) -> None:
    if Publication.objects.filter(claim__appearances__statement__in=statements).exists():
        raise Refused(
            _(
                "A published claim rests on this statement, so its words stay as they are. Select the words that you "
                "need and add a statement of them."
            )
        )


def _require_not_sent(statement: Statement) -> None:
    if statement.submissions.exists():
        raise Refused(_("A newsroom sent this statement, so it stays. Set it aside instead."))


def _statements_near(document: Document, span: Span) -> list[Statement]:
    return list(document.statements.filter(start__lt=span[1], end__gt=span[0]).order_by("start", "-end"))


def _others(document: Document, but: Statement, span: Span) -> list[Statement]:
    return [each for each in _statements_near(document, span) if each.pk != but.pk]


def _fields(document: Document, span: Span) -> dict[str, Any]:
    start, end = span
    return {
        "document": document,
        "start": start,
        "end": end,
        "text": document.text[start:end],
        "content": [[start, end]],
    }


def _side(appearance: Appearance, text: str, halves: tuple[Span, Span]) -> int:
    """0 or 1: the half that says what the claim says."""
    if appearance.attribution is not None:
        parts = [bool(clipped(appearance.attribution.content, half)) for half in halves]
        if parts[0] != parts[1]:
            return int(parts[1])
    shared = [shared_words(text[start:end], appearance.claim.text) for start, end in halves]
    return int(shared[1] > shared[0])


def _divide(kept: Statement, other: Statement, keeps: Span, moving: Sequence[Appearance]) -> None:
    """Give the other half what is said in it, and these appearances."""
    copies = _copy_speakers(kept, other)
    for appearance in moving:
        appearance.attribution = copies.get(appearance.attribution_id or 0)
        appearance.statement = other
        appearance.save(update_fields=["statement", "attribution"])
    for attribution in kept.attributions.all():
        content = clipped(attribution.content, keeps)
        if content or attribution.pk not in copies:
            if content != attribution.content:
                attribution.content = content
                attribution.save(update_fields=["content"])
        else:
            attribution.delete()
    other.figures = [each for each in kept.figures if _figure_within(each, (other.start, other.end))]
    kept.figures = [each for each in kept.figures if _figure_within(each, keeps)]
    kept.content = clipped(kept.content, keeps) or [list(keeps)]


def _figure_within(figure: Any, span: Span) -> bool:
    return isinstance(figure, dict) and span[0] <= figure.get("start", -1) and figure.get("end", span[1] + 1) <= span[1]


def _copy_speakers(of: Statement, to: Statement) -> dict[int, Attribution]:
    """Copy to a statement who is said to have said its words. Returns the copies by the key of what they copy."""
    within = (to.start, to.end)
    copies = {}
    attributions = list(of.attributions.all())
    for attribution in attributions:
        if content := clipped(attribution.content, within):
            copies[attribution.pk] = _copy(attribution, to, content)
    if not attributions:
        to.speaker, to.speaker_as_written, to.cue, to.quoted = of.speaker, of.speaker_as_written, of.cue, of.quoted
        to.content = clipped(of.content, within) or [list(within)]
    return copies


def _copy(attribution: Attribution, to: Statement, content: list[list[int]]) -> Attribution:
    fields = {name: getattr(attribution, name) for name in _KEPT}
    return Attribution.objects.create(statement=to, content=content, speaker=attribution.speaker, **fields)


def _take_over(second: Statement, first: Statement) -> None:
    """Give the first statement the attributions and the claims of the second."""
    own = {_key(each): each for each in first.attributions.all()}
    taken: dict[int, Attribution] = {}
    for attribution in second.attributions.all():
        same = own.get(_key(attribution))
        if same is None:
            taken[attribution.pk] = _copy(attribution, first, attribution.content)
            continue
        same.content = [*same.content, *attribution.content]
        same.save(update_fields=["content"])
        taken[attribution.pk] = same
    for appearance in second.appearances.all():
        hung = taken.get(appearance.attribution_id or 0)
        there = first.appearances.filter(claim=appearance.claim_id).first()
        if there is None:
            appearance.statement, appearance.attribution = first, hung
            appearance.save(update_fields=["statement", "attribution"])
            continue
        if there.attribution_id is None and hung is not None:
            there.attribution = hung
            there.save(update_fields=["attribution"])
        appearance.delete()
    if first.speaker_as_written == second.speaker_as_written and not own:
        first.content = [*first.content, *second.content]


def _key(attribution: Attribution) -> tuple[Any, ...]:
    return (attribution.speaker_id, *(getattr(attribution, name) for name in _KEPT))


def _assess(statement: Statement, language: str) -> None:
    """Save a statement whose words are new, with its figures and how worth checking it is."""
    if statement.attributions.exists():
        speak_by_the_first(statement, save=False)
    said = " ".join(statement.text[start - statement.start : end - statement.start] for start, end in statement.content)
    figures, worth = assess(
        statement.text, statement.start, language, said, attributed=bool(statement.speaker_as_written)
    )
    known = [each for each in statement.figures if _figure_within(each, (statement.start, statement.end))]
    statement.figures = known or [asdict(figure) for figure in figures]
    statement.checkworthy, statement.checkworthy_reasons = worth.worthy, list(worth.reasons)
    statement.save()
