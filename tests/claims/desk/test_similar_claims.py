"""What an editor is shown while a claim is typed: similar claims that she may see, in her words."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.desk import similar_claims
from claims.matching import draft_client
from claims.matching.differences.tier import DOUBTFUL, TURNING
from claims.matching.draft_client import Similar
from claims.matching.types import Tier, Why
from claims.models import Claim, Restriction, Statement
from claims.reviews import workflow
from tests import factories
from tests.claims.desk.test_merges import at_desk

pytestmark = pytest.mark.django_db
ADDRESS = reverse("desk:similar_claims")


class Found:
    """What the matcher finds, whatever is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.similar: list[Similar] = []
        self.asked: list[tuple[str, str]] = []
        monkeypatch.setattr(draft_client, "similar", self)

    def __call__(self, text: str, language: str, limit: int) -> list[Similar]:
        self.asked.append((text, language))
        return self.similar

    def add(self, claim: Claim, tier: str = "match", *why: Why, **how: Any) -> None:
        how = {"score": 0.6, "terms": ("412", "bridges"), "by_meaning": True, "shared": 0.5} | how
        self.similar.append(Similar(claim.public_id, Tier(tier), why, published=False, **how))


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Found:
    return Found(monkeypatch)


@pytest.fixture
def editor(db: None) -> Client:
    return at_desk(factories.editor())


def fragment(client: Client, text: str = "412 bridges need repair.", query: str = "") -> str:
    answer = client.post(f"{ADDRESS}{query}", {"fragment": "1", "text": text, "language": "en"})
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode()


def test_each_says_how_near_it_is_and_how_far_the_desk_is(editor: Client, found: Found) -> None:
    bare = factories.claim("Bridges are <b>unsafe</b>.")
    draft = factories.draft(factories.claim("Drafted bridges.")).review.claim
    waiting = factories.draft(factories.claim("Waiting bridges."))
    workflow.submit(waiting, actor=waiting.author)
    public = factories.published_review(factories.claim("Published bridges.", place="Weirside")).claim
    found.add(public, "match", Why("same_words"))
    found.add(waiting.review.claim, "possible", Why("name", "", "Weir"))
    found.add(draft, "related", Why("number", "412", "430"), Why("negation"))
    found.add(bare, "possible", Why("colour_of_hair"))
    page = " ".join(fragment(editor).split())
    assert found.asked == [("412 bridges need repair.", "en")]
    assert "&lt;b&gt;unsafe" in page and "<html" not in page
    for words in (
        *("says the same</span>", "published, checked", "Weirside", "the same words"),
        *("may say the same</span>", "in review", "another name: “Weir” there alone"),
        *(
            "about something else</span>",
            ">draft<",
            "another figure: “412” here, “430” there; one says what the other denies",
        ),
        *("not reviewed yet", "colour of hair"),
    ):
        assert words in page, words
    assert [page.index(each.text.split()[0]) for each in (public, waiting.review.claim, draft)] == sorted(
        page.index(each.text.split()[0]) for each in (public, waiting.review.claim, draft)
    )
    assert reverse("admin:claims_claim_change", args=[public.pk]) in page


def test_what_meaning_found_and_what_words_found_are_told_apart(editor: Client, found: Found) -> None:
    found.add(factories.claim("Meant bridges."), "possible", Why("same_meaning"), score=0.62)
    found.add(factories.claim("Worded bridges."), "possible", Why("some_words"), by_meaning=False, score=0.31)
    found.add(factories.claim("Turned bridges."), "related", Why("number", "412", "430"), score=0.18)
    meant, worded, turned = (" ".join(part.split()) for part in fragment(editor).split("<li>")[1:])
    assert "alike in meaning" in meant and "of ten such pairs, about 6 are the same claim" in meant
    assert "no meaning was compared" in worded and "meaning:" not in worded and "pairs" not in worded
    assert "Of ten of its words, about 5 stand here too: “412”, “bridges”" in worded
    assert "pairs" not in turned, "the score of a claim that differs is no chance that it is the same"


def test_what_is_hardly_near_is_not_shown(editor: Client, found: Found) -> None:
    for number, (tier, why, how) in enumerate(
        (
            ("possible", Why("some_words"), {"by_meaning": False, "shared": 0.3}),
            ("possible", Why("some_words"), {"by_meaning": False, "shared": 1.0, "terms": ("bridges",)}),
            ("possible", Why("same_meaning"), {"score": 0.05, "shared": 0.1}),
            ("related", Why("same_meaning"), {"score": 0.03}),
            ("related", Why("number", "412", "430"), {"score": 0.3, "shared": 0.2}),
        )
    ):
        found.add(factories.claim(f"Bridge number {number}."), tier, why, **how)
    assert "No similar claim is known" in fragment(editor)
    found.add(factories.claim("The very words."), "possible", Why("same_words"), by_meaning=False, terms=())
    assert fragment(editor).count("<li>") == 1


def test_only_claims_that_she_may_see_are_shown(editor: Client, found: Found) -> None:
    hidden = factories.claim("Hidden bridges.")
    Restriction.objects.create(claim=hidden)
    one, other = (
        factories.published_review(factories.claim(text)).claim for text in ("Merged bridges.", "All bridges.")
    )
    factories.merged(one, into=other)
    found.add(hidden)
    found.add(one)
    found.add(other)
    found.similar.append(Similar("clm_0000000000000000", Tier.MATCH, (), published=True))
    page = fragment(editor)
    assert "Hidden" not in page and "Merged" not in page and page.count("All bridges.") == 1
    assert "No similar claim is known" in fragment(editor, query=f"?but={other.pk}")
    assert fragment(editor, " ").strip() == "" and len(found.asked) == 2
    reader = at_desk(User.objects.create_user("reader", is_staff=True))
    assert reader.post(ADDRESS, {"text": "x"}).status_code == 403
    assert Client(HTTP_HOST="localhost").post(ADDRESS, {"text": "x"}).status_code in (302, 403)


def test_without_script_it_is_a_page(editor: Client, found: Found) -> None:
    found.add(factories.claim("All bridges."))
    page = editor.post(ADDRESS, {"text": "Every bridge.", "csrf": "x"}).content.decode()
    assert "<html" in page and "All bridges." in page and ">Every bridge.</textarea>" in page
    assert "All bridges." not in editor.get(ADDRESS).content.decode()


def test_the_forms_in_which_a_claim_is_typed_offer_it(editor: Client, found: Found) -> None:
    statement = factories.statement()
    claim = factories.claim("All bridges.")
    for address, query in (
        (reverse("admin:claims_statement_claim", args=[statement.pk]), ""),
        (reverse("admin:claims_statement_link", args=[statement.pk]), "?link"),
        (reverse("admin:claims_claim_add"), ""),
        (reverse("admin:claims_claim_change", args=[claim.pk]) + "?table=1", f"?but={claim.pk}"),
    ):
        page = editor.get(address).content.decode()
        assert f'formaction="{ADDRESS}{query}" formtarget="_blank" formnovalidate data-similar="text"' in page, address


def test_a_statement_is_linked_to_one_of_them(editor: Client, found: Found) -> None:
    statement, claim = factories.statement(), factories.claim("All bridges.")
    found.add(claim)
    address = reverse("admin:claims_statement_link", args=[statement.pk])
    assert '<input type="hidden" name="text" value="' in editor.get(address).content.decode()
    assert f'name="claim" value="{claim.pk}">Link to this claim' in fragment(editor, query="?link")
    sent = {"text": "412 bridges", "language": "en", "claim": ["", str(claim.pk)]}
    assert editor.post(address, sent).status_code == 302
    assert Statement.objects.get(claims=claim) == statement


@pytest.mark.parametrize("code", sorted(TURNING | DOUBTFUL))
def test_every_difference_is_said_in_an_editors_words(code: str) -> None:
    assert similar_claims.reason(Why(code)) not in (code, code.replace("_", " "))
