"""Every string that people read at the desk can be translated: words of templates, sentences in Python, scripts."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCREENS = sorted((ROOT / "claims" / "templates" / "desk").rglob("*.html"))
SCRIPTS = sorted((ROOT / "factcheck" / "static" / "factcheck" / "desk").glob("*.js"))
PYTHON = sorted(
    path
    for folder in ("claims/desk", "claims/reviews", "claims/statements", "claims/tips", "claims/requests")
    for path in (ROOT / folder).rglob("*.py")
)
READ_ALOUD = {"title", "placeholder", "alt", "aria-label", "aria-description", "data-busy", "data-none"}
WORD = re.compile(r"[^\W\d_]{2,}")
# Words that are the same in every language: names, protocols, keys.
SAME = {"http", "https", "factcheck", "docs", "csv", "ctrl", "alt", "esc", "sha256", "sha"}
_TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
SENTENCES = {"Refused": 0, "require": 1, "ValidationError": 0}
TOLD = {"success", "error", "warning", "info"}  # of django.contrib.messages


class _Bare(HTMLParser):
    """Collects words that stand in a template and in no tag that translates."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style", "code", "svg")
        self.found.extend(f"{name}={value}" for name, value in attrs if name in READ_ALOUD and _has_words(value or ""))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "code", "svg")

    def handle_data(self, data: str) -> None:
        if not self.silent and _has_words(data):
            self.found.append(" ".join(data.split()))


def _has_words(text: str) -> bool:
    return any(word.lower() not in SAME for word in WORD.findall(text))


def bare(template: str) -> list[str]:
    """The words of a template that nobody could translate."""
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", template, flags=re.DOTALL)
    text = re.sub(_TRANSLATED, "", text)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    parser = _Bare()
    parser.feed(text)
    return parser.found


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.parent.name + "/" + path.name)
def test_no_template_of_the_desk_has_words_of_its_own(path: Path) -> None:
    assert bare(path.read_text()) == [], "mark them with {% translate %} or {% blocktranslate %}"


def test_words_in_a_template_would_be_found() -> None:
    assert bare("{% load i18n %}<p>Hello</p>") == ["Hello"]
    assert bare('<input placeholder="Search"><a title="{% translate "x" %}">{{ name }}</a>') == ["placeholder=Search"]
    assert bare("{% blocktranslate with a=b %}Hello {{ a }}{% endblocktranslate %} · {# note #}") == []


def unmarked(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Sentences that are raised or told and are plain strings."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        of_messages = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "messages"
        place = 1 if of_messages and name in TOLD else SENTENCES.get(name, -1)
        if 0 <= place < len(node.args):
            yield from ((node.lineno, text) for text in _plain(node.args[place]))


def _plain(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and _has_words(value.value):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        said = "".join(each.value for each in value.values if isinstance(each, ast.Constant))
        if _has_words(said):
            yield said
    elif isinstance(value, ast.IfExp):
        yield from _plain(value.body)
        yield from _plain(value.orelse)
    elif isinstance(value, ast.BinOp):
        yield from _plain(value.left)
        yield from _plain(value.right) if isinstance(value.op, ast.Add) else ()


def test_no_refusal_and_no_message_is_a_plain_string() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {text[:80]}"
        for path in PYTHON
        for line, text in unmarked(ast.parse(path.read_text()))
    ]
    assert found == [], "put _(…) around them, with named parameters"


def test_a_plain_refusal_would_be_found() -> None:
    tree = ast.parse(
        'raise Refused("No.")\nrequire(may, f"Ask {who}.")\nmessages.error(r, "Gone" + x)\nRefused(_("No."))'
    )
    assert [text for _, text in unmarked(tree)] == ["No.", "Ask .", "Gone"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_take_their_words_from_the_page(path: Path) -> None:
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(), flags=re.DOTALL)
    said = re.findall(r"(?:textContent|innerText|title|placeholder|ariaLabel)\s*=\s*(['\"`])([^'\"`]*)\1", code)
    assert [text for _, text in said if _has_words(text)] == []
