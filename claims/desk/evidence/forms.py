"""Forms of evidence at the desk: how a quote is shown, and the kinds that cannot be watched."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import Evidence, ReviewVersion

FIELDS_OF_KIND: dict[str, tuple[str, ...]] = {
    Evidence.Kind.PAGE_QUOTE: (),
    Evidence.Kind.FILE: (),
    Evidence.Kind.DATASET: ("dataset", "release", "cell", "value", "unit"),
    Evidence.Kind.INTERVIEW: ("who", "happened_at", "how"),
    Evidence.Kind.BROADCAST: ("programme", "timecode", "happened_at", "who"),
    Evidence.Kind.ANALYSIS: (),
}
"""The fields of each kind, beside the common ones. A file is uploaded, which gives its name and hash."""
_NEEDED = {
    Evidence.Kind.DATASET: ("dataset", "cell", "value"),
    Evidence.Kind.INTERVIEW: ("who", "happened_at", "how"),
    Evidence.Kind.BROADCAST: ("programme", "timecode"),
    Evidence.Kind.ANALYSIS: ("note",),
}
"""Those without which the database refuses it."""
COMMON = ("stance", "note", "visibility", "description")
STANCES = [
    (Evidence.Stance.REFUTES.value, _("refutes")),
    (Evidence.Stance.SUPPORTS.value, _("supports")),
    (Evidence.Stance.CONTEXT.value, _("context")),
]
VISIBILITIES = [
    (Evidence.Visibility.PUBLIC.value, _("quote, page and publisher")),
    (Evidence.Visibility.DESCRIBED.value, _("a description of the source")),
    (Evidence.Visibility.CONFIDENTIAL.value, _("nothing: confidential")),
]
VISIBILITIES_OF_FILES = [
    (Evidence.Visibility.PUBLIC.value, _("its name and what it shows, never the file")),
    *VISIBILITIES[1:],
]
VISIBILITIES_OF_OTHERS = [(Evidence.Visibility.PUBLIC.value, _("all of it")), *VISIBILITIES[1:]]
KINDS = {
    Evidence.Kind.PAGE_QUOTE.value: _("quote of a page"),
    Evidence.Kind.FILE.value: _("file"),
    Evidence.Kind.INTERVIEW.value: _("interview or letter"),
    Evidence.Kind.DATASET.value: _("value of a dataset"),
    Evidence.Kind.BROADCAST.value: _("broadcast"),
    Evidence.Kind.ANALYSIS.value: _("our own analysis"),
}
_LABELS = {
    "stance": _("Toward the claim, it"),
    "note": _("What it shows"),
    "visibility": _("Readers see"),
    "description": _("Public words for the source"),
    "kept_because": _("Why the review keeps it although it no longer stands"),
    "dataset": _("Dataset and its publisher"),
    "release": _("Release or version"),
    "cell": _("Table, row and column"),
    "value": _("Value"),
    "unit": _("Unit"),
    "who": _("Who"),
    "happened_at": _("When"),
    "how": _("How"),
    "programme": _("Programme"),
    "timecode": _("Time code"),
}
_HELP = {
    "note": _("Readers see it, unless the evidence is confidential."),
    "description": _("Only if the source is described and not named, for example “a hospital doctor”."),
    "kept_because": _("Readers see it; the colleague who approves reads it first."),
    "happened_at": _("Date and time in your time zone; readers see both while the evidence is public."),
    "how": _("For example by telephone, by letter, in person."),
    "timecode": _("hours:minutes:seconds, for example 00:12:30"),
}
_BY_KIND = {
    Evidence.Kind.PAGE_QUOTE.value: VISIBILITIES,
    Evidence.Kind.FILE.value: VISIBILITIES_OF_FILES,
}


def visibilities(kind: str) -> Sequence[tuple[str, str | Promise]]:
    """What readers can be shown of evidence of this kind."""
    return _BY_KIND.get(kind, VISIBILITIES_OF_OTHERS)


_LONG_TEXTS = ("note", "kept_because")


class EvidenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """How evidence is shown, and what its kind needs beside. The model's constraints check that it is complete."""

    class Meta:
        model = Evidence
        fields = [*COMMON, "kept_because", *sorted({name for names in FIELDS_OF_KIND.values() for name in names})]

    def __init__(self, *args: Any, kind: str, keeps: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        wanted = [*FIELDS_OF_KIND[kind], *COMMON, *(["kept_because"] if keeps else [])]
        self.fields = {name: self.fields[name] for name in wanted}
        choices = {"stance": STANCES, "visibility": visibilities(kind)}
        for name, options in choices.items():
            self.fields[name] = forms.ChoiceField(choices=options)
        self.fields["visibility"].initial = Evidence.Visibility.PUBLIC
        for name, field in self.fields.items():
            field.label, field.help_text = str(_LABELS[name]), str(_HELP.get(name, ""))
            if name in _LONG_TEXTS:
                field.widget = forms.Textarea(attrs={"rows": 2})
            elif name == "happened_at":
                field.widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            if isinstance(field, forms.CharField):
                field.widget.attrs["dir"] = "auto"
            field.required = field.required or name in _NEEDED.get(Evidence.Kind(kind), ())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("visibility") == Evidence.Visibility.DESCRIBED and not data.get("description"):
            self.add_error("description", _("Say the public words for this source, for example “a hospital doctor”."))
        return data

    def _post_clean(self) -> None:
        """Leave the row alone: the verbs of claims/reviews/evidence.py change and check it."""


def may_be_kept(evidence: Evidence, *, broke: bool) -> bool:
    """Whether to ask why the review keeps the quote: it broke in a later version, or a reason is given."""
    if evidence.kind != Evidence.Kind.PAGE_QUOTE:
        return False
    later = evidence.version.kind not in (ReviewVersion.Kind.ORIGINAL, ReviewVersion.Kind.WITHDRAWAL)
    return bool(evidence.kept_because) or (broke and later)
