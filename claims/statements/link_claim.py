"""Create a claim from a statement, or link a statement to an existing claim."""

from django.db import transaction

from claims.models import Appearance, Attribution, Claim, Statement
from claims.permissions import Refused, User, may_create, may_edit, require
from claims.visibility import visible_claims
from sources.database.audit import acting


def claim_from_statement(statement: Statement, *, actor: User, text: str | None = None) -> Claim:
    """Create a claim that the statement makes, or return the one it is already linked to.

    The claim's text is `text`, or by default the statement's content without its cue. Raises `Refused`.
    """
    require(may_edit(actor), "You may not write claims; ask an administrator for the role of a reporter or an editor.")
    with acting(actor, reason="made a claim of a statement"), transaction.atomic():
        # The lock makes two simultaneous clicks create one claim.
        locked = Statement.objects.select_for_update().select_related("document").get(pk=statement.pk)
        # A claim that is restricted to others does not exist for this person.
        existing = visible_claims(actor).filter(appearances__statement=locked).order_by("pk").first()
        if existing is not None:
            return existing
        claim = Claim.objects.create(
            text=(text or _assertion(locked)).strip(),
            language=locked.document.language,
            is_demo=locked.document.is_demo,
            created_by=actor,
        )
        Appearance.objects.create(claim=claim, statement=locked, attribution=sole_attribution(locked), created_by=actor)
        return claim


def link_statement(statement: Statement, claim: Claim, *, actor: User) -> Appearance:
    """Link the statement to a claim that it makes; idempotent. Raises `Refused`."""
    require(
        may_create(actor, claim),
        "You may not link statements; ask an administrator for the role of a reporter or an editor.",
    )
    if claim.merged_into_id is not None:
        raise Refused("This claim was merged into another; link the statement to that one.")
    with acting(actor, reason="linked a statement to a claim"):
        appearance, _ = Appearance.objects.get_or_create(
            claim=claim,
            statement=statement,
            defaults={"created_by": actor, "attribution": sole_attribution(statement)},
        )
    return appearance


def sole_attribution(statement: Statement) -> Attribution | None:
    """The attribution of a statement that has one alone, if it is asserted; of several an editor chooses."""
    found = list(statement.attributions.all()[:2])
    return found[0] if len(found) == 1 and found[0].polarity == Attribution.Polarity.ASSERTED else None


def _assertion(statement: Statement) -> str:
    document = statement.document.text
    spans = [document[start:end] for start, end in statement.content]
    return " ".join(spans).strip(" ,;\"“”'‘’\n") or statement.text
