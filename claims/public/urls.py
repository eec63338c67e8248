"""Routes of the pages for readers."""

from django.urls import path

from claims.public import tip_page

urlpatterns = [path("t/<str:token>", tip_page.tip, name="tip")]
