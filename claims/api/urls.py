"""URL routes of published data, drafts and tips under /api/v1/, and of Google's API under /v1alpha1/."""

from django.urls import path

from claims.api.drafts.claims import DraftClaim, DraftClaimList
from claims.api.drafts.evidence import DraftEvidence, DraftEvidenceList
from claims.api.drafts.reviews import DraftReview, DraftReviewList, SubmitReview
from claims.api.drafts.statements import DraftStatement, DraftStatementList
from claims.api.google.markup_pages import MarkupPageDetail, MarkupPageList
from claims.api.google.search import ClaimImageSearch, ClaimSearch
from claims.api.matching.match import MatchTexts
from claims.api.matching.search import ClaimRanking
from claims.api.published.changes import ChangeDetail, ChangeList
from claims.api.published.claim_parts import (
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
from claims.api.published.claim_status import ClaimStatuses
from claims.api.published.claimreview import ClaimReviewOfReview, ClaimReviewsOfClaim, DataFeed
from claims.api.published.claims import ClaimDetail, ClaimList
from claims.api.published.pages import PageDetail, PageList
from claims.api.published.shared_entities import (
    OrganisationDetail,
    OrganisationList,
    RatingScaleDetail,
    RatingScaleList,
    SpeakerDetail,
    SpeakerList,
    TopicDetail,
    TopicList,
)
from claims.api.published.sources import SourceDetail, SourceList
from claims.api.streams.atom_and_jsonfeed import AtomFeed, JsonFeed
from claims.api.streams.change_feed import Feed
from claims.api.streams.checkpoints import Checkpoints
from claims.api.streams.dumps import DumpFile, DumpList
from claims.api.streams.log import Log
from claims.api.tips import TipBox

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
    path("log/", Log.as_view(), name="log"),
    path("checkpoints/", Checkpoints.as_view(), name="checkpoints"),
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
    path("desk/statements/", DraftStatementList.as_view(), name="desk-statements"),
    path("desk/statements/<str:id>/", DraftStatement.as_view(), name="desk-statement"),
    path("desk/claims/", DraftClaimList.as_view(), name="desk-claims"),
    path("desk/claims/<str:id>/", DraftClaim.as_view(), name="desk-claim"),
    path("desk/reviews/", DraftReviewList.as_view(), name="desk-reviews"),
    path("desk/reviews/<str:id>/", DraftReview.as_view(), name="desk-review"),
    path("desk/reviews/<str:id>/submit/", SubmitReview.as_view(), name="desk-submit"),
    path("desk/evidence/", DraftEvidenceList.as_view(), name="desk-evidence"),
    path("desk/evidence/<str:id>/", DraftEvidence.as_view(), name="desk-one-evidence"),
    path("match", MatchTexts.as_view(), name="match"),
    path("search", ClaimRanking.as_view(), name="search"),
    path("tips/", TipBox.as_view(), name="tips"),
]

urlpatterns_of_google = [
    path("pages", MarkupPageList.as_view(), name="google-pages"),
    path("pages/<str:id>", MarkupPageDetail.as_view(), name="google-page"),
    path("claims:search", ClaimSearch.as_view(), name="google-claims-search"),
    path("claims:imageSearch", ClaimImageSearch.as_view(), name="google-claims-image-search"),
]
