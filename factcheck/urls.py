"""Every route of the product."""

from django.contrib import admin
from django.urls import include, path

from claims.api import google_pages
from claims.api.urls import urlpatterns as published
from factcheck import health, openapi

routes_of_api = [
    path("", openapi.Root.as_view(), name="root"),
    path("schema/", openapi.Schema.as_view(), name="schema"),
    *published,
]

# In the shape of Google's Fact Check Tools API.
routes_of_google = [
    path("pages", google_pages.PageList.as_view()),
    path("pages/<str:id>", google_pages.Page.as_view()),
]

urlpatterns = [
    path("api/v1/", include((routes_of_api, "api"))),
    path("v1alpha1/", include(routes_of_google)),
    path("healthz", health.healthz),
    path("admin/", admin.site.urls),
]
