"""Every word that the desk says passes through gettext: where each message is bracketed, only data is bare."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.utils.translation import trans_real

from claims.roles import Role
from factcheck.web.refusals import refusals
from tests.claims.desk.crawl.test_crawl import person, starts
from tests.claims.desk.crawl.walk import Seen, walk
from tests.factcheck.fixtures import story

BEGIN, END = "\u27e6", "\u27e7"
_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_WORDS = re.compile(
    r"https?://\S+|\S+@\S+|\b[a-z]{3}_[0-9a-z]+|\S*/\S*\.\S+|[0-9a-f]{12,}|\S+\.(?:test|example|org)\b"
)
_UNREAD = "//script | //style | //template | //svg | //head | //kbd | //code | //pre | //noscript | //datalist"
_ATTRIBUTES = ("aria-label", "placeholder", "title", "alt", "data-l", "data-busy")
_OWN = {
    "factcheck",
    "gmt",
    "utc",
    "csv",
    "wikidata",
    "json",
    "rss",
    "atom",
    "url",
    "html",
    "pdf",
    "slack",
    "meedan",
}
"""Names of things, the same in every language."""
KNOWN = ("Under review since",)
"""What readers are shown, in the language of the publication."""
LEFT_OUT = ("/admin/help", "/admin/me/", "/admin/settings/tables/")
"""A page of docs/; the names of languages and time zones; the names of the tables of the database."""


class Bracketed(trans_real.DjangoTranslation):
    """Answers each message in brackets."""

    def gettext(self, message: str) -> str:
        return f"{BEGIN}{message}{END}" if message.strip() else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"{BEGIN}{msgid1 if n == 1 else msgid2}{END}"


def known_words() -> set[str]:
    """The words of all rows: what people, pages and newsrooms wrote. No choices, whose labels the desk says."""
    found: set[str] = set()
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, (CharField, TextField, JSONField)) and not field.choices
        ]
        if names and not model._meta.label.startswith(("sessions.", "pghistory.")) and "Event" not in model.__name__:
            for row in model._default_manager.values_list(*names)[:500]:
                for value in row:
                    found |= {word.casefold() for word in _WORD.findall(str(value))}
    return found


def bare(tree: Any) -> Iterator[str]:
    """The runs of text outside of brackets."""
    depth = 0
    for gone in tree.xpath(_UNREAD):
        for child in list(gone):
            gone.remove(child)
        gone.text = None
    for text in tree.body.itertext():
        run = ""
        for each in text:
            if each == BEGIN:
                depth += 1
            elif each == END:
                depth = max(0, depth - 1)
            elif depth == 0:
                run += each
            if depth and run:
                yield run
                run = ""
        if run.strip():
            yield run
    for name in _ATTRIBUTES:
        for value in tree.xpath(f"//body//@{name}"):
            yield re.sub(f"{BEGIN}[^{END}]*{END}", " ", str(value).replace(f"{BEGIN}{BEGIN}", BEGIN))


def words(run: str, data: set[str]) -> str:
    """The run, if it has a word that nobody wrote; else nothing."""
    found = [word for word in _WORD.findall(_NO_WORDS.sub(" ", run)) if word.casefold() not in data | _OWN]
    return " ".join(run.split())[:100] if found else ""


def test_only_data_is_bare(live_database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story.tell(tmp_path)
    client = person("chief", (Role.CHIEF, Role.ADMINISTRATOR))
    for path in ("/admin/x", "/account/x", "/api/x", "/static/x", "/healthz", "/x"):
        refusals.count(404, path)  # a table of Today, whatever ran before in this process
    data = known_words()
    for name in ("gettext", "ngettext"):
        monkeypatch.setattr(trans_real.DjangoTranslation, name, getattr(Bracketed, name))
    found: dict[str, list[str]] = {}
    pages: list[Seen] = [page for page in walk(client, starts(), rare=False, each=1) if page.is_ours]
    assert len(pages) > 20, "of the desk"
    for page in pages:
        if page.address.startswith(LEFT_OUT) or "answer=" in page.address:
            continue  # beside an answer to a re-check stands what goes out
        for run in bare(page.tree):
            if said := words(run, data):
                found.setdefault(said, []).append(page.address)
    left = {said: where for said, where in found.items() if not said.startswith(KNOWN)}
    assert not left, "\n".join(f"{said!r}: {where[0]}" for said, where in sorted(left.items()))
