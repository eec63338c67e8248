"""Retire the steps of rating scales: one that a review was approved by never changes, so that no verdict does."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Rating
from claims.permissions import Refused, User, may_define_scales, require
from sources.database.audit import acting

_DEFINE = gettext_noop("You may not define scales; ask an administrator for the role of a chief.")


def retire(rating: Rating, *, actor: User) -> Rating:
    """Offer the step to no further review. Published reviews keep it. Raises `Refused`."""
    require(may_define_scales(actor), _DEFINE)
    with acting(actor, reason="retired a step of a scale"), transaction.atomic():
        locked = Rating.objects.select_for_update().get(pk=rating.pk)
        if locked.retired_at is not None:
            raise Refused(_("This step is retired already."))
        locked.retired_at = timezone.now()
        locked.save(update_fields=["retired_at"])
        return locked


def replace(rating: Rating, *, label: str, actor: User) -> Rating:
    """Retire the step, and define a new one with its number and verdict. Raises `Refused`."""
    if not label.strip():
        raise Refused(_("Write the label of the new step."))
    try:
        with acting(actor, reason="replaced a step of a scale"), transaction.atomic():
            old = retire(rating, actor=actor)
            return Rating.objects.create(
                scale_id=old.scale_id, label=label.strip(), value=old.value, verdict=old.verdict
            )
    except IntegrityError as error:
        raise Refused(_("The scale has a step of this label already; choose another label.")) from error
