"""SQL files that the first migration runs beside what the models make: functions, and options of tables."""

import re
from pathlib import Path
from typing import NamedTuple

_FUNCTION = re.compile(
    r"CREATE OR REPLACE FUNCTION (?P<name>\w+)\(.*?\bLANGUAGE (?P<language>\w+)\b.*?"
    r"\$function\$(?P<source>.*?)\$function\$;",
    re.DOTALL,
)


class Function(NamedTuple):
    """A function as a file defines it; `statement` creates it."""

    name: str
    language: str
    source: str
    statement: str


def functions(folder: Path = Path(__file__).parent) -> list[Function]:
    """Every function that the files of the folder define."""
    return [
        Function(found["name"], found["language"], found["source"], found[0])
        for path in sorted(folder.glob("*.sql"))
        for found in _FUNCTION.finditer(path.read_text())
    ]
