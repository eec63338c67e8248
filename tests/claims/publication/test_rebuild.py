"""A rebuild from the log restores the index that publishing wrote, whatever was done to it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, ClaimVersion, FacetCount, IndexState, Publication, Topic
from claims.models.publication import EVERYONE, Audience
from claims.publication import append, rebuild
from sources.database.locks import Lock, lock_until_commit
from tests import factories

pytestmark = pytest.mark.sql

EVENTS = {
    "public": ("reconfirmed", Audience.PUBLIC),
    "raised": ("recheck_raised", Audience.NEWSROOMS),
    "lost": ("watch_lost", Audience.NEWSROOMS),
}


def publish_some() -> list[Claim]:
    """Four claims with evidence, topics and speakers; two were published again, some of it to newsrooms alone."""
    topics = [Topic.objects.create(slug=f"topic-{n}", name=f"Topic {n}") for n in range(2)]
    made = []
    for number in range(4):
        claim = factories.claim()
        claim.topics.add(topics[number % 2])
        factories.linked(claim)
        made.append(factories.published_review(claim).claim)
    for number, events in enumerate(("raised lost public raised", "raised public public")):
        for event in events.split():
            kind, audience = EVENTS[event]
            append.append(made[number], event=kind, audience=audience)
    return made


def index() -> list[tuple[Any, ...]]:
    """All columns of all rows but their ids, the search vectors in words."""
    names = [field.attname for field in ClaimVersion._meta.concrete_fields if field.attname != "id"]
    return sorted(ClaimVersion.objects.values_list(*names), key=lambda row: (row[0], repr(row)))


def facets() -> list[tuple[Any, ...]]:
    rows = FacetCount.objects.filter(bodies__gt=0)
    return sorted(rows.values_list("audience", "kind", "name", "bodies", "newest"))


def run(sql: str) -> Callable[[], object]:
    def damage() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return damage


def put_by(**columns: Any) -> Callable[[], object]:
    """Change these columns of one current row and one that ended, by SQL's UPDATE."""

    def damage() -> None:
        for ended in (True, False):
            number = ClaimVersion.objects.filter(sequence_to__isnull=not ended).earliest("pk").pk
            ClaimVersion.objects.filter(pk=number).update(**columns)

    return damage


def add(**columns: Any) -> Callable[[], object]:
    def damage() -> None:
        version = ClaimVersion.objects.filter(sequence_to__isnull=False).earliest("pk")
        version.pk = None
        for name, value in columns.items():
            setattr(version, name, value)
        version.save(force_insert=True)

    return damage


DAMAGES: dict[str, Callable[[], object]] = {
    "every row deleted": run("DELETE FROM claims_claimversion"),
    "every second row deleted": run("DELETE FROM claims_claimversion WHERE id % 2 = 0"),
    "current rows deleted": run("DELETE FROM claims_claimversion WHERE sequence_to IS NULL"),
    "what newsrooms are told deleted": run("DELETE FROM claims_claimversion WHERE audience = 'newsrooms'"),
    "the wrong claim": run(
        "UPDATE claims_claimversion SET claim_id = claim_id + 1000000 WHERE sequence_to IS NOT NULL"
    ),
    "no claim": put_by(claim_id=0),
    "another id": put_by(claim_public_id="clm_0000000000000000"),
    "another verification": put_by(verification="withdrawn"),
    "another language": put_by(language="xx"),
    "a wrong time": put_by(changed_at=datetime(2001, 1, 1, tzinfo=UTC)),
    "a wrong first time": put_by(first_published_at=datetime(2001, 1, 1, tzinfo=UTC)),
    "another publication": put_by(publication_id=1),
    "another day": put_by(newest_on=date(2001, 1, 1)),
    "no day": put_by(newest_on=None),
    "other arrays": put_by(verdicts=[], ratings=["x"], topics=["y"], speakers=["z"], organisations=[], sources=[]),
    "more arrays": put_by(pages=[], hosts=["x.example"], rating_steps=["a:1"], contained_ids=[], sites=[]),
    "no mapped verdicts": put_by(all_verdicts=[], verdict_mapped={"rev_0000000000000000": {}}),
    "an older version of the scales": put_by(scales_version=0),
    "no words": run("UPDATE claims_claimversion SET search = ''"),
    "other words": run("UPDATE claims_claimversion SET search = to_tsvector('simple', 'other words')"),
    "ended too early": run("UPDATE claims_claimversion SET sequence_to = sequence_from + 1 WHERE sequence_to IS NULL"),
    "ended too late": run("UPDATE claims_claimversion SET sequence_to = sequence_to + 1"),
    "told everyone": run(
        f"UPDATE claims_claimversion SET audience = '{EVERYONE}', sequence_to = sequence_from + 1"
        " WHERE audience = 'newsrooms'"
    ),
    "told newsrooms alone": run(f"UPDATE claims_claimversion SET audience = 'newsrooms' WHERE audience = '{EVERYONE}'"),
    "another row for the claim": add(sequence_from=7_000, sequence_to=8_000),
    "a row of no claim": add(claim_id=77_000_000, sequence_to=None),
    "facets too low": run("UPDATE claims_facetcount SET bodies = 0, newest = NULL"),
    "facets too high": run("UPDATE claims_facetcount SET bodies = bodies + 3, newest = newest + 1"),
    "no facets": run("DELETE FROM claims_facetcount"),
    "a facet of nothing": run(
        "INSERT INTO claims_facetcount (audience, kind, name, bodies, newest) VALUES ('public', 'topic', 'none', 3, 1)"
    ),
    "facets too low and rows too many": lambda: (
        add(claim_id=77_000_000, sequence_to=None)(),
        run("UPDATE claims_facetcount SET bodies = 0, newest = NULL")(),
    ),
}


def published() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    publish_some()
    return index(), facets()


@pytest.mark.django_db
def test_whatever_was_done_to_the_index_it_is_again_what_publishing_wrote() -> None:
    rows, counts = published()
    assert {row[2] for row in rows} == {*Audience.values, EVERYONE}
    for name, damage in DAMAGES.items():
        with transaction.atomic():
            damage()
            assert (index(), facets()) != (rows, counts), f"not damaged: {name}"
            state = rebuild.rebuild_index(batch=2)
            assert index() == rows, name
            # Of a thing that its newest body no longer names publishing does not look for the newest.
            assert [
                (*facet[:4], facet[4] or was[4]) for facet, was in zip(counts, facets(), strict=True)
            ] == facets(), name
            assert (state.rows > 0, state.finished_at is not None) == (True, True), name
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_run_without_a_difference_writes_no_row_and_takes_no_lock() -> None:
    rows, counts = published()
    with CaptureQueriesContext(connection) as queries:
        state = rebuild.rebuild_index(batch=1)
    statements = [query["sql"] for query in queries]
    assert len(statements) > 10
    for word in ("INSERT", "UPDATE", "DELETE"):
        written = [sql for sql in statements if sql.lstrip().startswith(word)]
        assert [sql for sql in written if "claims_indexstate" not in sql] == []
    assert not any(str(int(Lock.LOG)) in sql or "FOR NO KEY" in sql for sql in statements)
    assert (index(), facets()) == (rows, counts)
    assert (state.claims, state.rows) == (4, 0)


@pytest.mark.django_db
def test_rows_keep_their_ids_and_those_that_are_right_are_not_touched() -> None:
    publish_some()
    before = dict(ClaimVersion.objects.values_list("pk", "language"))
    wrong = min(before)
    ClaimVersion.objects.filter(pk=wrong).update(language="xx")
    with CaptureQueriesContext(connection) as queries:
        assert rebuild.rebuild_index().rows == 1
    assert dict(ClaimVersion.objects.values_list("pk", "language")) == before
    [deleted] = [query["sql"] for query in queries if query["sql"].startswith("DELETE")]
    assert f"IN ({wrong})" in deleted


@pytest.mark.django_db
def test_of_a_redacted_body_the_row_keeps_what_it_says() -> None:
    claim = publish_some()[3]
    last = Publication.objects.latest("sequence")
    Publication.objects.create(
        sequence=last.sequence + 1, at=last.at, event="redacted", audience="public", claim=claim, version=2,
        commitment="0" * 64,
    )  # fmt: skip
    assert rebuild.rebuild_index().rows == 2
    row = ClaimVersion.objects.get(claim=claim, sequence_to__isnull=True)
    assert (row.sequence_from, row.claim_public_id, row.verification) == (
        last.sequence + 1,
        claim.public_id,
        "unchecked",
    )
    assert rebuild.rebuild_index().rows == 0
    ClaimVersion.objects.filter(pk=row.pk).update(
        language="de", topics=["kept"], search="kept", changed_at=datetime.now(UTC)
    )
    assert rebuild.rebuild_index().rows == 1
    again = ClaimVersion.objects.get(pk=row.pk)
    assert (again.language, again.topics, again.search, again.changed_at) == ("de", ["kept"], "'kept'", last.at)


@pytest.mark.django_db
def test_an_interrupted_run_resumes_where_it_stopped() -> None:
    rows, _ = published()
    ClaimVersion.objects.all().delete()
    epoch = IndexState.objects.get_or_create(pk=1)[0].epoch

    def interrupt(state: IndexState) -> None:
        if state.claims == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild.rebuild_index(batch=1, report=interrupt)
    state = IndexState.objects.get()
    assert (state.claims, state.finished_at, state.epoch != epoch) == (2, None, True)
    done = [row for row in rows if row[0] <= state.position]
    assert index() == done != rows
    # What is damaged behind it waits for the next run.
    ClaimVersion.objects.filter(claim=state.position).update(language="xx")
    state = rebuild.rebuild_index()
    assert state.claims == 4
    assert [row for row in index() if row[0] != done[-1][0]] == [row for row in rows if row[0] != done[-1][0]]
    assert rebuild.rebuild_index().rows == len([row for row in rows if row[0] == done[-1][0]])
    assert index() == rows


def test_a_killed_run_holds_nobody_up_and_is_resumed(live_database: Any) -> None:
    rows, _ = published()
    ClaimVersion.objects.all().delete()
    program = (
        "import time, django; django.setup(); from claims.publication import rebuild;"
        "rebuild.rebuild_index(batch=1, report=lambda state: time.sleep(60))"
    )
    process = subprocess.Popen([sys.executable, "-c", program], env=os.environ | live_database.environment)
    try:
        while not IndexState.objects.filter(claims=1).exists():
            assert process.poll() is None
            time.sleep(0.05)
        with pytest.raises(CommandError, match="Another rebuild"):
            call_command("rebuild_index")
    finally:
        process.kill()
        process.wait()
    assert 0 < len(index()) < len(rows)
    while True:
        try:
            call_command("rebuild_index")
            break
        except CommandError:
            time.sleep(0.05)  # the server has not noticed yet
    assert index() == rows
    assert IndexState.objects.get().claims == 4
    connection.close()


class Publisher(threading.Thread):
    """Publishes the claims over and over, two in some transactions, on a connection of its own."""

    def __init__(self, claims: list[Claim], rounds: int) -> None:
        super().__init__()
        self.claims, self.rounds = claims, rounds
        self.errors: list[Exception] = []
        self.start()

    def run(self) -> None:
        try:
            for number in range(self.rounds):
                with transaction.atomic():
                    two = {self.claims[number % len(self.claims)].pk, self.claims[number % 2].pk}
                    for claim in Claim.objects.select_for_update().filter(pk__in=two).order_by("pk"):
                        event, audience = EVENTS[("public", "raised", "lost")[number % 3]]
                        append.append(claim, event=event, audience=audience)
        except Exception as error:  # noqa: BLE001 - looked at by the test
            self.errors.append(error)
        finally:
            connection.close()


def test_publishing_goes_on_beside_it(live_database: Any) -> None:
    claims = publish_some()
    publisher = Publisher(claims, rounds=30)
    runs = 0
    while publisher.is_alive() or not runs:
        with transaction.atomic():
            lock_until_commit(Lock.LOG)
            ClaimVersion.objects.filter(pk__in=[row.pk for row in ClaimVersion.objects.all()[::2]]).delete()
        rebuild.rebuild_index(batch=1)
        runs += 1
    publisher.join()
    assert publisher.errors == [] and runs > 2
    rebuild.rebuild_index()
    assert Publication.objects.count() > 50
    for audience in Audience.values:
        visible = Publication.objects.order_by("sequence")
        if audience == Audience.PUBLIC:
            visible = visible.filter(audience=audience)
        now = ClaimVersion.objects.current(audience)
        assert dict(now.values_list("claim", "sequence_from")) == dict(visible.values_list("claim", "sequence"))
        then = visible[len(visible) // 2]
        at = ClaimVersion.objects.at(audience, then.at).values_list("claim", "sequence_from")
        assert dict(at) == dict(visible.filter(sequence__lte=then.sequence).values_list("claim", "sequence"))
    connection.close()


@pytest.mark.parametrize("protected", [True, False])
def test_who_publishes_in_the_middle_of_a_replacement_waits(
    live_database: Any, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    claim = factories.published_review().claim
    ClaimVersion.objects.update(language="xx")
    differences, publishers = rebuild._differences, []

    def slowly(claims: list[int]) -> Any:
        found = differences(claims)
        if connection.in_atomic_block:
            publishers.append(Publisher([claim, claim], rounds=1))
            publishers[0].join(timeout=0.7)
            assert publishers[0].is_alive() == protected
        return found

    monkeypatch.setattr(rebuild, "_differences", slowly)
    if protected:
        assert rebuild.rebuild_index().rows == 1
    else:
        monkeypatch.setattr(rebuild, "_lock_claims", lambda claims: None)
        with pytest.raises(IntegrityError, match="claim_version_one"):
            rebuild.rebuild_index()
    publishers[0].join()
    monkeypatch.undo()
    assert publishers[0].errors == []
    assert rebuild.rebuild_index().rows == (0 if protected else 1)
    assert ClaimVersion.objects.count() == Publication.objects.count() == 2
    connection.close()


@pytest.mark.django_db
def test_the_command_tells_what_it_did(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    factories.published_review()
    ClaimVersion.objects.update(language="xx")
    monkeypatch.setattr("claims.management.commands.rebuild_index._SECONDS", 0)
    call_command("rebuild_index")
    told = capsys.readouterr()
    assert told.out == "Claims compared: 1. Rows replaced: 1.\n"
    assert told.err == "Claims compared: 1 of 1. Rows replaced: 1.\n"
    ClaimVersion.objects.update(language="xx")
    IndexState.objects.update(finished_at=None)
    call_command("rebuild_index", "--afresh")
    assert capsys.readouterr().out == "Claims compared: 1. Rows replaced: 1.\n"
    monkeypatch.setattr(rebuild, "rebuild_index", lambda **options: signal.raise_signal(signal.SIGINT))
    # A suite that was started in the background ignores the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(CommandError, match="run the command again to resume"):
            call_command("rebuild_index")
    finally:
        signal.signal(signal.SIGINT, before)
