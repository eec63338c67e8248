"""/healthz says which part is down, and beat does not pile up ticks that nobody takes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from claims.models import Sweep
from factcheck import health
from factcheck.beat import Scheduler
from factcheck.celery import app
from factcheck.embedded import restarts
from factcheck.models import Heartbeat
from sources.models import Change
from sources.snapshots import folder
from tests import factories

PARTS = ("worker", "beat", "round trip")


@pytest.fixture
def all_well(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.SNAPSHOT_STORE = str(tmp_path)
    for part in PARTS:
        health.beat(part)


def silence(part: str, seconds: float) -> None:
    Heartbeat.objects.filter(part=part).update(at=Now() - timedelta(seconds=seconds))


@pytest.mark.usefixtures("all_well")
def test_all_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "parts": dict.fromkeys(
            (
                "database",
                "broker",
                "worker",
                "beat",
                "disk",
                "snapshots",
                "sweep",
                "database rules",
                "checkpoint",
                "audit",
            ),
            "ok",
        )
        | {"matcher": "off: FACTCHECK_MATCHER=off"},
    }
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("all_well")
@pytest.mark.parametrize(
    ("silent", "failing"),
    [
        (["worker"], ["worker"]),
        (["beat"], ["beat"]),
        (["round trip"], ["broker"]),
        (["worker", "round trip"], ["broker", "worker"]),
    ],
)
def test_the_part_that_fails_is_named(client: Client, silent: list[str], failing: list[str]) -> None:
    for part in silent:
        silence(part, health.MAX_AGE[part] + 1)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["failing"] == failing


@pytest.mark.usefixtures("all_well")
@pytest.mark.parametrize("part", PARTS)
def test_one_missed_beat_is_no_failure(client: Client, part: str) -> None:
    silence(part, health.INTERVAL * 2)
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("all_well")
def test_a_part_that_never_spoke_fails(client: Client) -> None:
    Heartbeat.objects.all().delete()
    assert client.get("/healthz").json()["failing"] == ["broker", "worker", "beat"]


@pytest.mark.usefixtures("all_well")
def test_snapshots_that_cannot_be_kept_are_a_failure(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.SNAPSHOT_STORE = str(tmp_path / "not made yet")
    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(folder, "MIN_FREE_BYTES", 10**18)
    assert client.get("/healthz").json()["failing"] == ["snapshots"]


@pytest.mark.usefixtures("all_well")
@pytest.mark.parametrize(("minutes", "failing"), [(3, []), (25, ["sweep"])])
def test_a_change_that_is_not_swept_for_long_is_a_failure(client: Client, minutes: int, failing: list[str]) -> None:
    page = factories.published_review().versions.get().evidence.get().page
    factories.change(page, "another text", at=timezone.now() - timedelta(minutes=minutes))
    answer = client.get("/healthz").json()
    assert answer.get("failing", []) == failing
    if failing:
        assert answer["parts"]["sweep"] == "late: the oldest change of a page has waited 25 minutes for its sweep"
        Sweep.objects.create(change=Change.objects.get(), checks=0)
        assert client.get("/healthz").status_code == 503, "looked at seconds ago"
        health.forget_recent_checks()
        assert client.get("/healthz").status_code == 200


@pytest.mark.sql
def test_without_a_database_it_says_so_and_nothing_more(
    live_database: Any, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    connections["default"].close()
    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "/nowhere")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["failing"][0] == "database"
    assert "nowhere" not in answer.content.decode()
    connections["default"].close()


@pytest.mark.usefixtures("all_well")
def test_restarts_are_counted_and_change_the_status_only_while_a_part_is_down(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    history = restarts.History(restarts.Policy())
    history.ended(ran=1)
    restarts.write(tmp_path, {"worker": history, "beat": restarts.History(restarts.Policy())}, ["worker"])
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["worker"])
    restarts.write(tmp_path, {"worker": history}, [])
    answer = client.get("/healthz")
    assert answer.status_code == 200
    (part,) = answer.json()["restarts"].items()
    assert part[0] == "worker"
    assert set(part[1]) == {"last_ten_minutes", "since_start", "last"}
    assert (part[1]["last_ten_minutes"], part[1]["since_start"]) == (1, 1)


@pytest.mark.usefixtures("all_well")
def test_asking_needs_no_key_and_writes_nothing(client: Client) -> None:
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


class Recorder(Scheduler):
    """Beat that notes what it would send."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        super().__init__(app=app)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        self.sent.append(entry.name)

    @property
    def producer(self) -> None:
        return None

    def run_for(self, ticks: int) -> list[str]:
        for _ in range(ticks):
            self.tick()
            self._beat_at -= 10  # as if that much time had passed
        return self.sent


@pytest.mark.django_db
def test_beat_sends_everything_at_once_after_a_start() -> None:
    health.beat("worker")
    recorder = Recorder()
    assert set(recorder.run_for(len(app.conf.beat_schedule) + 1)) == set(app.conf.beat_schedule)
    assert len(recorder.sent) == len(app.conf.beat_schedule)
    assert health.alive("beat")


@pytest.mark.django_db
def test_beat_sends_nothing_while_no_worker_is_alive() -> None:
    recorder = Recorder()
    assert recorder.run_for(20) == []
    health.beat("worker")
    assert recorder.run_for(20) != []
    assert health.alive("beat")


def test_every_tick_expires_before_it_could_pile_up() -> None:
    for name, entry in app.conf.beat_schedule.items():
        every = entry["schedule"].total_seconds()
        assert entry["options"]["expires"] <= 3 * every, name


@pytest.mark.django_db
def test_a_full_disk_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.health.MIN_FREE_BYTES", 1 << 60)
    parts = client.get("/healthz").json()["parts"]
    assert parts["disk"].startswith("full: less than ") and parts["disk"].endswith("make room there")


def test_a_data_folder_that_is_gone_is_seen(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "moved"
    settings.EMBEDDED_DATABASE = True
    assert health._disk().startswith("gone: ")
    settings.EMBEDDED_DATABASE = False  # the parts that it would hold are elsewhere
    assert health._disk() == "ok"


@pytest.mark.usefixtures("all_well")
@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"state": "degraded", "reason": "it does not run"}, "degraded: it does not run"),
        (
            {
                "state": "filling",
                "reason": "",
                "claims": 1_204,
                "mode": "full",
                "mode_reason": "8.2 GB of memory",
                "vectors": {"minilm": {"claims": 300}},
            },
            "filling: 1,204 claims, 300 of them by minilm; by words and meaning (8.2 GB of memory)",
        ),
        (
            {
                "state": "degraded",
                "reason": "it starts",
                "claims": 0,
                "mode": "words",
                "mode_reason": "FACTCHECK_MATCHER=words",
                "vectors": {},
            },
            "degraded: it starts; 0 claims; by words alone (FACTCHECK_MATCHER=words)",
        ),
    ],
)
def test_a_matcher_that_is_not_whole_fails_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, state: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr("claims.matching.client.state", lambda: state)
    health.forget_recent_checks()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["parts"]["matcher"]) == (200, said)
    assert answer.json()["status"] == "ok"


@pytest.mark.usefixtures("all_well")
def test_a_matcher_that_is_being_restarted_fails_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    record = restarts.Record({}, frozenset({"matcher"}))
    monkeypatch.setattr("factcheck.embedded.restarts.read", lambda data: record)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["parts"]["matcher"]) == (200, "degraded: it ended and is being restarted")
