"""Routes of the editors' own screens, within the admin site: each asks for a log-in as the site's pages do."""

from django.contrib import admin
from django.urls import path

from claims.desk import notices

urlpatterns = [
    path("notices/<int:notice>/read/", admin.site.admin_view(notices.read), name="notice_read"),
]
