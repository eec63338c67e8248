"""What a reader sees of an HTML page: hidden and struck-out text, note references, ruby, formulas, controls, frames."""

import gc
import time

import pytest

from sources.extraction.full_text import extract


def seen(body: str, head: str = "") -> str:
    """The text of a page on one line."""
    html = f"<!doctype html><head><title>T</title>{head}</head><body>{body}</body>"
    return " ".join(extract(html.encode(), "text/html", "utf-8").text.split())


@pytest.mark.parametrize(
    "attributes",
    [
        'style="display :none"',
        'style="DISPLAY:\tNONE ! important"',
        'style="color:red;display:none;"',
        'style="display:block;display:none"',
        'style="display:none!important;display:block"',
        'style="/* gone */display/**/:none"',
        'style="visibility: hidden"',
        'style="visibility:collapse"',
        'style="text-decoration:line-through"',
        'style="text-decoration: underline Line-Through red"',
        'style="text-decoration-line:underline line-through"',
        'style="position:absolute; clip:rect(1px, 1px, 1px, 1px)"',
        'hidden="hidden"',
        'hidden=""',
        "popover",
        'class="note sr-only"',
        'class="u-visually-hidden"',
        'class="visuallyhidden"',
        'class="screen-reader-text"',
    ],
)
def test_elements_hidden_or_struck_out_by_their_attributes_are_not_seen(attributes: str) -> None:
    assert seen(f"<p>Rain <span {attributes}>GHOST</span> fell.<div {attributes}>GHOST</div>") == "Rain fell."


@pytest.mark.parametrize(
    "attributes",
    [
        "aria-hidden=true",
        "inert",
        'style="display:nonexistent"',
        'style="display:none-x"',
        'style="display:none;display:block"',
        'style="display:none;display:block!important"',
        'style="visibility:hidden;visibility:visible"',
        'style="text-decoration:line-through;text-decoration:none"',
        'style="opacity:0"',
        'style="--display:none"',
        'style="list-style:none; overflow:hidden"',
        'hidden="until-found"',
        'hidden="UNTIL-FOUND"',
        'hidden style="display:block"',
        "data-hidden",
        "class=hidden-gem",
    ],
)
def test_attributes_that_hide_nothing(attributes: str) -> None:
    assert seen(f"<div {attributes}>Rain fell.</div>") == "Rain fell."


@pytest.mark.parametrize(
    ("css", "element"),
    [
        (".old{display:none}", "<p class='a old'>"),
        ("p.old,.x{ visibility : hidden }", "<p class=old>"),
        ("#gone{DISPLAY:none!important}", "<p id=gone>"),
        ("x-old{display:none}", "<p>"),
        (".a.b{text-decoration:line-through}", "<p class='b c a'>"),
        ("/* .old{} */.old{text-decoration-line:line-through}", "<p class=old>"),
        ("@media screen and (min-width:600px){.old{display:none}}", "<p class=old>"),
        (".old{display:flex}.old.off{display:none}", "<p class='old off'>"),
        ("@font-face{src:none}@keyframes k{from{display:none}}.old{display:none}", "<p class=old>"),
        ("p{color:red}.off{text-decoration:line-through}p{display:block}", "<p class=off>"),
        (".out{position:absolute;left:-9999px}", "<p class=out>"),
    ],
)
def test_simple_rules_of_the_pages_own_style_sheet_hide(css: str, element: str) -> None:
    ghost = "" if css.startswith("x-") else "GHOST"
    assert seen(f"{element}{ghost}</p><p>Rain fell.", f"<style>{css}</style>") == "Rain fell."


@pytest.mark.parametrize(
    "css",
    [
        ".a{display:none}.a.open{display:block}",
        ".a{display:none}.js .a{display:block}",
        ".a{display:none}.a:target{display:block}",
        ".a{display:none}@media(min-width:50em){.a{display:block}}",
        "@media print{.a{display:none}}",
        "@media (max-width:700px){.a{display:none}}",
        "@media not screen{.a{display:none}}",
        "@supports (x:y){.a{display:none}}",
        "@keyframes k{from{visibility:hidden}}.a{animation:k}",
        ".menu .a,.a:hover,.a::before,[data-x].a{display:none}",
        "html,body,main,article{display:none}",
        "/* .a{display:none} */",
        ".a{display:none-such}",
        ".b{display:none}",
        "</style><style media=print>.a{display:none}",
        ".a{",
        "}}}.b{{{",
    ],
)
def test_rules_that_do_not_apply_or_are_undone_elsewhere_hide_nothing(css: str) -> None:
    assert seen("<main><article><p class=a>Rain fell.</article></main>", f"<style>{css}</style>") == "Rain fell."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        # References to notes.
        ("38<sup>1</sup> dams failed.<sup>2</sup>", "38 dams failed."),
        ("38 dams<sup><a href='#fn3'>3</a></sup> failed", "38 dams failed"),
        ("38 dams<a href='#fn3'><sup>3</sup></a> failed", "38 dams failed"),
        ("dams<sup class=reference id=cite_ref-9><a href='/x#cite'>[9]</a></sup><sup>[10]</sup> failed", "dams failed"),
        ("dams<sup>1,2</sup> and walls<sup>*</sup> failed<sup>[<i>who?</i>]</sup>", "dams and walls failed"),
        ("failed <sup>4</sup> again", "failed again"),
        ("failed.[4][12] Again [5] and [sic]", "failed. Again [5] and [sic]"),
        ("水坝<sup>3</sup>倒塌", "水坝倒塌"),
        # Powers, formulas, ordinals, isotopes, and the notes themselves.
        ("12 m<sup>2</sup>, 5 km<sup>3</sup>", "12 m², 5 km³"),
        ("10<sup>6</sup> and 2<sup>10</sup> and x<sup>2</sup>", "10⁶ and 2¹⁰ and x²"),
        ("3 × 10<sup>−9</sup>", "3 × 10⁻⁹"),
        ("H<sub>2</sub>O, CO<sub>2</sub>, CO<sup>2</sup>", "H₂O, CO₂, CO²"),
        ("Ca<sup>2+</sup>", "Ca²⁺"),
        ("the 1<sup>st</sup> and the 2<sup>e</sup>, M<sup>me</sup>", "the 1st and the 2e, Mme"),
        ("<sup>14</sup>C", "¹⁴C"),
        ("<p><sup>1</sup> A note.", "¹ A note."),
        ("x<sub>max</sub>", "xmax"),
        # Ruby, formulas, quotations, pictures.
        ("<ruby>堤<rp>(</rp><rt>てい</rt><rp>)</rp>防<rt>ぼう</rt></ruby>が", "堤防が"),
        ("<math><semantics><mi>x</mi><annotation>\\x</annotation></semantics></math>", "x"),
        (
            "<span class=katex><span class=katex-mathml><math><mi>x</mi></math></span><i aria-hidden=true>x</i></span>",
            "x",
        ),
        ("He said <q>no</q>.", "He said “no”."),
        ("sea walls<img src=e.svg alt='external link'> fell", "sea walls fell"),
        ("fire <img class=emoji alt='🔥'>", "fire 🔥"),
        (
            "<span aria-hidden=true>T</span><span aria-hidden=true>he</span><span class=sr-only>The</span> dam",
            "The dam",
        ),
        # Controls and blocks.
        ("<button class=x>The dam <b>fell</b>.</button> So.", "The dam fell. So."),
        ("<label>The dam fell.</label>", "The dam fell."),
        ("<textarea>The dam fell.</textarea>", "The dam fell."),
        ("<button hidden>x</button><label style='display:none'>y</label>z", "z"),
        ("<details><summary>More</summary>The dam</details>", "More The dam"),
        ("<fieldset><legend>Dams</legend>Fell</fieldset>", "Dams Fell"),
        ("<table><caption>Dams</caption><tr><td>38</table>", "Dams 38"),
        ("<dialog>x</dialog><dialog open>y</dialog>", "y"),
        ("<svg><title>t</title><text>The dam</text></svg>", "The dam"),
        ("<xmp>a <b> c</xmp>", "a <b> c"),
        ("<form><center><marquee>The dam</marquee></center></form>", "The dam"),
        # What the page holds in other documents.
        ("<iframe srcdoc='&lt;p&gt;The dam&lt;s&gt;x&lt;/s&gt;&lt;p&gt;fell'>other</iframe>", "The dam fell"),
        ("<x-a><template shadowrootmode=open><p>The <slot></slot><sup>1</sup></template>dam</x-a>", "The dam"),
        (
            "<x-a><template shadowrootmode=open><b><slot name=n>-</slot></b><x-b><template shadowrootmode=closed>"
            "<button>in</button></template></x-b></template><i slot=n>named</i><i>nowhere</i></x-a>",
            "namedin",
        ),
        ("<template>GHOST</template>x", "x"),
        ("<NOSCRIPT><p>GHOST</NoScript>x<noscript><iframe></noscript>y", "xy"),
        # References to characters.
        ("don&#146;t &amp;amp; &#x93;no&#148;", "don’t &amp; “no”"),
    ],
)
def test_a_text_is_what_a_reader_sees(html: str, text: str) -> None:
    assert seen(html) == text


def test_a_title_in_a_drawing_is_not_the_title_of_the_page() -> None:
    page = extract(b"<svg><title>icon</title></svg><p>x", "text/html")
    assert (page.title, page.text) == ("", "x")


@pytest.mark.parametrize(
    "page",
    [
        "<style>" + "".join(f".a{n}{{display:none}}" for n in range(100_000)) + "</style><p class=a7>x",
        "<style>" + ".a{display:none}.a.b{display:block}" * 30_000 + "</style><p class=a>x",
        "<style>" + "@media x{" * 100_000 + "</style><p>x",
        "<style>" + "/*" * 500_000 + "</style><p>x",
        "<style>" + "{" * 500_000 + "</style><p>x",
        "<p>x" + "<span style='color:#fff'>y" * 3_000,
        "<style>" + ".a .a,.b{color:#fff;opacity:0}" * 5_000 + "</style><p>x" + "<i class='a b'>y" * 2_000,
        "<p>x" + "<sup>1</sup>" * 20_000,
        "<p>x" + "<button>" * 5_000 + "<label>y" * 5_000,
        "<p>x" + '<i style="display:none">' * 5_000,
        "<p>x" + "<div><template shadowrootmode=open>" * 2_000,
        "<p>x" + "<iframe srcdoc='<p>y'></iframe>" * 5_000,
        "<p>x" + "[1]" * 200_000,
        "<p>x" + "<noscript>" * 100_000,
        "<p>x" + "<ruby>" * 3_000 + "<rt>y" * 3_000,
        "<p>x" + "<math>" * 2_000 + "<annotation>" * 2_000,
    ],
    ids=lambda page: page[:30],
)
def test_hostile_pages_cost_little(page: str) -> None:
    started = time.process_time()
    assert seen(page).startswith("x") or "<style>" in page
    assert time.process_time() - started < 2.5


def test_the_tree_of_a_page_is_freed_as_soon_as_it_is_read() -> None:
    page = "<style>p{color:red}.q{display:none}</style><p>Rain <q>fell</q><sup>2</sup>.</p><p class=q>Not.</p>"
    seen(page)
    gc.collect()
    gc.disable()
    try:
        seen(page)
        assert gc.collect() == 0, "a page that refers to itself keeps its tree until memory is collected"
    finally:
        gc.enable()
