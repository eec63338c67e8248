"""URL routes of webhooks, under /api/v1/webhooks/."""

from django.urls import path

from factcheck.newsrooms.webhooks import api as webhooks

urlpatterns = [
    path("webhooks/", webhooks.EndpointList.as_view(), name="webhooks"),
    path("webhooks/<str:id>/", webhooks.EndpointDetail.as_view(), name="webhook"),
    path("webhooks/<str:id>/deliveries/", webhooks.DeliveryList.as_view(), name="webhook-deliveries"),
    path("webhooks/<str:id>/replay/", webhooks.Replay.as_view(), name="webhook-replay"),
    path("webhooks/<str:id>/rotate/", webhooks.Rotate.as_view(), name="webhook-rotate"),
    path("webhooks/<str:id>/test/", webhooks.Test.as_view(), name="webhook-test"),
]
