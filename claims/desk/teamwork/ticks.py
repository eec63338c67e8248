"""Save the ticks that are posted with a form that shows the checklist."""

from claims.desk.shell.addresses import number
from claims.desk.shell.verbs import Act
from claims.models import ReviewVersion
from claims.teamwork import checklists

WERE, TICK = "ticks-were", "tick"
"""The fields of the lines that were ticked when the form was shown, and of those that are when it is posted."""


def save_ticks(act: Act, version: ReviewVersion) -> None:
    """Set the ticks that the person set, and take back those that were taken back. Raises `Refused`.

    A tick that a colleague set or took back since the form was shown stays as the colleague left it.
    """
    were, now = _keys(act, WERE), _keys(act, TICK)
    if were == now:
        return
    done = set(version.ticks.values_list("item", flat=True))
    wanted = (done | (now - were)) - (were - now)
    if wanted != done:
        checklists.set_ticks(version, wanted, actor=act.user)


def _keys(act: Act, name: str) -> set[int]:
    return {key for each in act.data.getlist(name) if (key := number(each)) is not None}
