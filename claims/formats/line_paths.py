"""The watch line of a quote as paths on a field of 100 by 20. Pure.

Level while the quote stood, a step down while it did not. Where nobody could look the line is dotted at the height at
which it was: nothing says that the quote came back.
"""

from collections.abc import Iterable

_TONES = {"stood": "ok", "broken": "off", "unread": "dim"}
LEVEL, _DOWN = 5, 16


def line_paths(periods: Iterable[tuple[str, float, float]]) -> list[tuple[str, str]]:
    """Tone (ok, off, dim) and data of each path, from the state and both ends (0 to 100) of each period."""
    paths: list[tuple[str, str]] = []
    level = LEVEL
    for state, left, right in periods:
        before = level
        if state != "unread":
            level = LEVEL if state == "stood" else _DOWN
        step = f"M{left:.4g} {before}V{level}" if level != before else f"M{left:.4g} {level}"
        paths.append((_TONES[state], f"{step}H{right:.4g}"))
    return paths
