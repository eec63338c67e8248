"""The classification of differences: corrections, figures, headlines, addresses, boilerplate."""

import time

import pytest

from sources.changes.change_kinds import Kind, compare, moved, only_boilerplate
from sources.extraction.main_text import Article

BEFORE = """Bridges in need of repair
Home
The ministry counted 412 bridges in need of repair. The next report is due in spring.
Updated corrections officers' pay is another matter.
3 comments"""


def kinds(before: str, after: str, **pairs: tuple[str, str]) -> list[Kind]:
    return list(compare(before, after, **pairs).kinds)


@pytest.mark.parametrize(
    "notice",
    [
        "Correction: an earlier figure was wrong.",
        "CORRECTION (4 May): the figure was wrong.",
        "Correction 4 May 2026",
        "[Editor’s note: the figure was changed.]",
        "This article was amended on 4 May 2026.",
        "An earlier version of this story gave another figure.",
        "Berichtigung: Die Zahl war falsch.",
        "In einer früheren Version stand eine andere Zahl.",
        "Rectificatif : le chiffre était faux.",
        "Fe de erratas: la cifra era otra.",
        "Correção: o número estava errado.",
        "Поправка: число было неверным.",
        "تصحيح: الرقم كان خطأ",
        "更正：数字有误。",
        "【訂正】数字に誤りがありました。",
        "정정: 숫자가 틀렸습니다.",
    ],
)
def test_an_added_correction_notice_is_recognised(notice: str) -> None:
    after = f"{BEFORE}\n{notice}"
    assert kinds(BEFORE, after) == ["correction"]
    assert kinds(after, BEFORE) == [], "a removed notice does not count"
    assert kinds(after, after.replace("3 comments", "4 comments")) == [], "an old notice is not new"


@pytest.mark.parametrize(
    "line",
    [
        "Corrections officers want more pay.",
        "The correction of the course took years.",
        "Read our policy on corrections: it is short.",
        "The company updated its report.",
        "Markets see a correction",
    ],
)
def test_similar_lines_are_no_notice(line: str) -> None:
    assert kinds(BEFORE, f"{BEFORE}\n{line}") == []


@pytest.mark.parametrize(
    ("old", "new"), [("412", "389"), ("412", "4,120"), ("412 bridges", "412.5 bridges"), ("412", "41")]
)
def test_a_changed_figure_in_a_sentence_is_recognised(old: str, new: str) -> None:
    assert kinds(BEFORE, BEFORE.replace(old, new)) == ["figures"]


def test_a_changed_figure_without_spaces_is_recognised() -> None:
    assert kinds("报告\n全国共有412座桥梁需要维修。", "报告\n全国共有389座桥梁需要维修。") == ["figures"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3 comments", "44 comments"),
        ("Home", "Home\n12:40"),
        ("counted 412 bridges", "counted 389 tunnels"),
        ("counted 412 bridges", "counted bridges"),
    ],
)
def test_counters_and_other_sentences_are_no_changed_figures(old: str, new: str) -> None:
    assert kinds(BEFORE, BEFORE.replace(old, new)) == []


def test_headline_and_address_are_compared_if_both_are_known() -> None:
    assert kinds("a", "b", titles=("Bridges sound", "Bridges unsound")) == ["headline"]
    assert kinds("a", "b", titles=("Bridges  sound", "Bridges sound")) == []
    assert kinds("a", "b", titles=("", "Bridges sound")) == []
    assert kinds("a", "b", addresses=("https://a.example/x", "https://a.example/y")) == ["moved"]


def test_kinds_are_in_order_of_significance() -> None:
    after = BEFORE.replace("412", "389") + "\nCorrection: the figure was wrong."
    found = kinds(BEFORE, after, titles=("A", "B"), addresses=("https://a.example/x", "https://b.example/x"))
    assert found == ["correction", "figures", "headline", "moved"]


@pytest.mark.parametrize(
    ("before", "after", "is_moved"),
    [
        ("http://a.example/x", "https://www.a.example/x/", False),
        ("https://a.example/x?session=1", "https://a.example/x?session=2", False),
        ("https://a.example/x", "https://a.example/archive/x", True),
        ("https://a.example/x", "https://b.example/x", True),
        ("", "https://b.example/x", False),
    ],
)
def test_a_url_with_another_host_or_path_is_moved(before: str, after: str, is_moved: bool) -> None:
    assert moved(before, after) is is_moved


def test_text_around_the_article_is_boilerplate() -> None:
    words = "The ministry counted 412 bridges in need of repair."
    assert only_boilerplate(Article(words), Article(f"{words}\n"))
    assert not only_boilerplate(Article(words), Article(words.replace("412", "389")))
    assert not only_boilerplate(Article(), Article()), "missing articles are not equal"
    assert not only_boilerplate(Article(words, limited=True), Article(words, limited=True))
    assert not only_boilerplate(Article(words), Article(words, extractor_version="another"))


@pytest.mark.parametrize(
    "page",
    ["word " * 1_000_000, "1 " * 2_000_000, "1" * 4_000_000, "\n".join(map(str, range(500_000))), "[ " * 2_000_000],
)
def test_a_hostile_page_is_compared_quickly(page: str) -> None:
    started = time.process_time()
    kinds(BEFORE, page)
    kinds(page, page + "5")
    assert time.process_time() - started < 5
