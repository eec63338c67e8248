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
from claims.desk.check_import.urls import urlpatterns as check_import
from claims.desk.documents.urls import urlpatterns as documents
from claims.desk.evidence.urls import urlpatterns as evidence
from claims.desk.inbox.urls import urlpatterns as inbox
from claims.desk.lists.urls import urlpatterns as lists
from claims.desk.notifying.urls import urlpatterns as notifying
from claims.desk.preferences.urls import urlpatterns as preferences
from claims.desk.rechecks.urls import urlpatterns as rechecks
from claims.desk.record.urls import urlpatterns as record
from claims.desk.settings.urls import urlpatterns as settings
from claims.desk.shell import guide, verbs
from claims.desk.shell.access import desk_view
from claims.desk.sources.urls import urlpatterns as sources
from claims.desk.speakers.urls import urlpatterns as speakers
from claims.desk.teamwork.urls import urlpatterns as teamwork
from claims.desk.tips import screens as tips
from claims.desk.today.urls import urlpatterns as today
from claims.desk.workbench.urls import urlpatterns as workbench

urlpatterns = [
    path("do/<slug:table>/<int:pk>/<slug:verb>/", desk_view(verbs.do, right=""), name="do"),
    path("help/", desk_view(guide.view, right=""), name="help"),
    *today,
    *inbox,
    *documents,
    *workbench,
    *lists,
    *evidence,
    *rechecks,
    *sources,
    *speakers,
    *record,
    *settings,
    *teamwork,
    *notifying,
    *preferences,
    *check_import,
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
