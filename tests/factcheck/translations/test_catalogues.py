"""The catalogues in factcheck/locale/: compiled as they are written, with the same gaps in every language."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from factcheck.management.commands.makemessages import Command

LOCALE = Path(__file__).resolve().parents[3] / "factcheck" / "locale"
WRITTEN = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))
GAP = re.compile(r"%\(\w+\)[sd]|%%")
SHORT = re.compile(r"\bp?gettext(?:_lazy|_noop)? as (\w+)")


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file) if path.suffix == ".po" else read_mo(file)


def translated(read: Catalog) -> dict[object, object]:
    """What the catalogue says, by what it translates, without its head and without what is not translated yet."""
    said = {(_words(each.id), each.context): _words(each.string) for each in read if each.id and not each.fuzzy}
    return {key: value for key, value in said.items() if any(value)}


def _words(text: str | Sequence[str]) -> tuple[str, ...]:
    """A text, or a singular with its plurals, as both readers give it."""
    return (text,) if isinstance(text, str) else tuple(text)


def language(path: Path) -> str:
    return path.parts[-3]


@pytest.mark.parametrize("path", WRITTEN, ids=language)
def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    compiled = path.with_suffix(".mo")
    assert compiled.exists(), "run .ci/messages"
    assert translated(catalogue(compiled)) == translated(catalogue(path)), "run .ci/messages"
    assert language(path) in dict(settings.LANGUAGES)


@pytest.mark.parametrize("path", WRITTEN, ids=language)
def test_a_translation_keeps_the_gaps_of_its_sentence(path: Path) -> None:
    wrong = []
    for each in catalogue(path):
        if not each.id or each.fuzzy:
            continue
        given = each.id if isinstance(each.id, tuple) else (each.id,)
        said = each.string if isinstance(each.string, tuple) else (each.string,)
        gaps = {frozenset(GAP.findall(text)) for text in given}
        # “One piece” may leave its number out, in every language.
        allowed = gaps | {frozenset(GAP.findall(given[-1]))}
        wrong += [text for text in said if text and frozenset(GAP.findall(text)) not in allowed]
    assert wrong == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="To gather strings: apt-get install gettext")
@pytest.mark.skipif(not WRITTEN, reason="No language is begun yet")
def test_the_catalogues_hold_the_strings_of_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # In a copy, since the command writes into every folder `locale` that it meets.
    monkeypatch.chdir(tmp_path)
    for app in ("sources", "claims", "factcheck"):
        left_out = shutil.ignore_patterns("locale", "static", "migrations", "__pycache__")
        shutil.copytree(LOCALE.parents[1] / app, tmp_path / app, ignore=left_out)
    with override_settings(LOCALE_PATHS=[tmp_path]):
        call_command("makemessages", locale=["de"], verbosity=0)
    found = catalogue(tmp_path / "de" / "LC_MESSAGES" / "django.po")
    today = {(_words(each.id), each.context) for each in found if each.id}
    assert len(today) > 500
    for path in WRITTEN:
        kept = {(_words(each.id), each.context) for each in catalogue(path) if each.id}
        assert (today - kept, kept - today) == (set(), set()), f"run .ci/messages: {language(path)}"


def test_what_is_marked_by_a_short_name_is_gathered() -> None:
    folders = (LOCALE.parents[1] / app for app in ("sources", "claims", "factcheck"))
    short = {name for folder in folders for path in folder.rglob("*.py") for name in SHORT.findall(path.read_text())}
    assert "_" in short
    gathered = {each.removeprefix("--keyword=") for each in Command.xgettext_options}
    assert short - gathered - {"_"} == set(), "name it in factcheck/management/commands/makemessages.py"
