"""Publish a claim on each watched page of a desk that runs; run as a program beside it, with the desk's environment.

    python -m tests.browser.publish_watched http://127.0.0.1:PORT

Prints JSON: the ids of the claims by slug, a newsroom's key, its webhook's secret, and the path of an editor's log-in
link.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from claims.models import Claim  # noqa: E402
from factcheck.login import links  # noqa: E402
from factcheck.newsrooms.keys import create_key  # noqa: E402
from factcheck.newsrooms.models import Newsroom  # noqa: E402
from factcheck.newsrooms.webhooks import endpoints  # noqa: E402
from sources.database.audit import acting_as  # noqa: E402
from sources.models import Page  # noqa: E402
from tests import factories  # noqa: E402
from tests.browser.watched_pages import CASES  # noqa: E402

EVERY = timedelta(seconds=2)


def publish(site: str) -> dict[str, object]:
    editor, author, approver = (factories.editor(name) for name in ("ada", "bea", "cyn"))
    claims: dict[str, Claim] = {}
    for case in CASES:
        claims[case.slug] = factories.claim(case.claim)
        version = factories.draft(claims[case.slug], author=author, of=f"{site}/{case.slug}", exact=case.quote)
        with acting_as("demo"):
            Page.objects.filter(pinned_interval=None).update(pinned_interval=EVERY)
        factories.publish.publish(factories.approved(version, approver=approver), actor=approver)
    key = create_key("Daily Paper")
    newsroom = Newsroom.objects.get(name="Daily Paper")
    _, secret = endpoints.create(newsroom, url=f"{site}/hook", actor="the desk")
    token = links.create(editor, purpose=links.Purpose.RESET, maker=None)
    return {
        "claims": {slug: claim.public_id for slug, claim in claims.items()},
        "key": key,
        "secret": secret,
        "link": links.path(token),
    }


if __name__ == "__main__":
    print(json.dumps(publish(sys.argv[1])))
