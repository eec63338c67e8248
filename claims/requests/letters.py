"""Draft the letter to the source of a page about a re-check: whole sentences made of codes and parameters.

What it says is careful: what the page said when we quoted it, what we found on which day, what we ask and by when;
never who changed it or why. Editors edit it before they send it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from claims.causes import OF_STANCE, Cause
from claims.models import EvidenceCheck, Recheck, SourceRequest
from claims.reviews.rechecks import broken_on_page
from sources.models import Page
from sources.quotes.grade import Grade as Alteration

Grade = SourceRequest.Grade
DAYS: dict[str, int] = {Grade.NOTE: 14, Grade.REQUEST: 7, Grade.COMPLAINT: 7}
"""Days that a source has for its answer, as proposed."""


@dataclass(frozen=True)
class Facts:
    """What a letter says of one quote. `now` are the page's words that were found instead; empty if there are none."""

    page: int
    title: str
    url: str
    language: str
    quoted: str
    quoted_at: datetime | None
    cause: str
    found_at: datetime
    now: str
    organisation: str

    @classmethod
    def of(cls, recheck: Recheck, check: EvidenceCheck) -> "Facts":
        """The facts of a broken quote of the re-check."""
        evidence, page = check.evidence, check.evidence.page
        if page is None:
            raise ValueError("only quotes of pages break")
        snapshot = check.anchoring.snapshot if check.anchoring is not None else evidence.snapshot
        return cls(
            page=page.pk,
            title=page.title or page.url,
            url=page.url,
            language=page.source.language or (check.snapshot.language if check.snapshot else ""),
            quoted=check.sought,
            quoted_at=snapshot.taken_at if snapshot is not None else None,
            cause=check.why,
            found_at=check.change.detected_at if check.change else check.checked_at,
            now=check.found,
            organisation=str(recheck.review.organisation),
        )


def proposed_grade(recheck: Recheck, page: Page) -> Grade:
    """The grade to begin with: a complaint only after a letter that nobody answered; a note about lesser changes."""
    earlier = SourceRequest.objects.filter(recheck__review=recheck.review_id, page=page)
    if earlier.filter(state=SourceRequest.State.CLOSED).exclude(grade=Grade.NOTE).exists():
        return Grade.COMPLAINT
    if recheck.cause == Cause.PAGE_GONE or (recheck.cause == Cause.ALTERED and recheck.grade == Alteration.WORDING):
        return Grade.NOTE
    return Grade.REQUEST


def subject(facts: Facts) -> str:
    """The subject of the letter, in its language."""
    with translation.override(language_of(facts.language)):
        return _("Your page “%(title)s”") % {"title": facts.title}


def proposed_deadline(grade: str, today: date) -> date:
    """The day by which a letter of this grade asks for an answer."""
    return today + timedelta(days=DAYS[grade])


def pages_to_ask(recheck: Recheck) -> list[Facts]:
    """The facts of each page with a broken quote, its first quote alone."""
    found: dict[int, Facts] = {}
    for quote in broken_on_page(recheck):
        facts = Facts.of(recheck, quote.check)
        found.setdefault(facts.page, facts)
    return list(found.values())


def draft(facts: Facts, grade: str, answer_by: date | None) -> str:
    """The letter in the language of the page if the product speaks it, else in English."""
    with translation.override(language_of(facts.language)):
        parts = [_opening(facts), _then(facts), _now(facts), _ASKED[grade](), _deadline(answer_by), _closing(facts)]
    return "\n\n".join(part for part in parts if part)


def language_of(page: str) -> str:
    """The language of a letter about a page in this language (BCP 47)."""
    for code in (page.lower(), page.lower().partition("-")[0]):
        if code in dict(settings.LANGUAGES):
            with translation.override(code):
                if _salutation() != _SALUTATION:
                    return code
    return "en"


_SALUTATION = "To whom it may concern"


def _salutation() -> str:
    return _("To whom it may concern")


def _day(moment: datetime | date) -> str:
    day = moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment
    # Translators: the pattern of a day in a letter, as Django's date formats are written: 30 November 2026
    return formats.date_format(day, _("j F Y"))


def _opening(facts: Facts) -> str:
    said = _("a fact-check that we published rests on your page “%(title)s”: %(url)s")
    return f"{_salutation()},\n\n{said % {'title': facts.title, 'url': facts.url}}"


def _then(facts: Facts) -> str:
    if facts.quoted_at is None:
        return _("When we quoted it, the page read: “%(quoted)s”") % {"quoted": facts.quoted}
    said = _("On %(day)s the page read: “%(quoted)s”")
    return said % {"day": _day(facts.quoted_at), "quoted": facts.quoted}


def _now(facts: Facts) -> str:
    parameters = {"day": _day(facts.found_at), "now": facts.now}
    if facts.cause == Cause.PAGE_GONE:
        return _("On %(day)s we no longer found the page under its address.") % parameters
    if facts.cause in OF_STANCE:
        return _("On %(day)s this sentence still stood there, and we read beside it: “%(now)s”") % parameters
    if facts.now:
        return _("On %(day)s we no longer found this sentence in its place. There we read: “%(now)s”") % parameters
    return _("On %(day)s we no longer found this sentence in its place, nor a similar one.") % parameters


def _note() -> str:
    return _("We would be glad to know what was changed, and why, so that our readers are told correctly.")


def _request() -> str:
    return _(
        "Could you please tell us what was changed, when and why, and which version we should quote? "
        "We will tell our readers what follows from your answer."
    )


def _complaint() -> str:
    return _(
        "We found no answer to our earlier question. We formally ask you to state on the page what was changed and "
        "when, or to restore the sentence, and to tell us in writing which version holds. Our fact-check will say "
        "that we asked, and what you answered."
    )


_ASKED: dict[str, Callable[[], str]] = {Grade.NOTE: _note, Grade.REQUEST: _request, Grade.COMPLAINT: _complaint}


def _deadline(answer_by: date | None) -> str:
    if answer_by is None:
        return ""
    return _("Please answer by %(day)s.") % {"day": _day(answer_by)}


def _closing(facts: Facts) -> str:
    return _("Kind regards\n%(organisation)s") % {"organisation": facts.organisation}
