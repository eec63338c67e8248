"""A text is told apart from a claim that is another one, and not from one that says the same in other words."""

from datetime import date

import pytest

from claims.matching.differences import Reading, differences, turns
from claims.matching.types import Why
from tests.claims.matching.differences.families import Family, families

FAMILIES = [each for name in ("pairs", "terms", "frames", "additions") for each in families(f"{name}.tsv")]


def found(language: str, text: str, claim: str, place: str = "", year: str = "") -> tuple[Why, ...]:
    period = (date(int(year), 1, 1), date(int(year), 12, 31)) if year else (None, None)
    return differences(text, claim, language=language, claim_language=language, period=period, place=place)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[1][:40])
def test_what_says_the_same_and_what_does_not(family: Family) -> None:
    language, claim, place, year, texts = family
    wrong = [
        (kind, text, whys)
        for kind, text in texts
        if bool(whys := found(language, text, claim, place, year)) == kind.startswith("=")
    ]
    assert not wrong


def test_a_claim_differs_in_nothing_from_itself() -> None:
    for language, claim, place, year, _ in FAMILIES:
        assert found(language, claim, claim, place, year) == ()


def test_says_what_differs_on_each_side() -> None:
    claim = "Rents in Tarnow Quay rose by 9 per cent in 2021."
    assert found("en", "Rents in Tarnow Quay fell by 9 per cent in 2021.", claim) == (Why("direction", "fell", "rose"),)
    assert found("en", "Rents in Tarnow Quay rose by 4 per cent in 2021.", claim) == (
        Why("number", "4 per cent", "9 per cent"),
    )
    assert found("en", "Rents in Tarnow Quay rose by 9 per cent in 2017.", claim) == (Why("date", "2017", "2021"),)
    assert found("en", "Rents in Tarnow Quay did not rise by 9 per cent in 2021.", claim) == (
        Why("negation", "not", ""),
    )


def test_the_period_of_a_claim_counts_as_its_words() -> None:
    claim = "The port of Selwick lost 300 jobs."
    assert found("en", "In 2020 the port of Selwick lost 300 jobs.", claim, year="2020") == ()
    assert found("en", "In 2023 the port of Selwick lost 300 jobs.", claim, year="2020") == (
        Why("period", "2023", "2020"),
    )


def test_across_languages_only_what_can_be_compared_differs() -> None:
    claim = "El puerto de Selwick perdió 300 empleos en 2020."
    ask = {"language": "en", "claim_language": "es"}
    assert differences("The port of Selwick lost 300 jobs in 2020.", claim, **ask) == ()
    assert differences("The port of Selwick lost 90 jobs in 2020.", claim, **ask) == (
        Why("number", "90 jobs", "300 empleos"),
    )
    assert differences("The port of Selwick lost 300 jobs in 2014.", claim, **ask) == (Why("date", "2014", "2020"),)
    assert differences("Germany closed its last mine.", "Francia cerró su última mina.", **ask) == (
        Why("place", "Germany", "Francia"),
    )


def test_a_sentence_of_a_long_text_is_compared_alone() -> None:
    text = (
        "Good morning all, the meeting is moved to 9 March and there will be no cake. My cousin in Harnsey says that "
        "chewing birch bark cures asthma. She is 74 and never ill. Pass it on to five friends!"
    )
    assert found("en", text, "Chewing birch bark cures asthma.") == ()
    assert any(map(turns, found("en", text.replace("cures", "does not cure"), "Chewing birch bark cures asthma.")))


def test_a_text_whose_language_is_not_known_is_read_in_the_language_of_the_claim() -> None:
    claim = "Der Hafen von Selwick hat 300 Stellen gestrichen."
    text = Reading("Hafen Selwick: keine 300 Stellen gestrichen", "")
    assert differences(text, claim, language="", claim_language="de")[0].code == "negation"


@pytest.mark.parametrize("text", ["", "?", "…", "#", "@", "12", "no", "不", "لا", "a" * 5000, "\ud800", "9" * 400])
def test_takes_any_text(text: str) -> None:
    differences(text, "Rents rose by 9 per cent.", language="en", claim_language="en")
    differences("Rents rose by 9 per cent.", text, language="en", claim_language="en")


CITY = "The city of Ambleton sold 40 trams to Orsk on 4 July 2017."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The city of Ambleton sold 40 trams to Orsk on 9 July 2017.", "date"),
        ("The city of Ambleton sold 40 trams to Orsk on 4 July 2011.", "date"),
        ("The city of Ambleton sold 43 trams to Orsk on 4 July 2017.", "number"),
        ("The city of Ambleton sold 40 trams to Perth on 4 July 2017.", "name"),
        ("The city of Ambleton has not sold 40 trams to Orsk on 4 July 2017.", "negation"),
    ],
)
def test_one_change_in_a_copy_is_seen(text: str, code: str) -> None:
    assert code in {why.code for why in found("en", text, CITY)}


@pytest.mark.parametrize(
    "text",
    [
        CITY.upper(),
        CITY.lower(),
        CITY.replace("trams", "tarms").replace("Ambleton", "Ambelton"),
        "Is it true that the city of Ambleton sold 40 trams to Orsk on 4 July 2017?",
        *(CITY[:length] for length in range(12, len(CITY), 3)),
    ],
)
def test_capitals_slips_questions_and_beginnings_are_no_differences(text: str) -> None:
    assert found("en", text, CITY) == ()


def test_a_headline_in_capitals_has_no_names_of_its_own() -> None:
    claim = "The city of Ambleton sold 40 trams."
    assert found("en", "Ambleton Sold 40 Trams", claim) == ()
    assert [why.code for why in found("en", "Ambleton Sold 40 Buses", claim)] == ["word"]


def test_denying_the_opposite_is_no_denial() -> None:
    claim = "Visitors to Ambleton prison are prohibited from smoking."
    assert found("en", "Visitors to Ambleton prison are not allowed to smoke.", claim) == ()
    assert found("en", "Visitors to Ambleton prison are not prohibited from smoking.", claim) != ()


@pytest.mark.parametrize("name", ["Kestrel Hill", "West Bay", "Ospray"])
def test_a_place_that_only_the_field_of_a_claim_names_is_held_against_another(name: str) -> None:
    claim = "The ministry of health cut 1,200 nursing posts."
    text = f"In {name}, the ministry of health cut 1,200 nursing posts."
    assert found("en", text, claim, place="Kestrel Bay") != ()
    assert found("en", text.replace(name, "Kestrel Bay"), claim, place="Kestrel Bay") == ()


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Donald Harrow said that Ilse Brandt was paid twice.", "Donald Stone said that Ilse Brandt was paid twice."),
        (
            "The firm wrote to “Orsk, Lower Quarter” by mistake.",
            "The firm wrote to “Orsk, Northern Harbour” by mistake.",
        ),
        ("Little Otter was a thief and a liar.", "Una Corby was a thief and a liar."),
    ],
)
def test_a_name_changed_in_part_is_another_name(text: str, claim: str) -> None:
    assert [why.code for why in found("en", text, claim)] == ["name"]


def test_a_short_word_with_a_letter_left_out_is_the_same_word() -> None:
    assert found("en", "A photograp shows Dug Williams in a cab.", "A photograph shows Doug Williams in a cab.") == ()


def test_a_message_that_hardly_speaks_of_a_claim_does_not_deny_it() -> None:
    text = "Don't touch the ants down at the river bank, they will ruin your day. Stay away."
    claim = "Floods carried islands of fire ants through the streets of Selwick and killed three dogs."
    assert "negation" not in {why.code for why in found("en", text, claim)}


def test_a_language_whose_denials_are_not_known_matches_the_same_words_alone() -> None:
    claim = "Мэрия закрыла старый рынок."
    assert found("ru", "мэрия закрыла старый рынок", claim) == ()
    assert [why.code for why in found("ru", "Мэрия не закрыла старый рынок.", claim)] == ["few_words"]


HARBOUR = "The mayor of Brenmoor sold the old harbour to a bank."
JACKET = "First Lady Melisande Orrel wore a jacket with a slogan on her way to visit children."


def test_the_first_word_behind_a_colon_is_no_name() -> None:
    assert found("en", "Hello all: Protestors say the mayor of Brenmoor sold the old harbour to a bank", HARBOUR) == ()
    assert found("en", "BREAKING: Mayor of Hexgate sold the old harbour to a bank", HARBOUR)[0].code == "place"


def test_a_name_ends_at_a_colon() -> None:
    [sentence] = Reading("He told us in Tarn: Kim Orrel is smarter.", "en").sentences
    assert [name.written for name in sentence.names] == ["Tarn", "Kim Orrel"]


def test_a_hashtag_of_several_words_denies_nothing() -> None:
    assert found("en", "The mayor of Brenmoor sold the old harbour to a bank #NeverForget", HARBOUR) == ()
    assert any(map(turns, found("en", "The mayor of Brenmoor never sold the old harbour to a bank", HARBOUR)))


def test_a_place_is_no_other_name_than_that_of_a_person() -> None:
    text = "The first lady wore a jacket with a slogan when she went to visit children in Texas"
    assert not any(map(turns, found("en", text, JACKET)))
    other = "First Lady Harriet Bloom wore a jacket with a slogan on her way to visit children."
    assert any(why.code == "name" for why in found("en", other, JACKET))


def test_a_name_that_the_text_adds_is_a_doubt_in_what_is_nearly_a_copy_alone() -> None:
    claim = "A video shows a woman pushing a priest off a stage after he insulted fat women."
    assert found("en", "In Brazil a priest insulted fat women, look what one woman does to him", claim) == ()
    added = "A video of Orvale Bay shows a woman pushing a priest off a stage after he insulted fat women."
    assert [why.code for why in found("en", added, claim)] == ["name"]


def test_two_who_say_the_same_in_their_own_words_put_no_word_for_another() -> None:
    claim = "President Orrel ignored advice from the minister of Tarn and impatiently dumped fish food into a koi pond."
    own = "President Orrel feeds fish with the minister of Tarn, then pours a box of food into the koi pond."
    assert found("en", own, claim) == ()
    copied = claim.replace("fish", "bird")
    assert found("en", copied, claim) == (Why("word", "bird", "fish"),)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (
            "Walt Press Secretary Sarah Orrel said that the camp of Tarn is closed for good.",
            "Walt Disney said that the camp of Tarn is closed for good.",
        ),
        (
            "A video shows a levitating car developed by Hexgate County Fire Department for the army.",
            "A video shows a levitating car developed by Volkswagen for the army.",
        ),
    ],
)
def test_a_longer_name_put_for_another_one_is_seen_in_a_copy(text: str, claim: str) -> None:
    assert found("en", text, claim)


def test_a_figure_or_a_year_more_is_a_doubt_in_what_is_nearly_a_copy_alone() -> None:
    claim = "A pregnant nurse was beaten by a soldier at the station of Brenmoor and lost her job."
    assert found("en", "A 7 month pregnant nurse, beaten by a soldier of Brenmoor", claim) == ()
    assert found("en", "Beaten by a soldier in 2019: a pregnant nurse of Brenmoor", claim) == ()
    copied = claim.replace("pregnant nurse", "nurse of 40 years")
    assert [why.code for why in found("en", copied, claim)] == ["number"]
    assert [why.code for why in found("en", f"In 2019, {claim[0].lower()}{claim[1:]}", claim)] == ["date"]
