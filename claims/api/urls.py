"""Routes of what is published, under /api/v1/ and, in Google's shape, under /v1alpha1/."""

from django.urls import path

from claims.api.changes import ChangeDetail, ChangeList
from claims.api.claimreviews import ClaimReviewOfReview, ClaimReviewsOfClaim, DataFeed
from claims.api.claims import ClaimDetail, ClaimList
from claims.api.contained import (
    ArticleDetail,
    ArticleList,
    DocumentDetail,
    DocumentList,
    EvidenceDetail,
    EvidenceList,
    ReviewDetail,
    ReviewList,
    SnapshotDetail,
    SnapshotList,
    StatementDetail,
    StatementList,
)
from claims.api.dumps import DumpFile, DumpList
from claims.api.feed import Feed
from claims.api.google_search import ClaimImageSearch, ClaimSearch
from claims.api.mentioned import (
    OrganisationDetail,
    OrganisationList,
    RatingScaleDetail,
    RatingScaleList,
    SpeakerDetail,
    SpeakerList,
    TopicDetail,
    TopicList,
)
from claims.api.pages import PageDetail, PageList
from claims.api.sources import SourceDetail, SourceList
from claims.api.status import ClaimStatuses
from claims.api.syndicated import AtomFeed, JsonFeed

urlpatterns = [
    path("claims/", ClaimList.as_view(), name="claims"),
    path("claims/status", ClaimStatuses.as_view(), name="claim-statuses"),
    path("claims/<str:id>/", ClaimDetail.as_view(), name="claim"),
    path("statements/", StatementList.as_view(), name="statements"),
    path("statements/<str:id>/", StatementDetail.as_view(), name="statement"),
    path("speakers/", SpeakerList.as_view(), name="speakers"),
    path("speakers/<str:id>/", SpeakerDetail.as_view(), name="speaker"),
    path("documents/", DocumentList.as_view(), name="documents"),
    path("documents/<str:id>/", DocumentDetail.as_view(), name="document"),
    path("reviews/", ReviewList.as_view(), name="reviews"),
    path("reviews/<str:id>/", ReviewDetail.as_view(), name="review"),
    path("articles/", ArticleList.as_view(), name="articles"),
    path("articles/<str:id>/", ArticleDetail.as_view(), name="article"),
    path("organisations/", OrganisationList.as_view(), name="organisations"),
    path("organisations/<str:id>/", OrganisationDetail.as_view(), name="organisation"),
    path("evidence/", EvidenceList.as_view(), name="evidence"),
    path("evidence/<str:id>/", EvidenceDetail.as_view(), name="evidence-item"),
    path("claims/<str:id>/claimreview/", ClaimReviewsOfClaim.as_view(), name="claimreviews"),
    path("reviews/<str:id>/claimreview/", ClaimReviewOfReview.as_view(), name="claimreview"),
    path("datafeed/", DataFeed.as_view(), name="datafeed"),
    path("feed/", Feed.as_view(), name="feed"),
    path("feed/atom", AtomFeed.as_view(), name="feed-atom"),
    path("feed/json", JsonFeed.as_view(), name="feed-json"),
    path("dumps/", DumpList.as_view(), name="dumps"),
    path("dumps/<str:name>", DumpFile.as_view(), name="dump"),
    path("sources/", SourceList.as_view(), name="sources"),
    path("sources/<str:id>/", SourceDetail.as_view(), name="source"),
    path("pages/", PageList.as_view(), name="pages"),
    path("pages/<str:id>/", PageDetail.as_view(), name="page"),
    path("snapshots/", SnapshotList.as_view(), name="snapshots"),
    path("snapshots/<str:id>/", SnapshotDetail.as_view(), name="snapshot"),
    path("changes/", ChangeList.as_view(), name="changes"),
    path("changes/<str:id>/", ChangeDetail.as_view(), name="change"),
    path("rating-scales/", RatingScaleList.as_view(), name="rating-scales"),
    path("rating-scales/<str:id>/", RatingScaleDetail.as_view(), name="rating-scale"),
    path("topics/", TopicList.as_view(), name="topics"),
    path("topics/<str:id>/", TopicDetail.as_view(), name="topic"),
]

urlpatterns_of_google = [
    path("claims:search", ClaimSearch.as_view(), name="google-claims-search"),
    path("claims:imageSearch", ClaimImageSearch.as_view(), name="google-claims-image-search"),
]
