"""What people see when the disk is full, or the database slow, locked or away: the cause, what to do, their words."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings

from claims.models import Topic
from claims.roles import GROUPS, Role
from factcheck.login.session_store import SessionStore
from factcheck.web.statement_limits import limit_statements
from tests import factories
from tests.api_client import ask
from tests.small_disks import fill

pytestmark = pytest.mark.sql
TYPED = {"text": "Bridges <b>fail</b>, the minister said.", "_save": "Save"}


@pytest.fixture
def desk(live_database: Any) -> Iterator[Client]:
    connection.close()
    with override_settings(ROOT_URLCONF="tests.factcheck.web.failing_urls"):
        yield Client(raise_request_exception=False)
    connection.close()


class TestLimits:
    @override_settings(DESK_STATEMENT_TIMEOUT=0.1)
    def test_a_statement_that_takes_too_long_is_ended(self, desk: Client) -> None:
        response = desk.get("/admin/sleep/")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
        page = response.content.decode()
        assert "This took too long" in page and "by a filter" in page and "Nothing was saved" not in page

    def test_with_time_enough_it_is_answered(self, desk: Client) -> None:
        assert desk.get("/admin/sleep/").content == b"done"

    @override_settings(DESK_STATEMENT_TIMEOUT=0.1, STATEMENT_TIMEOUT=20)
    def test_desk_and_rest_have_their_own_limits_on_one_connection(self, desk: Client) -> None:
        assert ask("/api/v1/claims/").status_code == 401
        assert desk.get("/admin/sleep/").status_code == 503

    def test_other_connections_keep_the_limits_of_the_role(self, desk: Client) -> None:
        limit_statements(1)
        found = []

        def worker() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SHOW statement_timeout")
                found.append(cursor.fetchone()[0])
            connection.close()

        thread = Thread(target=worker)
        thread.start()
        thread.join()
        assert found == ["15min"]

    def test_a_lock_that_somebody_else_holds(self, desk: Client, live_database: Any) -> None:
        with psycopg.connect(live_database.owner_url) as other:
            other.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
            response = desk.post("/admin/lock/", TYPED)
        assert response.status_code == 503
        assert "Somebody else is changing the same thing" in response.content.decode()

    @override_settings(DESK_STATEMENT_TIMEOUT=0.1)
    def test_a_session_that_cannot_be_saved_after_the_view(self, desk: Client, live_database: Any) -> None:
        with psycopg.connect(live_database.owner_url) as other:
            other.execute(f"LOCK TABLE {SessionStore.get_model_class()._meta.db_table} IN ACCESS EXCLUSIVE MODE")
            page = desk.post("/admin/session/", TYPED).content.decode()
        assert "Look whether your change was saved" in page and "Nothing was saved" not in page

    def test_a_transaction_that_was_left_alone(self, desk: Client) -> None:
        assert "The database does not answer" in desk.get("/admin/leave/").content.decode()
        assert desk.get("/admin/sleep/?seconds=0").status_code == 200, "the next request has a new connection"

    def test_a_database_that_is_away(self, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patched:
            patched.setitem(connection.settings_dict, "NAME", "no_such_database")
            response = desk.get("/admin/sleep/")
        assert response.status_code == 503 and b"no_such_database" not in response.content


class TestKeptForms:
    @override_settings(DESK_STATEMENT_TIMEOUT=0.1)
    def test_what_was_typed_can_be_sent_again(self, desk: Client) -> None:
        page = desk.post("/admin/sleep/", TYPED).content.decode()
        assert "Nothing was saved" in page
        assert 'name="text" value="Bridges &lt;b&gt;fail&lt;/b&gt;, the minister said."' in page
        assert 'name="_save" value="Save"' in page and "csrfmiddlewaretoken" in page
        assert page.count("Bridges") == 2, "to be sent, and to be read"

    @override_settings(DESK_STATEMENT_TIMEOUT=0.1)
    @pytest.mark.parametrize("fields", [{"old_password": "secret-words", "name": "x"}, {"password": "secret-words"}])
    def test_passwords_are_not_kept(self, desk: Client, fields: dict[str, str]) -> None:
        assert b"secret-words" not in desk.post("/admin/sleep/", fields).content

    def test_a_bug_says_that_the_log_has_the_details(self, desk: Client, caplog: pytest.LogCaptureFixture) -> None:
        response = desk.post("/admin/bug/?token=secret-words", TYPED)
        assert response.status_code == 500
        page = response.content.decode()
        assert "Something went wrong on our side" in page and "the minister said" in page
        assert "KeyError" not in page
        (record,) = [each for each in caplog.records if each.name == "django.request"]
        assert record.exc_info and "secret-words" not in record.getMessage()


class TestFullDisk:
    def test_of_the_snapshot_store(self, desk: Client) -> None:
        response = desk.post("/admin/store/", TYPED)
        assert response.status_code == 507
        page = response.content.decode()
        assert "The disk is full" in page and "Nothing was saved" in page and "Tell an administrator" in page
        assert Client().get("/healthz").json()["parts"]["disk"].startswith("full: something could not be saved")

    # The unfinished file is closed when its request is forgotten, after its disk.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    def test_of_uploads(self, desk: Client, small_disk: Path, tmp_path: Path) -> None:
        for folder, status in ((small_disk, 507), (tmp_path, 200)):
            with override_settings(FILE_UPLOAD_TEMP_DIR=str(folder)):
                file = SimpleUploadedFile("large.txt", b"bridge " * 500_000)
                response = desk.post("/admin/upload/", {"title": "Bridges", "file": file})
            assert response.status_code == status
            assert ("The disk is full" in response.content.decode()) is (status == 507)

    @pytest.mark.parametrize("route", ["store", "plain-store"])
    def test_by_rest(self, desk: Client, route: str) -> None:
        response = desk.post(f"/api/v1/{route}/", {}, content_type="application/json")
        assert (response.status_code, response.json()["type"]) == (507, "urn:factcheck:problem:disk-full")
        assert response.headers["Content-Type"] == "application/problem+json"

    def test_of_the_database(self, database_on_a_small_disk: Path) -> None:
        desk = Client(raise_request_exception=False)
        desk.force_login(factories.editor())
        ballast = fill(database_on_a_small_disk, free=40_000)
        words = "bridge " * 5_000
        failed = None
        for number in range(40):
            response = desk.post("/admin/claims/topic/add/", {"name": f"{number}", "slug": f"s-{number}", "x": words})
            if response.status_code != 302:
                failed = response
                break
        assert failed is not None, "the control: the disk is never full"
        assert failed.status_code == 507, failed.content.decode()[:2_000]
        page = failed.content.decode()
        assert "The disk is full" in page and "Nothing was saved" in page and f'value="s-{number}"' in page
        ballast.unlink()
        fields = dict(re.findall(r'name="(name|slug|x)" value="([^"]*)"', page))
        assert desk.post("/admin/claims/topic/add/", fields).status_code == 302, "sent again from the page"
        assert Topic.objects.filter(slug=f"s-{number}").count() == 1


@pytest.mark.django_db
class TestLoggedOut:
    """A form that is sent after the log-in is over, or older than it, is not lost."""

    URL = "/admin/claims/topic/add/"
    TYPED = {"name": "Bridges <b>of</b> the county", "slug": "bridges", "_save": "Save"}

    def opened(self, browser: Client) -> str:
        """The token of the form, as the browser opened it."""
        page = browser.get(self.URL).content.decode()
        return form_token(page)

    def send(self, browser: Client, token: str, *, origin: str = "http://testserver") -> tuple[int, str]:
        answer = browser.post(self.URL, {**self.TYPED, "csrfmiddlewaretoken": token}, headers={"Origin": origin})
        return answer.status_code, answer.content.decode()

    @pytest.fixture
    def browser(self) -> Client:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(chief())
        return browser

    def test_after_the_session_the_form_is_kept_and_can_be_sent(self, browser: Client) -> None:
        token = self.opened(browser)
        browser.session.flush()
        del browser.cookies["sessionid"]
        status, page = self.send(browser, token)
        assert status == 403 and "You are logged out" in page and "Nothing was saved" in page
        assert "Bridges &lt;b&gt;of&lt;/b&gt; the county" in page
        browser.force_login(chief())
        assert self.send(browser, form_token(page))[0] == 302
        assert Topic.objects.filter(name=self.TYPED["name"]).exists()

    def test_a_form_that_is_older_than_the_log_in(self, browser: Client) -> None:
        token = self.opened(browser)
        browser.cookies["csrftoken"] = "b" * 32
        status, page = self.send(browser, token)
        assert status == 403 and "older than your log-in" in page and "Bridges" in page
        assert self.send(browser, form_token(page))[0] == 302

    def test_a_nul_character_is_called_that(self, browser: Client) -> None:
        answer = browser.post(
            "/admin/set-up/colleagues/",
            {"again": "a\0b", "csrfmiddlewaretoken": self.opened(browser)},
            headers={"Origin": "http://testserver"},
        )
        assert answer.status_code == 400 and "NUL character" in answer.content.decode()

    def test_the_form_of_another_site_is_not_kept(self, browser: Client) -> None:
        token = self.opened(browser)
        for origin in ("http://elsewhere.example", "null"):
            status, page = self.send(browser, token, origin=origin)
            assert status == 403 and "did not come from a page of this site" in page
            assert "Bridges" not in page and "<form" not in page
        browser.session.flush()
        del browser.cookies["sessionid"]
        assert "Bridges" not in self.send(browser, token, origin="http://elsewhere.example")[1]


def form_token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def chief() -> Any:
    user = factories.editor()
    user.groups.add(Group.objects.get(name=GROUPS[Role.CHIEF]))
    return user
