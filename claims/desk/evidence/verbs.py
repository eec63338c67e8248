"""Verbs of one piece of evidence: save how it is shown, remove it, ask an archive for a copy of its page."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk import quotes
from claims.desk.evidence.forms import EvidenceForm, may_be_kept
from claims.desk.shell.verbs import Act, Verb, register
from claims.models import Evidence, ReviewVersion
from claims.permissions import User, may_edit, may_write
from claims.reviews.evidence import change_evidence, remove_evidence
from claims.watch import archive_copies


def _may_write(user: User, row: Evidence) -> bool:
    return may_write(user, row.version)


def _may_edit(user: User, row: Evidence) -> bool:
    return may_edit(user, row.version.review.claim)


def _is_open(row: Evidence) -> bool:
    return row.version.state != ReviewVersion.State.PUBLISHED


def _save(act: Act) -> str:
    row: Evidence = act.row
    state = quotes.of_version(row.version).get(row.pk)
    keeps = may_be_kept(row, broke=state is not None and state.broke)
    form = EvidenceForm(act.data, kind=row.kind, keeps=keeps)
    if not form.is_valid():
        raise ValidationError([f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items()])
    posted = {name: value for name, value in form.cleaned_data.items() if name in act.data}
    if row.happened_at is not None and posted.get("happened_at") == row.happened_at.replace(second=0, microsecond=0):
        del posted["happened_at"]  # the field of the form has minutes alone
    change_evidence(row, actor=act.user, **posted)
    return _("Saved.")


def _remove(act: Act) -> str:
    remove_evidence(act.row, actor=act.user)
    return _("Removed from this version.")


def _request_copy(act: Act) -> str:
    archive_copies.request_copy(act.row, actor=act.user)
    return _("Asked for; the page is sent to the archive within minutes.")


def _may_be_archived(row: Evidence) -> bool:
    return bool(settings.ARCHIVE_SERVICE) and not archive_copies.refusal_reason(row)


register(
    "evidence",
    Evidence,
    (
        Verb(
            "save",
            gettext_lazy("Save"),
            _save,
            may=_may_write,
            when=_is_open,
            compares=True,
            effect=gettext_lazy("Saves it to this version; nothing goes out."),
        ),
        Verb(
            "remove",
            gettext_lazy("Remove"),
            _remove,
            may=_may_write,
            when=_is_open,
            compares=True,
            effect=gettext_lazy("Out of this version; what is published stays."),
            tone="danger",
        ),
        Verb(
            "archive",
            gettext_lazy("Copy to the web archive"),
            _request_copy,
            may=_may_edit,
            when=_may_be_archived,
            effect=gettext_lazy("Everybody can see that somebody had the page copied today; this cannot be undone."),
        ),
    ),
)
