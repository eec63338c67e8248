"""A new entry of a series is no edit of the one before, also where that one went into an archive."""

import pytest

from sources.quotes.locate import Result, locate, select
from sources.quotes.normalization import normal
from sources.quotes.place.series import other_entry

STANDS = (Result.INTACT, Result.MOVED)

# The entry that stood first, the next one, and an edit of the first.
ENTRIES = {
    "week": (
        "Week 12: 38 patients were counted, and 3 of them died.",
        "Week 13: 31 patients were counted, and 1 of them died.",
        "Week 12: 31 patients were counted, and 1 of them died.",
    ),
    "date": (
        "On 5 May 38 patients were counted in the wards of the district.",
        "On 12 May 31 patients were counted in the wards of the district.",
        "On 5 May 31 patients were counted in the wards of the district.",
    ),
    "within": (
        "The wards held 38 patients in week 12, the office said.",
        "The wards held 31 patients in week 13, the office said.",
        "The wards held 31 patients in week 12, the office said.",
    ),
    "year": (
        "In 2024 the office counted 38 patients who died in the district.",
        "In 2025 the office counted 31 patients who died in the district.",
        "In 2024 the office counted 31 patients who died in the district.",
    ),
    "subject": (
        "The northern wards took 38 patients and sent 3 of them to the capital.",
        "The clinic of the seamen took 12 patients and sent 9 of them to the capital.",
        "The northern wards took 12 patients and sent 9 of them to the capital.",
    ),
    "de": (
        "In der 12. Woche wurden im Bezirk 38 Kranke gezählt, 3 starben.",
        "In der 13. Woche wurden im Bezirk 31 Kranke gezählt, 1 starb.",
        "In der 12. Woche wurden im Bezirk 31 Kranke gezählt, 1 starb.",
    ),
    "es": (
        "Semana 12: los hospitales contaron 38 enfermos, de los que murieron 3.",
        "Semana 13: los hospitales contaron 31 enfermos, de los que murieron 2.",
        "Semana 12: los hospitales contaron 31 enfermos, de los que murieron 2.",
    ),
    "fr": (
        "Le 5 mai, les hôpitaux ont compté 38 malades dans le district.",
        "Le 12 mai, les hôpitaux ont compté 31 malades dans le district.",
        "Le 5 mai, les hôpitaux ont compté 31 malades dans le district.",
    ),
    "hi": (
        "सप्ताह 12 में अस्पतालों ने 38 मरीज़ गिने और 3 की मौत हुई।",
        "सप्ताह 13 में अस्पतालों ने 31 मरीज़ गिने और 1 की मौत हुई।",
        "सप्ताह 12 में अस्पतालों ने 31 मरीज़ गिने और 1 की मौत हुई।",
    ),
    "ar": (
        "في الأسبوع 12 أحصت المستشفيات 38 مريضا ومات منهم 3.",
        "في الأسبوع 13 أحصت المستشفيات 31 مريضا ومات منهم 2.",
        "في الأسبوع 12 أحصت المستشفيات 31 مريضا ومات منهم 2.",
    ),
    "zh": (
        "第12周各医院共登记38名患者，其中3人死亡，卫生局说。",
        "第13周各医院共登记31名患者，其中1人死亡，卫生局说。",
        "第12周各医院共登记31名患者，其中1人死亡，卫生局说。",
    ),
    "ja": (
        "5月5日、市内の病院で38人の患者が確認され、3人が死亡した。",
        "5月12日、市内の病院で31人の患者が確認され、1人が死亡した。",
        "5月5日、市内の病院で31人の患者が確認され、1人が死亡した。",
    ),
}
LEAD = "The district office publishes how many patients with influenza were counted in its hospitals."
LAST = "The figures are preliminary and may be corrected in later weeks when more reports come in."


def page(*blocks: str) -> str:
    return "Home\nHealth\n\nBulletin of the district\n" + "\n\n".join(blocks) + "\nImprint\nContact\n"


@pytest.mark.parametrize("series", ENTRIES)
def test_entries_are_told_from_edits(series: str) -> None:
    first, second, edit = map(normal, ENTRIES[series])
    assert other_entry(first, second)
    assert not other_entry(first, edit) and not other_entry(first, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The order was signed on 5 May by the head.", "The order was signed on 9 May by the head."),
        ("64 people used the 17 ferries.", "46 people used the 71 ferries."),
        ("We will close 5 of 12 plants.", "We may close 6 of 12 plants."),
        ("The plant is safe.", "The plant is not safe."),
        ("More than 38 of 64 boats came.", "Less than 31 of 64 boats came."),
        ("Sales rose to 38 million and hold.", "Sales fell to 31 million and hold."),
        ("It will carry 38 boats.", "It may carry 31 boats."),
    ],
)
def test_sentences_that_contradict_each_other(first: str, second: str) -> None:
    assert not other_entry(normal(first), normal(second))


@pytest.mark.parametrize("series", ENTRIES)
def test_a_series_goes_on(series: str) -> None:
    first, second, edit = ENTRIES[series]
    before = page(LEAD, first, LAST)
    quote = select(first, before)

    def result(*blocks: str) -> Result:
        return locate(quote, page(*blocks), before).result

    for blocks in (
        (LEAD, second, first, LAST),
        (LEAD, first, second, LAST),
        (LEAD, second, LAST, "Archive", first),
        (LEAD, second, LAST, f"  {first}\n  {LEAD[::-1]}"),
        (LEAD, second, "12:40", first, LAST),
    ):
        assert result(*blocks) in STANDS
    for blocks in (
        (LEAD, edit, first, LAST),
        (LEAD, first, edit, LAST),
        (LEAD, edit, LAST, "Archive", first),
        (LEAD, edit, LAST),
    ):
        assert result(*blocks) is Result.ALTERED


SAID = "38 patients were counted, and 3 of them died."
NEW = "31 patients were counted, and 1 of them died."
OLDER = "40 patients were counted, and 2 of them died."


@pytest.mark.parametrize(("label", "following"), [("Week 12", "Week 13"), ("5 May 2026", "12 May 2026")])
def test_a_series_whose_label_is_a_line_of_its_own(label: str, following: str) -> None:
    before = page(LEAD, label, SAID, LAST)
    for after in (
        page(LEAD, following, NEW, LAST, "Archive", label, SAID),
        page(LEAD, following, NEW, label, SAID, LAST),
    ):
        assert locate(select(SAID, before), after, before).result in STANDS
    before = page(LEAD, label, SAID, LAST, "Earlier", "Week 11", OLDER)
    after = page(LEAD, following, NEW, LAST, "Earlier", label, SAID, "Week 11", OLDER)
    assert locate(select(SAID, before), after, before).result in STANDS
    for after in (
        page(LEAD, label, NEW, LAST, "Earlier", "Week 11", OLDER, label, SAID),
        page(LEAD, label, NEW, LAST, "Older version", label, SAID),
    ):
        assert locate(select(SAID, before), after, before).result is Result.ALTERED


def test_a_paragraph_of_a_series() -> None:
    first = "Week 12: 38 patients were counted. Three of them died in the hospital. The office calls it mild."
    second = "Week 13: 31 patients were counted. One of them died in the hospital. The office calls it short."
    before = page(LEAD, first, LAST)
    quote = select("Three of them died in the hospital.", before)
    for after in (page(LEAD, second, LAST, "Archive", first), page(LEAD, second, first, LAST)):
        assert locate(quote, after, before).result in STANDS
    edited = first.replace("Three", "Two")
    assert locate(quote, page(LEAD, edited, LAST, "Archive", first), before).result is Result.ALTERED


def test_an_old_version_below_whose_neighbours_were_touched_too() -> None:
    above, below = "The office met on Tuesday to hear it all.", "A second report is expected from the wards."
    before = page(LEAD, above, SAID, below, LAST)
    kept = ("Older version", above, SAID, below)
    after = page(LEAD, above.replace("to hear", "and heard"), NEW, below.replace("second", "third"), LAST, *kept)
    assert locate(select(SAID, before), after, before).result is Result.ALTERED
    moved = page(LEAD, LAST, above, SAID, below)
    assert locate(select(SAID, before), moved, before).result in STANDS
