"""The desk in a person's language and time zone, and nothing else in either."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from claims.desk.preferences import middleware, wanted
from claims.desk.preferences.middleware import PreferencesMiddleware
from claims.models import Preferences
from claims.models.desk.preferences import zone_of
from tests import factories

pytestmark = pytest.mark.django_db
GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def at_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def seen_by(client: Client, path: str = "/admin/", **headers: str) -> dict[str, object]:
    """What a view finds that is called with the client's session through the middleware."""
    found: dict[str, object] = {}

    def view(request: HttpRequest) -> HttpResponse:
        found["language"] = translation.get_language()
        found["hour"] = timezone.localtime(NOON).hour
        found["wanted"] = getattr(request, "desk_preferences", None)
        return HttpResponse()

    request = RequestFactory().get(path, **headers)  # type: ignore[arg-type]
    request.COOKIES.update({name: morsel.value for name, morsel in client.cookies.items()})
    request.session = client.session
    user = request.session.get("_auth_user_id")
    request.user = User.objects.get(pk=user) if user else User()
    found["answer"] = PreferencesMiddleware(view)(request)
    request.session.save()
    return found


def test_a_persons_language_zone_and_theme() -> None:
    ann = factories.editor()
    Preferences.objects.create(user=ann, language="de", time_zone="Asia/Kolkata", theme="dark", keys=False)
    found = seen_by(at_desk(ann))
    assert (found["language"], found["hour"]) == ("de", 17)
    assert found["wanted"] == wanted.Wanted(language="de", time_zone="Asia/Kolkata", theme="dark", keys=False)
    assert translation.get_language() == "en"
    assert timezone.get_current_timezone_name() == "UTC"


def test_without_a_row_the_browser_is_asked() -> None:
    client = at_desk(factories.editor())
    assert seen_by(client, **GERMAN)["language"] == "de"
    assert seen_by(client, HTTP_ACCEPT_LANGUAGE="fr")["language"] == "en"
    assert seen_by(client, **GERMAN)["hour"] == 12


def test_pages_of_the_desk_say_their_language() -> None:
    client = at_desk(factories.editor())
    assert client.get(reverse("admin:index"), **GERMAN)["Content-Language"] == "de"  # type: ignore[arg-type]
    assert Client(HTTP_HOST="localhost").get("/account/login/", **GERMAN)["Content-Language"] == "de"  # type: ignore[arg-type]


def test_newsrooms_and_readers_are_answered_in_english() -> None:
    """The middleware does nothing there, so that no stored answer holds one person's language."""
    ann = factories.editor()
    Preferences.objects.create(user=ann, language="de", time_zone="Asia/Kolkata")
    for path in ("/api/v1/claims/", "/v1alpha1/claims:search", "/healthz", "/t/x", "/"):
        found = seen_by(at_desk(ann), path, **GERMAN)
        assert (found["language"], found["hour"], found["wanted"]) == ("en", 12, None), path
    client = at_desk(ann)
    client.get(reverse("admin:index"))
    answer = client.get("/api/v1/claims/", {"nonsense": "1"}, **GERMAN)  # type: ignore[arg-type]
    plain = Client(HTTP_HOST="localhost").get("/api/v1/claims/", {"nonsense": "1"})
    assert answer.status_code == plain.status_code == 401
    assert {**answer.json(), "request_id": ""} == {**plain.json(), "request_id": ""}
    assert "Content-Language" not in answer


def test_preferences_are_asked_for_once_a_session() -> None:
    ann = factories.editor()
    client = at_desk(ann)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            seen_by(client)
        return sum("claims_preferences" in each["sql"] for each in caught.captured_queries)

    assert queries() == 1
    assert queries() == 0


def test_a_change_elsewhere_is_followed_within_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = factories.editor()
    client = at_desk(ann)
    assert seen_by(client)["language"] == "en"
    Preferences.objects.create(user=ann, language="de")
    assert seen_by(client)["language"] == "en"
    monkeypatch.setattr(wanted, "READ_AGAIN_AFTER", 0.0)
    assert seen_by(client)["language"] == "de"


def test_a_session_never_shows_another_persons() -> None:
    ann, ben = factories.editor(), factories.editor()
    Preferences.objects.create(user=ann, language="de")
    client = at_desk(ann)
    assert seen_by(client)["language"] == "de"
    kept = client.session[wanted.SESSION_KEY]
    client.force_login(ben)
    session = client.session
    session[wanted.SESSION_KEY] = kept
    session.save()
    assert seen_by(client)["language"] == "en"


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "\x00", "x" * 60])
def test_a_zone_that_nobody_knows_is_utc(name: str) -> None:
    assert zone_of(name) is UTC


def test_a_language_that_is_gone_is_as_the_browser_asks() -> None:
    ann = factories.editor()
    Preferences.objects.create(user=ann, language="tlh")
    assert seen_by(at_desk(ann), **GERMAN)["language"] == "de"


def test_pages_that_unfold_frames_have_the_same_theme() -> None:
    ann = factories.editor()
    Preferences.objects.create(user=ann, theme="dark")
    page = at_desk(ann).get(reverse("admin:claims_topic_changelist")).content.decode()
    assert 'class="dark"' in page
    assert "theme('dark')" in page
    request = RequestFactory().get("/")
    assert middleware.theme(request) == "auto"


def test_times_that_are_called_utc_are_utc() -> None:
    """Pages written for UTC say so: a person's zone must not move them."""
    ann = factories.editor()
    Preferences.objects.create(user=ann, time_zone="Asia/Kolkata")
    client = at_desk(ann)
    version = factories.published_review().latest_published()
    assert version is not None
    assert version.published_at is not None
    address = reverse("admin:claims_claim_change", args=[version.review.claim_id])
    page = client.get(address, {"table": "1"}).content.decode()
    assert f"{version.published_at:%Y-%m-%d %H:%M} UTC" in page
