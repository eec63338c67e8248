"""Which speaker row an assertion gets: that of its name or alias, if nothing contradicts; else an editor decides."""

import pytest

from claims.models import Speaker
from claims.statements import ingest
from claims.statements.document_reader import read
from claims.statements.extracted import Assertion, Sureness
from claims.statements.speaker_rows import SpeakerRows, contradict

pytestmark = pytest.mark.django_db


def said(
    name: str | None, kind: str = "person", *roles: str, sureness: Sureness = Sureness.SURE, proper: bool = True
) -> Assertion:
    return Assertion(
        speaker=name,
        speaker_resolved=name,
        speaker_kind=kind,
        sureness=sureness,
        cue="said",
        content=(),
        quoted=False,
        proper=proper,
        role=frozenset(roles),
    )


def test_a_new_name_makes_a_speaker_once() -> None:
    rows = SpeakerRows()
    first, second = rows.of(said("Ida Moe")).row, rows.of(said("Ida Moe")).row
    assert first is not None and first == second
    assert (first.name, first.kind) == ("Ida Moe", "person")


@pytest.mark.parametrize(
    "assertion",
    [
        None,
        said(None),
        said("Ida Moe", sureness=Sureness.PROPOSED),
        said("Ida Moe", sureness=Sureness.NONE),
        said("Moe", proper=False),
        said("the police", "organisation", proper=False),
        said("\u200b"),
    ],
)
def test_who_is_not_surely_named_gets_no_row(assertion: Assertion | None) -> None:
    assert SpeakerRows().of(assertion).row is None
    assert not Speaker.objects.exists()


def test_a_row_is_found_by_its_alias_and_without_the_article() -> None:
    office = Speaker.objects.create(name="Roads Office", aliases=["Office of Roads"], kind="organisation")
    assert SpeakerRows().of(said("the Office of Roads", "organisation")).row == office
    assert SpeakerRows().of(said("the Roads Office", "organisation")).row == office
    assert Speaker.objects.count() == 1


@pytest.mark.parametrize(
    ("filed", "assertion"),
    [
        ([("organisation", "", "")], said("Ida Moe")),
        ([("person", "singer", "")], said("Ida Moe", "person", "works", "minister")),
        ([("person", "", "Q1"), ("person", "", "Q2")], said("Ida Moe")),
        ([("person", "singer", ""), ("person", "minister", "")], said("Ida Moe", "person", "minister")),
    ],
)
def test_a_row_that_contradicts_is_left_to_an_editor(filed: list[tuple[str, str, str]], assertion: Assertion) -> None:
    for kind, role, wikidata in filed:
        Speaker.objects.create(name="Ida Moe", kind=kind, role=role, wikidata_id=wikidata)
    found = SpeakerRows().of(assertion)
    assert found.row is None
    assert "Ida Moe" in found.unsure and found.unsure.endswith("choose one.")
    assert Speaker.objects.count() == len(filed)


@pytest.mark.parametrize(
    ("filed", "kind", "roles"),
    [
        ("", "person", {"minister"}),
        ("Works Minister", "person", {"minister"}),
        ("Member of Parliament, leader of the Left", "person", {"minister"}),
        ("singer", "person", set()),
        ("singer", "unknown", set()),
    ],
)
def test_a_row_that_does_not_contradict_is_taken(filed: str, kind: str, roles: set[str]) -> None:
    row = Speaker.objects.create(name="Ida Moe", kind="person", role=filed, wikidata_id="Q42")
    assert SpeakerRows().of(said("Ida Moe", kind, *roles)).row == row


@pytest.mark.parametrize(
    ("filed", "roles", "expected"),
    [
        ("singer", {"harbourmaster"}, True),
        ("Chief Justice", {"judge"}, False),
        ("Bürgermeisterin", {"stürmerin"}, True),
        ("ministra de Obras", {"ministra"}, False),
        ("of no known trade", {"minister"}, False),
    ],
)
def test_roles_that_contradict(filed: str, roles: set[str], expected: bool) -> None:
    assert contradict(filed, roles) is expected


def test_a_document_makes_speakers_of_those_alone_who_are_named_and_said_it() -> None:
    text = (
        "Works Minister Ida Moe said the dam holds. Police said two men fled. A friend of Karl Falk said he was well. "
        "Eva Orr never said that the road was closed. Ms Prim said it rained. Olga Vass and Nils Aas said it snowed."
    )
    document = read(text.encode(), filename="story.txt")
    ingest.store(document, ingest.statements(document.text))
    assert [s.name for s in Speaker.objects.all()] == ["Ida Moe"]


def test_an_attribution_says_why_its_speaker_is_left_to_an_editor() -> None:
    for _ in range(2):
        Speaker.objects.create(name="Ida Moe", kind="person")
    document = read(b"Works Minister Ida Moe said the dam holds.", filename="story.txt")
    row = ingest.store(document, ingest.statements(document.text))
    attribution = row.statements.get().attributions.get()
    assert attribution.speaker is None
    assert attribution.unsure == "Several speakers are called Ida Moe; choose one."
