"""Keep restricted claims, and every row that belongs to one, from people who are not their members.

A table belongs to claims if a foreign key leads from it to `Claim`, over any number of tables: reviews, evidence,
checks, re-checks, publications, and their audit rows. New tables are covered by their foreign keys.
"""

from collections.abc import Collection
from functools import cache
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pghistory.models import Event

from claims.models import Claim, Evidence, EvidenceFile, MarkupPage, Notice, Restriction, Submission
from claims.permissions import Refused, User, forget, hidden_claims, may_restrict, remembered, require, rights
from sources.database.audit import acting

__all__ = ["belongs_to_claims", "hidden_claims", "is_visible", "lift", "restrict", "visible", "visible_claims"]
Row = TypeVar("Row", bound=Model)
_MAY_NOT = gettext_noop("You may not restrict claims; ask an administrator for the role of a chief.")


def visible_claims(user: User) -> QuerySet[Claim]:
    """The claims that this user may see at the desk."""
    return visible(Claim.objects.all(), user)


def visible(rows: QuerySet[Row], user: User) -> QuerySet[Row]:
    """Leave out the rows that belong to a claim which is restricted to others, and other people's notices."""
    if _tracked(rows.model) is Notice and "claims.change_restriction" not in rights(user):
        rows = rows.filter(recipient=user.pk)
    if _tracked(rows.model) is EvidenceFile and (claims := hidden_claims(user)):
        return rows.exclude(~Q(uploaded_by=user.pk), blob__in=_files_of(claims))
    if not belongs_to_claims(rows.model) or not (claims := hidden_claims(user)):
        return rows
    return rows.exclude(_of_claims(rows.model, claims))


def is_visible(row: Model, user: User) -> bool:
    """Whether the user may see this one row."""
    return visible(type(row)._default_manager.filter(pk=row.pk), user).exists()


def restrict(claim: Claim, *, members: Collection[User], actor: User) -> Restriction:
    """Restrict the claim to these members and the chiefs, or replace the members. Raises `Refused`."""
    require(may_restrict(actor, claim), _MAY_NOT)
    for member in members:
        if "claims.change_reviewversion" not in rights(member):
            raise Refused(
                _("%(member)s writes nothing at the desk; choose reporters, editors and chiefs.") % {"member": member}
            )
    with acting(actor, reason="restricted the claim to its members"), transaction.atomic():
        Claim.objects.select_for_update().get(pk=claim.pk)
        restriction, _made = Restriction.objects.get_or_create(claim=claim, defaults={"created_by": actor})
        restriction.members.set(members)
        forget()
        return restriction


def lift(claim: Claim, *, actor: User) -> None:
    """Let everybody at the desk see the claim again. Raises `Refused`."""
    require(may_restrict(actor, claim), _MAY_NOT)
    with acting(actor, reason="lifted the restriction of the claim"), transaction.atomic():
        Claim.objects.select_for_update().get(pk=claim.pk)
        Restriction.objects.filter(claim=claim).delete()
        forget()


def _files_of(claims: set[int]) -> set[str]:
    """The hashes of the files on which evidence of these claims alone rests, or rested: a file's name tells of it."""
    keys, files = _row_keys(Evidence, claims), Q(kind=Evidence.Kind.FILE)
    audit = Evidence.pgh_event_model._base_manager.filter(files, pgh_obj_id__in=keys)  # type: ignore[attr-defined]
    named = set(audit.values_list("file_sha256", flat=True))
    others = Evidence.objects.filter(files, file_sha256__in=named).exclude(pk__in=keys)
    return named - set(others.values_list("file_sha256", flat=True))


@cache
def belongs_to_claims(model: type[Model]) -> bool:
    """Whether rows of this table can belong to a claim."""
    tracked = _tracked(model)
    return tracked in (Claim, MarkupPage) or bool(_keys_to_claims(tracked))


def _tracked(model: type[Model]) -> type[Model]:
    """The table whose changes an audit table records; any other table itself."""
    return model.pgh_tracked_model if issubclass(model, Event) else model  # type: ignore[return-value]


@cache
def _keys_to_claims(model: type[Model]) -> tuple[tuple[str, type[Model]], ...]:
    """The foreign keys that lead to tables of claims. Those to the model itself tell nothing of whose row it is."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    related: list[tuple[str, Any]] = [(field.name, field.related_model) for field in keys]
    return tuple((name, other) for name, other in related if other is not _tracked(model) and belongs_to_claims(other))


def _of_claims(model: type[Model], claims: set[int]) -> Q:
    """The condition of the rows that belong to these claims."""
    tracked = _tracked(model)
    if model is not tracked:
        # By the row's own key, for which the rows deleted since are looked up as well.
        if getattr(model, "pgh_obj_id", None) is not None:
            return Q(pgh_obj_id__in=_row_keys(tracked, claims))
        return _by_keys(model, claims)
    if tracked in (Claim, MarkupPage):
        return Q(pk__in=_row_keys(tracked, claims))
    return _by_keys(model, claims)


def _by_keys(model: type[Model], claims: set[int], besides: type[Model] | None = None) -> Q:
    """The condition of the rows with a foreign key to a row of these claims, `besides` one table."""
    found = Q(pk__in=[])
    for name, other in _keys_to_claims(model):
        if other is not besides:
            found |= Q(**{f"{name}__in": _row_keys(other, claims)})
    return found


def _row_keys(model: type[Model], claims: set[int]) -> set[int]:
    """The keys of the rows of a table that belong to these claims, of those deleted since as well."""
    if model is Claim:
        return claims
    return remembered(("keys", model, frozenset(claims)), lambda: _looked_up(model, claims))  # type: ignore[no-any-return]


def _looked_up(model: type[Model], claims: set[int]) -> set[int]:
    if model is MarkupPage:
        of_claims = _by_keys(Submission, claims, besides=MarkupPage)
        drafts = Submission.objects.filter(of_claims, markup_page__isnull=False)
        return set(drafts.values_list("markup_page", flat=True))
    condition = _by_keys(model, claims)
    keys = set(model._base_manager.filter(condition).values_list("pk", flat=True))
    audit = getattr(model, "pgh_event_model", None)
    if audit is not None:
        keys |= set(audit._base_manager.filter(_by_keys(audit, claims)).values_list("pgh_obj_id", flat=True))
    return keys
