"""What people at the desk do with groups of tips, and who may."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError

from claims.desk.tips.demand import with_demand
from claims.models import Claim, Restriction, Tip, TipGroup
from claims.permissions import Refused
from claims.roles import GROUPS, Role
from claims.tips import groups, inbox
from tests import factories

pytestmark = pytest.mark.django_db
FERRY = "The ferry to Lindholm stops running in October because the harbour silts up."
WATER = "The tap water in Lindholm has lead in it, says a leaflet from the pharmacy."


def sent(text: str, **options: Any) -> TipGroup:
    group = inbox.receive(actor="test", text=text, **options).tip.group
    assert group is not None
    return group


def asked(group: TipGroup) -> int:
    return int(with_demand(TipGroup.objects.all()).get(pk=group.pk).asked)


@pytest.fixture
def editor() -> User:
    return factories.editor()


@pytest.fixture
def reporter() -> User:
    user = User.objects.create_user("reporter", is_staff=True)
    user.groups.add(Group.objects.get(name=GROUPS[Role.REPORTER]))
    return User.objects.get(pk=user.pk)


def test_a_reporter_sets_aside_and_puts_back_and_an_outsider_does_not(reporter: User) -> None:
    group = sent(FERRY)
    groups.set_aside(group, actor=reporter)
    group.refresh_from_db()
    assert group.state == "set_aside"
    event = TipGroup.pgh_event_model.objects.latest("pgh_id")
    assert (event.pgh_context["actor"], event.pgh_context["reason"]) == ("reporter", "set tips aside")
    groups.reopen(group, actor=reporter)
    group.refresh_from_db()
    assert group.state == "new"
    outsider = User.objects.create_user("outsider")
    for act in (groups.set_aside, groups.reopen):
        with pytest.raises(Refused, match="role"):
            act(group, actor=outsider)


def test_an_editor_links_a_claim_and_takes_a_wrong_link_back(editor: User, reporter: User) -> None:
    group, claim = sent(FERRY), factories.claim(FERRY)
    with pytest.raises(Refused, match="Editors"):
        groups.link(group, claim, actor=reporter)
    groups.link(group, claim, actor=editor)
    group.refresh_from_db()
    assert (group.state, group.claim) == ("taken", claim)
    for refused in (groups.set_aside, groups.reopen):
        with pytest.raises(Refused, match="take the link back"):
            refused(group, actor=editor)
    with pytest.raises(Refused, match="Another claim"):
        groups.link(group, factories.claim(WATER), actor=editor)
    with pytest.raises(Refused, match="already"):
        groups.link(group, claim, actor=editor)
    groups.unlink(group, actor=editor)
    group.refresh_from_db()
    assert (group.state, group.claim) == ("new", None)
    with pytest.raises(Refused, match="No claim"):
        groups.unlink(group, actor=editor)


def test_nobody_links_a_claim_that_she_may_not_see(editor: User) -> None:
    group, claim = sent(FERRY), factories.claim(FERRY)
    Restriction.objects.create(claim=claim, created_by=editor)
    with pytest.raises(Refused):
        groups.link(group, Claim.objects.get(pk=claim.pk), actor=factories.editor())


def test_merged_tips_are_one_group_and_are_found_by_either_text(editor: User) -> None:
    one, other = sent(FERRY, sender="a"), sent(WATER, sender="a")
    sent(WATER, sender="b")
    stays = groups.merge(one, other, actor=editor)
    assert stays == other and not TipGroup.objects.filter(pk=one.pk).exists()
    assert (Tip.objects.filter(group=other).count(), asked(other)) == (3, 2), "who asked both counts once"
    assert sent(FERRY) == other and sent(WATER) == other
    with pytest.raises(Refused, match="in the meantime"):
        groups.set_aside(one, actor=editor)
    with pytest.raises(Refused, match="another group"):
        groups.merge(other, other, actor=editor)


def test_merging_keeps_the_one_claim_and_refuses_two(editor: User) -> None:
    one, other = sent(FERRY), sent(WATER)
    ferry = factories.claim(FERRY)
    groups.link(one, ferry, actor=editor)
    groups.link(other, factories.claim(WATER), actor=editor)
    with pytest.raises(Refused, match="Two different claims"):
        groups.merge(one, other, actor=editor)
    groups.unlink(other, actor=editor)
    groups.merge(one, other, actor=editor)
    other.refresh_from_db()
    assert (other.claim, other.state) == (ferry, "taken")


def test_split_tips_are_new_and_read_received_again(editor: User) -> None:
    group = sent(FERRY, url="https://paper.example/a")
    other = inbox.receive(actor="test", text=WATER, url="https://paper.example/a").tip
    groups.link(group, factories.claim(FERRY), actor=editor)
    made = groups.split(group, [other.pk], actor=editor)
    assert (made.state, made.claim_id, list(made.tips.all())) == ("new", None, [other])
    assert sent(WATER) == made
    for wrong in ([], [other.pk], list(group.tips.values_list("pk", flat=True)), [10**15]):
        with pytest.raises(Refused):
            groups.split(group, wrong, actor=editor)


def test_a_linked_group_is_never_set_aside_by_the_database(editor: User) -> None:
    with pytest.raises(IntegrityError, match="tip_group_with_claim_is_taken"):
        TipGroup.objects.create(claim=factories.claim(FERRY), state="set_aside")
