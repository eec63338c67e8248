"""Every route of the product."""

from django.contrib import admin
from django.urls import include, path

from claims.api.urls import urlpatterns as published
from claims.api.urls import urlpatterns_of_google as routes_of_google
from factcheck import health
from factcheck.newsrooms.urls import urlpatterns as of_newsrooms
from factcheck.rest import openapi

routes_of_api = [
    path("", openapi.Root.as_view(), name="root"),
    path("schema/", openapi.Schema.as_view(), name="schema"),
    path("docs/", openapi.docs, name="docs"),
    *published,
    *of_newsrooms,
]

urlpatterns = [
    path("api/v1/", include((routes_of_api, "api"))),
    path("v1alpha1/", include((routes_of_google, "google"))),
    path("healthz", health.healthz),
    path("admin/", admin.site.urls),
]
