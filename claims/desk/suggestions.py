"""Suggest changes of a version that others wrote; show, accept and decline what was suggested."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.desk.shell.screen import render
from claims.models import Rating, ReviewVersion, Suggestion
from claims.permissions import Refused, User, may_decide_on_suggestion, may_suggest
from claims.reviews import suggestions
from claims.visibility import visible
from sources.admin.difference import Piece
from sources.quotes.word_diff import diff
from sources.reordered import shown

_KIND_OF_PIECE = {"=": "same", "-": "removed", "+": "added"}
LABELS = {
    Suggestion.Field.SUMMARY: gettext_lazy("Finding"),
    Suggestion.Field.BODY: gettext_lazy("How we checked"),
    Suggestion.Field.PUBLIC_NOTE: gettext_lazy("What changed, for readers"),
    Suggestion.Field.TRUE_AS_OF: gettext_lazy("True as of"),
    Suggestion.Field.RATING: gettext_lazy("Rating"),
    Suggestion.Field.CORRECTION_KIND: gettext_lazy("What was wrong"),
    Suggestion.Field.CLAIM_TEXT: gettext_lazy("What is claimed"),
}
"""What the fields are called on the workbench."""
_LONG = {Suggestion.Field.SUMMARY, Suggestion.Field.BODY, Suggestion.Field.PUBLIC_NOTE, Suggestion.Field.CLAIM_TEXT}


class SuggestionForm(forms.Form):
    """The texts as they stand; those that are changed become suggestions."""

    def __init__(self, *args: Any, version: ReviewVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in Suggestion.Field:
            if field == Suggestion.Field.CORRECTION_KIND and version.kind != ReviewVersion.Kind.CORRECTION:
                continue
            made = self._field(field, version)
            made.label, made.initial = LABELS[field], suggestions.current(version, field)
            self.fields[field.value] = made

    def _field(self, field: Suggestion.Field, version: ReviewVersion) -> forms.Field:
        if field in _LONG:
            return forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}))
        if field == Suggestion.Field.RATING:
            steps = Rating.objects.filter(scale__organisation=version.review.organisation_id)
            return forms.ChoiceField(choices=[(str(step.pk), str(step)) for step in steps], required=False)
        if field == Suggestion.Field.CORRECTION_KIND:
            return forms.ChoiceField(choices=ReviewVersion.CorrectionKind.choices, required=False)
        return forms.CharField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


def suggest(request: HttpRequest, version: int) -> HttpResponse:
    """Show the texts of the version; on POST suggest those that were changed."""
    rows = visible(ReviewVersion.objects.select_related("review__claim", "review__organisation"), request.user)
    row = get_object_or_404(rows, pk=version)
    if not may_suggest(request.user, row):
        raise PermissionDenied
    form = SuggestionForm(request.POST or None, version=row)
    if request.method == "POST" and form.is_valid():
        changes = {name: text for name, text in form.cleaned_data.items() if name in form.changed_data}
        try:
            suggestions.suggest(row, changes=changes, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Suggested. The authors are told; you may still approve the version."))
            return _back(row.pk)
    claim = row.review.claim
    back = f"{reverse('desk:claim', args=[claim.pk])}?version={row.pk}"
    return render(
        request,
        "desk/suggest.html",
        {"version": row, "form": form, "back": back},
        title=_("Suggest a change"),
        item="claims",
        crumbs=[(_("Claims"), reverse("desk:claims")), (shown(claim.text), back)],
        status=422 if form.is_bound else 200,
    )


@require_POST
def decide(request: HttpRequest, suggestion: int) -> HttpResponse:
    """Accept or decline one suggestion."""
    row = get_object_or_404(visible(Suggestion.objects.all(), request.user), pk=suggestion)
    verb: Callable[..., object] = suggestions.accept if "accept" in request.POST else suggestions.decline
    try:
        verb(row, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        accepted = _("Accepted, as your own change. Submit the version again.")
        messages.success(request, accepted if "accept" in request.POST else _("Declined."))
    return _back(row.version_id)


def on_page(user: User, version: ReviewVersion) -> dict[str, Any]:
    """What the page of a version shows: the open suggestions with their differences, and what the user may do."""
    waiting = list(version.suggestions.filter(state=Suggestion.State.OPEN).select_related("suggested_by"))
    return {
        "may_suggest": may_suggest(user, version),
        "may_decide": bool(waiting) and may_decide_on_suggestion(user, version),
        "suggestions": [{"row": each, "pieces": pieces(each)} for each in waiting],
    }


def pieces(suggestion: Suggestion) -> list[Piece]:
    """The word difference that the suggestion makes."""
    before, after = suggestion.before, suggestion.after
    if suggestion.field == Suggestion.Field.RATING:
        labels = {str(step.pk): step.label for step in Rating.objects.filter(pk__in=[before or 0, after])}
        before, after = labels.get(before, ""), labels.get(after, "")
    return [Piece(_KIND_OF_PIECE[kind], text) for kind, text in diff(before, after)]


def _back(version: int) -> HttpResponseRedirect:
    claim = ReviewVersion.objects.values_list("review__claim", flat=True).get(pk=version)
    return HttpResponseRedirect(f"{reverse('desk:claim', args=[claim])}?version={version}")
