"""PDF: hyphens at line ends, heads and feet, line numbers, raised figures, and letters that cannot be read."""

import time

import pytest

from sources.extraction.full_text import UnsupportedMedia, extract
from sources.extraction.readers import pdf_lines
from sources.extraction.readers.pdf_shapes import Letters
from tests.sources.documents import pdf

BODY = [
    "Inspectors walked the whole",
    "wall and found that nine",
    "of its gates no longer",
    "close before high water",
    "arrives.",
]


def page(*lines: str) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("the inspec\ufffe\ntion began", "the inspec\u00adtion began"),
        ("the inspec\ufffetion began", "the inspec\u00adtion began"),
        ("a long\ufffestanding rule; longstanding", "a longstanding rule; longstanding"),
        ("a long\ufffestanding rule; long-standing", "a long-standing rule; long-standing"),
        ("the Anglo\ufffeSaxon wall", "the Anglo-Saxon wall"),
        ("from 2019\ufffe2020 on", "from 2019-2020 on"),
        ("inspec\u00ad\ntion", "inspec\u00adtion"),
        ("well-known\nwall", "well-known\nwall"),
        ("end\ufffe", "end"),
    ],
)
def test_hyphens_at_line_ends(text: str, joined: str) -> None:
    assert pdf_lines.join([text]) == joined


def body(gate: str) -> list[str]:
    return [f"{line} {gate}" for line in BODY]


def test_a_sentence_runs_over_the_page_break() -> None:
    gates = ("alpha", "beta", "gamma", "delta")
    pages = [page("Harbour report 2026", *body(gate), f"- {n} -", "") for n, gate in enumerate(gates, start=7)]
    text = pdf_lines.join(pages)
    assert text == page(*(line for gate in gates for line in body(gate))) + "\n\nHarbour report 2026\n- 7 -"


def test_a_head_that_is_part_of_a_foot_is_a_head() -> None:
    pages = [page(*body("x"), "Page 1 of 2 — Harbour report 2026"), page("Harbour report 2026", *body("y"))]
    assert "arrives. x\nInspectors" in pdf_lines.join(pages)


def test_what_does_not_repeat_stays_in_its_place() -> None:
    pages = [page(f"Chapter on gate {name}", *BODY, f"Closed {name}.") for name in ("alpha", "beta", "gamma")]
    assert pdf_lines.join(pages) == "\n".join(pages)
    assert pdf_lines.join([page("x"), page("x")]) == "x\nx"


def test_line_numbers_are_removed_and_lists_are_not() -> None:
    numbered = [f"{number} {line}" for number, line in enumerate([*BODY, *BODY], start=12)]
    assert pdf_lines.join([page(*numbered)]) == page(*BODY, *BODY)
    ranking = [f"{number} Country {chr(64 + number)}" for number in range(1, 9)]
    assert pdf_lines.join([page(*ranking)]) == page(*ranking)


def drawn(content: str) -> bytes:
    """A PDF with this content stream."""
    return (
        pdf("x")
        .replace(b"BT /F1 12 Tf 20 100 Td (x) Tj ET", content.encode())
        .replace(b"/Length 32", b"/Length %d" % len(content))
    )


def test_small_raised_figures_are_notes_or_powers() -> None:
    content = (
        "BT /F1 12 Tf 20 100 Td (38) Tj /F1 7 Tf 5 Ts (1) Tj /F1 12 Tf 0 Ts ( dams, 5 km) Tj "
        "/F1 7 Tf 5 Ts (2) Tj /F1 12 Tf 0 Ts ( in 38 places, MH370) Tj ET"
    )
    assert extract(drawn(content), documents=True).text == "38 dams, 5 km² in 38 places, MH370"


class Shapes:
    """The places of letters that stand in this order, from left to right or from right to left."""

    def __init__(self, step: int) -> None:
        self.step = step

    def get_charbox(self, index: int) -> tuple[float, float, float, float]:
        left = 500 + self.step * index
        return left, 0, left + 5, 10


@pytest.mark.parametrize(
    ("text", "step", "reason"),
    [
        ("كشف المسح السنوي أن الجدران لم تعد تستوفي المعيار", 6, "reversed"),
        ("כל הקירות אינם עומדים בתקן", 6, "reversed"),
        ("كشف المسح السنوي أن الجدران لم تعد تستوفي المعيار", -6, ""),
        ("The annual report names one word in another script, which is كشف and no more than that", 6, ""),
        ("เ จ ้ า ห น ้ า ท ี ่ ต ร ว จ เ ข ื ่ อ น ส ี ่ ส ิ บ แ ห ่ ง ว ั น น ี ้ " * 3, 6, "Thai"),
        ("เจ้าหน้าที่ตรวจเขื่อนสี่สิบแห่งวันนี้ " * 3, 6, ""),
        ("\ue001\ue002\ue003 \ue004\ufffd\ue005", 6, "fonts"),
        ("Plain words.", 6, ""),
    ],
)
def test_a_document_whose_letters_cannot_be_read_is_refused_with_the_reason(text: str, step: int, reason: str) -> None:
    letters = Letters()
    letters.count(text, Shapes(step))
    refusal = letters.refusal()
    assert (reason in refusal and refusal.startswith("This PDF cannot be watched: ")) if reason else refusal == ""


def test_the_refusal_reaches_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Letters, "refusal", lambda letters: "This PDF cannot be watched: a reason.")
    with pytest.raises(UnsupportedMedia, match=r"cannot be watched: a reason\.$"):
        extract(pdf("x"), documents=True)


@pytest.mark.parametrize("lines", ["x\n" * 100_000, "1 a\n" * 100_000, "a\ufffe\nb " * 50_000, "page 1\n" * 100_000])
def test_long_documents_are_joined_quickly(lines: str) -> None:
    started = time.process_time()
    pdf_lines.join([lines] + [f"head {'y' * n}\nb\nc\nd\ne" for n in range(1_000)])
    assert time.process_time() - started < 2
