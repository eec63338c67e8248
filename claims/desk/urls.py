"""Routes of the editors' own screens, within the admin site: each asks for a log-in as the site's pages do."""

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
from claims.desk.site_pages.urls import urlpatterns as site_pages
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
    *site_pages,
    *teamwork,
    *notifying,
    *preferences,
    *check_import,
    path("edited/", desk_view(edits.edited, right=""), name="edited"),
    path("edited/<int:amendment>/", desk_view(edits.amendment, right=""), name="amendment"),
    path("notices/<int:notice>/read/", desk_view(notices.read, right=""), name="notice_read"),
    path("similar/", desk_view(similar_claims.view, right=""), name="similar_claims"),
    path("labels/", desk_view(unmapped_labels.view, right=""), name="unmapped_labels"),
    path("guest/", desk_view(guest.home, right=""), name="guest"),
    path("guest/<int:version>/", desk_view(guest.version, right=""), name="guest_version"),
    path("versions/<int:version>/guests/", desk_view(guest.invite, right=""), name="guests"),
    path("versions/<int:version>/suggest/", desk_view(suggestions.suggest, right=""), name="suggest"),
    path("suggestions/<int:suggestion>/", desk_view(suggestions.decide, right=""), name="suggestion"),
    path("claims/<int:claim>/merge/", desk_view(merges.choose, right=""), name="merge_choose"),
    path("claims/<int:claim>/merge/<int:into>/", desk_view(merges.compare, right=""), name="merge_compare"),
    path("claims/<int:claim>/separate/", desk_view(merges.separate, right=""), name="merge_separate"),
    path("merges/<int:merge>/", desk_view(merges.merge, right=""), name="merge"),
    path("tips/<int:group>/answer/", desk_view(tips.answer, right=""), name="tips_answer"),
    path("tips/<int:group>/merge/", desk_view(tips.merge, right=""), name="tips_merge"),
    path("tips/<int:group>/split/", desk_view(tips.split, right=""), name="tips_split"),
    path("claims/<int:claim>/restriction/", desk_view(restriction.view, right=""), name="restriction"),
    path("accounts/changes/<int:change>/read/", desk_view(account_changes.read, right=""), name="account_change_read"),
]
