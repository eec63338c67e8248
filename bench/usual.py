"""Serve published claims the usual way, with nested ModelSerializers over the editors' tables, for `api.py`.

It stands for a fair implementation of `claims/api/published/claims.py`: every relation is joined or prefetched, so that
a page of 50 claims takes as many queries as a page of one; keyset pages come from REST framework's CursorPagination,
ETags and gzip from Django's middleware; the keys are the same. A claim has the fields of its published body as far as
columns hold them. Lists contain only published claims.

    granian --interface wsgi … usual:application     (as `up` starts it, with this folder on PYTHONPATH)
"""

import os
import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
]
# allauth asks for its middleware while it is set up; requests go without, since it would slow the comparison down.
settings.MIDDLEWARE.append("allauth.account.middleware.AccountMiddleware")
django.setup()
settings.MIDDLEWARE.pop()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db.models import Exists, OuterRef, Prefetch, QuerySet  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, serializers  # noqa: E402
from rest_framework.filters import BaseFilterBackend  # noqa: E402
from rest_framework.pagination import CursorPagination  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402
from rest_framework.request import Request  # noqa: E402

from claims import models as claims  # noqa: E402
from claims.models.verification import with_verification  # noqa: E402
from sources import models as sources  # noqa: E402


class TopicSerializer(serializers.ModelSerializer):
    class Meta:
        model = claims.Topic
        fields = ["slug", "name"]


class SpeakerSerializer(serializers.ModelSerializer):
    class Meta:
        model = claims.Speaker
        fields = ["public_id", "name", "kind", "role", "wikidata_id"]


class DocumentSerializer(serializers.ModelSerializer):
    class Meta:
        model = claims.Document
        fields = ["public_id", "kind", "title", "url", "publisher", "published_on", "language"]


class StatementSerializer(serializers.ModelSerializer):
    speaker = SpeakerSerializer()
    document = DocumentSerializer()

    class Meta:
        model = claims.Statement
        fields = ["public_id", "text", "speaker", "speaker_as_written", "cue", "quoted", "figures", "document"]


class OrganisationSerializer(serializers.ModelSerializer):
    class Meta:
        model = claims.Organisation
        fields = ["public_id", "name", "site"]


class ArticleSerializer(serializers.ModelSerializer):
    class Meta:
        model = claims.Article
        fields = ["public_id", "url", "title", "language"]


class RatingSerializer(serializers.ModelSerializer):
    worst = serializers.SerializerMethodField()
    best = serializers.SerializerMethodField()

    class Meta:
        model = claims.Rating
        fields = ["label", "value", "worst", "best", "verdict"]

    def get_worst(self, rating: claims.Rating) -> int:
        return min(each.value for each in rating.scale.ratings.all())

    def get_best(self, rating: claims.Rating) -> int:
        return max(each.value for each in rating.scale.ratings.all())


class PageSerializer(serializers.ModelSerializer):
    class Meta:
        model = sources.Page
        fields = ["public_id", "url", "title"]


class SourceSerializer(serializers.ModelSerializer):
    class Meta:
        model = sources.Source
        fields = ["public_id", "name", "kind"]


class SnapshotSerializer(serializers.ModelSerializer):
    sha256 = serializers.CharField(source="blob_id")
    text_sha256 = serializers.CharField(source="text_id")

    class Meta:
        model = sources.Snapshot
        fields = ["public_id", "taken_at", "sha256", "text_sha256"]


class EvidenceSerializer(serializers.ModelSerializer):
    page = PageSerializer()
    source = SourceSerializer(source="page.source")
    snapshot = SnapshotSerializer()
    state = serializers.SerializerMethodField()
    checked_at = serializers.SerializerMethodField()
    now = serializers.SerializerMethodField()

    class Meta:
        model = claims.Evidence
        fields = ["public_id", "kind", "stance", "visibility", "description", "state", "checked_at", "now", "note"]
        fields += ["exact", "prefix", "suffix", "page", "source", "snapshot"]

    def get_state(self, evidence: claims.Evidence) -> str:
        checks = evidence.checks.all()
        return str(checks[0].result) if checks else "unverifiable"

    def get_checked_at(self, evidence: claims.Evidence) -> Any:
        checks = evidence.checks.all()
        return checks[0].checked_at if checks else None

    def get_now(self, evidence: claims.Evidence) -> str | None:
        checks = evidence.checks.all()
        return (checks[0].found or None) if checks else None


class HistorySerializer(serializers.ModelSerializer):
    rating = serializers.CharField(source="rating.label")

    class Meta:
        model = claims.ReviewVersion
        fields = ["number", "kind", "correction_kind", "public_note", "rating", "published_at"]


class ReviewVersionSerializer(serializers.ModelSerializer):
    rating = RatingSerializer()
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = claims.ReviewVersion
        fields = ["number", "kind", "correction_kind", "public_note", "rating", "summary", "body", "true_as_of"]
        fields += ["published_at", "evidence"]


class LatestVersion(ReviewVersionSerializer):
    """The last prefetched version of a review."""

    def get_attribute(self, review: claims.Review) -> claims.ReviewVersion:
        return list(review.versions.all())[-1]


class ReviewSerializer(serializers.ModelSerializer):
    organisation = OrganisationSerializer()
    article = ArticleSerializer()
    latest = LatestVersion()
    history = HistorySerializer(source="versions", many=True)

    class Meta:
        model = claims.Review
        fields = ["public_id", "organisation", "article", "withdrawn_at", "latest", "history"]


class ClaimSerializer(serializers.ModelSerializer):
    topics = TopicSerializer(many=True)
    statements = StatementSerializer(many=True)
    reviews = ReviewSerializer(many=True)
    verification = serializers.CharField()

    class Meta:
        model = claims.Claim
        fields = ["public_id", "text", "language", "topics", "period_start", "period_end", "place", "is_demo"]
        fields += ["verification", "statements", "reviews", "created_at"]


def published() -> QuerySet[claims.Claim]:
    """Return published claims with every relation that the serializers read."""
    published_versions = claims.ReviewVersion.objects.filter(state="published")
    reviews = claims.Review.objects.filter(claim=OuterRef("pk"), versions__state="published")
    return with_verification(claims.Claim.objects.filter(Exists(reviews))).prefetch_related(
        "topics",
        Prefetch("statements", claims.Statement.objects.select_related("speaker", "document")),
        Prefetch("reviews", claims.Review.objects.select_related("organisation", "article")),
        Prefetch("reviews__versions", published_versions.select_related("rating__scale").order_by("review", "number")),
        "reviews__versions__rating__scale__ratings",
        Prefetch("reviews__versions__evidence", claims.Evidence.objects.select_related("page__source", "snapshot")),
        Prefetch("reviews__versions__evidence__checks", claims.EvidenceCheck.objects.order_by("-pk")),
    )


class Filters(BaseFilterBackend):
    """The filters that the benchmark uses."""

    lookups = {
        "verdict": "reviews__versions__rating__verdict",
        "topic": "topics__slug",
        "speaker": "statements__speaker__public_id",
        "source": "reviews__versions__evidence__page__source__public_id",
        "updated_since": "created_at__gte",
    }

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        filters = {lookup: request.query_params[name] for name, lookup in self.lookups.items() if name in request.GET}
        if not filters:
            return queryset
        return queryset.filter(pk__in=claims.Claim.objects.filter(**filters).values("pk"))


class Pages(CursorPagination):
    page_size = 50
    ordering = ("-created_at", "-id")


class ClaimList(generics.ListAPIView):
    serializer_class = ClaimSerializer
    renderer_classes = [JSONRenderer]
    pagination_class = Pages
    filter_backends = [Filters]

    def get_queryset(self) -> QuerySet[claims.Claim]:
        return published()


class ClaimDetail(generics.RetrieveAPIView):
    serializer_class = ClaimSerializer
    renderer_classes = [JSONRenderer]
    filter_backends: list[Any] = []
    lookup_field = "public_id"
    lookup_url_kwarg = "id"

    def get_queryset(self) -> QuerySet[claims.Claim]:
        return published()


urlpatterns = [
    path("api/v1/claims/", ClaimList.as_view()),
    path("api/v1/claims/<str:id>/", ClaimDetail.as_view()),
]
application = get_wsgi_application()
