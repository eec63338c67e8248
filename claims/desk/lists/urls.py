"""Routes of this part of the desk."""

from django.urls import path

from claims.desk.lists.claims import Claims
from claims.desk.shell.access import desk_view

urlpatterns = [
    path("claims/", desk_view(Claims.screen), name="claims"),
]
