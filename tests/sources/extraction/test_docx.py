"""Word documents: runs, breaks, deleted, struck and hidden text, styles, notes, text boxes."""

import time

import pytest

from sources.extraction.full_text import UnsupportedMedia, extract
from tests.sources.documents import docx


def run(words: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r>"


def seen(xml: str, **parts: str) -> str:
    page = extract(docx(xml, **parts), documents=True)
    assert page.extractor_version == "docx-2"
    return page.text


def test_runs_are_joined_and_paragraphs_and_cells_are_not() -> None:
    number = run("3", '<w:rFonts w:ascii="A"/>') + '<w:proofErr w:type="x"/><w:bookmarkStart w:id="1"/>' + run("8 da")
    assert seen(f"<w:p>{number}{run('ms')}</w:p><w:p>{run('fell')}</w:p>") == "38 dams\nfell"
    cells = "".join(f"<w:tc><w:p>{run(words)}</w:p></w:tc>" for words in ("one", "two"))
    assert seen(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>") == "one\ntwo"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<w:t>a</w:t><w:br/><w:t>b</w:t>", "a\nb"),
        ("<w:t>a</w:t><w:tab/><w:t>b</w:t>", "a\tb"),
        ("<w:t>long</w:t><w:noBreakHyphen/><w:t>term</w:t>", "long\u2011term"),
        ("<w:t>inspec</w:t><w:softHyphen/><w:t>tion</w:t>", "inspec\u00adtion"),
        ("<w:t>a</w:t><w:footnoteReference w:id='2'/><w:t> b</w:t>", "a b"),
        ("<w:t>a</w:t><w:instrText>PAGE</w:instrText>", "a"),
        ("<w:ruby><w:rt><w:r><w:t>x</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>a</w:t></w:r></w:rubyBase></w:ruby>", "a"),
        ("<w:Fallback><w:t>GHOST</w:t></w:Fallback><w:t>a</w:t>", "a"),
    ],
)
def test_content_of_a_run(content: str, text: str) -> None:
    assert seen(f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r>{content}</w:r></w:p>") == text


@pytest.mark.parametrize(
    "ghost",
    [
        f"<w:del><w:r><w:delText>GHOST</w:delText></w:r>{run('GHOST')}</w:del>",
        f"<w:moveFrom>{run('GHOST')}</w:moveFrom>",
        run("GHOST", "<w:strike/>"),
        run("GHOST", '<w:dstrike w:val="1"/>'),
        run("GHOST", '<w:b/><w:vanish w:val="true"/>'),
        run("GHOST", '<w:rStyle w:val="Gone"/>'),
        run("GHOST", '<w:rStyle w:val="GoneToo"/>'),
    ],
)
def test_what_is_not_printed_is_left_out(ghost: str) -> None:
    styles = (
        '<w:style w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="GoneToo"><w:basedOn w:val="Gone"/></w:style>'
    )
    assert seen(f"<w:p>{run('a')}{ghost}{run('b')}</w:p>", styles=styles) == "ab"


@pytest.mark.parametrize(
    "properties",
    [
        '<w:strike w:val="0"/>',
        '<w:vanish w:val="false"/>',
        '<w:rStyle w:val="Gone"/><w:vanish w:val="off"/>',
        "<w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange>",
        '<w:rStyle w:val="Circle"/>',
        '<w:rStyle w:val="Unknown"/>',
    ],
)
def test_what_is_printed_is_kept(properties: str) -> None:
    styles = (
        '<w:style w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="Circle"><w:basedOn w:val="Circle"/></w:style>'
    )
    paragraph = f"<w:pPr><w:rPr><w:strike/></w:rPr></w:pPr>{run('kept', properties)}"
    assert seen(f"<w:ins><w:p>{paragraph}</w:p></w:ins>", styles=styles) == "kept"


def test_a_paragraph_style_hides_unless_a_run_says_otherwise() -> None:
    styles = '<w:style w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
    paragraph = '<w:p><w:pPr><w:pStyle w:val="Gone"/></w:pPr>'
    shown = run("shown", '<w:vanish w:val="0"/>')
    assert seen(f"{paragraph}{run('GHOST')}{shown}</w:p><w:p>{run('next')}</w:p>", styles=styles) == "shown\nnext"


def test_raised_figures_are_notes_or_powers() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    assert seen(f"<w:p>{run('38')}{run('1', raised)}{run(' dams, 5 km')}{run('2', raised)}</w:p>") == "38 dams, 5 km²"


def test_a_text_box_does_not_interrupt_the_sentence_it_is_anchored_in() -> None:
    box = f"<w:r><w:txbxContent><w:p>{run('Box')}</w:p></w:txbxContent></w:r>"
    assert seen(f"<w:p>{run('The dam ')}{box}{run('fell.')}</w:p>") == "Box\nThe dam fell."


def test_notes_follow_the_body_and_entities_are_not_expanded() -> None:
    note = f"<w:footnote><w:p><w:r><w:footnoteRef/></w:r>{run('A note.')}</w:p></w:footnote>"
    assert seen(f"<w:p>{run('Body.')}</w:p>", footnotes=note) == "Body.\nA note."
    with pytest.raises(UnsupportedMedia, match=r"damaged"):
        extract(docx("<w:p>&undeclared;</w:p><"), documents=True)


def test_deep_documents_are_read_quickly() -> None:
    started = time.process_time()
    assert seen("<w:p>" * 50_000 + run("deep") + "</w:p>" * 50_000) == "deep"
    assert time.process_time() - started < 2
