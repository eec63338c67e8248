"""The line of a quote over time as a picture: level while it stood, a step down when not, dotted when nobody could.

The picture is drawn in a box of 100 by 20. Its words say the same to who cannot see it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.formats.line_paths import line_paths
from claims.public import wording
from claims.watch.public_watch import PublicPeriod, PublicWatch


@dataclass(frozen=True)
class Line:
    """Paths of an SVG with the class of each, the ends in words, and the whole in words."""

    paths: tuple[tuple[str, str], ...]
    start: str
    end: str
    words: str


def line_of(watch: PublicWatch) -> Line:
    """Draw the watch of a quote."""
    return Line(tuple(line_paths(_ends(watch))), wording.day(watch.start), wording.day(watch.end), _words(watch))


def _ends(watch: PublicWatch) -> Iterator[tuple[str, float, float]]:
    """State and ends of each period; one of a single day is as wide as can be seen."""
    days = (watch.end - watch.start).days
    if not days:  # of one day there is no line over time, only how it was last
        yield watch.periods[-1].state, 0, 100
        return
    for period in watch.periods:
        left, right = (round((at - watch.start).days * 100 / days, 1) for at in (period.start, period.end))
        if right <= left:
            right = min(100.0, left + 2)
            left = min(left, right - 2)
        yield period.state, left, right


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
