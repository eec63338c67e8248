#!/usr/bin/env python
"""Django's command line. Settings need the options `--data DIR` and `--domain NAME`, which every command takes."""

import os
import sys

TAKEN = {"--data": "FACTCHECK_DATA", "--domain": "FACTCHECK_DOMAIN"}


def take_settings(arguments: list[str]) -> list[str]:
    """Move the options of `TAKEN`, `--data DIR` or `--data=DIR`, from the arguments into the environment."""
    rest: list[str] = []
    waiting = ""
    for argument in arguments:
        option, equals, value = argument.partition("=")
        if waiting:
            os.environ[waiting] = argument
            waiting = ""
        elif option in TAKEN and equals:
            os.environ[TAKEN[option]] = value
        elif option in TAKEN:
            waiting = TAKEN[option]
        else:
            rest.append(argument)
    if waiting:
        raise SystemExit(f"{next(option for option, name in TAKEN.items() if name == waiting)} needs a value.")
    return rest


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    arguments = take_settings(sys.argv)
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed in this Python. Run: "
            "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt, "
            "then use .venv/bin/python manage.py …"
        ) from error
    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:
        raise SystemExit(f"The settings are not right: {error}") from None
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        raise SystemExit(130) from None  # as a shell says of SIGINT


if __name__ == "__main__":
    main()
