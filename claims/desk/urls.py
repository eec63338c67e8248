"""Routes of the editors' own screens, within the admin site: each asks for a log-in as the site's pages do."""

from django.contrib import admin
from django.urls import path

from claims.desk import (
    account_changes,
    edits,
    guest,
    merges,
    notices,
    restriction,
    similar_claims,
    suggestions,
    unmapped_labels,
)
from claims.desk.tips import screens as tips

urlpatterns = [
    path("edited/", admin.site.admin_view(edits.edited), name="edited"),
    path("edited/<int:amendment>/", admin.site.admin_view(edits.amendment), name="amendment"),
    path("notices/<int:notice>/read/", admin.site.admin_view(notices.read), name="notice_read"),
    path("similar/", admin.site.admin_view(similar_claims.view), name="similar_claims"),
    path("labels/", admin.site.admin_view(unmapped_labels.view), name="unmapped_labels"),
    path("guest/", admin.site.admin_view(guest.home), name="guest"),
    path("guest/<int:version>/", admin.site.admin_view(guest.version), name="guest_version"),
    path("versions/<int:version>/guests/", admin.site.admin_view(guest.invite), name="guests"),
    path("versions/<int:version>/suggest/", admin.site.admin_view(suggestions.suggest), name="suggest"),
    path("suggestions/<int:suggestion>/", admin.site.admin_view(suggestions.decide), name="suggestion"),
    path("claims/<int:claim>/merge/", admin.site.admin_view(merges.choose), name="merge_choose"),
    path("claims/<int:claim>/merge/<int:into>/", admin.site.admin_view(merges.compare), name="merge_compare"),
    path("claims/<int:claim>/separate/", admin.site.admin_view(merges.separate), name="merge_separate"),
    path("merges/<int:merge>/", admin.site.admin_view(merges.merge), name="merge"),
    path("tips/<int:group>/answer/", admin.site.admin_view(tips.answer), name="tips_answer"),
    path("tips/<int:group>/merge/", admin.site.admin_view(tips.merge), name="tips_merge"),
    path("tips/<int:group>/split/", admin.site.admin_view(tips.split), name="tips_split"),
    path("claims/<int:claim>/restriction/", admin.site.admin_view(restriction.view), name="restriction"),
    path(
        "accounts/changes/<int:change>/read/", admin.site.admin_view(account_changes.read), name="account_change_read"
    ),
]
