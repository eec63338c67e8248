"""A quote is watched where it stood, whatever else on the page says the same or something like it."""

import pytest

from sources.quotes.exact_match import TextQuote
from sources.quotes.grade import Grade
from sources.quotes.locate import Result, locate, select

HEAD = "Home\nHarbour\nWeather\n\nFerry service under strain\n"
FOOT = "About this paper\nContact\nTerms of use\n"
LEAD = "The transport office put out its half-year figures for the island ferries on Thursday morning, a week late."
ALSO = "Passengers on the early boats have written to the mayor about the queues at the northern landing stage."
NEXT = "A second ship is on order, but the yard says that its engines will not be delivered before next spring."
LAST = "The office wants to publish the full timetable data by the end of the month, so that others can check it."
QUOTE = "The ferries carried 64 thousand people in May and were late on 17 days of the month."
EDITED = "The ferries carried 64 thousand people in May and were late on 11 days of the month."
LIKE = "The night buses carried 12 thousand people in May and were late on 9 days of the month."


def page(*lines: str) -> str:
    return "\n".join((HEAD, *lines, FOOT))


BODY = page(LEAD, ALSO, QUOTE, NEXT, LAST)
CORRECTED = page(LEAD, ALSO, EDITED, NEXT, LAST)

# What the page says before and after. The quote is the body's, edited in each pair.
EDITS = {
    "a pull quote that stood there": (
        page(LEAD, ALSO, QUOTE, NEXT, QUOTE, LAST),
        page(LEAD, ALSO, EDITED, NEXT, QUOTE, LAST),
    ),
    "a pull quote right below": (
        page(LEAD, ALSO, QUOTE, QUOTE, NEXT, LAST),
        page(LEAD, ALSO, EDITED, QUOTE, NEXT, LAST),
    ),
    "a new pull quote": (BODY, page(LEAD, ALSO, EDITED, NEXT, QUOTE, LAST)),
    "a new pull quote above": (BODY, page(LEAD, QUOTE, ALSO, EDITED, NEXT, LAST)),
    "the standfirst": (page(QUOTE, LEAD, ALSO, QUOTE, NEXT, LAST), page(QUOTE, LEAD, ALSO, EDITED, NEXT, LAST)),
    "key points": (
        page("Key points", QUOTE, "Second ship ordered", LEAD, ALSO, QUOTE, NEXT),
        page("Key points", QUOTE, "Second ship ordered", LEAD, ALSO, EDITED, NEXT),
    ),
    "a teaser": (
        page(LEAD, ALSO, QUOTE, NEXT, LAST, "Most read", QUOTE),
        page(LEAD, ALSO, EDITED, NEXT, LAST, "Most read", QUOTE),
    ),
    "a notice at the foot": (BODY, page(LEAD, ALSO, EDITED, NEXT, LAST, f"Correction: we first wrote: {QUOTE}")),
    "a notice at the head": (BODY, page(f"What was wrong here until noon: {QUOTE}", LEAD, ALSO, EDITED, NEXT, LAST)),
    "a notice right below": (BODY, page(LEAD, ALSO, EDITED, f"In the first version this read: “{QUOTE}”", NEXT, LAST)),
    "a notice in its own line": (BODY, page(LEAD, ALSO, f"{EDITED} (Until noon this read: {QUOTE})", NEXT, LAST)),
    "a notice and lines of its own": (
        BODY,
        page(LEAD, ALSO, EDITED, NEXT, LAST, "Corrections", "It was first said here:", QUOTE),
    ),
    "a notice in Finnish": (BODY, page(LEAD, ALSO, EDITED, NEXT, LAST, f"Oikaisu 4.6.: Jutussa luki aiemmin: {QUOTE}")),
    "a reader": (
        BODY,
        page(LEAD, ALSO, EDITED, NEXT, LAST, "Kommentare (2)", "Seebär", f"{QUOTE} Stand hier gestern."),
    ),
    "a reader who says it all": (BODY, page(LEAD, ALSO, EDITED, NEXT, LAST, "3 reactions", "gull77", QUOTE)),
    "a history of versions": (
        BODY,
        page(LEAD, ALSO, EDITED, NEXT, LAST, "Versions", f"1 June: {QUOTE}", f"2 June: {EDITED}"),
    ),
    "the whole old article below": (
        BODY,
        page(LEAD, ALSO, EDITED, NEXT, LAST, "Older version", LEAD, ALSO, QUOTE, NEXT, LAST),
    ),
    "the last line and a reader": (
        "\n".join((LEAD, ALSO, QUOTE)),
        "\n".join((LEAD, ALSO, EDITED, "Comments", "gull77", QUOTE)),
    ),
    "another year's heading": (
        page(LEAD, "2025", QUOTE, "2024", QUOTE, NEXT),
        page(LEAD, "2025", EDITED, "2024", QUOTE, NEXT),
    ),
    "neighbours that changed too": (
        page(LEAD, ALSO, QUOTE, NEXT, LAST, QUOTE),
        page(LEAD, ALSO.replace("mayor", "council"), EDITED, NEXT.replace("spring", "summer"), LAST, QUOTE),
    ),
    "one long line": (
        " ".join((LEAD, ALSO, QUOTE, NEXT, LAST, QUOTE, LEAD.upper())),
        " ".join((LEAD, ALSO, EDITED, NEXT, LAST, QUOTE, LEAD.upper())),
    ),
    "one long paragraph": (
        page(f"{LEAD} {ALSO} {QUOTE} {NEXT}", LAST),
        page(f"{LEAD} {ALSO} {EDITED} {NEXT}", f"{LAST} {QUOTE}"),
    ),
    "one of two lists of contents": (
        page("Contents", ALSO, QUOTE, NEXT, LEAD, "Contents", ALSO, QUOTE, NEXT, LAST),
        page("Contents", ALSO, EDITED, NEXT, LEAD, QUOTE, "Contents", ALSO, QUOTE, NEXT, LAST),
    ),
    "a new copy right above its paragraph": (
        page(LEAD, ALSO, f"{QUOTE} {NEXT}", LAST),
        page(LEAD, ALSO, QUOTE, f"{EDITED} {NEXT}", LAST),
    ),
    "a sentence split in two": (
        page(LEAD, ALSO, QUOTE, NEXT, QUOTE),
        page(
            LEAD,
            ALSO,
            "The ferries carried 64 thousand people in May. They were late on 17 days of the month.",
            NEXT,
            QUOTE,
        ),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_seen_although_the_words_stand_elsewhere(name: str) -> None:
    before, after = EDITS[name]
    quote = select(QUOTE, before)
    assert locate(quote, before, before).result is Result.INTACT
    check = locate(quote, after, before)
    assert check.result is Result.ALTERED, check
    assert check.found is not None and QUOTE not in check.found.split("(")[0]


GONE_PAGES = {
    "nothing else": page(LEAD, ALSO, NEXT, LAST),
    "a sentence like it": page(LEAD, ALSO, NEXT, LAST, "Related", LIKE),
}


@pytest.mark.parametrize("name", GONE_PAGES)
def test_an_empty_slot_means_gone(name: str) -> None:
    check = locate(select(QUOTE, BODY), GONE_PAGES[name], BODY)
    assert check.result in (Result.GONE, Result.ALTERED)
    assert locate(select(QUOTE, BODY), page(LEAD, ALSO, NEXT, LAST), BODY).needs_second_look


def test_a_copy_that_stood_elsewhere_all_along_does_not_stand_in_for_the_one_that_went() -> None:
    before = page(QUOTE, LEAD, ALSO, QUOTE, NEXT, LAST)
    check = locate(select(QUOTE, before), page(QUOTE, LEAD, ALSO, NEXT, LAST), before)
    assert check.result is Result.GONE and check.needs_second_look


INNOCENT = {
    "a rotating teaser": (
        page(LEAD, ALSO, QUOTE, NEXT, LAST, "Most read", LIKE),
        page(LEAD, ALSO, QUOTE, NEXT, LAST, "Most read", "Fog"),
    ),
    "its own teaser went": (
        page(LEAD, ALSO, QUOTE, NEXT, LAST, "Read", QUOTE),
        page(LEAD, ALSO, QUOTE, NEXT, LAST, "Read", LIKE),
    ),
    "the pull quote went": (page(LEAD, QUOTE, ALSO, QUOTE, NEXT, LAST), page(LEAD, ALSO, QUOTE, NEXT, LAST)),
    "the standfirst was rewritten": (page(QUOTE, LEAD, ALSO, QUOTE, NEXT), page(EDITED, LEAD, ALSO, QUOTE, NEXT)),
    "a pull quote came": (BODY, page(LEAD, QUOTE, ALSO, QUOTE, NEXT, LAST)),
    "a like sentence came next": (BODY, page(LEAD, ALSO, QUOTE, LIKE, NEXT, LAST)),
    "a like sentence came above its paragraph": (
        page(LEAD, ALSO, f"{QUOTE} {NEXT}", LAST),
        page(LEAD, ALSO, LIKE, f"{QUOTE} {NEXT}", LAST),
    ),
    "a like sentence came before": (BODY, page(LEAD, ALSO, LIKE, QUOTE, NEXT, LAST)),
    "a reader repeats it right below": (
        page(LEAD, f"{ALSO} {QUOTE}", NEXT),
        page(LEAD, f"{ALSO} {QUOTE}", "gull77", f"{QUOTE} Really?", NEXT),
    ),
    "a reader says something like it": (BODY, page(LEAD, ALSO, QUOTE, NEXT, LAST, "Comments", "gull77", EDITED)),
    "neighbours rewritten": (
        BODY,
        page(LEAD, "Nobody at the landing stage was surprised.", QUOTE, "A ship is on order.", LAST),
    ),
    "both neighbours gone": (BODY, page(LEAD, QUOTE, LAST)),
    "paragraphs joined": (BODY, page(f"{LEAD} {ALSO} {QUOTE}", f"{NEXT} {LAST}")),
    "paragraphs split": (page(f"{LEAD} {ALSO} {QUOTE} {NEXT}", LAST), BODY),
    "paragraphs swapped": (BODY, page(LEAD, QUOTE, ALSO, NEXT, LAST)),
    "all paragraphs turned round": (BODY, page(LAST, NEXT, QUOTE, ALSO, LEAD)),
    "moved to the end": (BODY, page(LEAD, ALSO, NEXT, LAST, QUOTE)),
    "one line for all": (BODY, " ".join(BODY.split())),
    "lines of the page wrapped": (BODY, BODY.replace(" people in", " people\nin").replace(" for the", "\nfor the")),
    "another correction": (
        BODY,
        page(LEAD, ALSO, QUOTE, NEXT, LAST, "Correction: the yard was misnamed in this article."),
    ),
    "an advertisement within": (
        BODY,
        page(LEAD, ALSO, QUOTE.replace("people in", "people\nAdvertisement\nin"), NEXT, LAST),
    ),
    "a heading above": (BODY, page(LEAD, ALSO, "Late again", QUOTE, NEXT, LAST)),
    "another site around it": (BODY, "\n".join(("Menu", "Search", LEAD, ALSO, QUOTE, NEXT, LAST, "Imprint", "Jobs"))),
}


@pytest.mark.parametrize("name", INNOCENT)
def test_other_changes_leave_the_quote_where_it_is(name: str) -> None:
    before, after = INNOCENT[name]
    check = locate(select(QUOTE, before), after, before)
    assert check.result in (Result.INTACT, Result.MOVED), check
    assert check.found is not None and check.found == after[check.start : check.end]


def test_moved_is_said_only_of_a_quote_that_left_its_place() -> None:
    moved = [
        name
        for name, (before, after) in INNOCENT.items()
        if locate(select(QUOTE, before), after, before).result is Result.MOVED
    ]
    assert moved == ["the pull quote went", "paragraphs swapped", "all paragraphs turned round", "moved to the end"]


# A series: each entry is like the others.


def entry(day: int, late: int) -> str:
    return f"On {day} May the ferries carried {late * 90} people and were late {late} times."


SERIES = [entry(day, late) for day, late in ((9, 4), (8, 6), (7, 2), (6, 5))]


@pytest.mark.parametrize(
    ("after", "stands"),
    [
        ([entry(10, 3), *SERIES], True),
        ([entry(11, 8), entry(10, 3), *SERIES], True),
        ([*SERIES, entry(5, 1)], True),
        (SERIES[:3], True),
        ([entry(9, 7), *SERIES[1:]], True),
        ([SERIES[0], SERIES[1], entry(7, 3), SERIES[3]], True),
        ([SERIES[1], SERIES[0], *SERIES[2:]], True),
        (sorted(SERIES), True),
        ([SERIES[0], entry(8, 7), *SERIES[2:]], False),
        ([entry(10, 3), SERIES[0], entry(8, 7), *SERIES[2:]], False),
        ([SERIES[0], *SERIES[2:]], False),
        ([entry(10, 3), SERIES[0], *SERIES[2:]], False),
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n12:40\n\nUpdate\n\n"])
@pytest.mark.parametrize("around", [True, False])
def test_entries_of_a_series(after: list[str], stands: bool, between: str, around: bool) -> None:
    def whole(entries: list[str]) -> str:
        return page(LEAD, between.join(entries), LAST) if around else between.join(entries)

    before = whole(SERIES)
    result = locate(select(SERIES[1], before), whole(after), before).result
    assert (result in (Result.INTACT, Result.MOVED)) is stands, result


def test_rows_of_a_table() -> None:
    rows = [
        f"{name}\t{late} days late\t{people} people"
        for name, late, people in (("North", 4, 900), ("East", 9, 400), ("West", 4, 700))
    ]
    before = page(LEAD, *rows, LAST)
    quote = select("East 9 days late 400 people", before)
    assert locate(quote, page(LEAD, *reversed(rows), LAST), before).result in (Result.INTACT, Result.MOVED)
    assert (
        locate(quote, page(LEAD, rows[0], "East\t9 days late\t500 people", rows[2], LAST), before).result
        is Result.ALTERED
    )
    assert (
        locate(quote, page(LEAD, rows[0], "South\t9 days late\t400 people", rows[2], LAST), before).result
        is Result.ALTERED
    )
    cell = select("4 days late", before, prefix="West ")
    assert locate(cell, before, before).start == before.index("4 days late", before.index("West"))
    assert locate(cell, before.replace("West\t4", "West\t5"), before).result is Result.ALTERED
    assert locate(cell, before.replace("North\t4", "North\t5"), before).result is Result.INTACT


# The copy that the editor chose, and short quotes.


@pytest.mark.parametrize("chosen", [0, 1])
def test_the_chosen_copy_is_watched(chosen: int) -> None:
    before = page(LEAD, QUOTE, ALSO, NEXT, QUOTE, LAST)
    places = [before.index(QUOTE), before.rindex(QUOTE)]
    quote = select(QUOTE, before, prefix=before[places[chosen] - 40 : places[chosen]])
    assert quote.start == places[chosen]
    first, second = page(LEAD, EDITED, ALSO, NEXT, QUOTE, LAST), page(LEAD, QUOTE, ALSO, NEXT, EDITED, LAST)
    results = [locate(quote, after, before).result for after in (first, second)]
    assert results[chosen] is Result.ALTERED and results[1 - chosen] is Result.INTACT


def test_of_copies_with_the_same_neighbours_the_one_at_the_place_is_watched() -> None:
    block = f"{ALSO}\n{QUOTE}\n{NEXT}\n"
    before = page(LEAD, block, "In short", block, LAST)
    quote = TextQuote(QUOTE, start=before.rindex(QUOTE))
    at = before.rindex(QUOTE)
    assert locate(quote, before[:at] + EDITED + before[at + len(QUOTE) :], before).result is Result.ALTERED
    assert locate(quote, before.replace(QUOTE, EDITED, 1), before).result is Result.INTACT


@pytest.mark.parametrize(
    ("exact", "sentence", "now"),
    [
        ("“Yes.”", "Asked whether the boats are safe, she said: “Yes.” Then she left.", "“No.”"),
        ("safe", "The inspectors called the northern stage safe and closed the file.", "unsafe"),
        ("17 days", "The boats were late on 17 days of the month, and nobody said why.", "7 days"),
        ("Berg", "The order was signed by Berg, who had seen the plans.", "Lund"),
        ("could", "The yard said that it could deliver the ship in spring.", "would"),
    ],
)
def test_a_short_quote_is_bounded_by_the_rest_of_its_sentence(exact: str, sentence: str, now: str) -> None:
    other = f"Elsewhere they said {exact} of other things, and that was that for the day."
    before = page(LEAD, sentence, NEXT, other)
    quote = select(exact, before, prefix=sentence.partition(exact)[0][-30:], suffix=sentence.partition(exact)[2][:30])
    after = page(LEAD, sentence.replace(exact, now), NEXT, other)
    assert locate(quote, before, before).result is Result.INTACT
    assert locate(quote, after, before).result in (Result.ALTERED, Result.GONE)
    assert locate(quote, before.replace("Elsewhere", "Later"), before).result is Result.INTACT


def test_over_two_paragraphs_and_list_items() -> None:
    both = f"{ALSO} {QUOTE}"
    quote = select(both, BODY)
    assert locate(quote, BODY.replace("Home", "Start"), BODY).result is Result.INTACT
    assert locate(quote, page(LEAD, f"{ALSO} {QUOTE}", NEXT, LAST), BODY).result is Result.INTACT
    assert locate(quote, CORRECTED + both, BODY).result is Result.ALTERED
    assert locate(quote, page(LEAD, ALSO, "In short", QUOTE, NEXT, LAST), BODY).result is Result.INTACT
    assert (
        locate(
            quote, page(LEAD, ALSO, "Nobody believes that, the union said on Friday in the harbour.", QUOTE, NEXT), BODY
        ).result
        is Result.ALTERED
    )
    assert locate(quote, page(LEAD, ALSO, NEXT, LAST), BODY).result in (Result.ALTERED, Result.GONE)


# Without a text in which the quote stood.


def test_without_the_text_before_the_context_says_where_the_quote_belongs() -> None:
    quote = select(QUOTE, BODY)
    assert locate(quote, page(LEAD, ALSO, EDITED, NEXT, QUOTE, LAST)).result is Result.ALTERED
    assert locate(quote, page(LEAD, ALSO, EDITED, NEXT, LAST)).result is Result.ALTERED
    assert locate(quote, page(LEAD, QUOTE, ALSO, QUOTE, NEXT, LAST)).result is Result.INTACT
    assert locate(quote, page(LEAD, ALSO, NEXT, LAST)).result is Result.GONE


@pytest.mark.parametrize("before", ["", CORRECTED, page(LEAD, ALSO, NEXT, LAST), "Nothing of the kind."])
def test_a_text_in_which_the_quote_did_not_stand_says_nothing(before: str) -> None:
    quote = select(QUOTE, BODY)
    assert locate(quote, BODY, before).result is Result.INTACT
    assert locate(quote, CORRECTED, before).result is Result.ALTERED
    assert locate(quote, page(LEAD, ALSO, NEXT, LAST), before).result is Result.GONE


# Another page in its place.


def test_an_alteration_on_a_page_that_is_mostly_missing_waits() -> None:
    long = page(LEAD, ALSO, QUOTE, NEXT, LAST, *(f"{LAST} {number} people came to hear of it." for number in range(20)))
    quote = select(QUOTE, long)
    assert not locate(quote, long.replace("17 days", "11 days"), long).needs_second_look
    teaser = locate(
        quote, page(LEAD, "The ferries carried 64 thousand people in May and were late on", "Subscribe"), long
    )
    assert teaser.result is Result.ALTERED and teaser.needs_second_look


# Grades.


@pytest.mark.parametrize(
    ("now", "grade"),
    [
        (QUOTE.upper(), Grade.COSMETIC),
        (QUOTE.removesuffix("."), None),
        (QUOTE.replace("May and", "May, and"), Grade.COSMETIC),
        (QUOTE.replace("May", "May (*)"), Grade.COSMETIC),
        (QUOTE.replace("days", "days[3]"), Grade.COSMETIC),
        (QUOTE.replace("The ferries", "the Ferries"), Grade.COSMETIC),
        (QUOTE.replace("17", "71"), Grade.SUBSTANCE),
        (QUOTE.replace("carried", "did not carry"), Grade.SUBSTANCE),
        (QUOTE.replace("May", "June"), Grade.SUBSTANCE),
        (QUOTE.replace("thousand", "million"), Grade.SUBSTANCE),
        (QUOTE.replace("were late", "may have been late"), Grade.SUBSTANCE),
        (QUOTE.replace("carried", "transported"), Grade.WORDING),
        (QUOTE.replace(".", "?"), Grade.WORDING),
    ],
)
def test_grades(now: str, grade: Grade | None) -> None:
    check = locate(select(QUOTE, BODY), BODY.replace(QUOTE, now), BODY)
    assert check.grade is grade, check
    assert (check.result is Result.ALTERED) is (grade is not None)


# Languages without spaces between words say more in fewer characters.

ASIAN = {
    "zh": (
        "铁路公司星期一宣布，将在四条线路上恢复卧铺车厢，此前已经停开十一年，旅客们对此表示欢迎。",
        "旅客们曾多次写信要求恢复，也有人在候车大厅里过夜，以此表达他们的愿望，引起媒体关注。",
        "新的夜行列车每晚可载客240人，造价为61万克朗，比原计划便宜。",
        "车票将于秋季开始发售，第一班列车将于十二月的第二个星期日从首都出发，开往北部沿海城市。",
    ),
    "ko": (
        "철도 회사는 월요일 네 개 노선에서 침대차를 다시 운행한다고 발표했다. 십일 년 만의 일이다.",
        "승객들은 편지와 공청회에서 이를 요구해 왔고 일부는 대합실에서 밤을 새우며 항의하기도 했다.",
        "새 야간열차는 하룻밤에 승객 240명을 태우고 비용은 61만 크로나가 든다.",
        "표는 가을부터 판매되며 첫 열차는 십이월 둘째 일요일에 수도에서 출발할 예정이라고 한다.",
    ),
    "th": (
        "การรถไฟประกาศเมื่อวันจันทร์ว่าจะนำตู้นอนกลับมาให้บริการในสี่เส้นทาง หลังจากหยุดไปนานสิบเอ็ดปี",
        "ผู้โดยสารเรียกร้องเรื่องนี้ผ่านจดหมายและการประชุมสาธารณะที่จัดขึ้นในหลายเมืองตลอดปีที่ผ่านมา",
        "รถไฟกลางคืนขบวนใหม่จะรับผู้โดยสารได้ 240 คนต่อคืน และใช้งบ 61 ล้านโครน",
        "ตั๋วจะเปิดขายในฤดูใบไม้ร่วง และขบวนแรกจะออกจากเมืองหลวงในวันอาทิตย์ที่สองของเดือนธันวาคม",
    ),
}


@pytest.mark.parametrize("language", ASIAN)
def test_in_other_scripts(language: str) -> None:
    lead, also, words, last = ASIAN[language]
    edited = words.replace("61", "67")
    for place in (page(words, lead, also, words, last), page(lead, also, words, last, "+", words)):
        quote = select(words, place)
        body = place.index(also) + len(also) + 1
        assert quote.start == body, "the copy in the running text"
        assert locate(quote, place[:body] + edited + place[body + len(words) :], place).result is Result.ALTERED
    before = page(lead, also, words, last)
    quote = select(words, before)
    assert locate(quote, page(lead, also, words, last, "+", edited), before).result is Result.INTACT
    assert locate(quote, page(lead, words, also, last), before).result is Result.MOVED
    assert locate(quote, page(lead, also, last), before).result is Result.GONE
    assert locate(quote, page(f"{lead} {also} {edited} {last} {words}"), before).result is Result.ALTERED
