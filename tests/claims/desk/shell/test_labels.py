"""Every label of choices that screens show is found for translation."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

from claims import causes
from claims.desk.shell.labels import LABELS
from claims.models.verification import Verification

_NAMES = {"RSS", "Atom", "JSON Feed", ""}
_SHOWN = {
    *("Polling.last_outcome", "Snapshot.origin", "Change.kind", "ArchiveCopy.state", "FeedReading.kind"),
    *("AccountChange.what", "Speaker.kind", "Document.kind", "Document.reading", "Attribution.polarity"),
    *("Amendment.kind", "Amendment.state", "ReviewVersion.state", "ReviewVersion.kind", "Publication.event"),
    *("ReviewVersion.correction_kind", "Suggestion.field", "Suggestion.state", "Merge.kind", "Merge.state"),
    *("CheckItem.state", "Evidence.stance", "EvidenceCheck.result", "EvidenceCheck.cause"),
}


def test_every_label_that_is_shown_is_found_for_translation() -> None:
    fields = {
        f"{model.__name__}.{field.name}": field for model in apps.get_models() for field in model._meta.concrete_fields
    }
    known = [str(label) for name in _SHOWN for _value, label in fields[name].flatchoices]
    known += [str(each.label) for each in Verification] + [row.label for row in causes.TABLE]
    assert set(known) - LABELS - _NAMES == set()


def test_no_screen_shows_a_label_past_the_translation() -> None:
    bare = re.compile(r"get_\w+_display(?!\|in_words)")
    templates = Path(settings.BASE_DIR, "claims/templates/desk").rglob("*.html")
    found = [(path.name, bare.findall(path.read_text())) for path in templates if bare.search(path.read_text())]
    assert found == [("chats.html", ["get_shape_display"])], "names of programs"
