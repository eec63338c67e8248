"""The line of a quote over time as a picture: level while it stood, a step down when not, dotted when nobody could.

The picture is drawn in a box of 100 by 20. Its words say the same to who cannot see it.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from claims.public import wording
from claims.watch.public_watch import PublicPeriod, PublicWatch

_LEVEL = {"stood": 5, "broken": 16, "unread": 5}
_TONE = {"stood": "ok", "broken": "off", "unread": "dim"}


@dataclass(frozen=True)
class Line:
    """Paths of an SVG with the class of each, the ends in words, and the whole in words."""

    paths: tuple[tuple[str, str], ...]
    start: str
    end: str
    words: str


def line_of(watch: PublicWatch) -> Line:
    """Draw the watch of a quote."""
    days = (watch.end - watch.start).days
    if not days:  # of one day there is no line over time, only how it was last
        last = watch.periods[-1].state
        return Line(
            ((_TONE[last], f"M0 {_LEVEL[last]}H100"),), wording.day(watch.start), wording.day(watch.end), _words(watch)
        )

    def place(at: date) -> float:
        return round((at - watch.start).days * 100 / days, 1)

    paths: list[tuple[str, str]] = []
    level: int | None = None
    for period in watch.periods:
        left, right = place(period.start), max(place(period.end), place(period.start))
        if right == left:
            right = min(100.0, left + 2) if left < 100 else left
            left = min(left, right - 2)
        height = _LEVEL[period.state]
        step = f"M{left:g} {level}V{height}" if level not in (None, height) else f"M{left:g} {height}"
        paths.append((_TONE[period.state], f"{step}H{right:g}"))
        level = height
    return Line(tuple(paths), wording.day(watch.start), wording.day(watch.end), _words(watch))


def _words(watch: PublicWatch) -> str:
    parts = [_part(each) for each in watch.periods]
    if watch.seen_on:
        parts.append(_("Last truly seen on %(day)s.") % {"day": wording.day(watch.seen_on)})
    return " ".join(parts)


def _part(period: PublicPeriod) -> str:
    days = {"start": wording.day(period.start), "end": wording.day(period.end)}
    if period.state == "stood":
        return _("It stood from %(start)s to %(end)s.") % days
    if period.state == "broken":
        return _("It did not stand as quoted from %(start)s to %(end)s.") % days
    return _("The page could not be read from %(start)s to %(end)s.") % days
