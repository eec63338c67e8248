"""The engine: matches of texts, and what is applied to a base."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from claims.matching.candidates import Found
from claims.matching.engine import Engine
from claims.matching.leg import Candidate, Query
from claims.matching.types import ClaimEntry, Match, Tier
from tests.claims.matching.sample_entries import (
    ALL,
    ARABIC,
    BEES,
    BRIDGE,
    CHINESE,
    DAM,
    FERRY,
    HOSTILE,
    RENTS_2020,
    RENTS_2021,
    SCHOOL,
    TWIN,
    claim_id,
    entry,
)

MESSAGE = (
    "Dear neighbours, please pass this on to everybody you know before the weekend! My cousin works at the town hall "
    "and swears that it is true. {claim} Nobody in the papers dares to write about it, they are all in it together. "
    "We meet on Saturday at ten in front of the bakery as always, bring some cake and something to drink. Yours, Ada"
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("base")
    assert Engine.write(folder, ALL) == len(ALL)
    return Engine(folder)


@pytest.fixture
def empty() -> Engine:
    return Engine()


def test_the_words_of_a_claim_are_a_match(engine: Engine) -> None:
    [[match, *_]] = engine.match([DAM.text.upper()], "en", 5)
    assert (match.claims, match.tier) == ((DAM.id,), Tier.MATCH)
    assert [why.code for why in match.why] == ["same_words"]
    assert {"ORRIN", "DAM", "WATER", "2019"} <= set(match.terms)


def test_words_alone_do_not_tell_of_meaning(engine: Engine) -> None:
    [[match, *_]] = engine.match(["In 2019 the Orrin dam lost much of its water"], "en", 5)
    assert match.claims == (DAM.id,) and not match.by_meaning and 0 < match.shared < 1
    assert "same_meaning" not in {why.code for why in match.why}
    [[match, *_]] = engine.match(["In 2019 the Orrin reservoir lost a third, they say, of its dam's water"], "en", 5)
    assert match.claims == (DAM.id,) and match.tier == Tier.POSSIBLE, "all its words in another order"


def test_claims_of_one_text_are_one_answer(engine: Engine) -> None:
    [matches] = engine.match([FERRY.text], "en", 5)
    assert sorted([*matches[0].claims, *(claim for claim, _ in matches[0].others)]) == [FERRY.id, TWIN.id]
    assert not {FERRY.id, TWIN.id} & {claim for match in matches[1:] for claim in match.claims}


def test_claims_of_two_periods_are_one_answer(engine: Engine) -> None:
    [matches] = engine.match(["Rents in Tarnow rose by nine percent in 2021."], "en", 5)
    first = {*matches[0].claims, *(claim for claim, _ in matches[0].others)}
    assert first == {RENTS_2020.id, RENTS_2021.id}


def test_a_claim_inside_a_long_message_is_found(engine: Engine) -> None:
    for claim in (DAM, BEES, SCHOOL, CHINESE):
        [matches] = engine.match([MESSAGE.format(claim=claim.text)], "en", 5)
        assert matches[0].claims == (claim.id,)
        assert "part_of_text" in {why.code for why in matches[0].why}


def test_each_text_has_its_own_answer_and_the_limit_holds(engine: Engine) -> None:
    results = engine.match([DAM.text, BEES.text, "", "dam ferry bees rents Tarnow"], "en", 2)
    assert [len(matches) <= 2 for matches in results] == [True] * 4
    assert (results[0][0].claims, results[1][0].claims, results[2]) == ((DAM.id,), (BEES.id,), [])


def test_scores_are_probabilities_and_fall(engine: Engine) -> None:
    [matches] = engine.match(["the dam, the ferry and the bees of Tarnow"], "en", 10)
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_what_is_applied_is_seen_at_once(empty: Engine) -> None:
    empty.apply([DAM, BEES], [])
    assert empty.match([DAM.text], "en", 1)[0][0].claims == (DAM.id,)
    empty.apply([entry(3, "The tower of Holm leans.")], [DAM.id, "clm_that_is_not_there"])
    assert DAM.id not in {claim for match in empty.match([DAM.text], "en", 9)[0] for claim in match.claims}
    assert empty.match(["The tower of Holm leans"], "en", 1)[0][0].claims == (BEES.id,)
    assert empty.state()["claims"] == 1


def test_what_is_applied_lies_over_the_base(tmp_path: Path) -> None:
    Engine.write(tmp_path, ALL)
    engine = Engine(tmp_path)
    engine.apply([entry(1, "The Orrin dam is full."), entry(40, FERRY.text)], [BEES.id])
    [[first, *_]] = engine.match(["The Orrin dam is full"], "en", 5)
    assert first.claims == (DAM.id,)
    assert BEES.id not in {claim for match in engine.match([BEES.text], "en", 9)[0] for claim in match.claims}
    [[ferry, *_]] = engine.match([FERRY.text], "en", 5)
    assert {*ferry.claims, *(claim for claim, _ in ferry.others)} == {FERRY.id, TWIN.id, claim_id(40)}
    assert engine.state()["claims"] == len(ALL)
    assert engine.state()["later"] == 3
    ids, sequences = engine.sequences()
    expected = {each.id: each.sequence for each in ALL if each is not BEES} | {claim_id(40): 40}
    assert dict(zip((each.decode() for each in ids.tolist()), sequences.tolist(), strict=True)) == expected
    assert ids.tolist() == sorted(ids.tolist())


def test_an_empty_engine_finds_nothing(empty: Engine, tmp_path: Path) -> None:
    Engine.write(tmp_path, [])
    for engine in (empty, Engine(tmp_path)):
        assert engine.match(["The dam"], "en", 5) == [[]]
        assert engine.search("dam", limit=5, filters={}) == []
        assert engine.state()["claims"] == 0


class _Backwards:
    """A ranker that likes best what the words found last."""

    def weighs(self, legs: Collection[str]) -> int | None:
        return None

    def probabilities(self, query: Query, found: Sequence[Found]) -> list[float]:
        return [0.1 + 0.01 * each.ranks.get("words", 0) for each in found]


def test_the_ranker_decides_on_the_order() -> None:
    engine = Engine(ranker=_Backwards())
    engine.apply([DAM, BEES, FERRY], [])
    text = "The Orrin dam lost water while the ferry of Halland ran"
    assert engine.match([text], "en", 2)[0][0].claims != first_by_words(text)


def first_by_words(text: str) -> tuple[str, ...]:
    engine = Engine()
    engine.apply([DAM, BEES, FERRY], [])
    return engine.match([text], "en", 1)[0][0].claims


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_a_hostile_text_gets_an_answer(engine: Engine, text: str) -> None:
    [matches] = engine.match([text], "en", 5)
    assert len(matches) <= 5
    for match in matches:
        "".join([*match.terms, *(why.text for why in match.why)]).encode()
    assert len(engine.search(text, limit=5, filters={})) <= 5


class _Echo:
    """A leg that finds every claim it was told, for any text."""

    name = "echo"

    def __init__(self) -> None:
        self.ids: list[str] = []

    def add(self, entries: Iterable[ClaimEntry]) -> None:
        self.ids += [each.id for each in entries]

    def remove(self, ids: Iterable[str]) -> None:
        self.ids = [each for each in self.ids if each not in set(ids)]

    def commit(self) -> None:
        pass

    def candidates(self, query: Query, limit: int) -> list[Candidate]:
        return [Candidate(each, 1.0) for each in self.ids[:limit]]

    def scores(self, query: Query, ids: Sequence[str]) -> list[float | None]:
        return [1.0 if each in self.ids else None for each in ids]

    def state(self) -> Mapping[str, int]:
        return {"claims": len(self.ids), "pending": 0}


def test_legs_that_come_later_are_asked_and_told_what_changes(empty: Engine) -> None:
    empty.apply([DAM], [])
    echo = _Echo()
    echo.add([DAM])
    engine = empty.with_legs([echo], ranker=_Backwards())
    engine.apply([BEES], [])
    assert {match.claims for match in engine.match(["Zeppelin"], "en", 5)[0]} == {(DAM.id,), (BEES.id,)}
    assert engine.state()["legs"]["echo"] == {"claims": 2, "pending": 0}
    engine.apply([], [DAM.id])
    assert {match.claims for match in engine.match(["Zeppelin"], "en", 5)[0]} == {(BEES.id,)}


def test_a_match_needs_a_text_that_is_read_whole() -> None:
    engine = Engine(ranker=_Sure())
    engine.apply([DAM], [])
    long = f"{DAM.text} " + "nobody reads on " * 200
    assert engine.match([DAM.text], "en", 1)[0][0].tier == Tier.MATCH
    assert len(long) > 2_000
    assert all(match.tier != Tier.MATCH for match in engine.match([long], "en", 1)[0] if not _of_part(match))


def test_a_text_of_many_sentences_is_compared_in_bounded_time() -> None:
    engine = Engine(ranker=_Sure())
    engine.apply([DAM, BEES, FERRY], [])
    for text in ("no not never dam " * 600, "水" * 10_000, "Jan. 5, 2020 dam " * 600, "dam rose, bees fell; " * 500):
        before = time.process_time()
        engine.match([text], "en", 5)
        assert time.process_time() - before < 5, text[:20]


class _Sure:
    """A ranker that takes every claim for the right one."""

    def weighs(self, legs: Collection[str]) -> int | None:
        return None

    def probabilities(self, query: Query, found: Sequence[Found]) -> list[float]:
        return [0.98] * len(found)


def _of_part(match: Match) -> bool:
    return "part_of_text" in {why.code for why in match.why}


class _Few(_Backwards):
    """A ranker that looks at two claims, and keeps which."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def weighs(self, legs: Collection[str]) -> int | None:
        assert list(legs) == ["words"]
        return 2

    def probabilities(self, query: Query, found: Sequence[Found]) -> list[float]:
        self.given = [each.entry.text for each in found]
        return super().probabilities(query, found)


def test_the_ranker_is_given_the_very_text_and_the_nearest_of_those_it_looks_at() -> None:
    ranker = _Few()
    engine = Engine(ranker=ranker)
    texts = ["The mill burns.", *(f"The old mill burns {number} times, and the mill burns." for number in range(9))]
    engine.apply([ClaimEntry(f"clm_{n}", n + 1, text, "en") for n, text in enumerate(texts)], [])
    engine.match(["The mill burns!"], "en", 5)
    assert len(ranker.given) == 2 and ranker.given[0] == "The mill burns."


@pytest.mark.parametrize("language", ["", "en", "fr", "zh", "und"])
@pytest.mark.parametrize("claim", [DAM, SCHOOL, BRIDGE, CHINESE, ARABIC], ids=lambda claim: str(claim.language))
def test_the_very_words_are_a_match_whatever_the_language_is_said_to_be(
    engine: Engine, claim: ClaimEntry, language: str
) -> None:
    [[match, *_]] = engine.match([claim.text], language, 5)
    assert (match.claims, match.tier) == ((claim.id,), Tier.MATCH)
    assert "foreign_language" not in {why.code for why in match.why}


def test_nearly_the_words_are_in_the_language_of_the_claim() -> None:
    engine = Engine(ranker=_Sure())
    herons = entry(1, "Kalte Flügel lähmen Graureiher.", "de")
    engine.apply([herons, entry(2, "Juice of nettles heals herons.", "en")], [])
    for text, claim in (("Kalte Flügel lähmen die Graureiher", 1), ("The juice of nettles heals the herons", 2)):
        first = engine.match([text], "", 5)[0][0]
        assert first.claims == (claim_id(claim),)
        assert "foreign_language" not in {why.code for why in first.why}, text
    for match in engine.match(["Nettle juice is good for grey herons"], "en", 5)[0]:
        assert ("foreign_language" in {why.code for why in match.why}) == (match.claims == (herons.id,))


def test_each_of_a_few_sentences_is_found(engine: Engine) -> None:
    [matches] = engine.match([f"{BEES.text} {FERRY.text} {DAM.text}"], "en", 5)
    found = {claim: match for match in matches for claim in match.claims}
    for claim in (BEES, FERRY, DAM):
        assert "part_of_text" in {why.code for why in found[claim.id].why}


@pytest.mark.parametrize(
    "text", ["https://orrin.example/2019/dam-lost-water", "orrin.example/dam/water", " www.dam.example "]
)
def test_an_address_says_nothing(text: str) -> None:
    engine = Engine(ranker=_Sure())
    engine.apply([DAM, BEES], [])
    assert engine.match([text], "en", 5) == [[]]


class _Hub:
    """A ranker that finds every claim a little likely, as claims near to any text are."""

    def __init__(self, probability: float) -> None:
        self._probability = probability

    def weighs(self, legs: Collection[str]) -> int | None:
        return None

    def probabilities(self, query: Query, found: Sequence[Found]) -> list[float]:
        return [self._probability] * len(found)


def test_what_is_unlikely_is_no_answer_to_a_short_text() -> None:
    short = "The dam, what else is new"
    post = f"{short}, we said to each other on the way to the bakery, and then it rained all day long"

    def tiers(text: str, probability: float) -> list[Tier]:
        engine = Engine(ranker=_Hub(probability))
        engine.apply([entry(1, "The dam is warm."), entry(2, "The dam is a heron sanctuary.")], [])
        return [match.tier for match in engine.match([text], "en", 5)[0]]

    assert tiers(short, 0.03) == []
    assert tiers(short, 0.05) == [Tier.POSSIBLE] * 2
    assert tiers(post, 0.03) == [Tier.RELATED] * 2, "a post says much beside its claim"
    assert tiers(post, 0.005) == [Tier.RELATED] * 2, "it may be the claim that somebody looks for"
    assert tiers(post, 0.002) == []


def test_a_sentence_does_not_hide_what_the_others_say() -> None:
    engine = Engine(ranker=_Hub(0.9))
    engine.apply([entry(1, "The dam of Orrin leaks. The herons that sleep there come from Tarnow.")], [])

    def tier(text: str) -> Tier:
        return engine.match([text], "en", 1)[0][0].tier

    assert tier("The dam of Orrin leaks. The herons that sleep there come from Tarnow!") == Tier.MATCH
    assert tier("The dam of Orrin leaks. The herons that sleep there come from Holm.") != Tier.MATCH


class _Counting(_Echo):
    """A leg that knows every claim and counts by how many texts it was searched."""

    def __init__(self) -> None:
        super().__init__()
        self.searched: list[str] = []

    def candidates(self, query: Query, limit: int) -> list[Candidate]:
        self.searched.append(query.text)
        return super().candidates(query, limit)


def test_the_sentences_of_a_short_text_are_looked_for_among_what_it_finds() -> None:
    leg = _Counting()
    engine = Engine(legs=[leg], ranker=_Hub(0.9))
    engine.apply([DAM, BEES], [])
    short = f"They told me two things. {DAM.text} {BEES.text}"
    found = {claim for match in engine.match([short], "en", 5)[0] for claim in match.claims}
    assert (found, leg.searched) == ({DAM.id, BEES.id}, [short])
    long = " ".join([short, "And then we went on to talk of the weather, which was bad for all of the week."] * 4)
    engine.match([long], "en", 5)
    assert len(leg.searched) > 2, "a long text may say anything in one of its sentences"


def test_an_unlikely_claim_with_another_figure_is_related() -> None:
    engine = Engine(ranker=_Hub(0.03))
    engine.apply([entry(1, "The dam lost 30 percent of its water.")], [])
    [match] = engine.match(["The dam lost 45 percent of its water"], "en", 5)[0]
    assert (match.tier, match.why[0].code) == (Tier.RELATED, "number")


@pytest.mark.parametrize("text", ["the", "in the", "is of a", "It is.", "a", "a b c.", "To be of the, or not to be"])
def test_words_that_say_nothing_find_nothing(engine: Engine, text: str) -> None:
    assert engine.match([text], "en", 5) == [[]]
    assert engine.match([text], "", 5) == [[]]


def test_one_word_that_says_something_is_looked_for(engine: Engine) -> None:
    for text in ("ferry", "the ferry", "2019"):
        assert engine.match([text], "en", 5) != [[]], text


@pytest.mark.parametrize("text", ["US", "the US", "the WHO", "IT"])
def test_an_abbreviation_that_reads_like_such_a_word_is_looked_for(text: str) -> None:
    engine = Engine(ranker=_Hub(0.5))
    engine.apply([entry(1, "The US and the WHO agreed on IT rules.")], [])
    assert engine.match([text], "en", 5) != [[]]
    assert engine.match(["THE OF"], "en", 5) == [[]], "a shouted text has no abbreviations"


def test_a_claim_of_such_words_is_found_by_them() -> None:
    engine = Engine()
    to_be = entry(41, "To be, or not to be.")
    engine.apply([to_be, *ALL], [])
    for text in ("to be or not to be", to_be.text):
        [[match]] = engine.match([text], "en", 5)
        assert match.claims == (to_be.id,)
