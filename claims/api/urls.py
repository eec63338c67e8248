"""Routes of what is published, under /api/v1/ and, in Google's shape, under /v1alpha1/."""

from django.urls import path

from claims.api.changes import ChangeDetail, ChangeList
from claims.api.claimreviews import ClaimReviewOfReview, ClaimReviewsOfClaim, DataFeed
from claims.api.claims import ClaimDetail, ClaimList
from claims.api.dumps import DumpFile, DumpList
from claims.api.feed import Feed
from claims.api.google_search import ClaimImageSearch, ClaimSearch
from claims.api.pages import PageDetail
from claims.api.sources import SourceDetail, SourceList
from claims.api.syndicated import AtomFeed, JsonFeed

urlpatterns = [
    path("claims/", ClaimList.as_view(), name="claims"),
    path("claims/<str:id>/", ClaimDetail.as_view(), name="claim"),
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
    path("pages/<str:id>/", PageDetail.as_view(), name="page"),
    path("changes/", ChangeList.as_view(), name="changes"),
    path("changes/<str:id>/", ChangeDetail.as_view(), name="change"),
]

urlpatterns_of_google = [
    path("claims:search", ClaimSearch.as_view(), name="google-claims-search"),
    path("claims:imageSearch", ClaimImageSearch.as_view(), name="google-claims-image-search"),
]
