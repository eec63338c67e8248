"""The panel in which an editor asks the source: a letter by gravity, already drafted, for one page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from claims.desk.rechecks import words
from claims.models import Recheck, SourceRequest
from claims.requests import letters
from claims.watch.review_days import today
from sources.models import Page


@dataclass(frozen=True)
class Drafted:
    """A letter of one grade as it is proposed, or as it was saved."""

    grade: str
    label: str
    text: str
    mailto: str
    is_chosen: bool


@dataclass(frozen=True)
class LetterPanel:
    facts: letters.Facts
    others: list[letters.Facts]
    """Other pages with a broken quote."""
    draft: SourceRequest | None
    drafted: list[Drafted]
    recipient: str
    deadline: date | None
    subject: str
    language: str
    waiting: SourceRequest | None
    """A letter about this page that waits for its answer: another one is refused."""


def letter_panel(recheck: Recheck, page: str, typed: dict[str, Any]) -> LetterPanel | None:
    """The panel for the page with this key, else for the first with a broken quote; None if there is none.

    `typed` is what a person typed that could not be saved.
    """
    found = letters.pages_to_ask(recheck)
    if not found:
        return None
    facts = next((each for each in found if str(each.page) == page), found[0])
    own = recheck.source_requests.filter(page=facts.page).order_by("-pk")
    draft = own.filter(state=SourceRequest.State.DRAFT).first()
    target = Page.objects.get(pk=facts.page)
    chosen = typed.get("grade") or (draft.grade if draft else letters.proposed_grade(recheck, target).value)
    recipient = typed.get("recipient", draft.recipient if draft else "")
    deadline = draft.deadline if draft else letters.proposed_deadline(chosen, today())
    if "deadline" in typed:
        deadline = _day(typed["deadline"])
    subject = letters.subject(facts)
    drafted = []
    for grade in SourceRequest.Grade.values:
        text = letters.draft(facts, grade, deadline if draft else letters.proposed_deadline(grade, today()))
        if draft is not None and draft.grade == grade:
            text = draft.text
        text = typed.get(f"text-{grade}", text)
        drafted.append(
            Drafted(
                grade, str(words.LETTER_GRADES[grade]), text, mailto(recipient, subject, text), grade == str(chosen)
            )
        )
    return LetterPanel(
        facts=facts,
        others=[each for each in found if each.page != facts.page],
        draft=draft,
        drafted=drafted,
        recipient=recipient,
        deadline=deadline,
        subject=subject,
        language=letters.language_of(facts.language),
        waiting=own.filter(state=SourceRequest.State.SENT).first(),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def mailto(recipient: str, subject: str, text: str) -> str:
    """An address that opens the letter in the editor's own mail program."""
    to = recipient.strip() if "@" in recipient and " " not in recipient.strip() else ""
    return f"mailto:{quote(to, safe='@')}?subject={quote(subject)}&body={quote(text)}"
