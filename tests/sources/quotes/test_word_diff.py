"""Word diffs, and the kinds of words that changed."""

import time

import pytest

from sources.quotes.word_diff import Kind, changed_kinds, diff

PAIRS = [
    ("The ban took effect on 1 June in 50 places.", "The ban took effect on 3 July in 50 places."),
    ("The “vaccine” is safe", 'The "vaccine" is not safe'),
    ("北京有50个地方", "北京没有48个地方"),
    ("ประเทศไทยมีประชากร", "ประเทศไทยไม่มีประชากร"),
    ("one two three", "four five six"),
    ("", "new"),
    ("old", ""),
    ("same", "same"),
    ("a  b\nc", "a b c"),
    ("rose 5%", "rose 5.5%"),
    ("can’t go", "can go"),
]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_diff_contains_both_wordings(before: str, after: str) -> None:
    pieces = diff(before, after)
    assert "".join(words for tag, words in pieces if tag in "=+") == after
    assert len("".join(words for tag, words in pieces if tag in "=-").split()) == len(before.split())
    assert all(words for _, words in pieces)


def test_numbers_and_words_change_as_a_whole() -> None:
    assert diff("rose 5% in May", "rose 5.5% in May") == (("=", "rose "), ("-", "5"), ("+", "5.5"), ("=", "% in May"))
    assert diff("we can’t go", "we can go") == (("=", "we "), ("-", "can’t"), ("+", "can"), ("=", " go"))


def test_scripts_without_spaces_are_compared_by_character() -> None:
    assert diff("北京有地方", "北京没有地方") == (("=", "北京"), ("+", "没"), ("=", "有地方"))


def test_neighbouring_changes_are_joined() -> None:
    assert diff("a b c d", "a x y d") == (("=", "a "), ("-", "b c"), ("+", "x y"), ("=", " d"))


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("758,000 vehicles", "785,000 vehicles", {Kind.NUMBER}),
        ("It is safe", "It is not safe", {Kind.NEGATION}),
        ("It is safe", "It isn’t safe", {Kind.NEGATION}),
        ("Es ist sicher", "Es ist nicht sicher", {Kind.NEGATION}),
        ("C’est vrai", "Ce n’est pas vrai", {Kind.NEGATION}),
        ("Это правда", "Это не правда", {Kind.NEGATION}),
        ("这是真的", "这不是真的", {Kind.NEGATION}),
        ("これは安全です", "これは安全ではない", {Kind.NEGATION}),
        ("said Zhou Qiang here", "said Wang Qiang here", {Kind.NAME}),
        ("Zhou Qiang said so", "Wang Qiang said so", {Kind.NAME}),
        ("from June onwards", "from July onwards", {Kind.DATE}),
        ("since 2019", "since 2021", {Kind.DATE, Kind.NUMBER}),
        ("ab Mai gilt", "ab Juni gilt", {Kind.DATE}),
        ("a large share", "a small share", set()),
        ("The minister spoke", "A minister spoke", set()),
        ("“same”", '"same"', set()),
    ],
)
def test_changed_kinds_are_recognised(before: str, after: str, changed: set[Kind]) -> None:
    assert changed_kinds(before, after) == changed


def test_the_diff_of_very_long_wordings_is_limited() -> None:
    started = time.process_time()
    diff("a b " * 5_000, "b a " * 5_000)
    diff("word " * 1_900, "other " * 1_900)
    diff("x" * 5_000_000, "y" * 5_000_000)
    assert time.process_time() - started < 2
