"""Edits by kind, each beside changes that look like it and mean nothing."""

import pytest

from sources.quotes.grade import Grade
from sources.quotes.locate import Result, locate, select
from sources.quotes.words.negations import negations

FRAME = """Daily report

The agency published its figures on Tuesday, and the minister spoke to reporters in the afternoon.
{}
A second report is expected before the summer break, after the committee has met in the capital.
Imprint"""


def raises(quote: str, before: str, after: str, prefix: str = "", suffix: str = "") -> bool:
    """Whether an edit of one line of a page alarms. The quote stands in `before`."""
    was, now = FRAME.format(before), FRAME.format(after)
    selected = select(quote, was, prefix, suffix)
    assert locate(selected, was, was).result is Result.INTACT
    check = locate(selected, now, was)
    return check.result in (Result.ALTERED, Result.GONE) and check.grade is not Grade.COSMETIC


# Dots that are the page's own, and dots that an editor typed.


@pytest.mark.parametrize(
    ("before", "after", "alarm"),
    [
        (
            "We will... close the plant before winter, she said.",
            "We will... not close the plant before winter, she said.",
            True,
        ),
        (
            "We will … close the plant before winter, she said.",
            "We will … perhaps … close the plant before winter, she said.",
            True,
        ),
        (
            "It lost… forty jobs in a month, she said.",
            "It lost… almost none; others lost forty jobs in a month, she said.",
            True,
        ),
        (
            "“I signed it … and would again,” he said.",
            "“I signed it … no, I did not … and would again,” he said.",
            True,
        ),
        ("Es waren … 38 Fälle, sagte der Arzt am Abend.", "Es waren … keine 38 Fälle, sagte der Arzt am Abend.", True),
        ("我们会……关闭工厂，她说这是最后的决定。", "我们会……不关闭工厂，她说这是最后的决定。", True),
        (
            "We will... close the plant before winter, she said.",
            "We will… close the plant before winter, she said.",
            False,
        ),
        (
            "We will... close the plant before winter, she said.",
            "We will . . . close the plant before winter, she said.",
            False,
        ),
        (
            "We will... close the plant before winter, she said.",
            "We will ... close the plant before winter, she said.",
            False,
        ),
    ],
)
def test_dots_of_the_page(before: str, after: str, alarm: bool) -> None:
    assert not select(before, FRAME.format(before)).omission
    assert raises(before, before, after) is alarm


SAID = "The minister said that {} nobody needs to leave the lower town this winter, whatever happens."


@pytest.mark.parametrize("dots", ["[…]", "…", "(...)", "..."])
@pytest.mark.parametrize(
    ("was", "now", "alarm"),
    [
        ("the wall is sound and that", "he no longer thinks that the wall is sound and that", True),
        ("the wall held for 40 years and that", "the wall held for 14 years and that", True),
        ("the engineer Berg had said that", "the engineer Lund had said that", True),
        ("the wall is sound and that", "the wall may be sound and that", True),
        ("the wall is sound and that", "the wall is solid and that", False),
        ("the wall is sound and that", "the wall is sound, and that", False),
        ("the wall is sound and that", "the wall is sound and that", False),
    ],
)
def test_what_an_editor_left_out(dots: str, was: str, now: str, alarm: bool) -> None:
    quote = SAID.format(dots)
    assert select(quote, FRAME.format(SAID.format(was))).omission
    assert raises(quote, SAID.format(was), SAID.format(now)) is alarm


def test_what_an_editor_quoted_around_an_omission() -> None:
    was = SAID.format("the wall is sound and that")
    assert raises(SAID.format("[…]"), was, was.replace("nobody needs", "everybody needs"))
    assert raises(SAID.format("[…]"), was, was.replace("minister", "mayor"))


# A quote that begins or ends at a figure.


@pytest.mark.parametrize(
    ("quote", "before", "after", "alarm"),
    [
        (
            "The bill rose to 38",
            "The bill rose to 38 million last year.",
            "The bill rose to 38 billion last year.",
            True,
        ),
        ("The bill rose to 38", "The bill rose to 38 last year.", "The bill rose to 38 million last year.", True),
        ("The share rose to 38", "The share rose to 38 last year.", "The share rose to 38% last year.", True),
        (
            "The share rose to 38",
            "The share rose to 38 per cent last year.",
            "The share rose to 38 percentage points.",
            True,
        ),
        ("Der Anteil stieg auf 38", "Der Anteil stieg auf 38 Prozent.", "Der Anteil stieg auf 38 Prozentpunkte.", True),
        (
            "Die Kosten stiegen auf 38",
            "Die Kosten stiegen auf 38 Millionen.",
            "Die Kosten stiegen auf 38 Milliarden.",
            True,
        ),
        ("La part est montée à 38", "La part est montée à 38 % hier.", "La part est montée à 38 millions hier.", True),
        ("费用上升到38", "费用上升到38万元，比去年多。", "费用上升到38亿元，比去年多。", True),
        ("The road is 38", "The road is 38 km long.", "The road is 38 miles long.", True),
        ("They expect 38", "They expect 38 new cases.", "They expect 38 to 45 new cases.", True),
        ("They expect 38", "They expect 38 new cases.", "They expect 38–45 new cases.", True),
        ("38 million for it", "They paid €38 million for it.", "They paid $38 million for it.", True),
        ("38 million for it", "They paid 38 million for it.", "They paid nearly 38 million for it.", True),
        ("38 walls are broken", "At least 38 walls are broken.", "At most 38 walls are broken.", True),
        ("38 degrees were measured", "In May -38 degrees were measured.", "In May +38 degrees were measured.", True),
        (
            "The bill rose to 38",
            "The bill rose to 38 million last year.",
            "The bill rose to 38 million in 2025.",
            False,
        ),
        ("The share rose to 38", "The share rose to 38% last year.", "The share rose to 38 per cent last year.", False),
        ("The count rose to 38", "The count rose to 38 last year.", "The count rose to 38 in the past year.", False),
        ("The count rose to 38", "The count rose to 38.", "The count rose to 38, the office said.", False),
        ("38 walls are broken", "In all, 38 walls are broken.", "Today 38 walls are broken.", False),
        (
            "38 walls are broken",
            "The survey says 38 walls are broken.",
            "The new survey says 38 walls are broken.",
            False,
        ),
    ],
)
def test_what_stands_beside_a_figure(quote: str, before: str, after: str, alarm: bool) -> None:
    assert raises(quote, before, after, prefix=before.partition(quote)[0]) is alarm


# Typography, marks and case.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("调查发现214座海堤中有38座不合格。", "调查发现 214 座海堤中有 38 座不合格。"),
        ("世卫组织（WHO）说COVID疫情已经结束。", "世卫组织 (WHO) 说 COVID 疫情已经结束。"),
        ("ﾃﾞｰﾀは来年公表されると政府は発表した。", "データは来年公表されると政府は発表した。"),
        ("أظهر المسح أن الجدران لا تستوفي المعيار.", "أظهـــر المسح أن الجـدران لا تستوفي المعيار."),
        ("ﺃﻇﻬﺮ المسح أن الجدران لا تستوفي المعيار.", "أظهر المسح أن الجدران لا تستوفي المعيار."),
        ("הסקר מצא כי בתי־ספר רבים אינם בתקן.", "הסקר מצא כי בתי-ספר רבים אינם בתקן."),
        ("דובר צה״ל מסר כי החומות אינן בתקן.", 'דובר צה"ל מסר כי החומות אינן בתקן.'),
        ("The wall---all of it---must go, they said.", "The wall — all of it — must go, they said."),
        ("The wall -- all of it -- must go, they said.", "The wall – all of it – must go, they said."),
        ("A dose of 5 µg is enough, the doctors say.", "A dose of 5 μg is enough, the doctors say."),
        ("Preşedintele a spus că şcolile se închid.", "Președintele a spus că școlile se închid."),
        ("La col·lecció té 38 peces noves aquest any.", "La coŀlecció té 38 peces noves aquest any."),
        ("Het ĳs smolt sneller dan werd verwacht.", "Het ijs smolt sneller dan werd verwacht."),
        (
            "The survey found 38 weak walls in the town.",
            "The sur\u00advey found 38 weak\u2060 walls\U000e0041 in the town.\ufffc",
        ),
        ("The survey found 38 weak walls in the town.", "𝐓𝐡𝐞 𝐬𝐮𝐫𝐯𝐞𝐲 found 38 weak walls in the town."),
        ("The hall has 300 m² and was full by noon.", "The hall has 300 ㎡ and was full by noon."),
        ("น้ำท่วมสามสิบแปดหมู่บ้านในคืนเดียว", "น้ํา ท่วมสามสิบแปดหมู่บ้านในคืนเดียว"),
        ("The survey found 38 weak walls in the town.", "THE SURVEY FOUND 38 WEAK WALLS IN THE TOWN."),
        ("Die Straße wurde auf 38 Kilometern gesperrt.", "DIE STRASSE WURDE AUF 38 KILOMETERN GESPERRT."),
        ("The survey found 38 weak walls in the town.", "The Survey found 38 weak walls in the Town"),
        ("The survey found 38 weak walls, and left.", "The survey found 38 weak walls and left."),
        ("The survey found 38 weak walls in the town.", "The survey found 38 weak walls (*) in the town."),
        ("The wall can not be saved, they said today.", "The wall cannot be saved, they said today."),
        ("The survey found 38 weak walls in the town.", "The survey found 38 weak walls¹ in the town.†"),
        ("The bill came to 1,234,567 euros last year.", "The bill came to 1 234 567 euros last year."),
    ],
)
def test_typography_raises_nothing(before: str, after: str) -> None:
    assert not raises(before, before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The wall is safe for ten years, they said.", "The wall is safe for ten years, they said?"),
        ("She said: “It is safe”, and left the room.", "She said: It is safe, and left the room."),
        ("Step ① is to close the gate at the harbour.", "Step 1 is to close the gate at the harbour."),
        ("It cost $5m to repair the wall last year.", "It cost US$5m to repair the wall last year."),
        ("It cost $5m to repair the wall last year.", "It cost €5m to repair the wall last year."),
        ("The rate rose by 41.3 points in the month.", "The rate rose by 413 points in the month."),
        ("The rate was -3 points in the whole month.", "The rate was 3 points in the whole month."),
        ("The rate was 10³ points in the whole month.", "The rate was 103 points in the whole month."),
        ("They may cancel within fourteen (14) days.", "They may cancel within fourteen (15) days."),
        ("The port will close in June, they said.", "The роrt will close in June, they said."),
        ("Die Straße ist zu lang, sagte der Fahrer.", "Die Strasse ist zu lang, sagte der Fahrer."),
    ],
)
def test_marks_that_mean_something_raise(before: str, after: str) -> None:
    assert raises(before, before, after)


def test_list_items_that_were_glued() -> None:
    before = FRAME.format("Keep public order\nRespect the laws of the country\nPay the fees on time")
    quote = select("Keep public order Respect the laws of the country", before)
    for now in (
        "• Keep public order\n• Respect the laws of the country",
        "* Keep public order* Respect the laws of the country",
    ):
        check = locate(quote, FRAME.format(f"{now}\n• Pay the fees on time"), before)
        assert check.result in (Result.INTACT, Result.ALTERED) and check.grade in (None, Grade.COSMETIC), check
    glued = "Keep public order* Respect the laws of the country* Pay the fees on time"
    assert locate(select(glued, FRAME.format(glued)), before, FRAME.format(glued)).grade is Grade.COSMETIC


# Negations.


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ele chegou no domingo e ficou com os amigos.", 0),
        ("Ele não chegou no domingo.", 1),
        ("El ministro no pagó la multa de los coches.", 1),
        ("निर्माण कार्य पूरा हुआ और मत प्रतिशत बढ़ा।", 0),
        ("निर्माण कार्य पूरा नहीं हुआ।", 1),
        ("无锡和非洲的未来不久会更好，是否如此？", 0),
        ("无法确认，也没有证据，他并非主席。", 3),
        ("少ない予算のなかで進めた。", 0),
        ("政府は認めなかった。", 1),
        ("Hàng không và không khí sạch.", 0),
        ("Chính phủ không đồng ý.", 1),
        ("De trein is pas om vijf uur vertrokken en het was nu druk.", 0),
        ("Im Mai stieg die Zahl der Fälle.", 0),
        ("Ni har det bra och är glada.", 0),
        ("The typeface is sans and the sin is small.", 0),
        ("It isn't so, and they can’t say.", 2),
        ("Ce n'est pas vrai, dit le ministre.", 2),
        ("Ministrul nu a venit și nu va veni la întâlnire.", 2),
        ("정부는 인정하지 않았다.", 1),
        ("รัฐบาลไม่ยอมรับ", 1),
    ],
)
def test_negations_are_whole_words_of_their_language(text: str, count: int) -> None:
    assert negations(text).total() == count


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Segundo ele, a obra foi concluída na segunda e todos voltaram.",
            "Segundo ele, a obra foi concluída no domingo e todos voltaram.",
        ),
        ("यह सड़क बनी और निर्माण पर दस करोड़ खर्च हुए।", "यह सड़क बनी और इमारत पर दस करोड़ खर्च हुए।"),
    ],
)
def test_words_that_only_look_like_negations_turn_nothing(before: str, after: str) -> None:
    quote = "a obra foi concluída" if "obra" in before else "यह सड़क बनी"
    assert not raises(quote, before, after, prefix=before.partition(quote)[0])


# What stands before a figure at which the quote begins, and exponents of units.


@pytest.mark.parametrize(
    ("quote", "before", "after", "alarm"),
    [
        ("12 degrees at noon", "It was 12 degrees at noon.", "It was minus 12 degrees at noon.", True),
        ("12 Grad am Mittag", "Es waren 12 Grad am Mittag.", "Es waren minus 12 Grad am Mittag.", True),
        ("12 gradi a mezzogiorno", "C’erano 12 gradi a mezzogiorno.", "C’erano meno 12 gradi a mezzogiorno.", True),
        ("12度まで下がった夜", "一月に12度まで下がった夜もあった。", "一月に零下12度まで下がった夜もあった。", True),
        (
            "12도까지 내려갔다고 한다",
            "아침에는 12도까지 내려갔다고 한다.",
            "아침에는 영하 12도까지 내려갔다고 한다.",
            True,
        ),
        ("450 people work there", "Some 450 people work there.", "Some 2 450 people work there.", True),
        ("450 people work there", "Some 450 people work there.", "Some 2,450 people work there.", True),
        ("450 people work there", "In 3 towns 450 people work there.", "In 3 towns, 450 people work there.", False),
        ("The hall has 300 m²", "The hall has 300 m² and a bar.", "The hall has 300 m³ and a bar.", True),
        ("Das Becken fasst 90 m³", "Das Becken fasst 90 m³ und mehr.", "Das Becken fasst 90 m² und mehr.", True),
    ],
)
def test_what_stands_before_a_figure_and_units_with_exponents(quote: str, before: str, after: str, alarm: bool) -> None:
    assert raises(quote, before, after) is alarm
