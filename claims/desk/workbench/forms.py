"""The forms of the workbench: the words of a version, and what a claim says and is about."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.desk.shell.addresses import number
from claims.desk.shell.labels import in_words
from claims.models import Claim, Rating, ReviewVersion, Speaker, Topic
from claims.reviews.drafts import right_of_reply
from claims.reviews.drafts.days import is_to_come
from claims.statements.by_hand import said, speaker_edits
from claims.visibility import visible_claims

_KINDS = (ReviewVersion.Kind.UPDATE, ReviewVersion.Kind.CORRECTION, ReviewVersion.Kind.CLARIFICATION)
_LOCAL = "%Y-%m-%dT%H:%M"


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Words(forms.CharField):
    """A text whose line ends are the same whatever browser posts it, so that posting it back changes nothing."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return _one_notation(text) if isinstance(text, str) else text

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _one_notation(initial or "").strip() != _one_notation(data or "").strip()


class Minute(forms.DateTimeField):
    """A time of which the form shows no seconds."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        shown = timezone.localtime(initial).strftime(_LOCAL) if isinstance(initial, datetime) else initial
        return bool((shown or "") != (data or ""))


def _one_notation(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class VersionForm(forms.ModelForm):  # type: ignore[type-arg]
    """The text of one version, with a rating of the review's own organisation."""

    reply_url = forms.URLField(required=False, max_length=2000, assume_scheme="https")

    class Meta:
        model = ReviewVersion
        fields = [
            "kind",
            "correction_kind",
            "rating",
            "summary",
            "body",
            "public_note",
            "true_as_of",
            *right_of_reply.FIELDS,
            "embargo_until",
        ]
        field_classes = {
            "summary": Words,
            "body": Words,
            "public_note": Words,
            "reply": Words,
            "embargo_until": Minute,
        }
        widgets = {
            "summary": _area(2),
            "body": _area(8),
            "public_note": _area(2),
            "true_as_of": _day(),
            "reply_asked": forms.TextInput(attrs={"dir": "auto"}),
            "reply_asked_on": _day(),
            "reply_answered_on": _day(),
            "reply": _area(3),
            "reply_none_by": _day(),
            "embargo_until": forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL),
        }

    def __init__(self, *args: Any, organisation: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version: ReviewVersion = self.instance
        if "rating" in self.fields:
            owner = organisation or (version.review.organisation_id if version.review_id else None)
            scale = Rating.objects.filter(scale__organisation=owner)
            offered = scale.filter(Q(retired_at__isnull=True) | Q(pk=version.rating_id))
            self.fields["rating"].queryset = offered.select_related("scale")  # type: ignore[attr-defined]
        for name in self.unused(version):
            self.fields.pop(name, None)
        if "kind" in self.fields:
            self.fields["kind"] = forms.ChoiceField(
                choices=[(kind.value, in_words(kind.label)) for kind in _KINDS], initial=version.kind
            )

    @staticmethod
    def unused(version: ReviewVersion) -> set[str]:
        """The fields that this kind of version has not."""
        if version.kind == ReviewVersion.Kind.ORIGINAL:
            return {"kind", "correction_kind", "public_note"}
        if version.kind == ReviewVersion.Kind.WITHDRAWAL:
            return {"kind", "correction_kind", "rating", "summary", "body", "true_as_of", *right_of_reply.FIELDS}
        return set()

    @property
    def reply_is_begun(self) -> bool:
        """Whether anything is said of the right of reply, so that its fields stand open."""
        return any(self[name].value() for name in right_of_reply.FIELDS if name in self.fields)

    def clean_embargo_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["embargo_until"]
        if until is not None and "embargo_until" in self.changed_data and until <= timezone.now():
            raise forms.ValidationError(_("This time is past; leave it empty to publish without an embargo."))
        return until

    def clean_true_as_of(self) -> date | None:
        day: date | None = self.cleaned_data["true_as_of"]
        if day is not None and is_to_come(day):
            raise forms.ValidationError(_("This day is still to come; a finding holds for a day that has been."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "correction_kind" in data and data.get("kind") != ReviewVersion.Kind.CORRECTION:
            data["correction_kind"] = ""
        return data


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a claim says, and what it is about. `repeats` is named by its id, or its number or address at the desk."""

    repeats_id = forms.CharField(required=False, max_length=300)
    add_topics = forms.CharField(required=False, max_length=2000)

    class Meta:
        model = Claim
        fields = ["text", "language", "topics", "period_start", "period_end", "place"]
        field_classes = {"text": Words}
        widgets = {
            "text": _area(2),
            "period_start": _day(),
            "period_end": _day(),
            "place": forms.TextInput(attrs={"dir": "auto"}),
            "topics": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        claim: Claim = self.instance
        if claim.pk and claim.repeats_id:
            shown = visible_claims(user).filter(pk=claim.repeats_id).values_list("public_id", flat=True).first()
            if shown is None:
                del self.fields["repeats_id"]  # it names a claim that is restricted to others
            else:
                self.fields["repeats_id"].initial = self.initial["repeats_id"] = shown
        chosen = claim.topics.all() if claim.pk else Topic.objects.none()
        self.fields["topics"].queryset = chosen  # type: ignore[attr-defined]
        self.has_topics = bool(self.initial.get("topics"))  # others are added by name
        self.fields["topics"].required = False

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).strip()
        if not text:
            raise forms.ValidationError(_("Write the assertion that can be checked, in one sentence."))
        return text

    def clean_add_topics(self) -> list[Topic]:
        names = [name.strip() for name in self.cleaned_data["add_topics"].split(",") if name.strip()]
        found = []
        for name in names[:50]:
            topic = Topic.objects.filter(Q(name__iexact=name) | Q(slug=name)).order_by("pk").first()
            if topic is None:
                raise forms.ValidationError(_("There is no topic “%(name)s”.") % {"name": name})
            found.append(topic)
        return found

    def clean_repeats_id(self) -> Claim | None:
        named = self.cleaned_data["repeats_id"].strip().rstrip("/").rpartition("/")[2]
        if not named:
            return None
        key = Q(public_id=named) if number(named) is None else Q(pk=number(named))
        found = visible_claims(self.user).filter(key).exclude(pk=self.instance.pk).first()
        if found is None:
            raise forms.ValidationError(_("No other claim has this id; copy the id or the address of the claim."))
        return found

    def save(self, commit: bool = True) -> Claim:
        if "repeats_id" in self.fields:
            self.instance.repeats = self.cleaned_data["repeats_id"]
        made: Claim = super().save(commit)
        made.topics.add(*self.cleaned_data["add_topics"])
        return made


class NewClaimForm(ClaimForm):
    """A claim that is written without a document, and by whom it was made, if that is known."""

    speaker = forms.CharField(required=False, max_length=300)
    new_speaker = forms.BooleanField(required=False)
    said_words = forms.CharField(required=False, max_length=10_000, widget=_area(2))
    said_at = forms.URLField(required=False, max_length=2000, assume_scheme="https")
    said_on = forms.DateField(required=False, widget=_day())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("speaker") and any(data.get(name) for name in ("said_words", "said_at", "said_on")):
            self.add_error("speaker", _("Name who said it, or leave empty where, when and in which words."))
        return data

    def make(self) -> Claim:
        """Save the claim and its speaker. Raises `Refused`; call it in a transaction."""
        made = self.save()
        who = self._speaker()
        if who is not None:
            data = self.cleaned_data
            said.said_by(made, who, actor=self.user, words=data["said_words"], url=data["said_at"], day=data["said_on"])
        return made

    def _speaker(self) -> Speaker | None:
        return speaker_edits.named(self.cleaned_data["speaker"], actor=self.user, new=self.cleaned_data["new_speaker"])


def usual_language(user: Any, otherwise: str) -> str:
    """The language in which this person writes claims, else the desk, else another."""
    known = Claim.objects.exclude(language="und").order_by("-pk").values_list("language", flat=True)
    return known.filter(created_by=user.pk).first() or known.filter(created_by__isnull=False).first() or otherwise
