#!/usr/bin/env python
"""Django's command line. `--data DIR` anywhere names the data folder for every command."""

import os
import sys


def take_data_folder(arguments: list[str]) -> list[str]:
    """Move `--data DIR` or `--data=DIR` from the arguments into FACTCHECK_DATA, which settings read."""
    rest = list(arguments)
    for position, argument in enumerate(rest):
        if argument == "--data" and position + 1 < len(rest):
            os.environ["FACTCHECK_DATA"] = rest[position + 1]
            del rest[position : position + 2]
            break
        if argument.startswith("--data="):
            os.environ["FACTCHECK_DATA"] = argument.removeprefix("--data=")
            del rest[position]
            break
    return rest


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    arguments = take_data_folder(sys.argv)
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed in this Python. Run: "
            "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt, "
            "then use .venv/bin/python manage.py …"
        ) from error
    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
