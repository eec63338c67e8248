"""An organisation's checklist: define its lines, tick them on a version, and say which are missing for submission.

A tick belongs to a version. It stays when the version is sent back, and a new version starts without ticks. What the
machine can know it ticks itself; where it cannot tell for sure a person may tick in its place, under their name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from claims.models import ChecklistItem, ChecklistTick, Organisation, ReviewVersion
from claims.permissions import Refused, User, may_define_scales, may_write, require
from claims.teamwork.checklist_templates import templates
from claims.teamwork.machine_ticks import find
from claims.visible_text import unreadable
from sources.database import clock
from sources.database.audit import acting

MOST_ITEMS = 40
_OPEN = (ReviewVersion.State.DRAFT, ReviewVersion.State.IN_REVIEW)
# A page says whether a quote stands. Of origins and of who was asked, a person can know more than the machine.
_MACHINE_ALONE = frozenset({ChecklistItem.Machine.QUOTES_STAND.value})


@dataclass(frozen=True)
class Line:
    """A line of the checklist as it stands for one version."""

    item: ChecklistItem
    is_done: bool
    found: str = ""
    """What the machine saw, as a sentence; empty for a line that it does not look at."""
    by_machine: bool = False
    tick: ChecklistTick | None = None

    @property
    def by_hand(self) -> bool:
        """Whether a person can set this tick, as far as the line goes."""
        return not self.by_machine and self.item.machine not in _MACHINE_ALONE

    @property
    def ticked_by(self) -> Any:
        return None if self.tick is None else self.tick.ticked_by

    @property
    def ticked_at(self) -> datetime | None:
        return None if self.tick is None else self.tick.ticked_at


def items_of(organisation: Organisation | int) -> QuerySet[ChecklistItem]:
    """The lines of an organisation, or of one with this key, that count, in their order."""
    return ChecklistItem.objects.filter(organisation=organisation, retired_at__isnull=True).order_by("position", "pk")


def lines(version: ReviewVersion) -> list[Line]:
    """The checklist of the version's organisation, with what is done of it."""
    items = list(items_of(version.review.organisation_id))
    if not items:
        return []
    ticks = {each.item_id: each for each in version.ticks.select_related("ticked_by")}
    return [_line(item, ticks.get(item.pk), version) for item in items]


def _line(item: ChecklistItem, tick: ChecklistTick | None, version: ReviewVersion) -> Line:
    if not item.machine:
        return Line(item, is_done=tick is not None, tick=tick)
    finding = find(item.machine, version)
    if finding.holds:
        return Line(item, is_done=True, found=finding.sentence, by_machine=True)
    by_hand = tick if item.machine not in _MACHINE_ALONE else None
    return Line(item, is_done=by_hand is not None, found=finding.sentence, tick=by_hand)


def missing(version: ReviewVersion) -> list[str]:
    """What the checklist still asks for, as ends of the sentence “Before you submit: …”. A withdrawal has none."""
    if version.kind == ReviewVersion.Kind.WITHDRAWAL:
        return []
    return [
        _("tick “%(line)s”") % {"line": each.item.text}
        if each.by_hand
        else _("see to it that the machine can tick “%(line)s”") % {"line": each.item.text}
        for each in lines(version)
        if not each.is_done
    ]


def tick(version: ReviewVersion, item: ChecklistItem, *, actor: User) -> None:
    """Tick a line by hand. Does nothing if it is ticked. Raises `Refused`."""
    with acting(actor, reason="ticked"), transaction.atomic():
        locked = _lock(version, item, actor)
        if item.machine in _MACHINE_ALONE:
            raise Refused(_("The machine alone sets this tick, from what it sees on the pages."))
        ChecklistTick.objects.get_or_create(version=locked, item=item, defaults={"ticked_by": actor})


def untick(version: ReviewVersion, item: ChecklistItem, *, actor: User) -> None:
    """Take a tick back. Does nothing if there is none. Raises `Refused`."""
    with acting(actor, reason="took a tick back"), transaction.atomic():
        locked = _lock(version, item, actor)
        if locked.state != ReviewVersion.State.DRAFT:
            raise Refused(_("The version was submitted with this tick; send it back first."))
        ChecklistTick.objects.filter(version=locked, item=item).delete()


def set_ticks(version: ReviewVersion, ticked: Iterable[int], *, actor: User) -> None:
    """Make the ticks by hand those of the items with these keys, as a form posts them. Raises `Refused`."""
    wanted = set(ticked)
    done = set(version.ticks.values_list("item", flat=True))
    for item in items_of(version.review.organisation):
        if item.pk in wanted - done and item.machine not in _MACHINE_ALONE:
            tick(version, item, actor=actor)
        elif item.pk in done - wanted:
            untick(version, item, actor=actor)


def add_item(organisation: Organisation, *, text: str, actor: User, machine: str = "") -> ChecklistItem:
    """Add a line at the end of the organisation's checklist. Raises `Refused`."""
    _require_definer(actor)
    with acting(actor, reason="defined the checklist"), transaction.atomic():
        _lock_list(organisation)
        return _add(organisation, text, machine)


def use_template(organisation: Organisation, key: str, *, actor: User) -> int:
    """Add the lines of a template that the checklist does not have. Returns their number. Raises `Refused`."""
    _require_definer(actor)
    template = templates().get(key)
    if template is None:
        raise Refused(_("Choose one of the templates."))
    with acting(actor, reason="defined the checklist"), transaction.atomic():
        _lock_list(organisation)
        known = set(items_of(organisation).values_list("text", flat=True))
        new = [line for line in template.lines if line.text not in known]
        for line in new:
            _add(organisation, line.text, line.machine)
        return len(new)


def reword_item(item: ChecklistItem, *, text: str, actor: User) -> ChecklistItem:
    """Change the words of a line. Its ticks stay, so this is for wording; retire a line that asks for something else.

    Raises `Refused`.
    """
    _require_definer(actor)
    with acting(actor, reason="defined the checklist"), transaction.atomic():
        locked = ChecklistItem.objects.select_for_update().get(pk=item.pk)
        locked.text = _checked(text)
        locked.save(update_fields=["text"])
        return locked


def move_item(item: ChecklistItem, *, by: int, actor: User) -> None:
    """Move a line up (-1) or down (1). Does nothing at the ends. Raises `Refused`."""
    _require_definer(actor)
    with acting(actor, reason="defined the checklist"), transaction.atomic():
        _lock_list(item.organisation)
        rows = list(items_of(item.organisation))
        place = next((number for number, row in enumerate(rows) if row.pk == item.pk), None)
        if place is None or not 0 <= place + by < len(rows):
            return
        rows.insert(place + by, rows.pop(place))
        for position, row in enumerate(rows, start=1):
            if row.position != position:
                row.position = position
                row.save(update_fields=["position"])


def retire_item(item: ChecklistItem, *, actor: User) -> None:
    """Ask for this line no longer. The ticks that were set stay in the history. Raises `Refused`."""
    _require_definer(actor)
    with acting(actor, reason="defined the checklist"), transaction.atomic():
        locked = ChecklistItem.objects.select_for_update().get(pk=item.pk)
        if locked.retired_at is None:
            locked.retired_at = clock.now()
            locked.save(update_fields=["retired_at"])


def _add(organisation: Organisation, text: str, machine: str) -> ChecklistItem:
    rows = items_of(organisation)
    if rows.count() >= MOST_ITEMS:
        raise Refused(_("A checklist has %(most)s lines at most; retire one first.") % {"most": MOST_ITEMS})
    if machine and machine not in ChecklistItem.Machine.values:
        raise Refused(_("Choose what the machine looks at, or a tick by hand."))
    last = rows.aggregate(last=Max("position"))["last"] or 0
    return ChecklistItem.objects.create(
        organisation=organisation, text=_checked(text), machine=machine, position=last + 1
    )


def _checked(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Refused(_("Write what is to be done."))
    if len(text) > 300:
        raise Refused(_("Write the line in 300 characters or fewer."))
    if why := unreadable(text):
        raise Refused(_("Colleagues could not read the line as it stands. %(why)s") % {"why": why})
    return text


def _lock(version: ReviewVersion, item: ChecklistItem, actor: User) -> ReviewVersion:
    rows = ReviewVersion.objects.select_for_update(of=("self",)).select_related("review__claim")
    locked = rows.get(pk=version.pk)
    if item.organisation_id != locked.review.organisation_id or item.retired_at is not None:
        raise Refused(_("This line is not on the checklist of the review's organisation."))
    if locked.state not in _OPEN:
        raise Refused(_("Ticks are set before a version is approved."))
    require(may_write(actor, locked), _("You may not tick for this version; ask its author or an editor."))
    return locked


def _lock_list(organisation: Organisation) -> None:
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not organisation.is_ours:
        raise Refused(_("Only organisations of this desk have a checklist."))


def _require_definer(actor: User) -> None:
    require(may_define_scales(actor), _("You may not define checklists; ask a chief."))
