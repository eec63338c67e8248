"""The answers to a re-check, the letters about it and the days of review, as buttons of the desk."""

from datetime import date
from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from claims.desk.rechecks import answers
from claims.desk.rechecks.going_out import SHOWN, shown_token
from claims.desk.shell.addresses import number
from claims.desk.shell.verbs import Act, LookFirst, Verb, register
from claims.models import Recheck, Review, ReviewVersion, SourceRequest
from claims.permissions import Refused
from claims.requests import source_requests
from claims.reviews import rechecks, workflow
from claims.watch import review_days
from sources.models import Page

_DECIDE, _ASK, _DAY = "decide on a re-check", "ask the source", "set a day of review"


def still_stands(act: Act) -> Any:
    _require_shown(act, "still-stands")
    return answers.still_stands(act.request, act.row)


def tell(act: Act) -> Any:
    _require_shown(act, "tell")
    return answers.confirm(act.request, act.row)


def dismiss(act: Act) -> Any:
    _require_shown(act, "dismiss")
    return answers.dismiss(act.request, act.row)


def _require_shown(act: Act, answer: str) -> None:
    """Refuse unless this person was shown what this very answer sends; the way leads to the page that shows it."""
    _require_seen(act)
    if act.seen != rechecks.shown(act.row):
        raise Refused(_("Something changed while you were reading: nothing was sent. Look at it as it is now."))
    if not constant_time_compare(act.text(SHOWN), shown_token(act.row, answer, act.user, act.data)):
        raise LookFirst(
            _("Nothing is sent yet. Read below what goes out, then press again."),
            f"{reverse('desk:recheck', args=[act.row.pk])}?answer={answer}&show=1",
        )


def ask_a_colleague(act: Act) -> str:
    return answers.ask(act.request, act.row)


def update(act: Act) -> HttpResponseRedirect:
    return _open(act, ReviewVersion.Kind.UPDATE)


def correct(act: Act) -> HttpResponseRedirect:
    return _open(act, ReviewVersion.Kind.CORRECTION)


def withdraw(act: Act) -> HttpResponseRedirect:
    """Start the withdrawal and submit it: a colleague approves it."""
    if not act.text("public_note"):
        raise Refused(_("Say why, for readers: they will read it with the withdrawal."))
    version = _start(act, ReviewVersion.Kind.WITHDRAWAL)
    if version.state == ReviewVersion.State.DRAFT:
        workflow.submit(version, actor=act.user)
    return _to_the_workbench(version)


def ask_source(act: Act) -> str:
    """Save the letter, or record that it was sent: two buttons of one form."""
    page = Page.objects.filter(pk=number(act.text("page")) or 0).first()
    if page is None:
        raise Refused(_("Choose the page whose source you ask."))
    grade = act.text("grade")
    draft = act.row.source_requests.filter(page=page, state=SourceRequest.State.DRAFT).order_by("-pk").first()
    fields: dict[str, Any] = {
        "actor": act.user,
        "page": page,
        "grade": grade,
        "text": act.data.get(f"text-{grade}", ""),
        "recipient": act.text("recipient"),
        "deadline": _day(act.text("deadline"), may_be_empty=True),
        "request": draft,
    }
    if not act.text("sent"):
        source_requests.save(act.row, **fields)
        return _("The letter is saved. Nobody was told.")
    _require_seen(act)
    source_requests.send(act.row, seen=act.seen, **fields)
    return _("Recorded: the source was asked. Newsrooms get the dates.")


def answer(act: Act) -> str:
    source_requests.record_answer(
        act.row, actor=act.user, received_on=_day(act.text("received_on")), text=act.text("text")
    )
    return _("The answer is on record. Newsrooms get its date.")


def close(act: Act) -> str:
    source_requests.close(act.row, actor=act.user)
    return _("Closed without an answer.")


def discard_letter(act: Act) -> str:
    source_requests.discard(act.row, actor=act.user)
    return _("The draft of the letter is discarded.")


def set_day(act: Act) -> str:
    review_days.set_day(act.row, actor=act.user, day=_day(act.text("day")), why=act.text("why"))
    return _("The day of review is set.")


def remove_day(act: Act) -> str:
    review_days.remove_day(act.row, actor=act.user)
    return _("No day of review is set any more.")


def _open(act: Act, kind: str) -> HttpResponseRedirect:
    return _to_the_workbench(_start(act, kind))


def _start(act: Act, kind: str) -> ReviewVersion:
    _require_seen(act)
    quotes = {key for each in act.data.getlist("requote") if (key := number(each)) is not None}
    chosen = act.text("correction_kind")
    return rechecks.correct(
        act.row,
        actor=act.user,
        kind=kind,
        correction_kind=chosen if chosen in ReviewVersion.CorrectionKind.values else "",
        note=act.text("public_note"),
        requoted=quotes,
        seen=act.seen,
    )


def _to_the_workbench(version: ReviewVersion) -> HttpResponseRedirect:
    address = reverse("desk:claim", args=[version.review.claim_id])
    return HttpResponseRedirect(f"{address}?version={version.pk}")


def _require_seen(act: Act) -> None:
    if not act.seen:
        raise Refused(_("What goes out was not shown. Look at the re-check and answer it there."))


def _day(text: str, *, may_be_empty: bool = False) -> Any:
    if not text and may_be_empty:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("“%(text)s” is not a day; write it as 2026-11-30.") % {"text": text[:30]}) from None


def _is_open(row: Any) -> bool:
    return bool(row.is_open)


def _is_raised(row: Any) -> bool:
    return bool(row.state == Recheck.State.RAISED)


def _waits(row: Any) -> bool:
    return bool(row.state == SourceRequest.State.SENT)


register(
    "recheck",
    Recheck,
    (
        Verb(
            "still-stands",
            __("Settle: still stands"),
            still_stands,
            rule=_DECIDE,
            when=_is_open,
            effect=__("Readers and newsrooms see it at once"),
            tone="go",
        ),
        Verb("update", __("Open the update"), update, rule=_DECIDE, when=_is_open, effect=__("Nothing goes out yet")),
        Verb(
            "correct",
            __("Open the correction"),
            correct,
            rule=_DECIDE,
            when=_is_open,
            effect=__("Nothing goes out yet"),
        ),
        Verb(
            "withdraw",
            __("Submit the withdrawal"),
            withdraw,
            rule=_DECIDE,
            when=_is_open,
            effect=__("A colleague approves it; readers hear nothing yet"),
        ),
        Verb(
            "tell",
            __("Tell readers"),
            tell,
            rule=_DECIDE,
            when=_is_raised,
            effect=__("Readers and newsrooms see it at once"),
        ),
        Verb("ask-source", __("I have sent the letter"), ask_source, rule=_ASK, when=_is_open),
        Verb(
            "ask-colleague",
            __("Ask the colleague"),
            ask_a_colleague,
            rule=_DECIDE,
            when=_is_open,
            effect=__("Nothing is decided; readers hear nothing"),
        ),
        Verb(
            "dismiss",
            __("Dismiss as a false alarm"),
            dismiss,
            rule=_DECIDE,
            when=_is_raised,
            effect=__("Newsrooms are told; readers never hear of it"),
            tone="danger",
        ),
    ),
    seen=rechecks.shown,
)
register(
    "letter",
    SourceRequest,
    (
        Verb(
            "answer",
            __("Record the answer"),
            answer,
            rule=_ASK,
            compares=True,
            when=lambda row: row.state != SourceRequest.State.DRAFT,
            effect=__("Newsrooms get its date, no words"),
        ),
        Verb(
            "close",
            __("Close without an answer"),
            close,
            rule=_ASK,
            compares=True,
            when=_waits,
            effect=__("Newsrooms are told"),
        ),
        Verb(
            "discard",
            __("Discard the draft"),
            discard_letter,
            rule=_ASK,
            compares=True,
            when=lambda row: row.state == SourceRequest.State.DRAFT,
            effect=__("Nobody was told of it"),
        ),
    ),
)
register(
    "review",
    Review,
    (
        Verb(
            "review-day",
            __("Look again by a day"),
            set_day,
            rule=_DAY,
            when=lambda row: row.origin == Review.Origin.OWN and row.withdrawn_at is None and row.latest_published(),
            effect=__("Stays at the desk"),
            asks="desk/rechecks/ask_review_day.html",
            rare=True,
            context=lambda user, row: {
                "row": getattr(row, "review_by", None),
                "proposed": review_days.proposed_day(row),
            },
        ),
        Verb(
            "no-review-day",
            __("Remove the day"),
            remove_day,
            rule=_DAY,
            when=lambda row: hasattr(row, "review_by"),
            effect=__("Stays at the desk"),
            rare=True,
        ),
    ),
)
