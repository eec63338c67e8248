"""What earlier versions wrote is brought to today with nothing lost: each fixture is loaded, migrated and compared."""

import gzip
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from claims.imports import stored_keys
from claims.models import (
    Appearance,
    Article,
    Attribution,
    Checkpoint,
    Claim,
    ClaimVersion,
    Document,
    ImportedRecord,
    Notice,
    Publication,
    PublicationBody,
)
from claims.models.publication import Audience
from claims.proof.verify import sealed_since, verify
from claims.publication import log_line, rebuild
from claims.publication.amended import Amended, amended
from factcheck.backup import before_upgrade, manifest
from factcheck.backup.places import backup_place
from factcheck.embedded import database_roles
from factcheck.management.commands.migrate import fast_migration
from sources.http.url_key import stored_key
from sources.models import Page
from tests import factories
from tests.claims.log_verifier import recomputed
from tests.factcheck.fixtures import story, tables
from tests.factcheck.fixtures.make import LIMIT, version, write_keys

attributions_of_statements = import_module("claims.migrations.0012_attributions_of_statements")
FOLDER = Path(__file__).parent / "fixtures"
FIXTURES = sorted(path.name.removesuffix(".data.gz") for path in FOLDER.glob("*.data.gz"))
# From the oldest on, every migration is run: on PostgreSQL 15 that is enough.
UPGRADES = [pytest.param(FIXTURES[0], marks=pytest.mark.sql), *FIXTURES[1:]]
OURS = ("claims", "sources", "newsrooms", "factcheck", "backup", "login")
# Tables whose rows a version changes on purpose when it takes over those of an earlier one, and why.
CHANGED: dict[str, str] = {
    "django_migrations": "it grows",
    "auth_permission": "new models have new ones",
    "auth_group_permissions": "groups are given what their roles may do in this version",
    "django_content_type": "new models have new ones",
    "claims_tip": "each has a group",
    "claims_tipevent": "each was given its group",
    "claims_appearanceevent": "appearances hang on attributions",
    "claims_importedrecord": "an imported record is known again by its page, words, period and place",
    "claims_claimversion": "pages are found by any of their addresses",
    "claims_noticeevent": "each notice is given the claim that it is about",
    "claims_indexstate": "it says by which rules keys of addresses were made",
}
# Tables without rows in the fixture of this version: nothing tests what becomes of theirs.
EMPTY = {
    *("auth_user_user_permissions", "django_admin_log", "django_session", "pghistory_context"),
    *(
        "claims_accountchangereading",
        "claims_indexstate",
        "claims_markuppage",
        "claims_markuppageevent",
        "newsrooms_storedanswer",
    ),
    "sources_pollingprice",
    # of django-allauth, whose tables of addresses and applications are not used here
    *("account_emailaddress", "account_emailconfirmation"),
    *("socialaccount_socialaccount", "socialaccount_socialapp", "socialaccount_socialtoken"),
}


def data_of(name: str) -> str:
    return gzip.decompress((FOLDER / f"{name}.data.gz").read_bytes()).decode()


def owner() -> Any:
    connections["owner"].ensure_connection()
    return connections["owner"].connection


def migrate_to(data: str) -> None:
    """Apply the migrations that the fixture's database had; those of Django and of other libraries are today's."""
    columns, lines = tables.sections(data)["django_migrations"]
    had = {(row[columns.index("app")], row[columns.index("name")]) for row in (line.split("\t") for line in lines)}
    executor = MigrationExecutor(connections["owner"])
    graph = executor.loader.graph
    ours = {node for node in graph.nodes if node[0] in OURS and node in had}
    last = [node for node in ours if not {child.key for child in graph.node_map[node].children} & ours]
    others = {app for app, _ in had} - set(OURS)
    with connections["owner"].cursor() as cursor, fast_migration(cursor):
        executor.migrate([*last, *(node for node in graph.leaf_nodes() if node[0] in others)])


@pytest.fixture(params=UPGRADES)
def before(
    request: pytest.FixtureRequest, empty_database: Any, settings: Any, tmp_path: Path
) -> dict[str, tuple[list[str], list[str]]]:
    """The rows of an earlier version's database, in a database that was then brought to today."""
    settings.DATA = tmp_path
    data = data_of(request.param)
    if "claims_seal" in tables.sections(data):
        write_keys(tmp_path)
    migrate_to(data)
    made = tables.fingerprint(owner())
    assert made == (FOLDER / f"{request.param}.schema").read_text(), "a migration that was released has changed"
    tables.load(owner(), data)
    database_roles.grant_to_app(owner(), settings.DATABASES["default"]["USER"])
    connections.close_all()
    back_up(data)
    call_command("migrate", verbosity=0, interactive=False)
    return tables.sections(data)


def back_up(data: str) -> None:
    """Back up the database of the earlier version, as `up` does before it migrates."""
    told: list[str] = []
    before_upgrade.back_up("owner", say=told.append)
    assert [line for line in told if "was backed up" in line], told
    place = backup_place(str(settings.DATA / before_upgrade.FOLDER))
    made = manifest.read(place, manifest.Sets.at(place).finished[-1])
    columns, lines = tables.sections(data)["sources_blob"]
    marks = [dict(zip(columns, line.split("\t"), strict=True)).get("unused_since", r"\N") for line in lines]
    assert made.blobs["count"] == marks.count(r"\N")


def test_nothing_is_lost(before: dict[str, tuple[list[str], list[str]]], tmp_path: Path) -> None:
    now = tables.columns(owner())
    assert set(before) <= set(now), "a table was removed: say in CHANGED what became of its rows"
    for table, (columns, lines) in before.items():
        if table in CHANGED:
            assert len(tables.rows_of(owner(), table, columns)) >= len(lines), table
            continue
        assert set(columns) <= set(now[table]), f"columns of {table} were removed"
        assert tables.rows_of(owner(), table, columns) == lines, table
    there_is_a_log_that_holds()
    nothing_looks_rewritten()
    if "claims_attribution" not in before:
        what_was_said_is_attributed()
    addresses_are_found_by_their_keys()
    old_notices_have_their_claims()
    what_was_imported_is_known_again(tmp_path)
    work_goes_on()


def nothing_looks_rewritten() -> None:
    """What an earlier version wrote is honest, seals or not; the bytes of its pages are not in the fixture."""
    assert [str(each) for each in verify() if each.part != "blobs"] == []
    assert "Nothing is sealed yet" in sealed_since() or Checkpoint.objects.exists()


def what_was_said_is_attributed() -> None:
    """Each statement that a document's reader attributed has one attribution; what is published reads as before."""
    links = Appearance.objects.select_related("statement", "attribution")
    hung = [link for link in links if link.attribution_id]
    assert hung and all(link.attribution.statement_id == link.statement_id for link in hung if link.attribution)
    imported = {link.statement_id for link in links if link.claim.reviews.filter(origin="imported").exists()}
    assert imported and not Attribution.objects.filter(statement__in=imported).exists()
    assert [claim for claim in amended(Claim.objects.filter(merged_into=None)) if attributed(claim)] == []
    before = Attribution.objects.count(), Appearance.pgh_event_model.objects.count()  # type: ignore[attr-defined]
    attributions_of_statements.attribute(apps, connections["owner"].schema_editor())
    after = Attribution.objects.count(), Appearance.pgh_event_model.objects.count()  # type: ignore[attr-defined]
    assert before == after, "a second run adds nothing"


def addresses_are_found_by_their_keys() -> None:
    assert all(row.url_key == stored_key(row.url) for model in (Article, Document, Page) for row in model.objects.all())
    assert ImportedRecord.objects.filter(claim_sha="").count() == 0
    assert stored_keys.are_current()
    told: list[str] = []
    stored_keys.make_all(using="owner", batch=2, report=told.append)
    assert all(": 0 " in line for line in told), "a second run changes nothing"


def old_notices_have_their_claims() -> None:
    """So that they are not shown to whoever may not see the claim; their sentences stay."""
    for notice in Notice.objects.exclude(sentence="").exclude(path=""):
        assert notice.claim is not None and notice.said == notice.sentence
        assert notice.sentence.endswith(notice.claim.text)


def what_was_imported_is_known_again(folder: Path) -> None:
    log = Publication.objects.count()
    run = story.imported(folder)
    assert (run.created, run.updated, run.unchanged, run.refused) == (0, 0, 4, 0)
    assert Publication.objects.count() == log


def attributed(claim: Amended) -> list[str]:
    parts = (".speaker", ".cue", ".quoted", ".attribution", ".content")
    return [each.path for each in claim.differences if any(part in each.path for part in parts)]


def there_is_a_log_that_holds() -> None:
    rows = list(Publication.objects.order_by("sequence").select_related("claim", "review"))
    assert recomputed(rows) == [(row.line_sha256, row.hash) for row in rows]
    for body in PublicationBody.objects.select_related("publication"):
        assert body.publication.commitment == log_line.commitment(bytes(body.salt), bytes(body.json))
    assert len(rows) > 15


def work_goes_on() -> None:
    """The index can be made anew from the log and says the same, and editors publish the next."""
    current = {audience: list(current_bodies(audience)) for audience in Audience.values}
    rebuild.rebuild_index()
    assert current == {audience: list(current_bodies(audience)) for audience in Audience.values}
    last = Publication.objects.latest("sequence")
    review = factories.published_review(Claim.objects.order_by("pk")[0])
    published = Publication.objects.latest("sequence")
    assert published.sequence > last.sequence and published.review == review


def current_bodies(audience: str) -> Any:
    versions = ClaimVersion.objects.current(audience).order_by("claim")
    for body in versions.values_list("publication__body__json", flat=True):
        yield None if body is None else orjson.loads(bytes(body))


def test_this_version_has_a_fixture_that_is_small_and_full() -> None:
    """Run tests/factcheck/fixtures/make.py when this fails before a release."""
    name = version()
    assert name in FIXTURES
    assert sum(path.stat().st_size for path in FOLDER.glob(f"{name}.*")) <= LIMIT
    assert set(tables.empty(data_of(name))) - EMPTY == set(), "fill them in fixtures/story.py, or name them in EMPTY"
    models = [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    made = {model._meta.db_table for model in models}
    assert made <= set(tables.sections(data_of(name)))
