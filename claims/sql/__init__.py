"""SQL files that the first migration runs beside what the models make: functions, and options of tables."""

from pathlib import Path

AUTHORS = "factcheck_authors"
"""The function that counts the authors of a version."""


def create(name: str) -> str:
    """The statement of the file of this name, without its ending."""
    return (Path(__file__).parent / f"{name}.sql").read_text()
