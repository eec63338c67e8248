"""Ranked search: phrases, exclusions, alternatives, typos, accents, stems, beginnings, filters."""

import pytest

from claims.matching.words.leg import WordsLeg
from claims.matching.words.search import parse
from tests.claims.matching.sample_entries import (
    ALL,
    ARABIC,
    BEES,
    BRIDGE,
    CHINESE,
    DAM,
    FERRY,
    HINDI,
    HOSTILE,
    KOREAN,
    RENTS_2020,
    RENTS_2021,
    SCHOOL,
    TWIN,
    claim_id,
    entry,
)

MORE = tuple(entry(100 + number, f"Report {number} says that the council met on day {number}.") for number in range(40))


@pytest.fixture(scope="module")
def leg() -> WordsLeg:
    leg = WordsLeg()
    leg.add((*ALL, *MORE))
    leg.commit()
    return leg


def found(leg: WordsLeg, q: str, limit: int = 50, **filters: tuple[str, ...]) -> list[str]:
    return [hit.claim for hit in leg.search(q, limit=limit, filters=filters)]


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("dam", DAM),
        ("orrin dam", DAM),
        ("the dams", DAM),  # stem
        ("lost waters", DAM),
        ("dma orrin", DAM),
        ("orin dam", DAM),  # typo
        ("resevoir empty", DAM),  # typo in a title
        ("masst killing bees", BEES),  # letters swapped
        ("ines okafor", BEES),  # speaker
        ("okafo", BEES),  # beginning of a name
        ("tarnow bee", BEES),
        ("ecoles fermees", SCHOOL),  # no accents
        ("école fermé", SCHOOL),  # other endings
        ("brucke lenne", BRIDGE),
        ("gesperrte Brücken", BRIDGE),
        ("图书馆", CHINESE),
        ("市政府 图书馆", CHINESE),
        ("المدارس", ARABIC),
        ("مدارس النور", ARABIC),  # without the article
        ("पुस्तकालय", HINDI),
        ("도서관", KOREAN),
        ("도서관은 폐쇄", KOREAN),  # another particle
        ("halland isl", FERRY),
    ],
)
def test_the_claim_is_first(leg: WordsLeg, q: str, wanted: object) -> None:
    first = next(each for each in ALL if each is wanted)
    twins = {FERRY.id, TWIN.id} if first is FERRY else {first.id}
    assert found(leg, q)[0] in twins


def test_all_words_come_before_some(leg: WordsLeg) -> None:
    hits = found(leg, "tarnow bees")
    assert hits[0] == BEES.id
    assert {RENTS_2020.id, RENTS_2021.id} <= set(hits[1:])


def test_a_phrase_must_stand_there(leg: WordsLeg) -> None:
    assert found(leg, '"island will be"') == [TWIN.id, FERRY.id] or found(leg, '"island will be"') == [
        FERRY.id,
        TWIN.id,
    ]
    assert found(leg, '"be will island"') == []
    assert found(leg, '"ferry stays"') == [TWIN.id]  # a title
    assert found(leg, "“will be scrapped” stays")[0] == TWIN.id


def test_a_phrase_in_a_script_without_spaces(leg: WordsLeg) -> None:
    assert found(leg, '"所有图书馆"') == [CHINESE.id]
    assert found(leg, '"图书馆所有"') == []


def test_what_is_excluded_is_not_there(leg: WordsLeg) -> None:
    assert found(leg, "tarnow -bees") == sorted([RENTS_2020.id, RENTS_2021.id])
    assert set(found(leg, 'ferry -"ferry stays"')) == {FERRY.id}
    assert found(leg, "-bees") == []


def test_a_hyphen_within_a_word_excludes_nothing(leg: WordsLeg) -> None:
    assert found(leg, "phone-masts")[0] == BEES.id


@pytest.mark.parametrize("q", ["bees or orrin", "bees OR orrin"])
def test_one_of_two_is_enough(leg: WordsLeg, q: str) -> None:
    assert set(found(leg, q)[:2]) == {BEES.id, DAM.id}


def test_a_whole_post_finds_its_claim(leg: WordsLeg) -> None:
    post = (
        "Did you see this?? They say the Orrin dam has lost one third of all its water back in 2019 and no paper writes"
    )
    assert found(leg, post)[0] == DAM.id


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"organisation": ("org_b",)}, {TWIN.id, SCHOOL.id}),
        ({"organisation": ("org_a", "org_b")}, {TWIN.id, FERRY.id, SCHOOL.id}),
        ({"language": ("de",)}, {BRIDGE.id}),
        ({"language": ("de-AT",)}, {BRIDGE.id}),
        ({"language": ("de-CH",)}, set()),
        ({"language": ("d",)}, set()),
        ({"topic": ("roads", "bees")}, {BRIDGE.id, BEES.id}),
        ({"speaker": ("ines okafor",)}, {BEES.id}),
        ({"topic": ("bees",), "language": ("fr",)}, set()),
        ({"topic": ()}, {TWIN.id, FERRY.id, SCHOOL.id, BRIDGE.id, BEES.id}),
    ],
)
def test_filters(leg: WordsLeg, filters: dict[str, tuple[str, ...]], wanted: set[str]) -> None:
    assert set(found(leg, "ferry or écoles or brücke or bees", **filters)) == wanted


def test_an_unknown_filter_is_refused(leg: WordsLeg) -> None:
    with pytest.raises(ValueError, match="colour is no filter"):
        leg.search("dam", limit=5, filters={"colour": ("blue",)})


def test_the_limit_and_the_order_of_scores(leg: WordsLeg) -> None:
    hits = leg.search("council", limit=7, filters={})
    assert len(hits) == 7
    scores = [hit.score for hit in leg.search("council tarnow bees", limit=50, filters={})]
    assert scores == sorted(scores, reverse=True)


def test_each_claim_comes_once(leg: WordsLeg) -> None:
    hits = found(leg, "the ferry to halland island")
    assert len(hits) == len(set(hits))
    assert set(hits[:2]) == {FERRY.id, TWIN.id}


def test_a_word_that_was_corrected_does_not_hide_one_that_is_there(leg: WordsLeg) -> None:
    leg = WordsLeg()
    leg.add([entry(number, "The Orrin dam is safe.") for number in range(1, 9)])
    leg.add([entry(9, "The Orin brothers won.")])
    leg.commit()
    assert found(leg, "orin")[0] == claim_id(9)


@pytest.mark.parametrize("q", HOSTILE, ids=lambda q: ascii(q[:12]))
def test_a_hostile_search_gets_an_answer(leg: WordsLeg, q: str) -> None:
    for text in (q, f'"{q}"', f"-{q}", f"dam or {q}"):
        assert len(found(leg, text.encode("utf-8", "replace").decode(), limit=5)) <= 5


def test_how_a_search_is_read() -> None:
    parsed = parse('Rents or prices "in tarnow" -bees -"nine percent" -5 ros')
    assert parsed.phrases == [["in", "tarnow"]]
    assert parsed.excluded == [["bees"], ["nine", "percent"]]
    assert parsed.wanted == [["rents", "prices"], ["5"], ["ros"]]
    assert parsed.beginning == "ros"
    assert parse("rents ").beginning == ""
