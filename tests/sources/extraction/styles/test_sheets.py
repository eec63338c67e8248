"""The rules of a page's style sheets."""

import pytest

from sources.extraction.styles.rules import Selector, read
from sources.extraction.styles.sheets import StyleSheets


def test_a_sheet_that_pages_share_is_read_once() -> None:
    shared = ("", ".shared-by-two-pages{display:none}")
    first, second = read([shared]), read([shared, ("", "p{color:red}")])
    assert first[0] is second[0]
    assert len(second) == 2


def test_the_media_of_a_sheet_is_not_remembered_with_its_text() -> None:
    css = ".for-some-media{display:none}"
    assert read([("", css)])[0].certain
    assert not read([("print", css)])
    assert not read([("(dynamic-range: high)", css)])[0].certain


def test_shorthands_declare_their_long_forms() -> None:
    sheets = StyleSheets((("", ".a{margin:0}.b{inset:0}.c{background:red}.d{color:red}"),))
    for key, name in (("margin-left", ".a"), ("left", ".b"), ("background-image", ".c")):
        bearing = sheets.bearing(frozenset({key}), frozenset({".a", ".b", ".c", ".d"}))
        assert [selector.text for _, _, selector in bearing.found] == [name]


def test_rules_in_rules_and_conditions_are_read() -> None:
    css = (
        "@layer a;@media screen{p{color:red}}@media print{q{color:red}}.x{color:red;&.y{top:0}}@layer a{b{top:1px}}i{}"
    )
    found = [(rule.selectors, rule.lower) for rule in StyleSheets((("", css),)).rules]
    assert found == [("p", "color:red"), (":is(.x).y", "top:0"), (".x", "color:red;"), ("b", "top:1px")]


@pytest.mark.parametrize("text", [".a", '.a[title="("]', ".w-\\[1px\\]", "a:is(.b,c>d)", "[x='\\'']", "p:not(:has(b))"])
def test_selectors_that_can_stand_in_a_list_are_valid(text: str) -> None:
    assert Selector(text).is_valid


@pytest.mark.parametrize("text", [".a:is(.b", ".a[title", ".a[title='b]", ".a\\", ".a)", ".a:no-such-state"])
def test_selectors_that_would_take_in_others_are_not_valid(text: str) -> None:
    assert not Selector(text).is_valid
