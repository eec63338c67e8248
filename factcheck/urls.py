"""Every route of the product."""

from django.contrib import admin
from django.urls import path

from factcheck import health

urlpatterns = [
    path("healthz", health.healthz),
    path("admin/", admin.site.urls),
]
