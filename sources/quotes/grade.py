"""The grade of an alteration: how much of what a sentence says has changed.

Pure: no network, no database.
"""

from enum import StrEnum


class Grade(StrEnum):
    """How much an alteration changes, the worst first."""

    SUBSTANCE = "substance"
    """Another number, negation, name, date, unit, modality or speaker."""
    WORDING = "wording"
    """Other words, with nothing of the above."""
    COSMETIC = "cosmetic"
    """Case, punctuation, typography or note marks. Recorded and shown; raises nothing."""
