"""What a letter to a source says: whole sentences, careful ones, in the language of the page if there is one."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from claims.models import Recheck, SourceRequest
from claims.requests import letters
from claims.requests.letters import Facts, draft
from claims.watch import sweep
from sources.models import Page
from tests import factories

FACTS = Facts(
    page=1,
    title="Bridges 2026",
    url="https://roads.example/bridges",
    language="en-GB",
    quoted="412 bridges need repair.",
    quoted_at=datetime(2026, 11, 18, 9, tzinfo=UTC),
    cause="altered",
    found_at=datetime(2026, 11, 27, 6, 12, tzinfo=UTC),
    now="389 bridges need repair.",
    organisation="Our desk",
)


def test_it_says_what_stood_when_and_what_is_asked_by_when() -> None:
    text = draft(FACTS, "request", date(2026, 12, 4))
    assert "“Bridges 2026”: https://roads.example/bridges" in text
    assert "On 18 November 2026 the page read: “412 bridges need repair.”" in text
    assert "On 27 November 2026 we no longer found this sentence in its place." in text
    assert "“389 bridges need repair.”" in text
    assert "Please answer by 4 December 2026." in text
    assert text.endswith("Kind regards\nOur desk")


@pytest.mark.parametrize("cause", ["gone", "page_gone", "disowned", "reattributed", "requalified"])
@pytest.mark.parametrize("grade", SourceRequest.Grade.values)
def test_every_cause_has_a_sentence_that_accuses_nobody(cause: str, grade: str) -> None:
    now = "" if cause in ("gone", "page_gone") else "This is not correct."
    text = draft(replace(FACTS, cause=cause, now=now), grade, None)
    assert "On 27 November 2026 " in text and "%(" not in text and "answer by" not in text
    for word in ("deleted", "manipulated", "false", "wrong", "you changed"):
        assert word not in text.lower()


def test_the_three_grades_ask_for_more_each() -> None:
    texts = [draft(FACTS, grade, None) for grade in SourceRequest.Grade.values]
    assert len(set(texts)) == 3 and "formally" in texts[2] and "formally" not in texts[1]


def test_words_of_a_page_are_no_pattern() -> None:
    text = draft(replace(FACTS, title="100 %(day)s", now="5 %s more %"), "note", None)
    assert "“100 %(day)s”" in text and "“5 %s more %”" in text


def test_a_language_without_a_translation_gets_english_days_and_words() -> None:
    assert letters.language_of("tlh") == "en" and letters.language_of("") == "en"
    assert "18 November 2026" in draft(replace(FACTS, language="tlh"), "note", None)


@pytest.mark.django_db
def test_the_proposed_grade_follows_from_the_cause_and_from_an_earlier_silence() -> None:
    factories.published_review()
    page = Page.objects.get()
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    recheck = Recheck.objects.get()
    assert letters.proposed_grade(recheck, page) == "request"
    [facts] = letters.pages_to_ask(recheck)
    assert (facts.page, facts.quoted, facts.cause) == (page.pk, factories.QUOTE, "altered")
    ada = factories.editor("ada")
    SourceRequest.objects.create(
        recheck=recheck,
        page=page,
        grade="request",
        text="Well?",
        state="closed",
        drafted_by=ada,
        sent_by=ada,
        sent_at=factories.later(0),
        ended_at=factories.later(0),
    )
    assert letters.proposed_grade(recheck, page) == "complaint"
