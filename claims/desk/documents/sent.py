"""What a newsroom sent of a row, as it was sent."""

import json
from typing import Any

from claims.models import MarkupPage, Submission
from claims.permissions import User
from claims.visibility import visible


def submission_of(user: User, **row: Any) -> Submission | None:
    """The first submission of a row that the user may see, for the card on its page.

    It shows all that was sent with it, another claim of the same page as well.
    """
    (target,) = row
    return visible(Submission.objects.of(target).with_state().filter(**row), user).order_by("pk").first()


def as_text(sent: Submission | MarkupPage | None) -> str:
    """The JSON that was sent, indented; for a draft in Google's format the whole page."""
    if isinstance(sent, Submission):
        sent = sent.markup_page or sent
    return json.dumps(sent.as_sent, indent=2, ensure_ascii=False) if sent else ""
