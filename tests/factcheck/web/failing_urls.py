"""Routes whose views fail as real ones do, beside those of the product."""

import errno
import time
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.views import APIView

from factcheck.urls import handler500 as handler500
from factcheck.urls import urlpatterns as product
from sources.snapshots.store import StorageError


def sleep(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [float(request.GET.get("seconds", "0.4"))])
    return HttpResponse("done")


def lock(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '100ms', true)")
        cursor.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
    return HttpResponse("done")


def leave(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', '100ms', true)")
        time.sleep(0.4)
        cursor.execute("SELECT 1")
    return HttpResponse("done")


def session(request: HttpRequest) -> HttpResponse:
    request.session["draft"] = 1
    return HttpResponse("done")


def store(request: Any) -> HttpResponse:
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError as error:
        raise StorageError("The snapshot store cannot be written.") from error


def upload(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.FILES["file"].size))


def bug(request: HttpRequest, key: str = "") -> HttpResponse:
    raise KeyError("a bug")


class Store(APIView):
    permission_classes: list[Any] = []
    post = get = staticmethod(store)


urlpatterns = [
    path("admin/sleep/", sleep),
    path("admin/lock/", lock),
    path("admin/leave/", leave),
    path("admin/session/", session),
    path("admin/store/", store),
    path("admin/upload/", upload),
    path("admin/bug/", bug),
    path("account/password/reset/key/<str:key>/", bug),
    path("api/v1/store/", Store.as_view()),
    path("api/v1/plain-store/", store),
    *product,
]
