"""`manage.py ingest FILE_OR_URL`: store a document with its statements, and print them as one JSON object."""

import json
import re
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from claims.statements import ingest, statement_sandbox
from claims.visible_text import is_language_tag
from sources.http import fetcher
from sources.http.defaults import fetch_defaults
from sources.outcome import Outcome

_PROGRESS_SECONDS = 5
_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class Command(BaseCommand):
    help = (
        "Store an article, speech or post (plain text, HTML, Markdown, PDF or Word; a file or a URL) and print its "
        "statements as JSON: who said what, with exact offsets, figures and check-worthiness."
    )
    # --dry-run works without a database.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("document", metavar="FILE_OR_URL")
        parser.add_argument("--publisher", default="", help="who published it")
        parser.add_argument("--date", default="", help="when it was published, as 2024-05-31")
        parser.add_argument(
            "--language",
            default="",
            help="its language, as en or pt-BR; by default told from the text, else und",
        )
        parser.add_argument("--dry-run", action="store_true", help="print the statements and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        published_on = _parse_day(options["date"])
        if options["language"] and not is_language_tag(options["language"]):
            raise CommandError(f"{options['language']!r} is no language tag; say for example en or pt-BR.")
        name: str = options["document"]
        url = name if _URL.match(name) else ""
        try:
            document = _fetch(url) if url else _read_file(Path(name))
        except ingest.UnreadableDocument as error:
            raise CommandError(f"{name}: {error}") from error
        language = ingest.language_for(document, options["language"])
        extracted = self._extract(document.text, language)
        if options["dry_run"] and isinstance(extracted, ingest.NotRead):
            raise CommandError(f"{name}: {extracted}")
        result: dict[str, Any] = {"document": None}
        if not options["dry_run"]:
            try:
                told: dict[str, Any] = {"publisher": options["publisher"], "date": published_on}
                existing = ingest.find_stored(document, url=url, **told)
                differs = ingest.told_otherwise(existing, **told) if existing is not None else []
                row = ingest.store(
                    document,
                    extracted,
                    language=language,
                    url=url,
                    **told,
                )
            except DatabaseError as error:
                reason = str(error).strip().partition("\n")[0]
                raise CommandError(f"The document was not stored, the database says: {reason}") from error
            result["document"] = row.public_id
            if existing is not None:
                result["existing"] = True
                if differs:
                    self.stderr.write(
                        f"{row.public_id} holds this text already, with another {' and '.join(differs)}; it stays as "
                        "it is. Change it at the desk, or give the address of the other document there."
                    )
        if isinstance(extracted, ingest.NotRead):
            result["unread"] = str(extracted)
            extracted = []
        result["statements"] = [statement.as_json() for statement in extracted]
        self.stdout.write(json.dumps(result, ensure_ascii=False))

    def _extract(self, text: str, language: str) -> list[ingest.ExtractedStatement] | ingest.NotRead:
        """The statements of a text, with a line of progress for a long one on standard error."""
        started = time.monotonic()
        told = started

        def go_on() -> bool:
            nonlocal told
            if time.monotonic() - told >= _PROGRESS_SECONDS:
                told = time.monotonic()
                self.stderr.write(f"Reading {len(text):,} characters: {told - started:.0f} s …")
            return True

        try:
            return statement_sandbox.extract(text, language, statement_sandbox.IN_BACKGROUND, go_on)
        except ingest.NotRead as reason:
            self.stderr.write(f"The document has no statements. {reason}")
            return reason


def _parse_day(value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise CommandError(f"{value!r} is no date; write it as 2024-05-31.") from error


def _read_file(path: Path) -> ingest.ParsedDocument:
    try:
        if path.is_dir():
            raise CommandError(f"{path} is a folder; name one file.")
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise CommandError(f"There is no file {path}; check the path.") from error
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    return ingest.read(raw, filename=path.name)


def _fetch(url: str) -> ingest.ParsedDocument:
    result = fetcher.fetch(url, **fetch_defaults())
    if result.outcome != Outcome.OK or result.body is None:
        why = result.detail.rstrip(".") or f"the answer was {result.status}"
        raise CommandError(f"{url} could not be fetched: {why}.")
    return ingest.read(result.body, media_type=result.media_type, charset=result.charset, url=url)
