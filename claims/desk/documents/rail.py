"""What stands beside the text: the chosen statement with who says what, the claim it would make, and what is near."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from claims.desk.documents import progress
from claims.desk.documents.addresses import statement_address
from claims.desk.documents.sent import as_text, submission_of
from claims.desk.edits import differs
from claims.desk.shell import typed
from claims.desk.shell.verbs import offered, seen_of
from claims.desk.similar_claims import similar_claims
from claims.models import Attribution, Claim, Document, Speaker, Statement
from claims.statements import link_claim
from claims.statements.by_hand.marks import value_text
from claims.statements.by_hand.period import period_of
from claims.statements.by_hand.places import places
from claims.statements.by_hand.speaker_edits import described

MOST_SPEAKERS = 200
POLARITIES = (
    (Attribution.Polarity.ASSERTED, _("says it")),
    (Attribution.Polarity.NEGATED, _("does not say it")),
    (Attribution.Polarity.MODAL, _("may say it")),
    (Attribution.Polarity.CONDITIONAL, _("says it “if”")),
    (Attribution.Polarity.ASKED, _("is asked")),
)
"""What the document says of the saying, in an editor's words."""


@dataclass(frozen=True)
class Said:
    """An attribution as its form shows it: as saved, or as it was typed and refused."""

    row: Attribution | None
    speaker: str
    written: str
    cue: str
    polarity: str
    quoted: bool
    said: str
    is_new_name: bool = False

    @property
    def key(self) -> str:
        return self.row.public_id if self.row else ""


@dataclass(frozen=True)
class FigureLine:
    """A figure as its form shows it."""

    number: int
    text: str
    value: str
    unit: str
    counts: str


@dataclass(frozen=True)
class Offered:
    """A claim that the statement can make, with the claim that was made of it already."""

    proposed: link_claim.ProposedClaim
    text: str
    made: Claim | None
    is_main: bool


def context(document: Document, statement: Statement, show: str, user: Any) -> dict[str, Any]:
    """The context of the rail for a statement."""
    rows = list(statement.attributions.select_related("speaker", "mended_by"))
    kept = typed.kept(user, f"statement:{statement.pk}")
    values = kept.values if kept else {}
    claims = progress.claims_of([statement], user).get(statement.pk, [])
    proposals = _proposals(statement, rows, claims, values, user)
    near = similar_claims(_asked(statement, proposals), document.language, user)
    linked = {claim.pk for claim in claims}
    sent = submission_of(user, statement=statement)
    before = progress.neighbour(statement, show, user, forward=False)
    after = progress.neighbour(statement, show, user, forward=True)
    return {
        "statement": statement,
        "offers": {each.verb.name.replace("-", "_"): each for each in offered(user, statement)},
        "seen": seen_of(statement),
        "said": _said(rows, statement, values),
        "another": _typed_attribution(values) if values and not _one(values, "attribution") else _blank(),
        "polarities": POLARITIES,
        "figures": _figures(statement, values),
        "claims": claims,
        "differs": differs(statement, user),
        "sent": sent,
        "sent_text": as_text(sent),
        "proposals": proposals,
        "asserted": [row for row in rows if row.polarity == Attribution.Polarity.ASSERTED],
        "about": _about(statement, values),
        "second": _one(values, "text") if "another" in values else "",
        "link_by": _link_by(rows, proposals),
        "near": [each for each in near if each.row.pk not in linked],
        "kept": values,
        "before": statement_address(before, show) if before else "",
        "after": statement_address(after, show) if after else "",
    }


def speakers_of(document: Document, start: int, end: int) -> list[str]:
    """How the speakers of a part of a document are written where one is chosen; twins with role and id."""
    here = Attribution.objects.filter(
        statement__document=document, statement__start__gte=start, statement__start__lt=end
    )
    found = Speaker.objects.filter(pk__in=here.values("speaker")).order_by("name")
    rows = list(found[:MOST_SPEAKERS])
    names = [row.name for row in rows]
    return [described(row) if names.count(row.name) > 1 else row.name for row in rows]


def places_to_choose(document: Document, user: Any) -> list[dict[str, Any]]:
    """The places of the words that were typed and stand in the text more than once, each with what is around it."""
    kept = typed.kept(user, f"words:{document.pk}")
    words = _one(kept.values, "words") if kept else ""
    text = document.text
    return [
        {
            "key": f"{start}-{end}",
            "before": text[max(0, start - 60) : start],
            "words": text[start:end],
            "after": text[end : end + 60],
        }
        for start, end in places(text, words)
    ]


def kept_words(document: Document, user: Any) -> str:
    """The words of a statement that was to be added and was refused, or has no place yet."""
    for place in (f"document:{document.pk}", f"words:{document.pk}"):
        kept = typed.kept(user, place)
        if kept and (words := _one(kept.values, "words")):
            return words
    return ""


def _one(values: Any, name: str) -> str:
    found = values.get(name) or [""]
    return str(found[0])


def _said(rows: list[Attribution], statement: Statement, values: Any) -> list[Said]:
    chosen = _one(values, "attribution") if "polarity" in values else ""
    return [_typed_attribution(values, row) if row.public_id == chosen else _as_saved(row, statement) for row in rows]


def _as_saved(row: Attribution, statement: Statement) -> Said:
    whole = row.content in ([], [[statement.start, statement.end]])
    return Said(
        row,
        speaker=described(row.speaker) if row.speaker and _has_twin(row.speaker) else str(row.speaker or ""),
        written=row.speaker_as_written,
        cue=row.cue,
        polarity=row.polarity,
        quoted=row.quoted,
        said="" if whole else "\n".join(row.pieces(statement)),
    )


def _has_twin(speaker: Speaker) -> bool:
    return Speaker.objects.filter(name__iexact=speaker.name).exclude(pk=speaker.pk).exists()


def _typed_attribution(values: Any, row: Attribution | None = None) -> Said:
    return Said(
        row,
        speaker=_one(values, "speaker"),
        written=_one(values, "speaker_as_written"),
        cue=_one(values, "cue"),
        polarity=_one(values, "polarity") or Attribution.Polarity.ASSERTED,
        quoted="quoted" in values,
        said=_one(values, "said"),
        is_new_name="new" in values,
    )


def _blank() -> Said:
    return Said(None, "", "", "", Attribution.Polarity.ASSERTED, quoted=False, said="")


def _figures(statement: Statement, values: Any) -> list[FigureLine]:
    """The figures, as typed if they were refused, and an empty line for another."""
    if "figure-0" in values:
        names = ("figure", "value", "unit", "counts")
        count = sum(name.startswith("figure-") for name in values)
        lines = [FigureLine(n, *(_one(values, f"{name}-{n}") for name in names)) for n in range(count)]
        return [*lines, FigureLine(count, "", "", "", "")]
    known = [each for each in statement.figures if isinstance(each, dict)]
    lines = [
        FigureLine(
            number,
            str(each.get("text", "")),
            value_text(each),
            str(each.get("unit", "") or ""),
            str(each.get("counts", "") or ""),
        )
        for number, each in enumerate(known)
    ]
    return [*lines, FigureLine(len(lines), "", "", "", "")]


def _proposals(
    statement: Statement, rows: list[Attribution], claims: list[Claim], values: Any, user: Any
) -> list[Offered]:
    made = {
        each.attribution_id: each.claim_id
        for each in progress.seen_appearances(user).filter(statement=statement).order_by("-pk")
    }
    by_key = {claim.pk: claim for claim in claims}
    refused = _one(values, "attribution") if "text" in values and "another" not in values else None
    found = []
    for proposed in link_claim.proposed_claims(statement):
        own = proposed.attribution.public_id if proposed.attribution else ""
        there = by_key.get(made.get(proposed.attribution.pk if proposed.attribution else None, 0))
        text = _one(values, "text") if refused == own else proposed.text
        found.append(Offered(proposed, text, None if proposed.needs_word else there, is_main=False))
    main = next((n for n, each in enumerate(found) if each.made is None and each.text), None)
    return [Offered(each.proposed, each.text, each.made, is_main=n == main) for n, each in enumerate(found)]


def _about(statement: Statement, values: Any) -> dict[str, str]:
    """The time and place of the claim as typed and refused, else the time as the figures of the statement tell it."""
    if "period_start" in values:
        return {name: _one(values, name) for name in ("period_start", "period_end", "place")}
    first, last = period_of(statement.figures)
    return {"period_start": first.isoformat() if first else "", "period_end": last.isoformat() if last else ""}


def _link_by(rows: list[Attribution], proposals: list[Offered]) -> str:
    """The attribution by which a claim is linked: of what the text beside the document says, else the only one."""
    asserted = [row for row in rows if row.polarity == Attribution.Polarity.ASSERTED]
    main = next((each.proposed.attribution for each in proposals if each.is_main), None)
    chosen = main if main in asserted else asserted[0] if len(asserted) == 1 else None
    return chosen.public_id if chosen else ""


def _asked(statement: Statement, proposals: list[Offered]) -> str:
    main = next((each for each in proposals if each.is_main), None)
    return main.text if main else next((each.text for each in proposals if each.text), statement.text)
