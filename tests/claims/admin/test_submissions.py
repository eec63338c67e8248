"""Admin: how editors see drafts sent by newsrooms, and that changing one takes it over."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Evidence, ReviewVersion, Submission
from claims.publication.words import leaving
from claims.reviews import workflow
from sources.admin.base import SEEN, fingerprint
from tests import factories
from tests.api_client import said
from tests.claims import drafts_api

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return factories.editor()


@pytest.fixture
def browser(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def key() -> str:
    factories.organisation()
    return drafts_api.writing_key()


def seen(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def address(row: object) -> str:
    """The row in its table, where people who write stay when they ask for the table."""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]) + "?table=1"


def save(browser: Client, row: object, **fields: str) -> None:
    """Post the row's form with these fields, as an editor does."""
    form = browser.get(address(row)).context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    # The admin theme takes a posted “dataset” for one of its own; the form has another name for it.
    data = {name: value for name, value in data.items() if value not in (None, []) and name != "dataset"}
    for inline in browser.get(address(row)).context.get("inline_admin_formsets", []):
        data |= {f"{inline.formset.prefix}-{part}": "0" for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    answer = browser.post(address(row), {**data, **fields, SEEN: fingerprint(type(row).objects.get(pk=row.pk))})
    assert answer.status_code == 302, answer.content.decode()[:2000]


def test_editors_see_who_sent_a_draft_and_what(browser: Client, key: str) -> None:
    drafts_api.everything(key)
    own = factories.draft()
    version = ReviewVersion.objects.get(summary="An egret agrees.")
    page = seen(browser, address(version))
    assert "from a newsroom" in page
    assert "Daily Paper" in page
    assert f"fc_{key.split('_')[1]}" in page
    assert "An egret agrees." in page
    assert "from a newsroom" in seen(browser, address(version.review.claim))
    assert "from a newsroom" not in seen(browser, address(own))
    for model in (Claim, ReviewVersion, Evidence, type(version.review)):
        everything = reverse(f"admin:claims_{model._meta.model_name}_changelist")
        newsroom = Submission.objects.first().sender.newsroom
        for asked, number in (("any", 1), ("none", 1), (newsroom, 1), ("nws_0000000000000000", 0)):
            found = browser.get(f"{everything}?sent_by={asked}").context["cl"].result_count
            assert found == number, (model, asked)
    listed = seen(browser, reverse("admin:claims_submission_changelist"))
    assert listed.count("Daily Paper") >= 5
    assert "1 draft that newsrooms have not submitted" in seen(browser, reverse("admin:index"))
    for row in Submission.objects.all():
        assert "Daily Paper" in seen(browser, address(row))


def test_an_editor_who_changes_a_draft_takes_it_over(browser: Client, editor: User, key: str) -> None:
    review = drafts_api.review(key)
    drafts_api.dataset(key, review["id"])
    version = ReviewVersion.objects.get()
    save(browser, version)
    version.refresh_from_db()
    assert version.author.username == "Daily Paper, by API", "looking at it and saving nothing new takes nothing over"
    save(browser, version, summary="As the desk has it.")
    version.refresh_from_db()
    assert (version.author, version.summary) == (editor, "As the desk has it.")
    assert said(review["url"], key)["state"] == "taken_over"
    assert "can no longer change it" in seen(browser, address(version))


@pytest.mark.parametrize("how", ["add", "change", "delete"])
def test_an_editor_who_changes_its_evidence_takes_the_draft_over(
    browser: Client, editor: User, key: str, how: str
) -> None:
    review = drafts_api.review(key)
    drafts_api.dataset(key, review["id"])
    evidence, version = Evidence.objects.get(), ReviewVersion.objects.get()
    if how == "change":
        save(browser, evidence, note="The desk's note.", dataset_name="Bridges")
    elif how == "delete":
        browser.post(reverse("admin:claims_evidence_delete", args=[evidence.pk]), {"post": "yes"})
        assert not Evidence.objects.exists()
    else:
        form = {"kind": "analysis", "stance": "context", "visibility": "public", "note": "We counted."}
        browser.post(reverse("admin:claims_evidence_other", args=[version.pk]), form)
        assert Evidence.objects.count() == 2
    version.refresh_from_db()
    assert version.author == editor
    assert said(review["url"], key)["state"] == "taken_over"


def test_an_editor_who_changes_a_claim_takes_it_over(browser: Client, key: str) -> None:
    claim = drafts_api.claim(key)
    save(browser, Claim.objects.get(), text="413 bridges need repair.")
    shown = said(claim["url"], key)
    assert (shown["state"], shown["text"]) == ("taken_over", "412 bridges need repair.")
    assert drafts_api.changed(claim["url"], key, {"text": "No."}).status_code == 409
    assert Claim.objects.get().text == "413 bridges need repair."


def test_what_a_newsroom_submitted_waits_on_the_first_screen_and_an_editor_approves_it(
    browser: Client, editor: User, key: str
) -> None:
    review = drafts_api.review(key)
    drafts_api.dataset(key, review["id"])
    drafts_api.send(f"{review['url']}submit/", key, b"")
    assert "Written by Daily Paper, by API" in seen(browser, reverse("admin:index"))
    version = ReviewVersion.objects.get()
    browser.post(
        reverse("admin:claims_reviewversion_verb", args=[version.pk, "approve"]), {"shown": leaving(version).sha256}
    )
    version.refresh_from_db()
    assert (version.state, version.approver) == ("approved", editor)


def test_discarding_a_newsrooms_draft_leaves_nothing_of_it_outside(browser: Client, key: str) -> None:
    from tests.api_client import ask

    review = drafts_api.review(key)
    evidence = drafts_api.dataset(key, review["id"])
    workflow.discard(ReviewVersion.objects.get(), actor=factories.editor())
    assert ask(review["url"], key).status_code == ask(evidence["url"], key).status_code == 404
    assert [row.target for row in Submission.objects.all()] == ["claim"]


def test_an_editor_writes_why_a_draft_is_sent_back(browser: Client, key: str) -> None:
    review = drafts_api.review(key, article={"url": "https://daily.example/b", "title": "B"}, bylines=["Kari Lund"])
    drafts_api.dataset(key, review["id"])
    drafts_api.send(f"reviews/{review['id']}/submit/", key, b"")
    version = ReviewVersion.objects.get()
    page = seen(browser, address(version))
    assert "The newsroom that sent it reads this as you write it" in page
    assert "Kari Lund" in page and "https://daily.example/b" in page
    browser.post(reverse("admin:claims_reviewversion_verb", args=[version.pk, "send-back"]), {"reason": "Which year?"})
    assert said(review["url"], key)["sent_back"]["reason"] == "Which year?"
    assert "Sent back on" in seen(browser, address(version))
