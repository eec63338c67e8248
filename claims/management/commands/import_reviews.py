"""`manage.py import_reviews SOURCE…`: import reviews of other publishers from files, URLs or another instance."""

import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import webencodings  # type: ignore[import-untyped]
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from claims.imports import conflicts, instance_feed
from claims.imports.formats import languages, reading, subprocess_reader
from claims.imports.formats.reading import Entry
from claims.imports.importer import BATCH, Importer, fingerprint
from claims.imports.instance_feed import Page
from claims.imports.repaired_file import RepairFile
from claims.models import Import
from claims.permissions import Refused
from sources.http import client, fetcher
from sources.outcome import Outcome

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MAX_RESPONSE = 100_000_000
_DEADLINE = 600


class Command(BaseCommand):
    help = (
        "Import reviews of other publishers: ClaimReview in JSON-LD (a file, or a page with blocks of it), a "
        "DataFeed, CSV, NDJSON, a response of the Fact Check Tools API, or another instance's API. Importing again "
        "changes nothing, and an interrupted import resumes when it is run again. Refused records are listed in a "
        "file, with the reasons."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", metavar="SOURCE", help="a file, or a URL")
        parser.add_argument("--format", choices=reading.FORMATS, help="if neither name nor content shows it")
        parser.add_argument("--language", default="", help="language of records that state none, as en or pt-BR")
        parser.add_argument(
            "--charset", default="", help="charset of a source that is not UTF-8 and declares none, as windows-1252"
        )
        parser.add_argument(
            "--refused", type=Path, default=Path(), metavar="DIR", help="folder for the files of refused records"
        )
        parser.add_argument("--batch", type=int, default=BATCH, metavar="N", help="records a transaction (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["language"] and not languages.language(options["language"], []):
            raise CommandError(f"{options['language']!r} is no language tag; say for example en or pt-BR.")
        if options["charset"] and webencodings.lookup(options["charset"]) is None:
            raise CommandError(f"{options['charset']!r} is no charset; say for example windows-1252 or shift_jis.")
        if not 1 <= options["batch"] <= 20_000:
            raise CommandError("--batch is a number from 1 to 20,000.")
        if not options["refused"].is_dir():
            raise CommandError(f"There is no folder {options['refused']}; make it, or name another with --refused.")
        failed = False
        for source in options["sources"]:
            try:
                self._import(source, options)
            except (Refused, CommandError) as error:
                self.stderr.write(f"{source}: {error}")
                failed = True
            except KeyboardInterrupt as error:
                raise CommandError(
                    f"{source}: interrupted. What was reported as done is kept; run it again to resume."
                ) from error
            except OSError as error:
                raise CommandError(
                    f"{source}: {error.strerror or error}. What was reported as done is kept; run it again to resume."
                ) from error
            except DatabaseError as error:
                reason = str(error).strip().partition("\n")[0]
                raise CommandError(
                    f"{source}: database error: {reason}. What was reported as done is kept; run it again to resume."
                ) from error
        if failed:
            sys.exit(1)

    def _import(self, source: str, options: dict[str, Any]) -> None:
        file = options["refused"] / f"{_file_name(source)}.refused.ndjson"
        with RepairFile(options["refused"] / f"{_file_name(source)}.repaired.ndjson") as repaired:
            run = self._run(source, options, file, repaired)
        self._print_summary(source, run, file, repaired.path)

    def _run(self, source: str, options: dict[str, Any], file: Path, repaired: RepairFile) -> Import:
        importer = Importer(source=source, fingerprint="", refused=file, batch=options["batch"], report=self._report)
        if _URL.match(source) and instance_feed.is_instance(source):
            feed = instance_feed.feed_url(source)
            importer.source = feed
            return importer.import_pages(
                lambda cursor: _noted_pages(
                    instance_feed.pages(feed, cursor=cursor, now=timezone.now(), fetch=_fetch), importer, repaired
                )
            )
        content, importer.fingerprint, (media_type, charset) = _open(source)
        form = options["format"] or reading.detect_format(source, media_type, content.head)
        told = {"form": form, "language": options["language"], "charset": options["charset"] or charset}
        return importer.import_entries(
            lambda after: repaired.noted(_entries(source, content, after=after, **told), after=after)
        )

    def _print_summary(self, source: str, run: Import, file: Path, repaired: Path) -> None:
        self.stdout.write(
            f"{source}: {run.position:,} records read: {run.created:,} new, {run.updated:,} updated, "
            f"{run.unchanged:,} unchanged, {run.refused:,} refused, {run.contradictory:,} to an editor; "
            f"{run.repaired:,} of them were repaired."
        )
        if waiting := conflicts.waiting():
            self.stdout.write(
                f"{waiting:,} records contradict what is here and wait for an editor (at the desk: Import conflicts)."
            )
        if run.refused:
            self.stdout.write(f"The reasons of refusal are in {file}.")
        else:
            file.unlink(missing_ok=True)
        if repaired.exists():
            self.stdout.write(f"What was repaired, by record and field, is in {repaired}.")

    def _report(self, sentence: str) -> None:
        self.stderr.write(sentence)


class _Content:
    """The bytes of a source in pieces, which can be read again unless it is a pipe; `head` is the first piece."""

    def __init__(self, open_: Callable[[], Iterator[bytes]]) -> None:
        self._open = open_
        rest = open_()
        self.head = next(rest, b"")
        self._first: Iterator[bytes] | None = chain([self.head], rest)

    def pieces(self) -> Iterator[bytes]:
        first, self._first = self._first, None
        return first if first is not None else self._open()


def _noted_pages(pages: Iterator[Page], importer: Importer, repaired: RepairFile) -> Iterator[Page]:
    position: int | None = None
    for page in pages:
        position = importer.run.position if position is None else position
        yield page._replace(entries=list(repaired.noted(page.entries, after=position)))
        position += len(page.entries)


def _entries(source: str, content: _Content, *, form: str, language: str, charset: str, after: int) -> Iterator[Entry]:
    told: Any = {"form": form, "now": timezone.now(), "language": language, "charset": charset, "after": after}
    if _URL.match(source):
        return reading.entries(content.pieces(), url=source, **told)
    path = Path(source)
    if path.is_file() and path.stat().st_size >= subprocess_reader.MIN_FILE_SIZE:
        return subprocess_reader.entries(path, **told)
    return reading.entries(content.pieces(), **told)


def _open(source: str) -> tuple[_Content, str, tuple[str, str]]:
    """The content of the source, its fingerprint, and the media type and charset that a server stated.

    Raises `CommandError`.
    """
    if _URL.match(source):
        answer = fetcher.fetch(
            source,
            user_agent=settings.FETCH_USER_AGENT,
            allow=settings.FETCH_ALLOWED_LOOPBACK or None,
            total_deadline=_DEADLINE,
            max_bytes=_MAX_RESPONSE,
        )
        if answer.outcome is Outcome.TOO_LARGE:
            raise CommandError(f"it is larger than {_MAX_RESPONSE // 1_000_000} MB; download it and import the file.")
        if answer.outcome is not Outcome.OK or answer.body is None:
            raise CommandError(f"it could not be fetched: {answer.detail.rstrip('.') or answer.status}.")
        body = answer.body
        return _Content(lambda: iter([body])), fingerprint(body), (answer.media_type, answer.charset or "")
    path = Path(source)
    try:
        if path.is_dir():
            raise CommandError("it is a folder; name its files.")
        status = path.stat()
        identity = fingerprint(f"{status.st_size} {status.st_mtime_ns}".encode())
        return _Content(lambda: subprocess_reader.pieces(path)), identity, ("", "")
    except FileNotFoundError as error:
        raise CommandError("there is no such file; check the path.") from error
    except (OSError, ValueError) as error:
        raise CommandError(f"it cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def _fetch(url: str) -> fetcher.FetchResult:
    key = settings.IMPORT_KEY
    return client.request(
        url,
        user_agent=settings.FETCH_USER_AGENT,
        headers={"Accept": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {}),
        allow=settings.FETCH_ALLOWED_LOOPBACK,
        total_deadline=settings.FETCH_TOTAL_DEADLINE,
        max_bytes=_MAX_RESPONSE,
    )


def _file_name(source: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", source).strip("-.")[-100:] or "import"
