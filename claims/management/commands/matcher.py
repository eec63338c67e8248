"""`manage.py matcher`: the process that finds the published claims which a text makes. Part of `up`."""

import logging
import os
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.module_loading import import_string

from claims.matching.server import process
from claims.matching.server.child_process import begin_task
from claims.matching.server.followed_engine import write_base
from claims.matching.server.memory import mode_of, use_few_arenas
from claims.matching.wire.socket_folder import WrongFolder

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Run the matcher, which web processes of this host ask which published claims a text makes. It follows the "
        "publication log, and keeps its index and vectors in the folder `matching` of the data folder. One a host."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        # What the matcher starts itself: `base` writes its index, `fill` its vectors.
        parser.add_argument("--task", choices=["base", "fill"], help=SUPPRESS)
        parser.add_argument("--parent", type=int, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)
        process.write_no_core()
        use_few_arenas()
        folder: Path = settings.MATCHER_FOLDER
        if options["task"]:
            begin_task(options["parent"])
            self.run_task(options["task"], folder)
            return
        mode = mode_of(settings.MATCHER)
        if mode.name == "off":
            raise CommandError("FACTCHECK_MATCHER=off: nobody would ask the matcher. Set it to full or words.")
        try:
            with process.alone(folder):
                process.let_threads_take_short_turns()
                matcher = process.Matcher(folder, mode)
                process.end_at_signals(matcher)
                logger.info("The matcher finds by %s: %s", mode.name, mode.reason)
                matcher.run()
        except (process.AlreadyRunning, WrongFolder) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The matcher cannot use {folder}: {error.strerror}") from error

    def run_task(self, task: str, folder: Path) -> None:
        try:
            if task == "base":
                write_base(folder)
            else:
                import_string("claims.matching.server.fill_task.fill_vectors")(folder)
        except OSError as error:
            raise CommandError(f"The matcher cannot write into {folder}: {error.strerror or error}") from error
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {str(error).splitlines()[0]}") from error
