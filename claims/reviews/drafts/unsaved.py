"""Delete unsaved forms of versions that nobody writes any more."""

from datetime import timedelta

from django.db.models.functions import Now

from claims.models import Autosave, ReviewVersion

_PLACE = "version:"


def delete_over() -> int:
    """Delete what was kept of versions that are published or gone. Returns how many rows were deleted."""
    rows = Autosave.objects.filter(place__startswith=_PLACE).values_list("pk", "place")
    keys = {pk: place.removeprefix(_PLACE) for pk, place in rows}
    wanted = [int(key) for key in keys.values() if key.isascii() and key.isdecimal() and len(key) < 19]
    being_written = ReviewVersion.objects.filter(pk__in=wanted).exclude(state=ReviewVersion.State.PUBLISHED)
    alive = {str(key) for key in being_written.values_list("pk", flat=True)}
    count, _kinds = Autosave.objects.filter(pk__in=[pk for pk, key in keys.items() if key not in alive]).delete()
    # What ended long ago: nothing of it is under way any more.
    Autosave.objects.exclude(ended="").filter(saved_at__lt=Now() - timedelta(days=1)).delete()
    return count
