"""Fill an empty desk that runs with people, a scale, and published claims on the pages of a site on loopback.

    python -m tests.browser.filled.fill http://127.0.0.1:PORT
    python -m tests.browser.filled.fill hostile

Run as a program beside the desk, with the desk's environment. The first prints JSON: the numbers and public ids of the
claims by slug, a newsroom's key, and addresses of readers' pages by what they show. The second adds rows full of
hostile texts and prints their numbers.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402

# As in tests/conftest.py: what is written here without `acting` is as if the demo had.
settings.DATABASES["default"]["OPTIONS"]["options"] = '-c pghistory.context_metadata={"actor":"demo"}'

from django.contrib.auth.models import Group, User  # noqa: E402

from claims.models import ChecklistItem, Claim, Complaint, Recheck  # noqa: E402
from claims.roles import GROUPS, Role  # noqa: E402
from claims.watch import sweep  # noqa: E402
from factcheck.newsrooms.keys import create_key  # noqa: E402
from sources.database.audit import acting_as, noted  # noqa: E402
from sources.models import Page  # noqa: E402
from tests import factories  # noqa: E402
from tests.browser.filled import hostile, readers  # noqa: E402
from tests.browser.filled.pages import PAGES  # noqa: E402
from tests.browser.filled.words import PASSWORD, TICK  # noqa: E402
from tests.running_demo import eventually  # noqa: E402

PEOPLE = {
    "rita": (Role.REPORTER,),
    "edda": (Role.EDITOR,),
    "emil": (Role.EDITOR,),
    "cleo": (Role.CHIEF,),
    "adam": (Role.ADMINISTRATOR,),
    "gail": (),
}
"""Who works here, by name; the last one is a guest."""
EVERY = timedelta(seconds=2)


def people() -> None:
    for number, (name, roles) in enumerate(PEOPLE.items(), start=1):
        with noted(actor="administrator", actor_id=-100 - number):  # each made by somebody else
            user = User.objects.create_user(name, password=PASSWORD, first_name=name.title(), is_staff=True)
            user.groups.set(Group.objects.filter(name__in=[GROUPS[role] for role in roles]))


def published(site: str) -> dict[str, Claim]:
    """A published claim for each page of the site that has one; its page is read every two seconds."""
    editor, approver = (User.objects.get(username=name) for name in ("edda", "cleo"))
    claims = {}
    for page in PAGES:
        if not page.claim:
            continue
        claims[page.slug] = claim = factories.claim(page.claim)
        version = factories.draft(claim, author=editor, of=f"{site}/{page.slug}", exact=page.quote)
        with acting_as("demo"):
            Page.objects.filter(pinned_interval=None, url__startswith=site).update(pinned_interval=EVERY)
        factories.publish.publish(factories.approved(version, approver=approver), actor=approver)
    return claims


def rows() -> dict[str, int]:
    """A document with a statement, and a re-check: of a page that nobody polls."""
    statement = factories.attributed()
    page = factories.page()
    review = factories.published_review(factories.claim("412 bridges are in need of repair."), of=page)
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    recheck = eventually(lambda: Recheck.objects.filter(review=review).first(), 20)
    return {"document": statement.document_id, "recheck": recheck.pk}


def fill(site: str) -> dict[str, object]:
    people()
    organisation = factories.organisation()
    claims, numbers = published(site), rows()
    shown = readers.rows()
    # From now on a person ticks that she has read a draft once more.
    ChecklistItem.objects.create(organisation=organisation, text=TICK, position=1)
    return {
        "claims": {slug: [claim.pk, claim.public_id] for slug, claim in claims.items()},
        "key": create_key("Daily Paper"),
        "rows": {**numbers, "complaint": Complaint.objects.get(outcome="upheld").pk},
        "readers": shown,
    }


if __name__ == "__main__":
    print(json.dumps(hostile.rows() if sys.argv[1] == "hostile" else fill(sys.argv[1])))
