"""Routes under /api/v1/: what is published, what newsrooms write (desk/), and tips."""

from django.urls import path

from claims.api.changes import ChangeDetail, ChangeList
from claims.api.claims import ClaimDetail, ClaimList
from claims.api.desk.claims import DraftClaim, DraftClaimList
from claims.api.desk.evidence import DraftEvidence, DraftEvidenceList
from claims.api.desk.reviews import DraftReview, DraftReviewList, SubmitReview
from claims.api.desk.statements import DraftStatement, DraftStatementList
from claims.api.pages import PageDetail
from claims.api.sources import SourceDetail, SourceList
from claims.api.tips import TipBox

urlpatterns = [
    path("claims/", ClaimList.as_view(), name="claims"),
    path("claims/<str:id>/", ClaimDetail.as_view(), name="claim"),
    path("sources/", SourceList.as_view(), name="sources"),
    path("sources/<str:id>/", SourceDetail.as_view(), name="source"),
    path("pages/<str:id>/", PageDetail.as_view(), name="page"),
    path("changes/", ChangeList.as_view(), name="changes"),
    path("changes/<str:id>/", ChangeDetail.as_view(), name="change"),
    path("desk/statements/", DraftStatementList.as_view(), name="desk-statements"),
    path("desk/statements/<str:id>/", DraftStatement.as_view(), name="desk-statement"),
    path("desk/claims/", DraftClaimList.as_view(), name="desk-claims"),
    path("desk/claims/<str:id>/", DraftClaim.as_view(), name="desk-claim"),
    path("desk/reviews/", DraftReviewList.as_view(), name="desk-reviews"),
    path("desk/reviews/<str:id>/", DraftReview.as_view(), name="desk-review"),
    path("desk/reviews/<str:id>/submit/", SubmitReview.as_view(), name="desk-submit"),
    path("desk/evidence/", DraftEvidenceList.as_view(), name="desk-evidence"),
    path("desk/evidence/<str:id>/", DraftEvidence.as_view(), name="desk-one-evidence"),
    path("tips/", TipBox.as_view(), name="tips"),
]
