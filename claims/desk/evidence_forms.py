"""Forms of evidence: “Watch this” for a quote of a page, another for the kinds that cannot be watched."""

from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from claims.models import Evidence

# The fields of each kind, beside the common ones.
FIELDS_OF_KIND = {
    Evidence.Kind.PAGE_QUOTE: [],
    Evidence.Kind.FILE: ["file_name", "file_sha256"],
    Evidence.Kind.DATASET: ["dataset", "release", "cell", "value", "unit"],
    Evidence.Kind.INTERVIEW: ["who", "happened_at", "how"],
    Evidence.Kind.BROADCAST: ["programme", "timecode", "happened_at", "who"],
    Evidence.Kind.ANALYSIS: [],
}
COMMON = ["stance", "visibility", "description", "note"]


class WatchThisForm(forms.Form):
    """The URL of a page and the words to watch on it."""

    url = forms.CharField(
        label="URL of the page", max_length=2000, widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url"})
    )
    exact = forms.CharField(
        label="Quote",
        max_length=5000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="The words as they stand on the page: a sentence or two, copied and pasted.",
    )
    copy = forms.IntegerField(
        label="Which place",
        required=False,
        min_value=1,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
        help_text="Only if the words stand in several places of the page: the number of the place that is meant.",
    )
    stance = forms.ChoiceField(choices=Evidence.Stance.choices, widget=UnfoldAdminSelectWidget)
    visibility = forms.ChoiceField(
        choices=Evidence.Visibility.choices, initial=Evidence.Visibility.PUBLIC, widget=UnfoldAdminSelectWidget
    )
    description = forms.CharField(
        label="Public words for the source",
        max_length=300,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Only if it is described and not named.",
    )
    note = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="What it shows. Readers see it unless the evidence is confidential.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("visibility") == Evidence.Visibility.DESCRIBED and not data.get("description"):
            self.add_error("description", "Say the public words for this source, for example “a hospital doctor”.")
        return data


class EvidenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Evidence other than page quotes. The model's constraints check the fields that its kind requires."""

    class Meta:
        model = Evidence
        fields = [
            "kind",
            *COMMON,
            "kept_because",
            *sorted({name for names in FIELDS_OF_KIND.values() for name in names}),
        ]
        help_texts = {
            "file_name": "Nothing is uploaded here: name and sha256 say which file you keep.",
            "file_sha256": "64 hexadecimal digits, as the command sha256sum prints them.",
            "how": "For example by telephone, or a letter. An interview needs who, when and how.",
            "happened_at": "A date and a time; readers see both while the evidence is public.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"].choices = [  # type: ignore[attr-defined]
                (key, label) for key, label in Evidence.Kind.choices if key != Evidence.Kind.PAGE_QUOTE
            ]

    def add_prefix(self, field_name: str) -> str:
        # The admin theme takes a posted “dataset” for one of its own and drops the form.
        return super().add_prefix("dataset_name" if field_name == "dataset" else field_name)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind") or self.instance.kind
        own = set(FIELDS_OF_KIND.get(kind, []))
        for name in {name for names in FIELDS_OF_KIND.values() for name in names} - own:
            if name in data:
                data[name] = None if name == "happened_at" else ""
        return data
