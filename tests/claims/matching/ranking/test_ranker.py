"""The ranker chooses how to compare by what the two texts share, and takes agreement for likelihood."""

import json

import pytest

from claims.matching.candidates import Found
from claims.matching.leg import Query
from claims.matching.ranking.features import ENGLISH, MULTILINGUAL, NAMES, WORDS, features
from claims.matching.ranking.ranker import WEIGHTS_FILE, TrainedRanker, footing, weights
from claims.matching.types import ClaimEntry

LEGS = {ENGLISH, MULTILINGUAL, WORDS}


def found(text, *, language="en", titles=(), rank=0, **scores):
    """What legs say of a claim: `english`, `multilingual` and `words` scores."""
    names = {"english": ENGLISH, "multilingual": MULTILINGUAL, "words": WORDS}
    by_leg = {names[name]: score for name, score in scores.items()}
    return Found(
        ClaimEntry(f"clm_{abs(hash(text))}", 1, text, language, titles), titles, by_leg, dict.fromkeys(by_leg, rank)
    )


def row(query, *claims):
    return [dict(zip(NAMES, each, strict=True)) for each in features(query, claims)]


ASKED = Query("Is it so that the Lindmark ferry lost 43 passengers in 2019?", "en")
RIGHT = found("The ferry of Lindmark lost 43 passengers in 2019.", english=0.86, multilingual=0.92, words=31.0)
LIKE = found("The ferry of Oldport lost 12 crates.", rank=1, english=0.55, multilingual=0.84, words=12.0)
OTHER = found("Bakers must close on Sundays.", rank=2, english=0.05, multilingual=0.74, words=2.0)


def test_what_agrees_is_likely_and_the_rest_is_not():
    right, like, other = TrainedRanker().probabilities(ASKED, [RIGHT, LIKE, OTHER])
    assert right > 0.5
    assert like < 0.1
    assert other < 0.01
    assert TrainedRanker().probabilities(ASKED, []) == []


@pytest.mark.parametrize(
    ("language", "scores"),
    [
        ("en", {"english": 0.12, "multilingual": 0.77}),
        ("en", {"english": 0.12, "multilingual": 0.77, "words": 3.0}),
        ("en", {"english": 0.12}),
        ("de", {"multilingual": 0.77}),
        ("es", {"multilingual": 0.77}),
    ],
)
@pytest.mark.parametrize("others", [[], [found("Trams run at night.", rank=1, english=0.02, multilingual=0.71)]])
def test_the_only_claims_there_are_not_likely_for_being_the_best(language, scores, others):
    only = found("Bakers must close on Sundays.", language="de" if language == "de" else "en", **scores)
    assert max(TrainedRanker().probabilities(Query(ASKED.text, language), [only, *others])) < 0.02


def test_the_only_claim_there_is_likely_where_it_agrees():
    assert TrainedRanker().probabilities(ASKED, [RIGHT])[0] > 0.4


def test_the_same_text_is_certain_even_if_no_leg_found_it():
    same = found("Is it so that the Lindmark ferry lost 43 passengers in 2019")
    assert TrainedRanker().probabilities(ASKED, [LIKE, same, OTHER])[1] == 0.99


def test_without_legs_by_meaning_words_alone_make_no_match():
    by_words = found("The ferry of Lindmark lost 43 passengers in 2019.", words=31.0)
    assert 0 < TrainedRanker().probabilities(ASKED, [by_words])[0] < 0.5


def test_hundreds_of_claims_have_an_order():
    many = [
        found(f"Claim {number} of the ferry", rank=number, words=200.0 - number, english=0.4) for number in range(200)
    ]
    probabilities = TrainedRanker().probabilities(ASKED, many)
    assert len(probabilities) == 200
    assert max(probabilities[100:]) < 0.002


@pytest.mark.parametrize(
    ("language", "text", "claim_language", "claim", "legs", "expected"),
    [
        ("en", "The dam is safe", "en", "The dam holds", LEGS, "english"),
        ("en", "The dam is safe", "en", "The dam holds", {ENGLISH, WORDS}, "english_alone"),
        ("de", "Der Damm ist sicher", "de", "Der Damm hält", LEGS, "multilingual"),
        ("de", "Der Damm ist sicher", "en", "The dam holds", LEGS, "foreign"),
        ("", "The dam is safe", "en", "The dam is dry", LEGS, "multilingual"),
        ("", "Der Staudamm hält", "en", "The reservoir is dry", LEGS, "foreign"),
        ("en", "堤坝是安全的", "en", "The dam holds", LEGS, "foreign"),
        ("hi", "बांध सुरक्षित है", "hi", "बांध सूखा है", LEGS, "multilingual"),
        ("en", "The dam is safe", "en", "The dam holds", {MULTILINGUAL, WORDS}, "multilingual"),
    ],
)
def test_the_footing_is_chosen_by_language_script_and_shared_words(
    language, text, claim_language, claim, legs, expected
):
    query, other = Query(text, language), found(claim, language=claim_language, words=1.0)
    assert footing(query, other, features(query, [other])[0], legs) == expected


def test_a_claim_in_another_language_is_found_by_meaning_alone():
    query = Query("El transbordador de Lindmark perdió 43 pasajeros en 2019", "es")
    nearest = found("The ferry of Lindmark lost 43 passengers in 2019.", multilingual=0.88, english=0.1)
    further = found("The ferry of Oldport lost 12 crates.", rank=1, multilingual=0.81, english=0.3)
    first, second = TrainedRanker().probabilities(query, [nearest, further])
    assert first > 5 * second


def test_a_nearer_claim_in_another_language_beats_one_in_the_same_that_shares_function_words_alone():
    query = Query("蜜蜂可以在黑暗中认路", "zh")
    right = found("Bees can find their way in the dark.", multilingual=0.856)
    wrong = found("土豆可以治好感冒。", language="zh", rank=1, multilingual=0.854, words=2.0)
    of_right, of_wrong = TrainedRanker().probabilities(query, [right, wrong])
    assert of_right > of_wrong


def test_features_tell_numbers_names_and_typos_apart():
    right, like, _ = row(ASKED, RIGHT, LIKE, OTHER)
    assert right["numbers_covered"] == pytest.approx(2 / 3)
    assert right["numbers_missing"] == right["names_missing"] == 0
    assert like["numbers_missing"] == pytest.approx(1 / 3)
    assert like["names_missing"] == pytest.approx(1 / 3)
    typos = row(Query("The fery of Lindmrak lots 43 pasengers in 2019", "en"), RIGHT)[0]
    assert typos["letters_covered"] > 0.4
    assert right["english_below"] == pytest.approx(0.55 - 0.86), "of the best, by how much it leads"
    assert like["english_below"] == pytest.approx(0.86 - 0.55)


def test_a_title_counts_as_the_claim_does():
    titled = found("Passengers vanished.", titles=("Did the Lindmark ferry lose 43 passengers in 2019?",), words=3.0)
    plain = found("Passengers vanished.", words=3.0)
    with_title, without = row(ASKED, titled, plain)
    assert with_title["title_covered"] > 0.8 > without["title_covered"]


def test_weights_name_columns_that_exist_and_have_the_sign_they_should():
    stored = json.loads(WEIGHTS_FILE.read_text())
    assert set(stored) == set(weights()) == {"english", "english_alone", "multilingual", "foreign"}
    for each in stored.values():
        assert set(each["weights"]) <= set(NAMES)
        assert all(weight < 0 for name, weight in each["weights"].items() if name.endswith(("_below", "_missing")))
