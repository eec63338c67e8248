"""What an editor sees and does about an imported claim that says what a claim of this desk says."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from claims import visibility
from claims.imports import merge_proposals
from claims.models import MergeProposal, Restriction
from claims.permissions import Refused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal() -> MergeProposal:
    theirs, ours = factories.claim("Theirs."), factories.claim("Ours.")
    return MergeProposal.objects.create(claim=theirs, into=ours)


def test_it_is_open_until_it_is_dismissed_once(proposal: MergeProposal) -> None:
    assert list(merge_proposals.open_proposals()) == [proposal]
    editor = factories.editor()
    merge_proposals.dismiss(proposal, actor=editor)
    assert not merge_proposals.open_proposals().exists()
    proposal.refresh_from_db()
    assert proposal.dismissed_by == editor
    with pytest.raises(Refused, match="dismissed already"):
        merge_proposals.dismiss(proposal, actor=editor)
    with pytest.raises(Refused, match="You may not decide"):
        merge_proposals.dismiss(proposal, actor=User.objects.create_user("reader"))


def test_the_desk_lists_it_and_leads_to_the_merge(proposal: MergeProposal, client: Any) -> None:
    client.force_login(factories.editor())
    listed = client.get(reverse("admin:claims_mergeproposal_changelist"))
    assert "Theirs." in listed.content.decode()
    page = reverse("admin:claims_mergeproposal_change", args=[proposal.pk])
    shown = client.get(page).content.decode()
    assert "Ours." in shown
    assert "Leave them apart" in shown
    assert "Merge them" in shown
    reporter = factories.editor("reporter")
    reporter.groups.set(Group.objects.filter(name="Reporters"))
    client.force_login(reporter)
    shown = client.get(page).content.decode()
    assert "Leave them apart" in shown
    assert "Merge them" not in shown, "she may not ask for a merge"


def test_a_claim_that_is_restricted_to_others_is_not_shown(proposal: MergeProposal) -> None:
    reader = factories.editor()
    Restriction.objects.create(claim=proposal.claim)
    assert not visibility.visible(MergeProposal.objects.all(), reader).exists()
    with pytest.raises(Refused):
        merge_proposals.dismiss(proposal, actor=reader)
