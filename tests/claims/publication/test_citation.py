"""Citation lines of a review: publisher, finding and qualification."""

import orjson
import pytest

from claims.causes import OF_STANCE, Cause
from claims.models import Article, ClaimVersion, Organisation, Recheck, Review
from claims.publication.citation import attribution, display, display_codes, quote_wording
from claims.reviews import publish, rechecks, workflow
from claims.watch import sweep
from tests import factories


def review(**fields: object) -> dict:
    """A review as a published body has it, as far as these lines look at it."""
    return {
        "organisation": {"name": "Our desk", "site": "https://desk.example"},
        "article": None,
        "licence": None,
        "rating": {"label": "Mostly false"},
        "true_as_of": "2026-03-01",
        "first_published_at": "2026-03-04T23:59:59.000000Z",
        "withdrawn_at": None,
        "history": [version("original", 4)],
        **fields,
    }


def version(kind: str, day: int, correction_kind: str | None = None) -> dict:
    at = f"2026-03-{day:02}T12:00:00.000000Z"
    return {"kind": kind, "correction_kind": correction_kind, "published_at": at}


def shown(review: dict, **options: object) -> str:
    return display(review, display_codes(review, **options))


PLAIN = "Our desk rated this claim Mostly false (as of 1 March 2026)."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, PLAIN),
        ({"true_as_of": None}, "Our desk rated this claim Mostly false (published 4 March 2026)."),
        ({"rating": None}, "Our desk reviewed this claim (as of 1 March 2026)."),
        (
            {"rating": {"label": "There is no\nproof."}},
            "Our desk rated this claim “There is no proof.” (as of 1 March 2026).",
        ),
        (
            {"history": [version("original", 4), version("correction", 6, "rating"), version("update", 9)]},
            f"{PLAIN} Corrected on 6 March 2026. Updated on 9 March 2026.",
        ),
        ({"history": [version("original", 4), version("correction", 6, "typo")]}, PLAIN),
        (
            {"withdrawn_at": "2026-03-10T08:00:00.000000Z"},
            "Our desk withdrew its review of this claim on 10 March 2026.",
        ),
        # No date that nobody gave: neither of the publication nor of what came after it.
        ({"true_as_of": None, "undated": True}, "Our desk rated this claim Mostly false."),
        ({"true_as_of": None, "undated": True, "rating": None}, "Our desk reviewed this claim."),
        ({"undated": True}, PLAIN),
        (
            {"history": [version("original", 4), version("correction", 6, "rating") | {"undated": True}]},
            f"{PLAIN} Corrected.",
        ),
        ({"history": [version("original", 4), version("update", 6) | {"undated": True}]}, f"{PLAIN} Updated."),
        (
            {
                "withdrawn_at": "2026-03-10T08:00:00.000000Z",
                "history": [version("original", 4), version("withdrawal", 10) | {"undated": True}],
            },
            "Our desk withdrew its review of this claim.",
        ),
    ],
)
def test_the_finding_in_a_sentence(fields: dict, sentence: str) -> None:
    assert shown(review(**fields)) == sentence


def test_what_is_being_re_checked_says_so_and_whether_an_editor_agrees() -> None:
    raised = shown(review(), recheck_since="2026-03-10T08:00:00.000000Z")
    assert raised == (
        f"{PLAIN} Needs a re-check since 10 March 2026: a quote it rests on was no longer found in its place on its"
        " page; no editor has confirmed that yet."
    )
    confirmed = shown(review(), recheck_since="2026-03-10T08:00:00.000000Z", confirmed=True)
    assert confirmed == f"{raised.removesuffix('; no editor has confirmed that yet.')}."


def test_whose_it_is_on_one_line() -> None:
    assert attribution(review()) == "Our desk, 4 March 2026, https://desk.example"
    article = {"title": "Do bridges\nfall?", "url": "https://desk.example/bridges"}
    licence = "https://creativecommons.org/licenses/by/4.0/"
    assert attribution(review(article=article, licence=licence)) == (
        f"Our desk, “Do bridges fall?”, 4 March 2026, https://desk.example/bridges, licence: {licence}"
    )


def said(audience: str) -> dict:
    """The review in the body that answers now."""
    return orjson.loads(bytes(ClaimVersion.objects.current(audience).get().publication.body.json))["reviews"][0]


@pytest.mark.django_db
def test_published_bodies_hold_them_for_each_audience() -> None:
    factories.organisation()
    Organisation.objects.update(licence="https://creativecommons.org/licenses/by/4.0/")
    draft = factories.draft()
    Review.objects.update(
        article=Article.objects.create(
            organisation=draft.review.organisation, url="https://desk.example/bridges", title="Do bridges fall?"
        )
    )
    approved = factories.approved(draft)
    publish.publish(approved, actor=approved.approver)
    body = said("public")
    assert (body["origin"], body["licence"]) == ("own", "https://creativecommons.org/licenses/by/4.0/")
    assert "https://desk.example/bridges" in body["attribution"]
    standing = "Our desk rated this claim Right (as of 1 March 2026)."
    assert body["display"] == standing

    page = approved.evidence.get().page
    factories.change(page, factories.PAGE_TEXT.replace("412", "430"))
    sweep.sweep()
    assert said("public")["display"] == standing, "no editor has confirmed it"
    assert "no editor has confirmed" in said("newsrooms")["display"]

    editor = factories.editor()
    rechecks.confirm(Recheck.objects.get(), actor=editor)
    for audience in ("public", "newsrooms"):
        assert "Needs a re-check since" in said(audience)["display"]
        assert "no editor has confirmed" not in said(audience)["display"]

    version = workflow.start_version(approved.review, kind="withdrawal", actor=editor, public_note="Another bridge.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    assert said("public")["display"].startswith("Our desk withdrew its review of this claim on ")


DECIDED = "On 4 March 2026 we decided that the finding stands."


@pytest.mark.parametrize("cause", Cause)
def test_a_kept_quote_is_called_missing_only_where_its_words_are(cause: Cause) -> None:
    item = {"state": "kept", "cause": cause.value, "decided_at": "2026-03-04T12:00:00.000000Z"}
    said = quote_wording(item)
    assert said.endswith(DECIDED)
    assert ("no longer stand in their place" in said) == (cause in (Cause.ALTERED, Cause.GONE)), said
    assert ("still has these words" in said) == (cause in OF_STANCE), said
    assert ("found the page" in said) == (cause == Cause.PAGE_GONE), said


def test_what_an_earlier_version_kept_says_no_cause() -> None:
    item = {"state": "kept", "decided_at": "2026-03-04T12:00:00.000000Z"}
    assert quote_wording(item) == f"These words no longer stand in their place on the page as they did. {DECIDED}"
