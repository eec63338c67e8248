"""The labels of imported reviews that amount to no verdict yet, with a link to map each on the desk's own scale."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, Func, Max, OuterRef, TextField, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.desk.shell.screen import render
from claims.mapped_verdicts import DeskLabels
from claims.models import Organisation, Rating, RatingScale, Review, ReviewVersion
from claims.permissions import User, rights
from claims.publication import rebuild
from claims.rating_scales import labels, match
from claims.visibility import hidden_claims

SHOWN = 200
_READ = 4_000  # groups of reviews, the largest first: some publishers write a sentence for every rating
_LONGEST = Rating._meta.get_field("label").max_length or 100


@dataclass
class UnmappedLabel:
    """A label of a publisher as it was given; `map_url` is empty where the user may not, or no step can be so long."""

    organisation: Organisation
    label: str
    reviews: int
    why: str
    example: Review
    map_url: str = ""


def view(request: HttpRequest) -> HttpResponse:
    """The list, the most frequent labels first."""
    if "claims.view_organisation" not in rights(request.user):
        raise PermissionDenied
    found = unmapped_labels(request.user)
    context = {
        "rows": found[:SHOWN],
        "count": len(found),
        "shown": SHOWN,
        "stale": rebuild.stale(),
    }
    title, crumbs = _("Labels without a verdict"), [(_("Settings"), reverse("desk:settings"))]
    return render(request, "desk/labels.html", context, title=title, item="settings", crumbs=crumbs)


def unmapped_labels(user: User) -> list[UnmappedLabel]:
    """The labels that neither the desk nor a shipped scale maps, in claims that the user may see."""
    groups = _groups(user)
    examples = Review.objects.select_related("organisation", "article", "claim").in_bulk(
        [group["example"] for group in groups]
    )
    desk = DeskLabels()
    found: dict[tuple[int, str], UnmappedLabel] = {}
    for group in groups:
        example = examples[group["example"]]
        if (why := _why_unmapped(example.organisation, group, desk)) is None:
            continue
        row = found.setdefault(
            (example.organisation_id, labels.key(group["rating_as_given"])),
            UnmappedLabel(example.organisation, group["rating_as_given"], 0, why, example),
        )
        row.reviews += group["reviews"]
    rows = sorted(found.values(), key=lambda row: (-row.reviews, row.organisation.name, row.label))
    _add_links(rows[:SHOWN], user)
    return rows


def _groups(user: User) -> list[dict[str, Any]]:
    """Counts of current imported versions without a step, by what decides on the label; the largest first."""
    later = ReviewVersion.objects.filter(review=OuterRef("review"), number__gt=OuterRef("number"))
    host = Func(F("review__article__url"), Value("^[a-z]+://[^/?#]*"), function="substring", output_field=TextField())
    rows: Any = (
        ReviewVersion.objects.filter(
            ~Exists(later), review__origin=Review.Origin.IMPORTED, review__withdrawn_at=None, rating=None
        )
        .exclude(rating_as_given="")
        .exclude(review__claim__in=hidden_claims(user))
        .values(
            "rating_as_given",
            "review__organisation",
            host=host,
            article_language=F("review__article__language"),
            language=F("review__claim__language"),
        )
        .annotate(reviews=Count("pk"), example=Max("review"))
        .order_by("-reviews", "example")
    )
    return list(rows[:_READ])


def _why_unmapped(organisation: Organisation, group: dict[str, Any], desk: DeskLabels) -> str | None:
    """Why the label has no verdict, in words; None if it has one."""
    label, host = group["rating_as_given"], match.host_of(group["host"] or "")
    if desk.hold(organisation.public_id, label):
        return _("On your scale; reviews take it with their next import.")
    scale = match.scale_of(organisation.name, match.host_of(organisation.site), host)
    if scale is None:
        return _("No scale of this publisher ships.")
    step = match.step(scale, label, match.primary(group["article_language"] or group["language"]))
    if step is None:
        return _("The shipped scale does not have it, or not for sure.")
    if step.mapped is not None:
        return None
    if step.verdict is not None:
        return _("The shipped scale has it unreviewed: perhaps %(verdict)s.") % {"verdict": step.verdict}
    return _("The shipped scale has it without a verdict.")


def _add_links(rows: list[UnmappedLabel], user: User) -> None:
    """Add where to map each: a step on the organisation's first scale, or a scale for one that has none."""
    held = rights(user)
    scales = _first_scales(rows)
    for row in rows:
        scale = scales.get(row.organisation.pk)
        if len(row.label) > _LONGEST:
            continue
        if scale is not None and "claims.add_rating" in held:
            given: dict[str, Any] = {"scale": scale, "label": row.label}
            row.map_url = f"{reverse('admin:claims_rating_add')}?{urlencode(given)}"
        elif scale is None and "claims.add_ratingscale" in held:
            given = {"organisation": row.organisation.pk, "name": row.organisation.name[:200]}
            row.map_url = f"{reverse('admin:claims_ratingscale_add')}?{urlencode(given)}"


def _first_scales(rows: list[UnmappedLabel]) -> dict[int, int]:
    """The first scale of each organisation that has one."""
    of = {row.organisation.pk for row in rows}
    found = RatingScale.objects.filter(organisation__in=of).order_by("-pk").values_list("organisation", "pk")
    return dict(found)
