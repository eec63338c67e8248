"""All routes of the product."""

from django.contrib import admin
from django.urls import include, path

from claims.api.urls import urlpatterns as published_routes
from claims.api.urls import urlpatterns_of_google as google_routes
from claims.desk.urls import urlpatterns as desk_routes
from claims.public.urls import urlpatterns as public_routes
from factcheck import health
from factcheck.demo.api import Rehearsal
from factcheck.login.urls import account_routes
from factcheck.login.urls import urlpatterns as login_routes
from factcheck.newsrooms.urls import urlpatterns as newsroom_routes
from factcheck.rest import openapi
from factcheck.set_up import start_page
from factcheck.set_up.urls import urlpatterns as set_up_routes

api_routes = [
    path("", openapi.Root.as_view(), name="root"),
    path("schema/", openapi.Schema.as_view(), name="schema"),
    path("docs/", openapi.docs, name="docs"),
    *published_routes,
    *newsroom_routes,
    path("test/claims/<str:id>/<str:event>/", Rehearsal.as_view(), name="rehearsal"),
]

handler500 = "factcheck.error_pages.server_error"
urlpatterns = [
    path("api/v1/", include((api_routes, "api"))),
    path("v1alpha1/", include((google_routes, "google"))),
    path("healthz", health.healthz),
    path("", start_page.start, name="start"),
    path("", include((public_routes, "public"))),
    path("", include("claims.public.readers_urls")),
    path("", include((login_routes, "login"))),
    path("account/", include(account_routes)),
    path("admin/", include((desk_routes, "desk"))),
    path("admin/", include((set_up_routes, "set_up"))),
    path("admin/", admin.site.urls),
]
