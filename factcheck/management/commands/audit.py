"""`manage.py audit`: verify that nobody has rewritten the database, write a checkpoint, show or replace the keys."""

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from claims.proof import checkpoints, keys, outside, reports
from claims.proof import verify as proof
from claims.proof.checks.stored_pages import Share
from claims.proof.finding import Finding
from claims.proof.keys import KeyProblem
from claims.proof.verify import DEFAULT_SHARE, sealed_since
from factcheck.audit.verify import verify

_BUSY = "Another process writes a checkpoint at this moment."
_TRIES = 60
KEPT = 100
"""Sentences that a report keeps."""


class Command(BaseCommand):
    help = (
        "verify: compare log, index, seals, audit, stored pages, checkpoints and rules with each other; exit code 0, "
        "or 1 with a line a finding, or 2 if it could not be done. checkpoint: seal and sign what is there now. key: "
        "print the public key of checkpoints. new-keys: begin with new keys after a loss or a theft. accept REASON: go "
        "on from history as it is now, with findings that cannot be mended. docs/proof.md explains."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["verify", "checkpoint", "key", "new-keys", "accept"])
        parser.add_argument("reason", nargs="?", default="", help="why history is accepted as it is; kept")
        parser.add_argument(
            "--blobs", default=str(DEFAULT_SHARE), metavar="SHARE",
            help="share of the stored pages to read, such as 0.1, at least a thousand; or all (default: %(default)s)",
        )  # fmt: skip
        parser.add_argument(
            "--checkpoints", metavar="PLACE", help="compare with the checkpoints of this folder, file, bucket or "
            "address (default: those where FACTCHECK_CHECKPOINT_TO has sent them)",
        )  # fmt: skip
        parser.add_argument("--report", action="store_true", help="store the result, which /healthz and the desk show")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            match options["verb"]:
                case "verify":
                    self._verify(options)
                case "checkpoint":
                    self._checkpoint()
                case "key":
                    self.stdout.write(keys.Keys.of(keys.folder()).public)
                case "accept":
                    self._accept(options["reason"].strip())
                    self._verify({**options, "report": True})  # what is left, the rules included
                case _:
                    self._new_keys()
        except (KeyProblem, outside.OutsideError) as error:
            raise CommandError(str(error), returncode=2) from error
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(
                f"The database does not respond or has no tables yet ({reason}).", returncode=2
            ) from error

    def _verify(self, options: dict[str, Any]) -> None:
        started, began = timezone.now(), time.monotonic()
        counted: Counter[str] = Counter()
        sentences: list[str] = []
        for finding in verify(
            blobs=share(options["blobs"]), checkpoints=options["checkpoints"], report=self._tell(options["verbosity"])
        ):
            sentence = printable(f"{finding.part}: {finding.sentence}")
            self.stdout.write(sentence)
            counted[finding.part] += 1
            if len(sentences) < KEPT:
                sentences.append(sentence)
        number = counted.total()
        if options["report"]:
            reports.store(started, number, sentences)
        self.stderr.write(sealed_since())
        self.stderr.write(f"{number:,} findings in {time.monotonic() - began:.0f} s.")
        if number:
            sys.exit(1)

    def _tell(self, verbosity: int) -> Any:
        return (lambda part: self.stderr.write(f"verifying {part} …")) if verbosity > 1 else (lambda part: None)

    def _checkpoint(self) -> None:
        checkpoint = checkpoints.write()
        if checkpoint is None:
            raise CommandError(_BUSY, returncode=2)
        self.stdout.write(checkpoint.text, ending="")
        outside.send_due()

    def _new_keys(self) -> None:
        old = keys.Keys.of(keys.folder()).checkpoint if (keys.folder() / keys.CHECKPOINT_KEY).exists() else None
        if old is not None and checkpoints.write() is None:
            raise CommandError(f"{_BUSY} Nothing was changed.", returncode=2)
        new = keys.replace()
        for _ in range(_TRIES):
            if old is None:
                written = reports.accept("The keys were lost.", self._found())
            else:
                written = checkpoints.write(also_by=old)
            if written is not None:
                break
            time.sleep(0.5)
        else:
            raise CommandError(
                f"{_BUSY} The new keys are in place, and no checkpoint binds them yet: manage.py audit accept REASON "
                "makes one.",
                returncode=2,
            )
        self.stdout.write(new.public)
        self.stderr.write(
            "From now on this key signs checkpoints. Publish it where the old one was, and keep both: docs/proof.md."
        )
        outside.send_due()

    def _accept(self, reason: str) -> None:
        if not reason:
            raise CommandError("Say why in one sentence: manage.py audit accept 'REASON'.", returncode=2)
        found = self._found()
        checkpoint = reports.accept(reason, found)
        if checkpoint is None:
            raise CommandError(f"{_BUSY} Nothing was accepted; repeat the command.", returncode=2)
        self.stdout.write(checkpoint.text, ending="")
        self.stderr.write(
            f"{len(found):,} findings are accepted. This checkpoint says to everybody that history was accepted as it "
            "is now; say publicly why."
        )
        outside.send_due()

    def _found(self) -> list[Finding]:
        """What an audit finds and can be accepted: the rules of the database can be mended by `migrate`."""
        found = list(proof.verify())
        for finding in found:
            self.stderr.write(printable(f"{finding.part}: {finding.sentence}"))
        return found


def printable(text: str) -> str:
    """The text without what a terminal obeys or the database refuses: parts of a finding may be somebody's forgery."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def share(text: str) -> Share:
    """A share of 1 from the command line, or all. Raises CommandError."""
    if text == "all":
        return "all"
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise CommandError(f"--blobs is {text!r}; use a share between 0 and 1, or all.", returncode=2)
    return number
