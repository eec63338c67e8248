"""Tips that ask the same form a group, and no stranger ties two questions together."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from claims.models import Tip, TipFingerprint, TipGroup
from claims.tips import grouping, groups, inbox
from tests import factories

pytestmark = pytest.mark.django_db
FERRY = "The ferry to Lindholm stops running in October because the harbour silts up."
WATER = "The tap water in Lindholm has lead in it, says a leaflet from the pharmacy."
STORY, OTHER = "https://paper.example/ferry", "https://paper.example/water"


def sent(text: str = "", url: str = "") -> TipGroup:
    group = inbox.receive(actor="test", text=text, url=url).tip.group
    assert group is not None
    return group


def test_the_same_words_are_one_group_however_they_are_set() -> None:
    first = sent(FERRY)
    assert sent(f"  {FERRY.upper()}!! ") == first
    assert sent(f"Is it true that {FERRY[0].lower()}{FERRY[1:]}") == first
    assert sent(WATER) != first


def test_the_same_page_is_one_group_whatever_is_asked_of_it() -> None:
    first = sent("What about this?", STORY)
    assert sent("", STORY + "?utm_source=mail") == first
    assert sent("Is the ferry really stopping?", "http://www.paper.example/ferry/") == first
    assert sent("", OTHER) != first


def test_a_front_page_ties_nothing() -> None:
    assert sent(FERRY, "https://paper.example/") != sent(WATER, "https://paper.example/")


def test_a_tip_that_names_two_questions_ties_them_for_nobody_else() -> None:
    ferry, water = sent(FERRY, STORY), sent(WATER, OTHER)
    assert sent(WATER, STORY) == ferry, "it is about this page, so it joins this group"
    assert sent(WATER) == water, "and draws nobody by its text"
    assert sent(FERRY + " Is that so?", OTHER) == water
    assert sent("", STORY) == ferry and sent(FERRY) == ferry


def test_what_no_group_has_yet_leads_to_it_as_long_as_no_claim_answers_it() -> None:
    ferry = sent(FERRY)
    assert sent(FERRY, STORY) == ferry and sent("", STORY) == ferry
    assert sent("Who owns the boat?", STORY) == ferry and sent("Who owns the boat?") == ferry
    water = sent(WATER)
    groups.link(water, factories.claim(WATER), actor=factories.editor())
    assert sent(WATER, OTHER) == water
    assert sent("", OTHER) != water, "a stranger puts no page under an answer that is there"


def test_small_steps_lead_to_no_other_question() -> None:
    first = sent(FERRY)
    grown = FERRY
    for more in (
        "Please check.",
        "Is that so?",
        "My aunt says so.",
        "She read it.",
        "It was in the paper.",
        "I doubt it.",
    ):
        grown += f" {more}"
        last = sent(grown)
    assert last != first
    assert sent(FERRY) == first


@pytest.mark.parametrize(
    "other",
    [
        FERRY.replace("Lindholm", "Rosental"),
        FERRY.replace("stops running", "does not stop running"),
        FERRY.replace("October", "November"),
        FERRY.replace("silts up", "freezes"),
    ],
)
def test_another_place_month_or_direction_is_another_question(other: str) -> None:
    assert sent(other) != sent(FERRY)


def test_hundreds_of_the_same_are_one_group_with_one_fingerprint(django_assert_max_num_queries: Any) -> None:
    group = sent(FERRY)
    Tip.objects.bulk_create(Tip(text=FERRY, group=group, counts=False) for _ in range(300))
    with django_assert_max_num_queries(20):
        assert sent(FERRY) == group
    assert TipFingerprint.objects.count() == 1


def test_tips_of_an_earlier_version_are_found_once_they_are_indexed() -> None:
    group = TipGroup.objects.create()
    Tip.objects.create(text=FERRY, url=STORY, group=group)
    assert sent(FERRY) != group
    assert grouping.index_stale() == 1
    assert grouping.index_stale() == 0
    assert sent("", STORY) == group
    TipFingerprint.objects.filter(tip__group=group).update(rules=1)
    assert grouping.index_stale() == 1


def test_the_upgrade_gives_each_tip_a_group_and_equal_ones_the_same() -> None:
    state = {"state": "set_aside"}
    one, same, aside = (
        Tip.objects.create(text=text, **more) for text, more in ((FERRY, {}), (f" {FERRY}", {}), (FERRY, state))
    )
    import_module("claims.migrations.0026_tips_have_groups").group(apps, connection.schema_editor())
    for tip in (one, same, aside):
        tip.refresh_from_db()
    assert one.group == same.group != aside.group
    assert (one.group.state, aside.group.state) == ("new", "set_aside")
    assert TipGroup.pgh_event_model.objects.latest("pgh_id").pgh_context["reason"] == "upgrade"
