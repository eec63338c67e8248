"""URL routes of logging in, at the root of the site."""

from django.urls import path

from factcheck.login import views

urlpatterns = [
    path("link/", views.link, name="link"),
    path("link/password/", views.password, name="password"),
]
