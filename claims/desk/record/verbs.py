"""The buttons of the public record: what can be done with a complaint."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from claims.complaints import desk
from claims.desk.shell.addresses import number
from claims.desk.shell.verbs import Act, Verb, register
from claims.models import Complaint
from claims.permissions import Refused


def _take(act: Act) -> str:
    desk.take_over(act.row, actor=act.user)
    return _("The answer is yours to write.")


def _answer(act: Act) -> str:
    desk.answer(
        act.row,
        outcome=act.text("outcome"),
        words=act.text("words"),
        correction=number(act.text("correction")),
        actor=act.user,
    )
    return _("Answered. The outcome is in the register, and the words are on the private page.")


def _name_change(act: Act) -> str:
    sequence = number(act.text("correction"))
    if sequence is None:
        raise Refused(_("Choose the change that followed."))
    desk.name_correction(act.row, correction=sequence, actor=act.user)
    return _("The register leads to this change now.")


def _may_answer(user: Any, row: Any) -> bool:
    return desk.may_answer(row, user)


def _why_not(user: Any, row: Any) -> Any:
    return _("You wrote what it is about, so a colleague answers it.") if desk.is_author(row, user) else ""


register(
    "complaints",
    Complaint,
    [
        Verb(
            "take",
            __("I answer it"),
            _take,
            rule="answer complaints",
            may=_may_answer,
            why_not=_why_not,
            when=lambda row: not row.outcome,
            compares=True,
            effect=__("Colleagues see it; nobody outside does"),
        ),
        Verb(
            "answer",
            __("Answer"),
            _answer,
            rule="answer complaints",
            may=_may_answer,
            why_not=_why_not,
            when=lambda row: not row.outcome,
            effect=__("The outcome goes into the register, for good"),
            tone="go",
        ),
        Verb(
            "name-change",
            __("Name the change that followed"),
            _name_change,
            rule="answer complaints",
            when=lambda row: row.outcome in ("upheld", "in_part") and row.correction_id is None,
            effect=__("The register leads to it"),
        ),
    ],
)
