"""The command finds rules, rows and stored pages that were changed; health and desk show what it reported."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from claims.models import AuditReport, Checkpoint
from claims.proof import checkpoints, keys, note, outside, reports
from claims.roles import GROUPS, Role
from factcheck import health
from factcheck.audit import daily, state
from factcheck.embedded import postgres
from factcheck.management.commands import up
from sources.snapshots import default_store
from tests import factories
from tests.conftest import DATA, EXTERNAL, LiveDatabase
from tests.factcheck.embedded.test_database_rules import trigger

pytestmark = pytest.mark.sql


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    settings.SNAPSHOT_STORE = str(tmp_path / "snapshots")
    return tmp_path


def audit(*arguments: str) -> tuple[int, str]:
    """Exit code and standard output of `manage.py audit`."""
    out = StringIO()
    try:
        call_command("audit", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as error:
        return int(error.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


@pytest.fixture
def desk(live_database: LiveDatabase) -> LiveDatabase:
    """A published review, a stored page, a checkpoint."""
    factories.published_review()
    default_store.store().put(f"<html><body>{factories.PAGE_TEXT}</body></html>".encode())
    assert checkpoints.write()
    return live_database


def flip(data: Path) -> None:
    """Change one bit of a stored page, as a half-broken disk does."""
    path = next((data / "snapshots").glob("*/*/*.gz"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


RULES: dict[str, tuple[str, str]] = {
    "a dropped trigger": ("DROP TRIGGER {trigger} ON claims_publication", "on claims_publication is missing"),
    "a disabled trigger": ("ALTER TABLE claims_claim DISABLE TRIGGER USER", "on claims_claim is disabled"),
    "a right": ("GRANT UPDATE ON claims_seal TO {app}", "has UPDATE on public.claims_seal"),
}
# These take a superuser, which a database server of one's own does not give the suite.
SETTINGS = {
    "DATABASE {database} SET session_replication_role = replica": "riggers do not run in new sessions",
    "DATABASE {database} SET pgtrigger.ignore = '{{all}}'": "as a superuser run ALTER DATABASE",
    "ROLE {app} IN DATABASE {database} SET session_replication_role = replica": "as a superuser run ALTER ROLE",
}


def test_an_honest_desk_has_none_and_what_is_done_to_it_has_one(desk: LiveDatabase, data: Path, settings: Any) -> None:
    assert audit("verify", "--blobs", "all") == (0, "")
    names = {
        "trigger": trigger("claims_publication"),
        "app": f'"{settings.DATABASES["default"]["USER"]}"',
        "database": f'"{desk.name}"',
    }
    with psycopg.connect(desk.owner_url, autocommit=True) as owner:
        for name, (statement, expected) in RULES.items():
            owner.execute(statement.format(**names).encode())
            code, said = audit("verify")
            assert code == 1 and expected in said and said.startswith("rules: "), (name, said)
            call_command("migrate", verbosity=0, stderr=StringIO())
            assert audit("verify") == (0, ""), name
    flip(data)
    code, said = audit("verify", "--blobs", "all")
    assert code == 1 and "is damaged. Restore this file" in said and said.count("\n") == 1


@pytest.mark.skipif(EXTERNAL, reason="needs a superuser")
def test_settings_that_switch_triggers_off_are_found(live_database: LiveDatabase, settings: Any) -> None:
    names = {"app": f'"{settings.DATABASES["default"]["USER"]}"', "database": f'"{live_database.name}"'}
    superuser = postgres.database_url(DATA, role="superuser")
    for statement, expected in SETTINGS.items():
        statement = statement.format(**names)
        with psycopg.connect(superuser, autocommit=True) as connected:
            connected.execute(f"ALTER {statement}".encode())
            connection.close()
            code, said = audit("verify")
            connected.execute(f"ALTER {statement.partition(' SET ')[0]} RESET ALL".encode())
        assert code == 1 and expected in said, said
    connection.close()
    assert audit("verify") == (0, "")


def test_a_session_in_which_triggers_do_not_run_leaves_a_trace(desk: LiveDatabase) -> None:
    """`session_replication_role` needs a superuser; what it does to rows is the same as with triggers off."""
    with psycopg.connect(desk.owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE claims_claim DISABLE TRIGGER USER")
        owner.execute("UPDATE claims_claim SET text = 'Nobody said so.'")
        owner.execute("ALTER TABLE claims_claim ENABLE TRIGGER USER")
    code, said = audit("verify")
    assert code == 1 and "Changed in claims_claim without an entry in the audit" in said


@pytest.mark.django_db
def test_what_is_wrongly_asked_is_said() -> None:
    code, said = audit("verify", "--blobs", "2")
    assert code == 2 and "use a share between 0 and 1, or all" in said
    code, said = audit("key")
    assert code == 2 and "cannot be read" in said
    code, said = audit("verify", "--checkpoints", "/nowhere/at-all")
    assert code == 1 and "checkpoints: The checkpoints in /nowhere/at-all cannot be read" in said


@pytest.mark.django_db
def test_a_checkpoint_by_hand_and_its_key(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    settings.CHECKPOINT_TO = str(tmp_path / "outside")
    code, text = audit("checkpoint")
    _, key = audit("key")
    assert code == 0 and note.read(text).is_signed_by(key.strip())
    assert list(outside.read(settings.CHECKPOINT_TO)) == [text]
    _, new = audit("new-keys")
    newest = note.read(Checkpoint.objects.latest("pk").text)
    assert new != key and newest.is_signed_by(new.strip()) and newest.is_signed_by(key.strip())
    assert keys.all_public_keys() == {key.strip(), new.strip()}


@pytest.mark.django_db
def test_health_tells_of_findings_and_of_what_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (state.checkpoint_state(), state.audit_state()) == ("ok", "ok"), "nothing is due yet"
    reports.store(timezone.now(), 3, ["log: x"])
    assert state.audit_state().startswith("findings: 3 at ")
    reports.store(timezone.now(), 0, [])
    assert state.audit_state() == "ok"
    monkeypatch.setattr(state, "_runs_for", lambda grace: True)
    monkeypatch.setattr(timezone, "now", later(hours=4))
    assert state.checkpoint_state().startswith("late: the last checkpoint")
    assert state.audit_state() == "ok"
    monkeypatch.setattr(timezone, "now", later(hours=51))
    assert state.audit_state().startswith("late: the last audit ended")


@pytest.mark.django_db
def test_a_report_that_the_web_role_made_up_counts_for_nothing() -> None:
    checkpoints.write()  # makes the keys
    reports.store(timezone.now(), 3, ["log: x"])
    for mac in ("", "ab" * 32, "é" * 64):
        for sentences in ([10**30], {"a": 1}, "text", []):
            now = timezone.now()
            AuditReport.objects.create(started_at=now, finished_at=now, findings=0, sentences=sentences, mac=mac)
            assert state.audit_state().startswith("findings: 3 at "), (mac, sentences)


@pytest.mark.django_db
def test_a_damaged_key_is_said_by_health(settings: Any, tmp_path: Path) -> None:
    checkpoints.write()
    settings.DATA = tmp_path
    (tmp_path / "seal_key").write_text("no key")
    assert health._answered(state.audit_state)().startswith("stopped: a key")


@pytest.mark.django_db
def test_health_tells_that_nothing_arrives_outside(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    checkpoints.write()
    monkeypatch.setattr(state, "_runs_for", lambda grace: True)
    monkeypatch.setattr(state, "CHECKPOINT_LATE", timedelta(0))
    assert "written" in state.checkpoint_state()
    monkeypatch.setattr(state, "CHECKPOINT_LATE", timedelta(hours=3))
    assert state.checkpoint_state() == "ok", "nothing is to be sent"
    settings.CHECKPOINT_TO = str(tmp_path / "missing")
    old = checkpoints.write()
    assert old
    assert state.checkpoint_state() == "ok", "not for long"
    monkeypatch.setattr(timezone, "now", later(hours=2))
    checkpoints.write()
    monkeypatch.setattr(timezone, "now", later(hours=2))
    assert state.checkpoint_state().startswith("late: no checkpoint has arrived outside since")


def later(*, hours: float) -> Callable[[], Any]:
    then = timezone.now() + timedelta(hours=hours)
    return lambda: then


def test_the_daily_audit_runs_in_a_process_and_reports(desk: LiveDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:  # not while the suite drops the database by these variables
        patch.setenv("DATABASE_URL", desk.url)
        patch.setenv("DATABASE_OWNER_URL", desk.owner_url)
        assert daily.daily() is None, "the first is due an hour after the first checkpoint"
        patch.setattr(timezone, "now", later(hours=1.1))
        with psycopg.connect(desk.owner_url, autocommit=True) as owner:
            owner.execute("ALTER TABLE claims_topic DISABLE TRIGGER USER")
            owner.execute("INSERT INTO claims_topic (slug, name) VALUES ('forged', 'Forged')")
            owner.execute("ALTER TABLE claims_topic ENABLE TRIGGER USER")
        assert daily.daily() == 1
        report = AuditReport.objects.get()
        assert any("Written to claims_topic without" in sentence for sentence in report.sentences)
        assert daily.daily() is None


def test_findings_do_not_keep_up_from_starting() -> None:
    assert up.only_late('{"failing": ["audit", "checkpoint"]}')
    assert not up.only_late('{"failing": ["audit", "worker"]}') and not up.only_late('{"failing": []}')


@pytest.mark.django_db
def test_the_desk_shows_it_to_those_who_answer_for_accounts(client: Client) -> None:
    reports.store(timezone.now(), 1, ["log: Row 2 of the log was changed."])
    client.force_login(User.objects.create_superuser("root", password=None))
    page = client.get("/admin/").content.decode()
    assert "Row 2 of the log was changed." in page and "Checkpoints are kept here alone" in page
    reporter = User.objects.create_user("reporter", is_staff=True)
    reporter.groups.add(Group.objects.get(name=GROUPS[Role.REPORTER]))
    chief = User.objects.create_user("chief", is_staff=True)
    chief.groups.add(Group.objects.get(name=GROUPS[Role.CHIEF]))
    for user, shown in ((reporter, False), (chief, True)):
        client.force_login(user)
        assert ("Row 2 of the log" in client.get("/admin/").content.decode()) == shown, user
