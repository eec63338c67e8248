"""The evidence of a version as cards: the quote, its line over time, its state, who sees what, how to edit it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.desk import quotes
from claims.desk.evidence.forms import KINDS, STANCES, EvidenceForm, may_be_kept, visibilities
from claims.desk.evidence.live import live_url
from claims.desk.quotes import QuoteOnScreen
from claims.desk.rechecks import words
from claims.desk.shell.typed import kept_at
from claims.models import Anchoring, Evidence, EvidenceFile, ReviewVersion, SavedPage
from claims.models.publication import Audience
from claims.models.review import Verdict
from claims.permissions import User, may_write
from claims.watch.watch_line import WatchLine, broken_at, watch_lines
from sources.models import ArchiveCopy

_TONES = {"good": "ok", "warn": "dim", "bad": "off"}
_STANCES = dict(STANCES)


@dataclass(frozen=True)
class Card:
    """One piece of evidence as an editor sees it. `line` and `shown` are None of what is not watched."""

    row: Evidence
    title: str
    publisher: str
    kind: Any
    stance: Any
    readers_see: Any
    shown: QuoteOnScreen | None = None
    line: WatchLine | None = None
    live: str = ""
    remark: str = ""
    accepted: tuple[Anchoring, ...] = ()
    copies: tuple[ArchiveCopy, ...] = ()
    file: EvidenceFile | None = None
    sent: SavedPage | None = None
    form: EvidenceForm | None = None
    unsaved: bool = False

    @property
    def tone(self) -> str:
        """The class that colours its state."""
        return _TONES[self.shown.tone] if self.shown else ""

    @property
    def word(self) -> Any:
        """Its state in a word or two."""
        return word(self.shown) if self.shown else ""

    @property
    def sentences(self) -> list[str]:
        """What there is to say of its state, beside the times that stand there anyway."""
        return [each for each in self.shown.sentences if each != self.shown.seen] if self.shown else []

    @property
    def is_confidential(self) -> bool:
        return self.row.visibility == Evidence.Visibility.CONFIDENTIAL

    @property
    def seen_at(self) -> datetime | None:
        return self.line.seen_at if self.line else None


@dataclass(frozen=True)
class Panel:
    """All cards of a version, and whether this person may add and change evidence."""

    version: ReviewVersion
    cards: tuple[Card, ...]
    may_edit: bool
    kinds: tuple[tuple[str, Any], ...] = field(
        default=tuple((key, label) for key, label in KINDS.items() if key not in ("page_quote", "file"))
    )

    @property
    def watched(self) -> int:
        return sum(card.line is not None for card in self.cards)


def word(shown: QuoteOnScreen) -> Any:
    """The state of a quote in a word or two, with the grade of an alteration."""
    return words.found(shown.found, shown.grade)


def of_version(version: ReviewVersion, user: User) -> dict[str, Any]:
    """The context of `desk/evidence/cards.html`: `evidence`, a `Panel`. The number of queries is fixed."""
    may_edit = may_write(user, version)
    rows = list(version.evidence.select_related("page__source", "snapshot", "version").order_by("pk"))
    return {"evidence": Panel(version, tuple(_cards(version, rows, user if may_edit else None)), may_edit)}


def _cards(version: ReviewVersion, rows: list[Evidence], editor: User | None) -> Iterable[Card]:
    shown = quotes.of_version(version)
    lines = watch_lines(rows, audience=Audience.NEWSROOMS)
    accepted = _accepted(lines)
    copies = _by_page(ArchiveCopy.objects.filter(page__in=[row.page_id for row in rows if row.page_id]))
    hashes = [row.file_sha256 for row in rows if row.file_sha256]
    files = {each.sha256: each for each in EvidenceFile.objects.filter(blob__in=hashes)}
    sent = {
        each.text_sha256: each
        for each in SavedPage.objects.select_related("sender").filter(
            evidence__version__review=version.review_id, text_sha256__in=hashes
        )
    }
    places = {f"evidence:{row.pk}" for row in rows}
    unsaved = kept_at(editor, places) if editor is not None else {}
    for row in rows:
        state, line = shown.get(row.pk), lines.get(row.pk)
        if state is not None and line is not None and version.state != ReviewVersion.State.PUBLISHED:
            line = broken_at(line, state.checked_at) if state.broke and state.checked_at else line
        typed = unsaved.get(f"evidence:{row.pk}")
        yield Card(
            row=row,
            title=title_of(row),
            publisher=str(row.page.source) if row.page is not None else "",
            kind=KINDS[row.kind],
            stance=_STANCES[row.stance],
            readers_see=dict(visibilities(row.kind))[row.visibility],
            shown=state,
            line=line,
            live=live_url(row.page.url, row.exact) if row.page is not None else "",
            remark=remark(row.stance, version),
            accepted=tuple(each for key in (line.of if line else ()) for each in accepted.get(key, ())),
            copies=tuple(copies.get(row.page_id or 0, ())),
            file=files.get(row.file_sha256),
            sent=sent.get(row.file_sha256),
            form=_form(row, state, typed) if editor is not None else None,
            unsaved=typed is not None,
        )


def _form(row: Evidence, state: QuoteOnScreen | None, typed: dict[str, list[str]] | None) -> EvidenceForm:
    initial = {name: values[-1] for name, values in (typed or {}).items() if values}
    keeps = may_be_kept(row, broke=state is not None and state.broke)
    return EvidenceForm(instance=row, kind=row.kind, keeps=keeps, initial=initial, auto_id=f"e{row.pk}-%s")


def title_of(row: Evidence) -> str:
    """What a piece of evidence is called."""
    if row.page is not None:
        return row.page.title or (row.snapshot.title if row.snapshot else "") or row.page.url
    named = {
        Evidence.Kind.FILE: row.file_name,
        Evidence.Kind.DATASET: row.dataset,
        Evidence.Kind.INTERVIEW: row.who,
        Evidence.Kind.BROADCAST: row.programme,
    }
    return named.get(Evidence.Kind(row.kind)) or _("Our own analysis")


def remark(stance: str, version: ReviewVersion) -> str:
    """A sentence where the stance contradicts the rating of the version; never a refusal."""
    rating = version.rating
    if rating is None:
        return ""
    words = {"rating": rating.label}
    if stance == Evidence.Stance.SUPPORTS and rating.verdict == Verdict.FALSE:
        return _("This supports the claim, and the rating says “%(rating)s”. Say in the text why that is so.") % words
    if stance == Evidence.Stance.REFUTES and rating.verdict == Verdict.TRUE:
        return _("This refutes the claim, and the rating says “%(rating)s”. Say in the text why that is so.") % words
    return ""


def _accepted(lines: dict[int, WatchLine]) -> dict[int, list[Anchoring]]:
    found: dict[int, list[Anchoring]] = {}
    keys = {key for line in lines.values() for key in line.of}
    rows = Anchoring.objects.filter(evidence__in=keys, reason=Anchoring.Reason.STILL_STANDS)
    for each in rows.select_related("anchored_by").order_by("-pk"):
        found.setdefault(each.evidence_id, []).append(each)
    return found


def _by_page(copies: Iterable[ArchiveCopy]) -> dict[int, list[ArchiveCopy]]:
    found: dict[int, list[ArchiveCopy]] = {}
    for each in copies:
        found.setdefault(each.page_id, []).append(each)
    return found
