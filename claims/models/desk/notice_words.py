"""What notices say: a kind, and a sentence of which the parts are filled in when somebody reads it. Pure.

`who` is the person who did it and `claim` the claim's text, both as they are at that time; any other part is a
parameter of the notice.
"""

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kinds between which people choose what is sent to them."""

    APPROVAL_VOIDED = "approval_voided", _("an approval was voided")
    APPROVAL = "approval", _("a version waits for approval")
    SENT_BACK = "sent_back", _("a version was sent back")
    PUBLISHED = "published", _("a version of yours was published")
    SUGGESTION = "suggestion", _("a change was suggested")
    QUESTION = "question", _("a colleague asks")
    SUSPENSION = "suspension", _("a review was suspended or resumed")
    MENTION = "mention", _("a colleague mentions you")
    ASSIGNED = "assigned", _("a claim was assigned to you")
    DUE = "due", _("something is due")
    TIMER = "timer", _("an embargo ended, or cannot")
    SOURCE = "source", _("a source answered, or did not")
    COMPLAINT = "complaint", _("a complaint waits for its answer")
    FLOOD = "flood", _("a form for readers takes no more for now")


class Said(NamedTuple):
    """What happened."""

    kind: Kind
    sentence: str | Promise


WHAT: dict[str, Said] = {
    "approved_edited": Said(
        Kind.APPROVAL_VOIDED, _("%(who)s edited a version that you had approved, so it is a draft again: %(claim)s")
    ),
    "asked_edited": Said(
        Kind.APPROVAL_VOIDED,
        _("%(who)s edited a version that you were asked to approve, so it is a draft again: %(claim)s"),
    ),
    "submitted": Said(Kind.APPROVAL, _("%(who)s submitted a version, which waits for approval: %(claim)s")),
    "sent_back": Said(Kind.SENT_BACK, _("%(who)s sent a version of yours back: %(reason)s")),
    "published": Said(Kind.PUBLISHED, _("%(who)s published what you wrote: %(claim)s")),
    "suggested": Said(Kind.SUGGESTION, _("%(who)s suggests a change of what you wrote: %(claim)s")),
    "asked": Said(Kind.QUESTION, _("%(who)s asks about the re-check of “%(claim)s”: %(question)s")),
    "suspended": Said(Kind.SUSPENSION, _("%(who)s put a review that you wrote or approved under review: %(claim)s")),
    "resume_asked": Said(Kind.SUSPENSION, _("%(who)s asks for a colleague to resume a suspended review: %(claim)s")),
    "kept_suspended": Said(Kind.SUSPENSION, _("%(who)s keeps a review suspended that you asked to resume: %(claim)s")),
    "resumed": Said(Kind.SUSPENSION, _("%(who)s resumed a review; its verdict stands again: %(claim)s")),
    "mentioned": Said(Kind.MENTION, _("%(who)s mentions you in a comment: %(claim)s")),
    "assigned": Said(Kind.ASSIGNED, _("%(who)s assigned a claim to you: %(claim)s")),
    "work_due": Said(Kind.DUE, _("It is due: %(claim)s")),
    "review_due": Said(Kind.DUE, _("A review is to be looked at again: “%(claim)s”")),
    "timer_published": Said(Kind.TIMER, _("Published by its timer: %(claim)s")),
    "timer_refused": Said(Kind.TIMER, _("The timer did not publish, and will not try again: %(claim)s. %(why)s")),
    "timer_warned": Said(Kind.TIMER, _("The timer cannot publish as things are: %(claim)s. %(why)s")),
    "timer_taken_back": Said(Kind.TIMER, _("%(who)s took back the timer that you had set: %(claim)s")),
    "timer_discarded": Said(
        Kind.TIMER,
        _("%(who)s discarded a version for which you had set a timer, so nothing goes out: %(claim)s"),
    ),
    "source_corrected": Said(
        Kind.SOURCE, _("The page “%(page)s”, about which its source was asked, was seen corrected.")
    ),
    "source_answered": Said(Kind.SOURCE, _("%(who)s recorded the answer of the source about “%(page)s”: %(claim)s")),
    "source_silent": Said(
        Kind.SOURCE, _("No answer was recorded to the letter about “%(page)s”, which asked for one by %(day)s.")
    ),
    "complained": Said(Kind.COMPLAINT, _("Complaint %(number)s was received; its answer is due on %(day)s.")),
    "complaints_flood": Said(
        Kind.FLOOD,
        _("%(number)s complaints came within an hour, so the form takes no more for now. None that was sent is lost."),
    ),
    "claim_flood": Said(
        Kind.FLOOD,
        _(
            "%(number)s complaints about this came within an hour, so its form takes no more for now."
            " None that was sent is lost: %(claim)s"
        ),
    ),
    "tips_flood": Said(
        Kind.FLOOD,
        _(
            "%(number)s questions from readers came within an hour, so no more are taken for now."
            " None that was sent is lost."
        ),
    ),
    "complaint_due": Said(Kind.COMPLAINT, _("Complaint %(number)s has no answer yet, which is due on %(day)s.")),
}
