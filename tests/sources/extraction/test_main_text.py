"""Extraction of the article, its metadata, and limits."""

import subprocess
import sys
import time

import pytest

from sources.extraction import main_text

PAGE = (
    "<html lang={language}><head><title>{title}</title></head><body><nav><a href='/'>{menu}</a></nav>"
    "<article><h1>{title}</h1><p>{first}</p><p>{second}</p></article><aside>{menu} {menu}</aside>"
    "<footer>{foot}</footer></body></html>"
)
STORIES = {
    "en": (
        "Bridges",
        "The ministry counted 412 bridges in need of repair, more than in any year since the count began in 1990.",
        "The next report is due in spring, when the engineers have been to the northern valleys as well.",
    ),
    "ru": (
        "Мосты",
        "Министерство насчитало 412 мостов, которым нужен ремонт, больше, чем в любой год с начала подсчёта в 1990-м.",
        "Следующий отчёт ожидается весной, когда инженеры побывают и в северных долинах.",
    ),
    "ar": (
        "جسور",
        "أحصت الوزارة 412 جسرا تحتاج إلى إصلاح، وهو عدد أكبر من أي عام منذ بدء العد في عام 1990.",
        "ومن المقرر صدور التقرير التالي في الربيع بعد زيارة المهندسين للوديان الشمالية أيضا.",
    ),
    "zh": (
        "桥梁",
        "该部统计出全国共有412座桥梁需要维修，这一数字高于1990年开始统计以来的任何一年，工程师表示情况令人担忧。",
        "下一份报告将于春季发布，届时工程师也将前往北部山谷进行检查，并公布详细的维修计划和预算安排。",
    ),
    "th": (
        "สะพาน",
        "กระทรวงนับสะพานที่ต้องซ่อมแซมได้ 412 แห่ง ซึ่งมากกว่าปีใดๆ นับตั้งแต่เริ่มนับในปี 1990 เป็นต้นมา",
        "รายงานฉบับต่อไปจะออกในฤดูใบไม้ผลิ เมื่อวิศวกรได้ไปสำรวจหุบเขาทางตอนเหนือแล้วเช่นกัน",
    ),
}


def page(language: str, menu: str = "Home", foot: str = "Imprint", figure: str = "412") -> str:
    title, first, second = STORIES[language]
    return PAGE.format(
        language=language, title=title, first=first.replace("412", figure), second=second, menu=menu, foot=foot
    )


@pytest.mark.parametrize("language", STORIES)
def test_the_article_does_not_depend_on_what_is_around_it(language: str) -> None:
    before = main_text.extract(page(language).encode())
    assert STORIES[language][1] in before.text and "Imprint" not in before.text
    assert before.language == language and before.extractor_version == main_text.EXTRACTOR
    assert main_text.extract(page(language, menu="Start", foot="14 readers online").encode()).text == before.text
    assert main_text.extract(page(language, figure="389").encode()).text != before.text


@pytest.mark.parametrize(
    ("encoded", "media_type"),
    [
        (page("ru").encode("windows-1251"), "text/html; charset=windows-1251"),
        (page("ru").replace("<head>", "<head><meta charset=windows-1251>").encode("windows-1251"), "text/html"),
        (b"\xef\xbb\xbf" + page("ru").encode(), "text/html; charset=windows-1251"),
        (page("zh").replace("<head>", "<head><meta charset=gbk>").encode("gbk"), ""),
    ],
)
def test_the_charset_of_page_or_header_is_used(encoded: bytes, media_type: str) -> None:
    text = main_text.extract(encoded, media_type).text
    assert STORIES["ru"][1] in text or STORIES["zh"][1] in text


@pytest.mark.parametrize(
    "body",
    [b"", b"   ", b"\x00\xff" * 50, b"<html><body></body></html>", b"<nav><a href=/>Home</a></nav>", b"%PDF-1.7"],
)
def test_a_page_without_an_article_gives_none(body: bytes) -> None:
    found = main_text.extract(body)
    assert found.text in {"", "%PDF-1.7"} and not found.limited


@pytest.mark.parametrize("body", [b"<div>" * 5_000 + b"words", b"<p>" + b"x" * 10_000_000])
def test_too_deep_and_too_long_pages_are_limited(body: bytes) -> None:
    started = time.process_time()
    assert main_text.extract(body) == main_text.Article(limited=True)
    assert time.process_time() - started < 1


def test_metadata_is_extracted_on_request() -> None:
    made = page("en").replace(
        "<head>",
        "<head><meta property=og:site_name content='The Valley Herald'>"
        "<meta property=article:published_time content=2026-05-31T08:00:00Z>",
    )
    found = main_text.extract(made.encode(), url="https://valley.example/bridges", metadata=True)
    assert (found.title, found.publisher, found.published_on) == ("Bridges", "The Valley Herald", "2026-05-31")


def test_pollers_do_not_load_trafilatura() -> None:
    asked = "import sys, sources.extraction.sandbox, sources.changes.change_kinds; print('trafilatura' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_a_year_in_the_text_is_no_day_of_publication() -> None:
    found = main_text.extract(page("en").replace("1990", "2025").encode(), metadata=True)
    assert found.text.count("2025") == 1
    assert found.published_on == ""
