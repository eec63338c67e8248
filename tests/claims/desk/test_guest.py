"""A guest approver sees one version and nothing else, and is the second person."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from claims.models import Evidence, GuestApproval, ReviewVersion
from claims.permissions import Refused
from claims.publication import words
from claims.reviews import guests, publish, workflow
from claims.roles import GROUPS, Role
from tests import factories

pytestmark = pytest.mark.django_db


def person(name: str, *roles: Role) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=[GROUPS[role] for role in roles]))
    return User.objects.get(pk=user.pk)


def at_the_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


@pytest.fixture
def ana() -> User:
    return person("ana", Role.EDITOR)


@pytest.fixture
def carla() -> User:
    return person("carla", Role.CHIEF)


@pytest.fixture
def gil() -> User:
    return person("gil")


@pytest.fixture
def version(ana: User) -> ReviewVersion:
    draft = factories.draft(factories.claim("412 bridges need repair."), author=ana)
    for visibility, note in (("confidential", "Deep throat said so."), ("described", "Hidden note.")):
        Evidence.objects.create(
            version=draft,
            kind="interview",
            stance="supports",
            visibility=visibility,
            who="Secret source",
            how="telephone",
            happened_at=factories.later(-3600),
            note=note,
            description="an engineer of the ministry" if visibility == "described" else "",
        )
    return workflow.submit(draft, actor=ana)


@pytest.fixture
def invited(version: ReviewVersion, gil: User, carla: User) -> GuestApproval:
    return guests.invite(version, guest=gil, actor=carla)


def page_of(version: ReviewVersion) -> str:
    return reverse("desk:guest_version", args=[version.pk])


def post(client: Client, version: ReviewVersion, verb: str, shown: str | None = None) -> str:
    data = {"verb": verb, "shown": shown or words.leaving(version).sha256}
    return client.post(page_of(version), data, follow=True).content.decode()


def test_the_guest_reads_the_version_as_it_will_leave(
    version: ReviewVersion, invited: GuestApproval, gil: User
) -> None:
    client = at_the_desk(gil)
    answer = client.get(reverse("admin:index"), follow=True)
    body = answer.content.decode()
    assert answer.redirect_chain[-1][0] == page_of(version)
    for each in ("412 bridges need repair.", "The report says so.", factories.QUOTE, "an engineer of the ministry"):
        assert each in body
    for each in ("Deep throat", "Hidden note", "Secret source"):
        assert each not in body
    assert "confidential evidence" in body and "Approve exactly this" in body


def test_no_link_or_form_of_the_guests_screens_leads_where_she_may_not(
    version: ReviewVersion, invited: GuestApproval, gil: User, ana: User, carla: User
) -> None:
    client = at_the_desk(gil)
    other = workflow.submit(factories.draft(factories.claim("Another claim."), author=ana), actor=ana)
    guests.invite(other, guest=gil, actor=carla)
    for address in (reverse("desk:guest"), page_of(version)):
        body = client.get(address).content.decode()
        for link in set(re.findall(r'<a [^>]*href="(/[^"]*)"', body)) - {"/admin/logout/"}:
            assert client.get(link, follow=True).status_code == 200, link
        actions = set(re.findall(r'<form [^>]*action="([^"]*)"', body))
        assert actions <= {reverse("admin:logout")}, "no search, which she may not use"
    assert 'role="search"' in at_the_desk(ana).get(reverse("desk:claims")).content.decode(), "others have it"


def test_the_guest_is_the_second_person(version: ReviewVersion, invited: GuestApproval, gil: User, ana: User) -> None:
    assert "Approved" in post(at_the_desk(gil), version, "approve")
    version.refresh_from_db()
    assert version.approver == gil
    with pytest.raises(Refused, match="may not publish"):
        publish.publish(version, actor=gil)
    assert publish.publish(version, actor=ana)
    assert "nothing to decide for you" in at_the_desk(gil).get(page_of(version)).content.decode()


def test_the_guest_sends_back(version: ReviewVersion, invited: GuestApproval, gil: User) -> None:
    assert "Sent back" in post(at_the_desk(gil), version, "send-back")
    version.refresh_from_db()
    assert version.state == "draft"


def test_a_change_while_the_guest_reads_is_refused(version: ReviewVersion, invited: GuestApproval, gil: User) -> None:
    shown = words.leaving(version).sha256
    claim = version.review.claim
    claim.text = "512 bridges need repair."
    claim.save()
    body = post(at_the_desk(gil), version, "approve", shown)
    version.refresh_from_db()
    assert version.approver is None and ("Read them once more" in body or version.state == "draft")


def test_an_invitation_that_was_taken_back_opens_nothing(
    version: ReviewVersion, invited: GuestApproval, gil: User, carla: User
) -> None:
    guests.revoke(invited, actor=carla)
    assert at_the_desk(gil).get(page_of(version)).status_code == 404
    with pytest.raises(Refused, match="may not approve"):
        workflow.approve(version, actor=gil, shown=words.leaving(version).sha256)
    with pytest.raises(Refused, match="taken back already"):
        guests.revoke(invited, actor=carla)


def test_another_version_is_not_hers(invited: GuestApproval, gil: User, ana: User) -> None:
    other = workflow.submit(factories.draft(author=ana), actor=ana)
    assert at_the_desk(gil).get(page_of(other)).status_code == 404
    for verb in (partial(workflow.approve, shown=words.leaving(other).sha256), workflow.send_back, workflow.discard):
        with pytest.raises(Refused):
            verb(other, actor=gil)


def test_a_chief_invites_on_the_versions_page(version: ReviewVersion, gil: User, ana: User, carla: User) -> None:
    address = reverse("desk:guests", args=[version.pk])
    assert at_the_desk(ana).get(address).status_code == 403
    client = at_the_desk(carla)
    page = reverse("admin:claims_reviewversion_change", args=[version.pk])
    assert address in client.get(page, {"table": "1"}).content.decode()
    body = client.get(address).content.decode()
    assert "gil" in body and ">ana<" not in body
    client.post(address, {"guest": gil.pk})
    assert GuestApproval.objects.active().get().user == gil
    client.post(address, {"revoke": "gil"})
    assert not GuestApproval.objects.active().exists()


def test_who_has_a_role_needs_no_invitation(version: ReviewVersion, ana: User, carla: User, gil: User) -> None:
    with pytest.raises(Refused, match="has a role"):
        guests.invite(version, guest=person("ben", Role.EDITOR), actor=carla)
    with pytest.raises(Refused, match="ask a chief"):
        guests.invite(version, guest=gil, actor=ana)
    gil.is_active = False
    with pytest.raises(Refused, match="cannot log in"):
        guests.invite(version, guest=gil, actor=carla)


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The address of every route of the desk, with 1 for each number or key."""
    for each in resolver.url_patterns:
        here = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, here)
        elif isinstance(each, URLPattern) and here.startswith("admin/"):
            yield "/" + _filled(here)


def _filled(route: str) -> str:
    route = re.sub(r"<slug:[^>]*>", "approve", re.sub(r"<(?:path|int|str|url)?:?[^>]*>", "1", route))
    return re.sub(r"\^?\(\?P1?(?:<[^>]*>)?[^)]*\)\$?", "claims", route).replace("$", "").replace("^", "")


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_other_page_of_the_desk_is_closed(
    method: str, version: ReviewVersion, invited: GuestApproval, gil: User
) -> None:
    client = at_the_desk(gil)
    hers = {reverse("admin:index"), reverse("desk:guest")}
    free = {
        reverse(f"admin:{name}") for name in ("login", "logout", "password_change", "password_change_done", "jsi18n")
    }
    addresses = sorted(set(routes(get_resolver())) - hers - free)
    assert len(addresses) > 200
    opened: list[Any] = []
    for address in addresses:
        answer = getattr(client, method)(address)
        if answer.status_code not in (403, 404):
            opened.append((address, answer.status_code))
    assert not opened
