"""The depth of HTML pages."""

import time

import pytest

from sources.extraction.html_depth import survey


@pytest.mark.parametrize(
    "trick",
    [
        '<div title="</div>">',
        '<div><script>"</div>"</script>',
        "<div><!--</div>-->",
        "<div a=b</div>",
        "<div></span>",
        "<span><div></span>",
        "<table></div><div>",
        "<div><object></div></object>",
        "<x-y></x-z>",
    ],
)
def test_fake_closing_tags_do_not_hide_depth(trick: str) -> None:
    assert survey(trick * 300).depth >= 300


@pytest.mark.parametrize(
    "attack", ["<p><font color={}>", "<div><b id={}></div>", "<font id={}><object></font></object>"]
)
def test_continued_formatting_counts_as_depth(attack: str) -> None:
    assert survey("".join(attack.format(number) for number in range(300))).depth >= 300


@pytest.mark.parametrize(
    "sloppy",
    [
        "<p>x<li>y<br><img>",
        "<svg><path d='m'/></svg>",
        "<p><span>words",
        "<ul><li><span>words<li><b>words</ul>",
        "<p><b>words",
        "<b><p>words</b></p>",
        "<div><i>words</div>",
        "<div><center><span>words</div>",
        "<a name=x>words",
        "<table><tr><td><div>cell<td><span>cell</table>",
        "<b><i>words</b></i>",
        "<select><option>a<option>b</select>",
    ],
)
def test_optional_end_tags_do_not_add_depth(sloppy: str) -> None:
    assert survey(f"<html><body><div>{sloppy * 400}").depth < 12


def test_depth_counts_nested_elements() -> None:
    assert survey("<html><body><div><ul><li><b>x</b></li></ul></div><div>").depth == 4
    assert survey("<div>" * 1000).depth == 1000
    assert survey("<div>" * 1000, stop_above=10).depth == 11


@pytest.mark.parametrize(
    "piece",
    [
        "<script ",
        "<script>",
        "<!--",
        '<a b="',
        "<a",
        "<a ",
        "</a",
        "<a b='",
        "<" * 9,
        "<noscript>",
        "<p><b>",
        "</b></div>",
    ],
)
def test_depth_is_counted_in_linear_time(piece: str) -> None:
    started = time.process_time()
    survey(piece * 200_000, stop_above=256)
    assert time.process_time() - started < 2.5


@pytest.mark.parametrize("tag", ["<div {}>", "</div {}>", "<br {}>", "<title {}>x</title>", "<p {}"])
def test_a_tag_with_too_many_attributes_counts_as_too_deep(tag: str) -> None:
    assert survey(tag.format(" ".join(f"a{number}='>'" for number in range(6_000)))).depth > 256
    assert survey(tag.format(" ".join(f"a{number}='>'" for number in range(400)))).depth <= 1
    assert survey(f"<script>{'x = 1 / 2; ' * 20_000}</script>").depth == 0
