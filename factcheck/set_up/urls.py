"""URL routes of the set-up, under /admin/set-up/: each asks for a log-in as the desk does."""

from django.contrib import admin
from django.urls import path

from factcheck.set_up import views

urlpatterns = [
    path("set-up/", admin.site.admin_view(views.overview), name="overview"),
    path("set-up/<slug:key>/", admin.site.admin_view(views.step), name="step"),
]
