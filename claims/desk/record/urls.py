"""Routes of the public record."""

from typing import Any

from django.urls import path

from claims.desk.record import verbs as verbs
from claims.desk.record.complaints import Complaints, complaint
from claims.desk.record.lists import Corrections, Letters, WentOut
from claims.desk.record.proof import proof
from claims.desk.shell.access import desk_view

urlpatterns: list[Any] = [
    path("record/", desk_view(WentOut.screen, "claims.view_publication"), name="record"),
    path("record/corrections/", desk_view(Corrections.screen), name="record_corrections"),
    path("record/complaints/", desk_view(Complaints.screen, "claims.view_complaint"), name="record_complaints"),
    path("record/complaints/<int:pk>/", desk_view(complaint, "claims.view_complaint"), name="record_complaint"),
    path("record/letters/", desk_view(Letters.screen, "claims.view_recheck"), name="record_letters"),
    path("record/proof/", desk_view(proof, "claims.view_publication"), name="record_proof"),
]
