"""Which tips ask the same: near texts share a band and most words; another figure is another question."""

import pytest

from claims.tips.fingerprint import fingerprint, similar

QUESTION = "Is it true that the ferry to Lindholm will stop running in October because the harbour silts up?"


@pytest.mark.parametrize(
    "other",
    [
        QUESTION.upper(),
        f"“{QUESTION[:-1]}”",
        QUESTION.replace("Is it true that the", "The"),
        QUESTION + " Please check.",
        QUESTION.replace("in October because the harbour silts up", "in October"),
    ],
)
def test_near_texts_are_found_and_taken_for_one(other: str) -> None:
    assert similar(QUESTION, other)
    assert set(fingerprint(QUESTION, "").bands) & set(fingerprint(other, "").bands)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The council bought 41 buses this year", "The council bought 14 buses this year"),
        ("The council bought 41 buses in 2025", "The council bought 41 buses in 2024"),
        (QUESTION, "Does the tap water in Lindholm contain lead, as the leaflet says?"),
        ("The mayor owns the quarry at Rosental", "The bishop sold the vineyard at Rosental"),
        (QUESTION, QUESTION.replace("stop running", "stop sailing")),
        (QUESTION, QUESTION.replace("October", "November")),
        ("", "Is it so?"),
    ],
)
def test_other_figures_and_other_words_are_another_question(one: str, other: str) -> None:
    assert not similar(one, other)


def test_scripts_without_spaces_are_compared_by_pairs_of_characters() -> None:
    assert similar("市长说新桥的造价超过三亿元", "市长说新桥的造价超过三亿元。")
    assert similar("市长说新桥的造价超过三亿元", "市长说新桥的造价超过三亿元，真的吗")
    assert not similar("市长说新桥的造价超过三亿元", "学校食堂的牛奶已经过期")


def test_addresses_of_one_page_are_one_and_a_front_page_is_none() -> None:
    first = fingerprint("", "https://www.paper.example/story/?utm_source=x")
    assert first.url_sha256 and first == fingerprint("", "http://paper.example/story")
    assert first.bands == [] and first.text_sha256 == ""
    for front in ("https://paper.example", "https://www.paper.example/", "http://paper.example/?utm_medium=mail"):
        assert fingerprint("", front).url_sha256 == ""
    assert (
        fingerprint("", "https://paper.example/story").url_sha256
        != fingerprint("", "https://paper.example/other").url_sha256
    )
