"""Draw the watch line of a quote: paths of a small picture, and the same in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.desk.shell.times import said
from claims.formats.line_paths import LEVEL, line_paths
from claims.models import Evidence
from claims.models.publication import Audience
from claims.watch.watch_line import BROKEN, STOOD, WatchLine, watch_lines

_MOST_SENTENCES = 8


@dataclass(frozen=True)
class DrawnLine:
    """The paths (class and data) on a field of 100 × 20, the words for who does not see it, and the ends."""

    paths: tuple[tuple[str, str], ...]
    words: str
    start: datetime
    end: datetime


def drawn(quote: Any) -> DrawnLine | None:
    """The line of a card, of a `WatchLine` or of a row of evidence; None of what is not watched."""
    line = getattr(quote, "line", quote)
    if isinstance(line, Evidence):
        line = watch_lines([line], audience=Audience.NEWSROOMS).get(line.pk)
    return draw(line) if isinstance(line, WatchLine) else None


def draw(line: WatchLine) -> DrawnLine:
    return DrawnLine(tuple(_paths(line)), " ".join(sentences(line)), line.start, line.end)


def _paths(line: WatchLine) -> list[tuple[str, str]]:
    whole = max((line.end - line.start).total_seconds(), 1.0)

    def x(at: datetime) -> float:
        return min(100.0, max(0.0, 100 * (at - line.start).total_seconds() / whole))

    drawn = line_paths((period.state, x(period.start), x(period.end)) for period in line.periods)
    paths = [(f"w-{tone}", data) for tone, data in drawn]
    if line.seen_at is not None:
        paths.append(("w-dot", f"M{x(line.seen_at):.4g} {LEVEL}h0"))
    return paths


def sentences(line: WatchLine) -> list[str]:
    """What the line shows, in words."""
    found = []
    for number, period in enumerate(line.periods):
        is_last = number == len(line.periods) - 1
        times = {"start": _said(period.start), "end": _said(period.end)}
        if period.state == STOOD:
            found.append(
                _("It has stood since %(start)s.") % times
                if is_last
                else _("It stood from %(start)s to %(end)s.") % times
            )
        elif period.state == BROKEN:
            found.append(
                _("It has not stood since %(start)s.") % times
                if is_last
                else _("It did not stand from %(start)s to %(end)s.") % times
            )
        else:
            found.append(
                _("The page cannot be read since %(start)s.") % times
                if is_last
                else _("The page could not be read from %(start)s to %(end)s.") % times
            )
    left_out = len(found) - _MOST_SENTENCES
    if left_out > 0:
        found = [_("%(count)d earlier periods are not told here.") % {"count": left_out}, *found[-_MOST_SENTENCES:]]
    if line.seen_at is not None:
        found.append(_("It was last truly seen %(time)s.") % {"time": _said(line.seen_at)})
    return found


def _said(at: datetime) -> str:
    return said(timezone.localtime(at))
