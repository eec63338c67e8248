"""The events of the public record in words."""

from django.utils.translation import gettext_lazy as __

from claims.models import Publication
from claims.models.publication import Audience

Event = Publication.Event
EVENTS = {
    Event.PUBLISHED.value: __("published"),
    Event.UPDATED.value: __("updated"),
    Event.CLARIFIED.value: __("clarified"),
    Event.CORRECTED.value: __("corrected"),
    Event.RECHECK_RAISED.value: __("re-check raised"),
    Event.RECHECK_OPEN.value: __("re-check still open"),
    Event.RECHECK_CONFIRMED.value: __("looking again"),
    Event.RECHECK_DISMISSED.value: __("false alarm"),
    Event.RECONFIRMED.value: __("still stands"),
    Event.SOURCE_ASKED.value: __("source asked"),
    Event.SOURCE_ANSWERED.value: __("source answered"),
    Event.SOURCE_SILENT.value: __("source did not answer"),
    Event.WATCH_LOST.value: __("page cannot be read"),
    Event.WATCH_RESUMED.value: __("page can be read again"),
    Event.SUSPENDED.value: __("put under review"),
    Event.RESUMED.value: __("no longer under review"),
    Event.MERGED.value: __("merged"),
    Event.UNMERGED.value: __("separated"),
    Event.WITHDRAWN.value: __("withdrawn"),
    Event.REDACTED.value: __("taken out"),
}
"""Events as labels."""
_SENTENCES = {
    Event.PUBLISHED.value: __("The claim or a review of it was published."),
    Event.UPDATED.value: __("A review was updated: it was right on its day, and facts have moved on."),
    Event.CLARIFIED.value: __("A review was clarified."),
    Event.CORRECTED.value: __("A review was corrected."),
    Event.RECHECK_RAISED.value: __("A quote no longer stands as it did; readers were not told."),
    Event.RECHECK_OPEN.value: __("A re-check that was raised before is open: an editor has seen it, or more was told."),
    Event.RECHECK_CONFIRMED.value: __("Readers were told that we are looking again."),
    Event.RECHECK_DISMISSED.value: __("A re-check was a false alarm; readers were not told of either."),
    Event.RECONFIRMED.value: __("Editors let the verdict stand though a page changed."),
    Event.SOURCE_ASKED.value: __("A source was asked; newsrooms got the dates alone."),
    Event.SOURCE_ANSWERED.value: __("A source answered, or its page was seen corrected."),
    Event.SOURCE_SILENT.value: __("A source did not answer."),
    Event.WATCH_LOST.value: __("A page that a review rests on cannot be read any more."),
    Event.WATCH_RESUMED.value: __("That page can be read again."),
    Event.SUSPENDED.value: __("A review was put under review: its rating is not shown."),
    Event.RESUMED.value: __("The verdict stands again."),
    Event.MERGED.value: __("Two claims were merged."),
    Event.UNMERGED.value: __("A merge was undone."),
    Event.WITHDRAWN.value: __("A review was withdrawn."),
    Event.REDACTED.value: __("The text of the claim was taken out of the record."),
}
AUDIENCES = {Audience.PUBLIC.value: __("readers and newsrooms"), Audience.NEWSROOMS.value: __("newsrooms")}


def event_label(event: str) -> str:
    """An event in two or three words."""
    return str(EVENTS.get(event, event))


def event_sentence(event: str) -> str:
    """What an event told, in a sentence."""
    return str(_SENTENCES.get(event, ""))


def audience_label(audience: str) -> str:
    """Who was told."""
    return str(AUDIENCES.get(audience, audience))
