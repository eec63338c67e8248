"""By what the list of claims is filtered. Rare states are looked up first, so that no filter reads every claim."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.desk.lists.claim_search import at_address
from claims.desk.lists.columns import Words
from claims.desk.lists.filters import Choice, Days, Filter, Rows, Typed, number_of
from claims.models import (
    Appearance,
    Assignment,
    Claim,
    ClaimVersion,
    Organisation,
    Rating,
    Recheck,
    Review,
    ReviewVersion,
    Speaker,
    Topic,
    Verdict,
)
from claims.models.publication import Audience
from claims.permissions import User

_State = ReviewVersion.State
STATES: dict[str, Words] = {
    "recheck": _("re-check open"),
    "draft": _("draft"),
    "in_review": _("in review"),
    "approved": _("approved"),
    "public": _("public"),
    "suspended": _("under review since a suspension"),
    "withdrawn": _("withdrawn"),
    "none": _("without a review"),
    "merged": _("part of another claim"),
}
VERDICTS: dict[str, Words] = {
    "true": _("true"),
    "false": _("false"),
    "mixed": _("mixed"),
    "unproven": _("unproven"),
}
_DUE: tuple[tuple[str, Words], ...] = (
    ("over", _("overdue")),
    ("today", _("by the end of today")),
    ("week", _("within seven days")),
    ("any", _("at any time")),
)
_PEOPLE: tuple[tuple[str, Words], ...] = (
    ("me", _("me")),
    ("mine", _("me, or written by me")),
    ("nobody", _("nobody")),
)
_MOST = 300
"""Choices of a kind; who has more finds the others by searching."""
_SPEAKERS = 200


def in_state(rows: Rows, state: str, user: User) -> Rows:
    """The claims in one of `STATES`."""
    if state in (_State.DRAFT, _State.IN_REVIEW, _State.APPROVED):
        open_versions = ReviewVersion.objects.exclude(state=_State.PUBLISHED).filter(state=state)
        return rows.filter(pk__in=open_versions.values("review__claim"))
    if state == "public":
        standing = Review.objects.published().filter(claim=OuterRef("pk"), withdrawn_at__isnull=True)
        return rows.filter(Exists(standing))
    if state == "suspended":
        return rows.filter(pk__in=Review.objects.filter(suspended_at__isnull=False).values("claim"))
    if state == "withdrawn":
        return rows.filter(pk__in=Review.objects.filter(withdrawn_at__isnull=False).values("claim"))
    if state == "recheck":
        return rows.filter(pk__in=Recheck.objects.open().values("review__claim"))
    if state == "merged":
        return rows.filter(merged_into__isnull=False)
    return rows.filter(~Exists(Review.objects.filter(claim=OuterRef("pk"))), merged_into__isnull=True)


def rated(rows: Rows, value: str, user: User) -> Rows:
    """The claims with a verdict, or (`r` and a key) with a rating of ours: published, or in what is being written."""
    open_versions = ReviewVersion.objects.exclude(state=_State.PUBLISHED)
    published = ClaimVersion.objects.current(Audience.NEWSROOMS)
    if value in Verdict.values:
        published = published.filter(all_verdicts__contains=[value])
        open_versions = open_versions.filter(rating__verdict=value)
    else:
        rating = Rating.objects.select_related("scale").filter(pk=number_of(value[1:]) or 0).first()
        if rating is None:
            return rows.none()
        published = published.filter(rating_steps__contains=[f"{rating.scale.public_id}:{rating.value}"])
        open_versions = open_versions.filter(rating=rating)
    # Two sets to look each claim up in: joined as one, all of them would be sorted for a page of the newest.
    open_claims, public_claims = open_versions.order_by().values("review__claim"), published.order_by().values("claim")
    # A verdict stands unless all reviews are withdrawn or suspended; those that are any are few, so they come first.
    has_fallen = Q(withdrawn_at__isnull=False) | Q(suspended_at__isnull=False)
    fallen = Review.objects.filter(has_fallen).order_by().values("claim")
    standing = Review.objects.published().exclude(has_fallen).filter(claim=OuterRef("pk"))
    stands = ~Q(pk__in=fallen) | Q(Exists(standing))
    return rows.filter(Q(pk__in=open_claims) | (Q(pk__in=public_claims) & stands))


def said_by(rows: Rows, name: str, user: User) -> Rows:
    """The claims that somebody of this name (or with this id) made."""
    known = Q(name__icontains=name) | Q(aliases__contains=[name]) | Q(public_id=name) | Q(wikidata_id=name)
    speakers = list(Speaker.objects.filter(known).values_list("pk", flat=True)[:_SPEAKERS])
    by_cue = Appearance.objects.filter(attribution__speaker__in=speakers)
    by_statement = Appearance.objects.filter(attribution__isnull=True, statement__speaker__in=speakers)
    claims = by_cue.order_by().values("claim").union(by_statement.order_by().values("claim"), all=True)
    return rows.filter(pk__in=claims)


def worked_on_by(rows: Rows, value: str, user: User) -> Rows:
    """The claims that are assigned to somebody."""
    if value == "nobody":
        return rows.filter(~Exists(Assignment.objects.filter(claim=OuterRef("pk"), assignee__isnull=False)))
    if value in ("me", "mine"):
        assigned = Q(pk__in=Assignment.objects.filter(assignee=user.pk).values("claim"))
        if value == "me":
            return rows.filter(assigned)
        written = ReviewVersion.objects.exclude(state=_State.PUBLISHED).filter(author=user.pk)
        return rows.filter(assigned | Q(pk__in=written.values("review__claim")))
    return rows.filter(pk__in=Assignment.objects.filter(assignee=number_of(value[1:])).values("claim"))


def due(rows: Rows, value: str, user: User) -> Rows:
    """The claims whose work is due."""
    now = timezone.now()
    tonight = timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), time.min))
    until = {"over": now, "today": tonight, "week": now + timedelta(days=7)}.get(value)
    assignments = Assignment.objects.filter(due_at__isnull=False)
    if until is not None:
        assignments = assignments.filter(due_at__lt=until)
    return rows.filter(pk__in=assignments.values("claim"))


def made_on(rows: Rows, first: date | None, last: date | None) -> Rows:
    """The claims that were made on these days, in the zone of the person."""
    if first is not None:
        rows = rows.filter(created_at__gte=_midnight(first))
    if last is not None and last < date.max:
        rows = rows.filter(created_at__lt=_midnight(last + timedelta(days=1)))
    return rows


class Known:
    """The topics, organisations, ratings and colleagues that one request's filters offer, by one query."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[str, Words]]] | None = None

    def of(self, kind: str) -> Iterable[tuple[str, Words]]:
        if self._rows is None:
            self._rows = self._read()
        return self._rows.get(kind, [])

    def _read(self) -> dict[str, list[tuple[str, Words]]]:
        text = CharField()
        topics = _rows(Topic.objects.order_by("name"), "topic", Cast("slug", text), "name")
        organisations = _rows(Organisation.objects.order_by("name"), "organisation", Cast("pk", text), "name")
        ours = Rating.objects.filter(scale__organisation__is_ours=True).offered().order_by("value")
        ratings = _rows(ours, "rating", Cast("pk", text), "label")
        people = get_user_model().objects.filter(is_active=True, is_staff=True).order_by("username")
        whole = Trim(Concat("first_name", Value(" "), "last_name"))
        people = people.annotate(_called=Coalesce(NullIf(whole, Value("")), "username"))
        colleagues = _rows(people, "colleague", Cast("pk", text), "_called")
        found: dict[str, list[tuple[str, Words]]] = {}
        for kind, key, label in topics.union(organisations, ratings, colleagues, all=True):
            found.setdefault(kind, []).append((key, label))
        return {kind: sorted(pairs, key=lambda pair: str(pair[1]).casefold()) for kind, pairs in found.items()}


def claim_filters(known: Known) -> tuple[Filter, ...]:
    """The filters of one request: eleven fields beside the search, so that twelve Tabs reach each."""

    def verdicts(user: User) -> Iterable[tuple[str, Words]]:
        return [*VERDICTS.items(), *((f"r{key}", label) for key, label in known.of("rating"))]

    def people(user: User) -> Iterable[tuple[str, Words]]:
        others = ((f"u{key}", label) for key, label in known.of("colleague") if key != str(user.pk))
        return [*_PEOPLE, *others]

    return (
        Choice("state", _("State"), STATES.items(), in_state),
        Choice("verdict", _("Verdict"), verdicts, rated),
        Typed("speaker", _("Said by"), said_by),
        Choice("who", _("Worked on by"), people, worked_on_by, any_label=_("anybody")),
        Choice("due", _("Due"), _DUE, due),
        Choice("topic", _("Topic"), lambda user: known.of("topic"), _of_topic),
        Choice("organisation", _("Organisation"), lambda user: known.of("organisation"), _of_organisation),
        Typed("language", _("Language"), _in_language, hint=_("en, pt-BR …")),
        Typed("address", _("Address of a page or article"), _at_address, hint="https://…"),
        Days("made", _("Made from"), _("Made until"), made_on),
    )


def _of_topic(rows: Rows, value: str, user: User) -> Rows:
    links = Claim.topics.through.objects.filter(topic__slug=value)
    return rows.filter(pk__in=links.values("claim"))


def _of_organisation(rows: Rows, value: str, user: User) -> Rows:
    return rows.filter(Exists(Review.objects.filter(claim=OuterRef("pk"), organisation=number_of(value))))


def _in_language(rows: Rows, value: str, user: User) -> Rows:
    return rows.filter(Q(language__iexact=value) | Q(language__istartswith=f"{value}-"))


def _at_address(rows: Rows, value: str, user: User) -> Rows:
    return rows.filter(pk__in=at_address(value))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _rows(rows: Rows, kind: str, key: Cast, label: str) -> Rows:
    named = rows.annotate(_kind=Value(kind, CharField()), _key=key, _label=Cast(F(label), CharField()))
    pairs: Rows = named.values_list("_kind", "_key", "_label")[:_MOST]
    return pairs
