"""Create a claim from a statement, or link a statement to an existing claim.

A claim hangs on one asserted attribution of the statement, whose speaker made it, or on none: then it has no speaker.
"""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.claim_length import too_long
from claims.models import Appearance, Attribution, Claim, Statement
from claims.permissions import Refused, User, is_newsroom, may_create, may_edit, require
from claims.reviews.drafts.claim_edits import require_may_edit
from claims.statements.claim_text import claim_text, no_assertion
from claims.visibility import visible_claims
from claims.visible_text import readable, unreadable
from sources.database.audit import acting

_CHOOSE = gettext_noop(
    "Choose who made this claim: the statement has several attributions, or none that says "
    "that it was said. Or say that the claim has no speaker."
)


@dataclass(frozen=True)
class About:
    """The time and the place that a claim is about."""

    period_start: date | None = None
    period_end: date | None = None
    place: str = ""


@dataclass(frozen=True)
class ProposedClaim:
    """What a claim of a statement would be: its text, and with whom as its speaker.

    `attribution` is None for a statement without any. `speaker` is empty for nobody. `text` lacks the characters with
    which no claim is made; `warning` says so, or why it is refused as it is.
    """

    attribution: Attribution | None
    text: str
    speaker: str
    warning: str = ""
    no_assertion: str = ""
    """Why what was said is offered as no claim, then `text` is empty; an editor may write one."""

    @property
    def needs_confirmation(self) -> bool:
        """Whether an editor has to confirm the speaker, whom the document calls by a pronoun or a role here."""
        return self.attribution is not None and not self.needs_word and self.attribution.is_read_as

    @property
    def needs_word(self) -> bool:
        """Whether an editor has to say that the claim has no speaker: the document denies, asks or supposes it."""
        return self.attribution is not None and self.attribution.polarity != Attribution.Polarity.ASSERTED


def proposed_claims(statement: Statement) -> list[ProposedClaim]:
    """A claim for each attribution of the statement, or the one of a statement without any; nothing is written."""
    language = statement.document.language
    attributions = list(statement.attributions.select_related("speaker"))
    if not attributions:
        spans = statement.content or [[statement.start, statement.end]]
        pieces = [statement.text[start - statement.start : end - statement.start] for start, end in spans]
        text = claim_text(pieces, language=language, quoted=statement.quoted)
        speaker = str(statement.speaker or statement.speaker_as_written)
        return [_proposed(None, text or statement.text, speaker)]
    why = [no_assertion(each.pieces(statement), language=language, quoted=each.quoted) for each in attributions]
    return [
        _proposed(
            attribution=each,
            text="" if none else claim_text(each.pieces(statement), language=language, quoted=each.quoted),
            no_assertion=none,
            speaker=each.speaker_as_read if each.polarity == Attribution.Polarity.ASSERTED else "",
        )
        for each, none in zip(attributions, why, strict=True)
    ]


def _proposed(attribution: Attribution | None, text: str, speaker: str, no_assertion: str = "") -> ProposedClaim:
    cleaned = readable(text)
    warning = unreadable(cleaned) or too_long(cleaned) if cleaned else ""
    if cleaned != text:
        warning = (
            f"{unreadable(text)} They are left out here: read whether the words still say the same. {warning}".strip()
        )
    return ProposedClaim(attribution, cleaned, speaker, warning, no_assertion)


def claim_from_statement(
    statement: Statement,
    *,
    actor: User,
    text: str | None = None,
    attribution: Attribution | None = None,
    without_speaker: bool = False,
    about: About | None = None,
    another: bool = False,
) -> Claim:
    """Create a claim that the statement makes by this attribution, or return the one that it has made so already.

    `another` creates a second one, where the statement asserts two things, unless it made one in these words.

    Without an attribution, the statement's only one is taken. The claim's text is `text`, or by default what was said.
    A claim of an attribution that is not asserted has no speaker, which the caller has to say. Raises `Refused`.
    """
    require(
        may_edit(actor), _("You may not write claims; ask an administrator for the role of a reporter or an editor.")
    )
    with acting(actor, reason="made a claim of a statement"), transaction.atomic():
        # The lock makes two simultaneous clicks create one claim.
        locked = Statement.objects.select_for_update().select_related("document").get(pk=statement.pk)
        hung = _hung(locked, attribution, without_speaker=without_speaker)
        if text is None:
            proposed = proposed_claims(locked)
            of = attribution or hung
            offered = next((each for each in proposed if of is not None and each.attribution == of), None)
            if offered is not None and offered.no_assertion:
                raise Refused(offered.no_assertion)
            text = offered.text if offered is not None else ""
            text = text or (proposed[0].text if proposed[0].attribution is None else locked.text)
        text = text.strip()
        if not text:
            raise Refused(_("Write the assertion that can be checked, in one sentence."))
        if reason := unreadable(text) or too_long(text):
            raise Refused(reason)
        # A claim that is restricted to others does not exist for this person.
        made = visible_claims(actor).filter(appearances__statement=locked, appearances__attribution=hung)
        if another or (hung is None and (attribution is not None or locked.attributions.exists())):
            made = made.filter(text=text)
        if (existing := made.order_by("pk").first()) is not None:
            return existing
        claim = Claim.objects.create(
            text=text,
            language=locked.document.language,
            is_demo=locked.document.is_demo,
            created_by=actor,
            **(asdict(about) if about else {}),
        )
        Appearance.objects.create(claim=claim, statement=locked, attribution=hung, created_by=actor)
        return claim


def link_statement(
    statement: Statement,
    claim: Claim,
    *,
    actor: User,
    attribution: Attribution | None = None,
    without_speaker: bool = False,
) -> Appearance:
    """Link the statement to a claim that it makes by this attribution; idempotent. Raises `Refused`.

    Without an attribution, the statement's only one gives the claim its speaker; if there are several, nobody is.
    """
    require(
        may_create(actor, claim),
        _("You may not link statements; ask an administrator for the role of a reporter or an editor."),
    )
    if claim.merged_into_id is not None:
        raise Refused(_("This claim was merged into another; link the statement to that one."))
    if attribution is not None:
        hung = _hung(statement, attribution, without_speaker=without_speaker)
    else:
        hung = None if without_speaker else sole_attribution(statement)
    with acting(actor, reason="linked a statement to a claim"), transaction.atomic():
        _require_no_approval(claim, actor)
        appearance, _made = Appearance.objects.get_or_create(
            claim=claim, statement=statement, defaults={"created_by": actor, "attribution": hung}
        )
    return appearance


def unlink_statement(statement: Statement, claim: Claim, *, actor: User) -> None:
    """Say that the statement does not make this claim. Raises `Refused`."""
    require(
        may_edit(actor, claim),
        _("You may not unlink statements; ask an administrator for the role of a reporter or an editor."),
    )
    with acting(actor, reason="unlinked a statement from a claim"), transaction.atomic():
        _require_no_approval(claim, actor)
        Appearance.objects.filter(claim=claim, statement=statement).delete()


def _require_no_approval(claim: Claim, actor: User) -> None:
    """Refuse whoever may not undo an approval of the claim's review, which covers the statements of the claim."""
    if not is_newsroom(actor):  # it adds to claims of its own alone
        require_may_edit(actor, Claim.objects.select_for_update().get(pk=claim.pk), approved_only=True)


def sole_attribution(statement: Statement) -> Attribution | None:
    """The attribution of a statement that has one alone, if it is asserted; of several an editor chooses."""
    found = list(statement.attributions.all()[:2])
    return found[0] if len(found) == 1 and found[0].polarity == Attribution.Polarity.ASSERTED else None


def _hung(statement: Statement, attribution: Attribution | None, *, without_speaker: bool) -> Attribution | None:
    """The attribution that gives the claim its speaker; None for nobody. Raises `Refused` where that has to be said."""
    if attribution is None:
        sole = None if without_speaker else sole_attribution(statement)
        if sole is None and not without_speaker and statement.attributions.exists():
            raise Refused(_(_CHOOSE))
        return sole
    if attribution.statement_id != statement.pk:
        raise Refused(_("This attribution is of another statement; reload the page."))
    if without_speaker:
        return None
    if attribution.polarity != Attribution.Polarity.ASSERTED:
        raise Refused(
            _(
                "The document does not say that this was said (it is %(get_polarity_display)s). Say that the "
                "claim has no speaker, or mend the attribution."
            )
            % {"get_polarity_display": attribution.get_polarity_display()}
        )
    return attribution
