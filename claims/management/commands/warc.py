"""`manage.py warc CLAIM_ID`: write the saved pages that a claim's reviews quote to a WARC file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from claims.exports import warc
from claims.models import Claim
from sources.snapshots.store import StorageError


class Command(BaseCommand):
    help = "Write the saved pages that a claim rests on as WARC 1.1. For editors: it holds whole pages of other sites."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("claim", metavar="CLAIM_ID", help="for example clm_…")
        parser.add_argument("--out", metavar="FILE", help="default: CLAIM_ID.warc.gz here; never overwritten")

    def handle(self, *args: Any, **options: Any) -> None:
        out = Path(options["out"] or f"{options['claim']}.warc.gz")
        part = out.with_name(f".{out.name}.part")
        try:
            claim = Claim.objects.filter(public_id=options["claim"]).first()
            if claim is None:
                raise CommandError(f"There is no claim {options['claim']}; the admin shows each claim's id.")
            if out.exists():
                raise CommandError(f"{out} is there already; name another file with --out.")
            with part.open("wb") as file:
                pages = warc.write(claim, file)
            part.rename(out)
        except (warc.NothingToExport, StorageError) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(
                f"The database does not answer or has no tables yet ({str(error).splitlines()[0]})."
            ) from error
        except OSError as error:
            raise CommandError(f"{out} cannot be written ({error.strerror}); name another file with --out.") from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{out}: {pages} page{'' if pages == 1 else 's'}")
