"""Routes of evidence: open a page and attach its quote, upload a file, the other kinds."""

from typing import Any

from django.urls import path

from claims.desk.evidence import attach, screens
from claims.desk.evidence import verbs as verbs
from claims.desk.shell.access import desk_view

urlpatterns: list[Any] = [
    path("versions/<int:version>/evidence/open/", desk_view(attach.open_address), name="open_page"),
    path("versions/<int:version>/evidence/<int:page>/attach/", desk_view(attach.attach), name="attach_quote"),
    path("versions/<int:version>/evidence/upload/", desk_view(screens.upload), name="upload_file"),
    path("versions/<int:version>/evidence/add/", desk_view(screens.add), name="add_evidence"),
    path("files/<int:pk>/", desk_view(screens.file), name="evidence_file"),
    path("files/<int:pk>/bytes/", desk_view(screens.file_bytes), name="evidence_file_bytes"),
]
