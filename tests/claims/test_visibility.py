"""A restricted claim is nowhere on the desk for whoever is not its member."""

import html
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db import models
from django.test import Client
from django.urls import reverse

from claims.models import (
    Appearance,
    Claim,
    Evidence,
    EvidenceFile,
    Recheck,
    Restriction,
    Review,
    ReviewVersion,
    Statement,
    Topic,
)
from claims.notices import notify
from claims.permissions import Refused, hidden_claims, remembering
from claims.reviews import workflow
from claims.reviews.evidence import add_evidence
from claims.roles import GROUPS, Role
from claims.statements import link_claim
from claims.visibility import belongs_to_claims, lift, restrict, visible, visible_claims
from claims.watch import sweep
from sources.models import Blob
from tests import factories
from tests.claims import drafts_api

pytestmark = pytest.mark.django_db

SECRET = "The minister's diary names Zanzibar."
FINDING = "Quixotic finding of the restricted review."
NOTE = "Ypsilanti note of the restricted evidence."


def person(name: str, *roles: Role) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=[GROUPS[role] for role in roles]))
    return User.objects.get(pk=user.pk)


def at_the_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost", raise_request_exception=True)
    client.force_login(user)
    return client


@pytest.fixture
def ana() -> User:
    return person("ana", Role.EDITOR)


@pytest.fixture
def mallory() -> User:
    return person("mallory", Role.REPORTER, Role.EDITOR, Role.ADMINISTRATOR)


@pytest.fixture
def carla() -> User:
    return person("carla", Role.CHIEF)


@pytest.fixture
def secret(ana: User, carla: User) -> Claim:
    """A claim with one row at least of every table that belongs to claims, some deleted since."""
    topic = Topic.objects.create(slug="diary", name="Diaries")
    claim = factories.claim(SECRET, created_by=ana)
    claim.topics.add(topic)
    statement = factories.linked(claim)
    gone = factories.statement(text="“It is so,” she said.")
    Appearance.objects.create(claim=claim, statement=gone).delete()
    page = factories.page()
    review = factories.published_review(claim, of=page, author=ana)
    factories.change(page, factories.PAGE_TEXT.replace("412", "312"))
    sweep.sweep()
    version = workflow.start_version(review, kind="correction", actor=ana)
    version.summary, version.public_note = FINDING, FINDING
    version.save()
    evidence = version.evidence.get()
    evidence.note = NOTE
    evidence.save()
    discarded = factories.draft(claim, author=ana)
    ReviewVersion.objects.filter(pk=discarded.pk).update(summary=FINDING)
    workflow.discard(discarded, actor=ana)
    key = drafts_api.writing_key("The Paper")
    sent = drafts_api.claim(key, text=f"{SECRET} As sent.", statements=[])
    theirs = Claim.objects.get(public_id=sent["id"])
    draft = drafts_api.review(key, claim=sent["id"], summary=FINDING)
    drafts_api.dataset(key, draft["id"], note=NOTE)
    markup = {"claimReviewed": SECRET, "rating": {"ratingExplanation": FINDING}}
    body = {"pageUrl": "https://g.example/1", "claimReviewMarkups": [markup]}
    assert drafts_api.send("/v1alpha1/pages", key, body).status_code == 200
    factories.claim("A claim that everybody sees.", repeats=claim, merged_into=theirs)
    for each in Claim.objects.filter(text__startswith=SECRET):
        restrict(each, members=[ana], actor=carla)
    # Also people who are told, and may not see the claim by now.
    for user in User.objects.filter(is_active=True):
        notify([user], "sent_back", claim=claim, by=carla, path=f"/admin/claims/{claim.pk}/", reason=FINDING)
        factories.notice(user, f"Sent back: {SECRET}", claim=claim)
    assert statement.claims.exists()
    return claim


def needles() -> set[str]:
    """Everything that must not be shown: words, public ids, and addresses of rows."""
    hidden = Claim.objects.filter(restriction__isnull=False)
    found = {SECRET, FINDING, NOTE, "diary names", "Quixotic", "Ypsilanti"}
    for row in [*hidden, *Review.objects.filter(claim__in=hidden), *Recheck.objects.filter(review__claim__in=hidden)]:
        found.add(row.public_id)
        found.add(reverse(f"admin:claims_{row._meta.model_name}_change", args=[row.pk]))
    for version in ReviewVersion.objects.filter(review__claim__in=hidden):
        found.add(reverse("admin:claims_reviewversion_change", args=[version.pk]))
    for evidence in Evidence.objects.filter(version__review__claim__in=hidden):
        found |= {evidence.public_id, reverse("admin:claims_evidence_change", args=[evidence.pk])}
    return found


def text_of(answer: Any, client: Client) -> str:
    """What the person reads, after redirects. Home was read before: what it adds is the message that is taken there."""
    if answer.status_code != 302:
        return str(answer.content.decode())
    if answer["Location"] == reverse("admin:index"):
        told = [str(message) for message in get_messages(answer.wsgi_request)]
        assert told
        return "\n".join(told)
    return text_of(client.get(answer["Location"]), client)


def shown_to(client: Client, words: str) -> Iterator[tuple[str, str]]:
    """Every page of the desk with its text: home, lists, searches, autocompletes, rows and their histories."""
    home = reverse("admin:index")
    yield home, client.get(home).content.decode()
    for model in admin.site._registry:
        if model._meta.app_label not in ("claims", "sources"):
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        address = reverse(f"{name}_changelist")
        for query in ("", "?table=1", "?state=all", f"?q={words}"):  # alone, it leads on to a screen
            yield address + query, text_of(client.get(address + query), client)
        for row in model._default_manager.order_by("-pk")[:8]:
            for view in ("change", "history"):
                where = reverse(f"{name}_{view}", args=[row.pk])
                yield f"{name} {view} {row.pk}", text_of(client.get(where), client)
            if getattr(admin.site._registry[model], "row_screen", ""):
                where = reverse(f"{name}_change", args=[row.pk]) + "?table=1"
                yield f"{name} table {row.pk}", text_of(client.get(where), client)
    for model in apps.get_app_config("claims").get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and belongs_to_claims(field.related_model):
                where = {"app_label": "claims", "model_name": model._meta.model_name, "field_name": field.name}
                answer = client.get(reverse("admin:autocomplete"), where | {"term": words})
                yield f"autocomplete {where}", answer.content.decode()


def test_a_restriction_counts_from_when_it_is_set_within_one_page(django_assert_num_queries: Any) -> None:
    claim, chief, other = factories.claim(SECRET), person("chief", Role.CHIEF), person("other", Role.EDITOR)
    with remembering():
        assert hidden_claims(other) == set()
        with remembering(), django_assert_num_queries(0):
            assert hidden_claims(other) == set()
        restrict(claim, members=[], actor=chief)
        assert hidden_claims(other) == {claim.pk} and not visible_claims(other).exists()
        lift(claim, actor=chief)
        assert hidden_claims(other) == set() and visible_claims(other).exists()


def test_a_restricted_claim_is_nowhere_for_others(secret: Claim, mallory: User) -> None:
    client = at_the_desk(mallory)
    forbidden = needles()
    assert len(forbidden) > 20
    found = []
    for address, text in shown_to(client, "Zanzibar"):
        text = html.unescape(text).replace('value="Zanzibar"', "").replace("q=Zanzibar", "")
        found += [(address, each) for each in forbidden if each in text]
    assert not found


def test_its_members_and_chiefs_see_it(secret: Claim, ana: User, carla: User) -> None:
    for client in (at_the_desk(ana), at_the_desk(carla)):
        for name in ("index", "claims_claim_changelist", "claims_review_changelist", "claims_recheck_changelist"):
            assert "Zanzibar" in html.unescape(client.get(reverse(f"admin:{name}"), {"table": "1"}).content.decode())
        event = Claim.pgh_event_model.objects.filter(pgh_obj=secret).latest("pk")
        page = client.get(reverse("admin:claims_claimevent_change", args=[event.pk]))
        assert "Zanzibar" in page.content.decode()


def test_every_table_with_a_key_to_a_claim_is_covered() -> None:
    for model in apps.get_app_config("claims").get_models():
        keys = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
        if any(field.related_model in (Claim, Review, ReviewVersion, Evidence) for field in keys):
            assert belongs_to_claims(model), model


def test_every_page_of_such_a_table_leaves_out_what_is_hidden() -> None:
    """By its source: a new page whose table has no row in the walk above is found as well."""
    for model, page in admin.site._registry.items():
        # Deliveries of webhooks tell of what was published, and name no words of it.
        if belongs_to_claims(model) and model._meta.app_label != "newsrooms":
            own = [vars(each)["get_queryset"] for each in type(page).__mro__ if "get_queryset" in vars(each)]
            assert any("visible(" in inspect.getsource(each) for each in own), type(page)


def test_a_person_of_an_installation_alone_does_not_see_through(secret: Claim) -> None:
    assert secret not in visible_claims(User.objects.create_superuser("root"))


@pytest.mark.parametrize(
    "verb",
    [
        lambda claim, user: workflow.start_review(claim=claim, organisation=factories.organisation(), author=user),
        lambda claim, user: link_claim.link_statement(factories.statement(text="“So,” he said."), claim, actor=user),
        lambda claim, user: workflow.discard(
            ReviewVersion.objects.get(summary=FINDING, state="draft", number=2), actor=user
        ),
        lambda claim, user: workflow.submit(
            ReviewVersion.objects.get(summary=FINDING, state="draft", number=2), actor=user
        ),
        lambda claim, user: lift(claim, actor=user),
    ],
)
def test_its_verbs_are_refused_to_others(secret: Claim, mallory: User, verb: Any) -> None:
    with pytest.raises(Refused):
        verb(secret, mallory)


def test_who_claims_a_statement_anew_learns_nothing(secret: Claim, mallory: User) -> None:
    statement = Statement.objects.get(appearances__claim=secret)
    client = at_the_desk(mallory)
    address = reverse("admin:claims_statement_verb", args=[statement.pk, "claim"])
    for data in ({}, {"text": "412 bridges need repair."}):  # shown first, then made
        body = client.post(address, data, follow=True).content.decode()
        assert "Zanzibar" not in body and secret.public_id not in body
    assert statement.claims.exclude(pk=secret.pk).exists()


def test_a_chosen_key_of_a_restricted_claim_is_no_choice(secret: Claim, mallory: User) -> None:
    statement = factories.statement(text="“So,” he said.")
    body = (
        at_the_desk(mallory)
        .post(reverse("admin:claims_statement_link", args=[statement.pk]), {"claim": secret.pk})
        .content.decode()
    )
    assert "Zanzibar" not in body and not statement.claims.exists()


def test_a_chief_restricts_and_lifts_on_the_claims_page(ana: User, carla: User, mallory: User) -> None:
    claim = factories.claim(SECRET)
    address = reverse("desk:restriction", args=[claim.pk])
    assert at_the_desk(mallory).get(address).status_code == 403
    client = at_the_desk(carla)
    assert address in client.get(reverse("admin:claims_claim_change", args=[claim.pk]), {"table": "1"}).content.decode()
    client.post(address, {"members": [ana.pk]})
    assert list(Restriction.objects.get(claim=claim).members.all()) == [ana]
    assert at_the_desk(mallory).get(reverse("admin:claims_claim_change", args=[claim.pk])).status_code == 302
    assert at_the_desk(mallory).get(address).status_code == 404
    body = at_the_desk(ana).get(reverse("admin:claims_claim_change", args=[claim.pk]), {"table": "1"}).content.decode()
    assert "restricted" in body and "ana" in body
    client.post(address, {"lift": "1"})
    assert claim in visible_claims(mallory)


def test_members_write_at_the_desk(carla: User) -> None:
    claim = factories.claim(SECRET)
    with pytest.raises(Refused, match="writes nothing"):
        restrict(claim, members=[person("guest")], actor=carla)
    with pytest.raises(Refused, match="role of a chief"):
        restrict(claim, members=[], actor=person("eve", Role.EDITOR))


def test_whoever_has_nothing_hidden_pays_one_query(django_assert_num_queries: Any, mallory: User) -> None:
    factories.claim()
    mallory.get_all_permissions()
    with django_assert_num_queries(2):
        assert list(visible_claims(mallory))


def test_the_name_of_a_file_is_as_hidden_as_the_evidence_that_rests_on_it(
    secret: Claim, ana: User, mallory: User, carla: User
) -> None:
    version = ReviewVersion.objects.filter(review__claim=secret, state="draft").first()
    assert version is not None
    for number, name in enumerate(("her diary.pdf", "shared.pdf", "removed.pdf", "nobody's.pdf")):
        blob = Blob.objects.create(sha256=f"{number:064x}", size=1)
        EvidenceFile.objects.create(blob=blob, name=name, uploaded_by=ana)
        if number < 3:
            add_evidence(version, kind="file", stance="context", actor=ana, file_sha256=blob.pk, file_name=name)
    Evidence.objects.get(file_name="removed.pdf").delete()
    add_evidence(
        factories.draft(author=ana),
        kind="file",
        stance="context",
        actor=ana,
        file_sha256=f"{1:064x}",
        file_name="shared.pdf",
    )
    audit = EvidenceFile.pgh_event_model.objects  # type: ignore[attr-defined]
    for rows in (EvidenceFile.objects.all(), audit.all()):
        assert {each.name for each in visible(rows, mallory)} == {"shared.pdf", "nobody's.pdf"}
        assert visible(rows, carla).count() == visible(rows, ana).count() == 4
