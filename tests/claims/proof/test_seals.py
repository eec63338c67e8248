"""Seals cover what was written, once nobody can still write below it, and survive new columns and settings."""

import stat
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from claims.models import Claim, Seal
from claims.proof import checkpoints, keys, seals
from claims.proof.keys import KeyProblem
from claims.proof.verify import verify
from sources.database.audit import acting_as
from tests import factories
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql
EVENTS = "claims_claimevent"


def found() -> list[str]:
    return [each.sentence for each in verify() if each.part in ("seals", "checkpoints")]


def of(table: str) -> list[Seal]:
    return list(Seal.objects.filter(table=table).order_by("pk"))


@pytest.mark.django_db
def test_each_seal_covers_what_is_new_and_follows_the_one_before() -> None:
    used = keys.current()
    factories.claim()
    assert seals.seal_all(used) > 0
    assert seals.seal_all(used) == 0, "nothing is new"
    factories.claim()
    factories.claim()
    seals.seal_all(used)
    first, second = of(EVENTS)
    assert (first.after, second.after) == (None, first.until)
    assert (first.previous, second.previous) == (seals.NONE, first.mac)
    assert second.rows == 2
    assert found() == []


@pytest.mark.django_db
def test_every_table_that_only_grows_is_sealed_or_named_as_not(data: Path) -> None:
    tables = {model._meta.db_table for model in seals.sealed_models()}
    assert {"claims_accountchange", "newsrooms_apikeyevent", "sources_pageevent", EVENTS} <= tables
    assert not {model._meta.db_table for model in seals.NOT_SEALED} & tables


@pytest.mark.django_db
def test_the_keys_are_made_once_and_for_their_owner_alone(data: Path) -> None:
    used = keys.current()
    assert keys.current().public == used.public and keys.current().seal == used.seal
    for name in (keys.SEAL_KEY, keys.CHECKPOINT_KEY):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in data.iterdir()) == [keys.CHECKPOINT_KEY, keys.SEAL_KEY]


@pytest.mark.django_db
def test_a_lost_key_is_not_replaced_in_silence(data: Path) -> None:
    factories.claim()
    checkpoints.write()
    (data / keys.SEAL_KEY).rename(data / "elsewhere")
    with pytest.raises(KeyProblem, match="restore them from the backup"):
        checkpoints.write()
    assert any("is not in the data folder" in sentence for sentence in found())
    (data / keys.SEAL_KEY).write_text("x")
    with pytest.raises(KeyProblem, match="damaged"):
        checkpoints.write()
    assert any("damaged" in sentence for sentence in found())


@pytest.mark.django_db
def test_new_keys_continue_the_history_and_the_old_ones_still_verify_theirs(data: Path) -> None:
    factories.claim()
    first = checkpoints.write()
    before = keys.current()
    after = keys.replace()
    factories.claim()
    second = checkpoints.write(also_by=before.checkpoint)
    assert first and second and {first.key, second.key} == {before.public, after.public}
    assert len({seal.key for seal in of(EVENTS)}) == 2
    assert found() == []
    for path in (data / keys.RETIRED).iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.unlink()
    assert any("cannot be verified: their key" in sentence for sentence in found())


@pytest.mark.django_db
def test_settings_and_new_columns_change_nothing() -> None:
    factories.claim()
    factories.page()
    checkpoints.write()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'Asia/Tokyo'; SET LOCAL DateStyle = 'German';"
                       "SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL bytea_output = 'escape'")  # fmt: skip
    assert found() == []


def test_a_column_that_is_added_later_leaves_seals_valid_and_one_that_is_lost_is_said(
    live_database: LiveDatabase,
) -> None:
    factories.claim()
    checkpoints.write()
    with psycopg.connect(live_database.owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE claims_claimevent ADD COLUMN later text DEFAULT 'new'")
        assert found() == []
        owner.execute("ALTER TABLE claims_claimevent RENAME COLUMN text TO words")
        assert "claims_claimevent has lost the column text" in "".join(found())


def test_nothing_can_join_below_a_seal(live_database: LiveDatabase) -> None:
    """A transaction that has drawn an id and is not over holds the seal of its table up, and no other."""
    used = keys.current()
    factories.claim()
    with psycopg.connect(live_database.url) as slow:
        slow.execute("INSERT INTO claims_topic (slug, name) VALUES ('slow', 'Slow')")
        factories.organisation()
        Claim.objects.all()[0].topics.create(slug="quick", name="Quick")
        seals.seal_all(used, patience=0.2)
        assert of("claims_topicevent") == [], "its first row is not there yet, and the second is"
        assert of(EVENTS) and of("claims_organisationevent")
        slow.commit()
    seals.seal_all(used)
    assert [seal.rows for seal in of("claims_topicevent")] == [2]


def test_a_seal_waits_for_nobody_who_only_reads_or_writes_elsewhere(live_database: LiveDatabase) -> None:
    with acting_as("demo"):
        factories.claim()
    with psycopg.connect(live_database.url) as reader:
        reader.execute("SELECT count(*) FROM claims_claimevent")
        reader.execute("SELECT last_value FROM claims_claimevent_pgh_id_seq")
        seals.seal_all(keys.current(), patience=0)
    assert of(EVENTS)


@pytest.mark.django_db
def test_a_forged_seal_is_found_without_the_key() -> None:
    """The role app may write seals, but has no key if it has the database's password alone."""
    factories.claim()
    checkpoints.write()
    [seal] = of(EVENTS)
    Seal.objects.create(
        table=EVENTS, after=seal.until, until=seal.until + 1, rows=0, columns=seal.columns, at=seal.at, key=seal.key,
        previous=seal.mac, mac="0" * 64,
    )  # fmt: skip
    assert any("or the seal is forged" in sentence for sentence in found())
