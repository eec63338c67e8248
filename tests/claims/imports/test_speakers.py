"""Who an imported claim is published as: the person that its own record names, with what that record says alone."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from claims.json_object import Json
from claims.models import ClaimVersion, PublicationBody, Speaker
from tests.claims.imports.test_importer import counts, take
from tests.claims.sample_claimreviews import claim_review

pytestmark = pytest.mark.django_db
ENTITY = "https://www.wikidata.org/entity/"
POET = {"@type": "Person", "name": "Lou Marsh", "jobTitle": "Poet"}
WARDEN = {"@type": "Person", "name": "Lou Marsh", "jobTitle": "Warden of Locks"}
BARE = {"@type": "Person", "name": "Lou Marsh"}
KNOWN = {"@type": "Person", "name": "Lou Marsh", "sameAs": f"{ENTITY}Q77"}


def said_by(number: int, author: Any, **properties: Any) -> Any:
    item = {"@type": "Claim", "author": author}
    return claim_review(number, itemReviewed=item, author={"name": f"Checker {number}"}, **properties)


def published() -> list[Json]:
    versions = ClaimVersion.objects.current("public").values("publication")
    rows = PublicationBody.objects.filter(publication__in=versions).order_by("publication")
    return [orjson.loads(bytes(json)) for json in rows.values_list("json", flat=True)]


def speakers() -> dict[str, tuple[str, str | None, str | None]]:
    """Name, role and Wikidata id of each claim's one speaker, as published, by the first word of the claim."""
    found = {}
    for body in published():
        (statement,) = body["statements"]
        speaker = statement["speaker"]
        found[body["text"].split()[0]] = speaker["name"], speaker["role"], speaker["wikidata_id"]
    return found


@pytest.mark.parametrize("together", [True, False], ids=["one file", "one after another"])
@pytest.mark.parametrize("order", [(1, 2, 3, 4), (4, 3, 2, 1)])
def test_nobody_takes_a_role_or_an_id_that_another_record_gave(
    tmp_path: Path, order: tuple[int, ...], together: bool
) -> None:
    things = {1: said_by(1, POET), 2: said_by(2, WARDEN), 3: said_by(3, BARE), 4: said_by(4, KNOWN)}
    for part in [order] if together else [(each,) for each in order]:
        take(tmp_path, *(things[number] for number in part))
    assert speakers() == {
        "1": ("Lou Marsh", "Poet", None),
        "2": ("Lou Marsh", "Warden of Locks", None),
        "3": ("Lou Marsh", None, None),
        "4": ("Lou Marsh", None, "Q77"),
    }
    assert Speaker.objects.count() == 4
    assert counts(take(tmp_path, *things.values())) == (0, 0, 4, 0)
    assert Speaker.objects.count() == 4


def test_a_row_found_by_its_wikidata_id_is_named_as_each_record_names_it(tmp_path: Path) -> None:
    other = {"@type": "Person", "name": "L. Marsh", "jobTitle": "Warden of Locks", "sameAs": f"{ENTITY}Q77"}
    take(tmp_path, said_by(1, KNOWN))
    take(tmp_path, said_by(2, other))
    assert speakers() == {"1": ("Lou Marsh", None, "Q77"), "2": ("L. Marsh", "Warden of Locks", "Q77")}
    assert Speaker.objects.count() == 1


@pytest.mark.parametrize("together", [True, False], ids=["one file", "one after another"])
def test_the_same_words_of_two_namesakes_are_two_statements(tmp_path: Path, together: bool) -> None:
    said = [
        said_by(n, author, claimReviewed="The lock holds nine barges.", url=f"https://x.example/{n}")
        for n, author in enumerate((POET, WARDEN, BARE), start=1)
    ]
    for part in [said] if together else [[each] for each in said]:
        take(tmp_path, *part)
    last = published()[-1]
    roles = {each["speaker"]["role"] for each in last["statements"]}
    assert roles == {"Poet", "Warden of Locks", None}


def test_records_that_say_the_same_of_a_person_share_a_row(tmp_path: Path) -> None:
    take(tmp_path, said_by(1, POET), said_by(2, BARE))
    take(tmp_path, said_by(3, POET), said_by(4, BARE), said_by(5, {"name": "Lou Marsh"}))
    assert Speaker.objects.count() == 2


def test_an_alias_that_people_gave_joins_unless_the_role_is_another(tmp_path: Path) -> None:
    row = Speaker.objects.create(name="Louise Marsh", aliases=["Lou Marsh"], role="Poet", kind="person")
    take(tmp_path, said_by(1, BARE), said_by(2, POET), said_by(3, WARDEN))
    assert Speaker.objects.exclude(pk=row.pk).get().role == "Warden of Locks"
