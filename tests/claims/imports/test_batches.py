"""Batches write what the same records would write one at a time: rows, log, index, counts and audit."""

import random
import re
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.db import connection, transaction

from claims.imports.formats import reading
from claims.imports.formats.reading import Refusal
from claims.imports.importer import Importer
from claims.imports.rows import Rows
from claims.json_object import Json
from claims.models import (
    ClaimVersion,
    FacetCount,
    ImportConflict,
    ImportedRecord,
    Organisation,
    Publication,
    Rating,
    RatingScale,
    Review,
)
from claims.models.facet_count import WRONG
from sources.database.audit import acting_as
from tests import factories
from tests.claims.imports import one_at_a_time
from tests.claims.log_verifier import recomputed
from tests.claims.sample_claimreviews import claim_review, rated

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def take(folder: Path, *things: Any, batch: int = 2_000, fingerprint: str = "1") -> Any:
    entries = list(reading.entries(iter([orjson.dumps(list(things))]), form="json", now=NOW))
    importer = Importer(source="test", fingerprint=fingerprint, refused=folder / "refused.ndjson", batch=batch)
    return importer.import_entries(lambda after: iter(entries[after:]))


def one_by_one(folder: Path, *things: Any) -> None:
    seen: set[str] = set()
    for number, entry in enumerate(reading.entries(iter([orjson.dumps(list(things))]), form="json", now=NOW)):
        assert not isinstance(entry, Refusal)
        if ImportedRecord.objects.filter(key=entry.key).exists():
            with acting_as("import", reason="import"):
                rows = Rows()
                rows.prepare_places([entry], actor="import")
                one_at_a_time.take(entry, rows=rows, again=entry.key in seen, source="test")
        else:
            take(folder, things[number], fingerprint=f"one {number}")
        seen.add(entry.key)


def test_random_changes_are_written_as_one_at_a_time(tmp_path: Path) -> None:
    """New claims, joins, changes, withdrawals, titles, mapped ratings and repetitions, and a claim that is ours too."""
    _scale()
    for seed in range(3):
        with transaction.atomic():
            first, second = _records(random.Random(seed))
            take(tmp_path, *first)
            _own_review_of(first[0]["claimReviewed"])
            written = []
            for batch in (0, 7, 2_000):
                with transaction.atomic():
                    if batch:
                        take(tmp_path, *second, batch=batch, fingerprint="2")
                    else:
                        one_by_one(tmp_path, *second)
                    written.append(_written())
                    transaction.set_rollback(True)
            for other in written[1:]:
                assert _first_difference(written[0], other) is None
            transaction.set_rollback(True)


def _first_difference(one: dict[str, list[str]], other: dict[str, list[str]]) -> tuple[str, str, str] | None:
    for name, lines in one.items():
        for mine, theirs in zip_longest(lines, other[name], fillvalue=""):
            if mine != theirs:
                pairs = enumerate(zip_longest(mine, theirs))
                start = max(0, next(place for place, (a, b) in pairs if a != b) - 60)
                return f"{name}: {mine[:60]}", mine[start : start + 120], theirs[start : start + 120]
    return None


def _records(chance: random.Random) -> tuple[list[Json], list[Json]]:
    def record(number: int, publisher: int, **changes: Any) -> Json:
        name = "The Checkers" if publisher == 0 else f"Publisher {publisher}"
        return claim_review(
            number,
            url=f"https://publisher-{publisher}.example/{number // 2}",
            author={"@type": "Organization", "name": name},
            **changes,
        )

    def changes() -> Json:
        found: Json = {}
        for name, value in (
            ("dateModified", f"2025-0{chance.randint(1, 5)}-0{chance.randint(1, 9)}T10:00:00Z"),
            ("reviewRating", rated(chance.choice(["True", "False", "Mapped", "Half"]))),
            ("headline", f"Headline {chance.randint(1, 3)}"),
            ("description", f"Summary {chance.randint(1, 3)}"),
            ("creativeWorkStatus", "Withdrawn"),
            ("correction", f"Correction {chance.randint(1, 2)}"),
            ("inLanguage", chance.choice(["en", "en-GB"])),
            ("itemReviewed", _made_by(chance.choice(["A. Minister", "B. Rider"]), chance.choice("12"))),
            ("datePublished", None),
        ):
            if chance.random() < 0.3:
                found[name] = value
        return found

    first = [record(number, publisher, **changes()) for number in range(1, 9) for publisher in (0, 1)]
    second = [
        record(
            chance.randint(1, 12),
            chance.randint(0, 3),
            **changes() | ({"dateModified": f"2025-05-{day:02}"} if chance.random() < 0.8 else {}),
        )
        for day in range(1, 29)
    ]
    return first, second


def _made_by(name: str, page: str) -> Json:
    return {"@type": "Claim", "author": {"name": name}, "appearance": {"url": f"https://paper.example/{page}"}}


def _scale() -> None:
    publisher = Organisation.objects.create(name="The Checkers")
    scale = RatingScale.objects.create(organisation=publisher, name="Scale")
    Rating.objects.create(scale=scale, label="mapped", value=1, verdict="false")


def _own_review_of(text: str) -> None:
    claim = Review.objects.filter(claim__text=text).order_by("pk")[0].claim
    factories.published_review(claim)


def _written() -> dict[str, list[str]]:
    """What stands in the tables, with ids numbered in the order of the log and without the times of this run."""
    rows = list(Publication.objects.select_related("claim", "review", "body").order_by("sequence"))
    assert recomputed(rows) == [(row.line_sha256, row.hash) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(WRONG)
        assert cursor.fetchall() == []
    names: dict[str, str] = {}
    keys: dict[tuple[str, int], str] = {}

    def named(text: str) -> str:
        def name(found: re.Match[str]) -> str:
            return names.setdefault(found[0], f"{found[1]}_{len(names)}")

        text = re.sub(r"\b([a-z]{3})_[0-9a-z]{16}\b", name, text)
        return re.sub(rf"{datetime.now(UTC):%Y-%m-%d}[T ][0-9:.]+(Z|\+00:00)", "NOW", text)

    written = {"log": [], "rows": [], "audit": []}
    for row in rows:
        body = bytes(row.body.json).decode()
        written["log"].append(named(f"{row.sequence} {row.event} {row.audience} {row.version} {body}"))
    versions = ClaimVersion.objects.select_related("claim").order_by("claim__publications__sequence", "sequence_from")
    columns = [each.attname for each in ClaimVersion._meta.concrete_fields if each.attname not in {"id", "claim_id"}]
    written["index"] = [
        " | ".join(str(sorted(map(named, each))) if isinstance(each, list) else named(str(each)) for each in row)
        for row in versions.values_list(*columns)
    ]
    facets = FacetCount.objects.values_list("audience", "kind", "name", "bodies")
    written["counts"] = sorted(named(str(each)) for each in facets)
    tables = ("Claim", "Document", "Statement", "Appearance", "Article", "Review", "ReviewVersion", "ImportedRecord")
    asked = ImportConflict.objects.order_by("pk").values_list(
        "review__public_id", "doubt", "digest", "against", "state"
    )
    written["questions"] = [named(str(row)) for row in asked]

    def value(model: Any, row: dict[str, Any], field: Any) -> str:
        related = field.related_model.__name__ if field.related_model is not None else ""
        found = row[field.attname]
        return keys.get((related, found), "") if related else str(found)

    for table in tables:
        model = apps.get_model("claims", table)
        fields = [each for each in model._meta.concrete_fields if each.attname not in {"id", "created_at"}]
        for number, row in enumerate(model.objects.order_by("pk").values()):
            keys[table, row.get("id", 0)] = f"{table} {number}"
            written["rows"].append(named(f"{table} " + " | ".join(value(model, row, each) for each in fields)))
    for table in tables[:-1]:
        event = apps.get_model("claims", f"{table}Event")
        model = apps.get_model("claims", table)
        kept = {each.attname for each in event._meta.concrete_fields} - {"id", "created_at"}
        fields = [each for each in model._meta.concrete_fields if each.attname in kept]
        for row in event.objects.order_by("pgh_obj_id", "pgh_id").values():
            said = {name: row["pgh_context"][name] for name in ("actor", "reason")} if row["pgh_context"] else None
            written["audit"].append(
                named(f"{table} {row['pgh_label']} {said} " + " | ".join(value(model, row, each) for each in fields))
            )
    for name in ("rows", "audit"):  # a link that was ended and made again in one batch is made last
        written[name].sort(key=lambda line: (line.split()[0], line if line.startswith("Appearance") else ""))
    return written
