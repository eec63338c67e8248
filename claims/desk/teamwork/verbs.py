"""Buttons of working together, each a call of the one function that holds the rule."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.desk.shell.addresses import number
from claims.desk.shell.verbs import Act, Run, Verb, register
from claims.desk.teamwork.panel import COMMENT, local
from claims.desk.teamwork.ticks import save_ticks
from claims.models import ChecklistItem, Claim, Comment, Organisation, PublicationTimer, ReviewVersion
from claims.people import name_of
from claims.permissions import Refused, may_comment, may_set_timer, may_write
from claims.teamwork import assignments, checklists, comments, timers

_State = ReviewVersion.State


def when(text: str) -> datetime | None:
    """A posted time, in the zone of the person; None for an empty field. Raises `Refused`."""
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 9000:
        raise Refused(_("Give the time as day and hour, for example 2026-12-01T16:00."))
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _assign(act: Act) -> str:
    chosen = act.text("assignee")
    assignee = None
    if chosen:
        assignee = get_user_model()._default_manager.filter(pk=number(chosen) or 0).first()
        if assignee is None:
            raise Refused(_("Choose a colleague who writes at this desk and may see the claim."))
    made = assignments.assign(act.row, actor=act.user, assignee=assignee, due_at=when(act.text("due")))
    if made is None:
        return _("Nobody is assigned.")
    if made.assignee is None:
        return _("Saved. Nobody is assigned; the time stands.")
    if made.assignee_id == act.user.pk:
        return _("Saved. The claim is yours.")
    return _("Saved. %(who)s is told.") % {"who": name_of(made.assignee)}


def _comment(act: Act) -> str:
    version = None
    if (key := number(act.text("version"))) is not None:
        version = ReviewVersion.objects.filter(pk=key, review__claim=act.row).first()
    made = comments.comment(act.row, text=act.text(COMMENT), about=act.text("about"), version=version, actor=act.user)
    told = [name_of(each) for each in comments.mentioned(made.text, act.row) if each.pk != act.user.pk]
    if told:
        return _("Commented. Told: %(who)s.") % {"who": ", ".join(told)}
    return _("Commented.")


def _edit(act: Act) -> str:
    comments.edit(act.row, text=act.text(COMMENT), actor=act.user)
    return _("The comment is changed.")


def _settle(act: Act) -> str:
    comments.settle(act.row, actor=act.user)
    return _("Settled.")


def _reopen(act: Act) -> str:
    comments.reopen(act.row, actor=act.user)
    return _("Open again.")


def _tick(act: Act) -> str:
    save_ticks(act, act.row)
    return _("The ticks are saved.")


def _set_timer(act: Act) -> str:
    at = when(act.text("at"))
    if at is None:
        raise Refused(_("Say when it is to be published."))
    timer = timers.set_timer(act.row, at=at, actor=act.user)
    return _("Set: it is published on %(when)s, as you.") % {
        "when": timezone.localtime(timer.at).strftime("%Y-%m-%d, %H:%M:%S %Z")
    }


def _take_back(act: Act) -> str:
    timers.take_back(act.row, actor=act.user)
    return _("Taken back. It is published only when somebody does it.")


def _add_line(act: Act) -> str:
    checklists.add_item(act.row, text=act.text("line"), machine=act.text("machine"), actor=act.user)
    return _("The line is added. It is asked for from now on.")


def _use_template(act: Act) -> str:
    made = checklists.use_template(act.row, act.text("template"), actor=act.user)
    return ngettext("%(count)s line is added.", "%(count)s lines are added.", made) % {"count": made}


def _reword(act: Act) -> str:
    checklists.reword_item(act.row, text=act.text("line"), actor=act.user)
    return _("The line is changed. Ticks that were set for it stay.")


def _move(by: int) -> Run:
    return lambda act: checklists.move_item(act.row, by=by, actor=act.user)


def _retire(act: Act) -> str:
    checklists.retire_item(act.row, actor=act.user)
    return _("The line is retired. It is asked for no longer.")


def _counts(item: ChecklistItem) -> bool:
    return item.retired_at is None


def _may_comment(user: Any, comment: Comment) -> bool:
    return may_comment(user, comment.claim)


def _timer_fields(user: Any, version: ReviewVersion) -> dict[str, Any]:
    until = version.embargo_until
    proposed = until or timezone.now().replace(minute=0, second=0) + timedelta(hours=1)
    return {"proposed": local(proposed), "embargo": until, "zone": timezone.get_current_timezone_name()}


register(
    "claim",
    Claim,
    [
        Verb("assign", gettext_lazy("Save"), _assign, rule="assign", effect=gettext_lazy("Tells the colleague.")),
        Verb("comment", gettext_lazy("Comment"), _comment, rule="comment", effect=gettext_lazy("Stays at the desk.")),
    ],
)
register(
    "comment",
    Comment,
    [
        Verb(
            "edit",
            gettext_lazy("Save"),
            _edit,
            may=lambda user, row: comments.may_edit(user, row),
            why_not=lambda user, row: _(comments.MAY_NOT_EDIT),
        ),
        Verb(
            "settle", gettext_lazy("Settle"), _settle, may=_may_comment, when=lambda comment: comment.settled_at is None
        ),
        Verb(
            "reopen",
            gettext_lazy("Reopen"),
            _reopen,
            may=_may_comment,
            when=lambda comment: comment.settled_at is not None,
        ),
    ],
)
register(
    "version",
    ReviewVersion,
    [
        Verb(
            "tick",
            gettext_lazy("Save the ticks"),
            _tick,
            may=may_write,
            when=lambda version: version.state in (_State.DRAFT, _State.IN_REVIEW),
            rare=True,
        ),
        Verb(
            "set-timer",
            gettext_lazy("Publish at a time"),
            _set_timer,
            may=may_set_timer,
            when=lambda version: version.state == _State.APPROVED and timers.waiting(version) is None,
            why_not=lambda user, version: _("An editor sets the timer; it publishes as whoever set it."),
            effect=gettext_lazy("Goes out by itself then, if nothing speaks against it."),
            asks="desk/teamwork/ask_timer.html",
            rare=True,
            context=_timer_fields,
        ),
    ],
)
register(
    "timer",
    PublicationTimer,
    [
        Verb(
            "take-back",
            gettext_lazy("Take the timer back"),
            _take_back,
            may=lambda user, timer: timer.set_by_id == user.pk or may_set_timer(user, timer.version),
            when=lambda timer: timer.state == PublicationTimer.State.WAITING,
            effect=gettext_lazy("Nothing goes out by itself."),
        )
    ],
)
_DEFINES = "define scales and organisations"
register(
    "organisation",
    Organisation,
    [
        Verb("add-line", gettext_lazy("Add the line"), _add_line, rule=_DEFINES),
        Verb("use-template", gettext_lazy("Add these lines"), _use_template, rule=_DEFINES),
    ],
)
register(
    "checklist-line",
    ChecklistItem,
    [
        Verb("reword", gettext_lazy("Save"), _reword, rule=_DEFINES, when=_counts, compares=True),
        Verb("up", gettext_lazy("Up"), _move(-1), rule=_DEFINES, when=_counts),
        Verb("down", gettext_lazy("Down"), _move(1), rule=_DEFINES, when=_counts),
        Verb("retire", gettext_lazy("Retire"), _retire, rule=_DEFINES, when=_counts),
    ],
)
