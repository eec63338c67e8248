"""What may be seen of a claim in each state, by whom: in match, search, its facets, and Google's search.

The stub matcher names every claim, as an index would that is behind the log: whatever it says, nothing is shown but
what the asker may see now.
"""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.test.utils import override_settings

from claims.matching.types import Hit
from claims.models import Claim, Recheck
from claims.reviews import publish as publishing
from claims.reviews import rechecks, suspension, workflow
from claims.watch import sweep
from tests import factories
from tests.api_client import ask, said
from tests.claims.api.matching.stub import StubMatcher
from tests.claims.api.matching.stub import match as found

pytestmark = pytest.mark.django_db
WORDS = "Quaggas outnumber zebrules by the weir."
BROKEN = factories.PAGE_TEXT.replace("412", "430")


def draft() -> Claim:
    return factories.draft(factories.claim(WORDS)).review.claim


def in_review() -> Claim:
    version = factories.draft(factories.claim(WORDS))
    workflow.submit(version, actor=version.author)
    return version.review.claim


def approved() -> Claim:
    return factories.approved(factories.draft(factories.claim(WORDS))).review.claim


def embargoed() -> Claim:
    version = factories.draft(factories.claim(WORDS))
    version.embargo_until = factories.later(3600)
    version.save()
    return factories.approved(version).review.claim


def published() -> Claim:
    return factories.published_review(factories.claim(WORDS)).claim


def unconfirmed() -> Claim:
    claim = published()
    page = claim.reviews.get().latest_published().evidence.get().page
    factories.change(page, BROKEN)
    sweep.sweep()
    return claim


def confirmed() -> Claim:
    claim = unconfirmed()
    rechecks.confirm(Recheck.objects.get(review__claim=claim), actor=factories.editor())
    return claim


def suspended() -> Claim:
    claim = published()
    suspension.suspend(claim.reviews.get(), actor=factories.editor(), reason="A doubt.")
    return claim


def withdrawn() -> Claim:
    claim = published()
    version = workflow.start_version(
        claim.reviews.get(), kind="withdrawal", actor=factories.editor(), public_note="It was wrong."
    )
    version = factories.approved(version)
    publishing.publish(version, actor=version.approver)
    return claim


def merged() -> Claim:
    claim = published()
    factories.merged(claim, into=factories.published_review(factories.claim("Okapis graze.")).claim)
    return claim


def redacted() -> Claim:
    claim = published()
    factories.redacted(claim)
    return claim


# Status for newsrooms and for the public of what each shows; None: nothing is shown.
SHOWN: dict[Callable[[], Claim], tuple[str | None, str | None]] = {
    draft: (None, None),
    in_review: (None, None),
    approved: (None, None),
    embargoed: (None, None),
    published: ("checked", "checked"),
    unconfirmed: ("needs_recheck", "checked"),
    confirmed: ("needs_recheck", "needs_recheck"),
    suspended: ("suspended", "suspended"),
    withdrawn: (None, None),
    merged: ("checked", "checked"),
    redacted: (None, None),
}


@pytest.mark.parametrize("newsroom", [True, False], ids=["newsroom", "public"])
@pytest.mark.parametrize("make", SHOWN, ids=lambda make: make.__name__)
def test_each_state_shows_what_it_may(
    make: Callable[[], Claim], newsroom: bool, key: str, matcher: StubMatcher
) -> None:
    claim = make()
    shown = SHOWN[make][0 if newsroom else 1]
    matcher.matches, matcher.hits = [found(claim.public_id)], [Hit(claim.public_id, 0.9)]
    asker = key if newsroom else None
    with override_settings(ANONYMOUS_READ=True):
        answer = ask(
            "/api/v1/match", asker, "POST", data=orjson.dumps({"texts": ["x"]}), content_type="application/json"
        )
        page = said("/api/v1/search?q=x&facets=verification,verdict,language,organisation,topic", asker)
        google = said("/v1alpha1/claims:search?query=x", asker)
    entries = orjson.loads(answer.content)["results"][0]
    if shown is None:
        assert (entries, page["results"], google) == ([], [], {})
        assert page["facets_of"] == 0 and not any(page["facets"].values())
        return
    whole = Claim.objects.get(pk=claim.pk).merged_into or claim
    ((entry,), (result,)) = entries, page["results"]
    for body in (entry["claim"], result["claim"]):
        assert (body["id"], body["text"], body["verification"]["status"]) == (whole.public_id, whole.text, shown)
    assert page["facets"]["verification"] == [{"value": shown, "name": None, "count": 1}]
    stands = shown != "suspended"
    assert {each["verdict"] for each in ratings(entry)} <= {"true"}
    assert bool(ratings(entry)) == bool(page["facets"]["verdict"]) == bool(google) == stands
    told = "needs_recheck" if shown == "needs_recheck" else "stands" if stands else "suspended"
    assert {each["state"] for each in entry["reviews"]} == {told}


def ratings(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return [review["rating"] for review in entry["reviews"] if review["rating"]]
