"""Every address of the desk, as everybody who works there: no page is broken, unreadable, or not for people."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from claims.models import (
    Claim,
    Document,
    GuestApproval,
    Merge,
    Recheck,
    ReviewVersion,
    Suggestion,
    TipGroup,
)
from claims.roles import GROUPS, Role
from sources.models import Page, Snapshot
from tests.claims.desk.crawl.walk import Seen, look, walk
from tests.factcheck.fixtures import story

ROLES: dict[str, tuple[Role, ...]] = {
    "reporter": (Role.REPORTER,),
    "editor": (Role.EDITOR,),
    "chief": (Role.CHIEF,),
    "administrator": (Role.ADMINISTRATOR,),
    "both": (Role.CHIEF, Role.ADMINISTRATOR),
    "guest": (),
}
KNOWN: tuple[str, ...] = ()
"""Faults of the pages of rare tables that are not ours to mend, as the beginnings of their lines."""


def routes() -> Iterator[tuple[str, dict[str, Any]]]:
    """The desk's own routes, with their arguments."""
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace in ("desk", "set_up"):
            for route in pattern.url_patterns:
                yield f"/admin/{route.pattern}", dict(route.pattern.converters)


def starts() -> list[str]:
    """An address for each route: the numbers are those of the first rows of what routes name."""
    first = {
        "claim": Claim,
        "document": Document,
        "version": ReviewVersion,
        "recheck": Recheck,
        "suggestion": Suggestion,
        "merge": Merge,
        "group": TipGroup,
        "page": Page,
        "snapshot": Snapshot,
    }
    numbers = {name: model._default_manager.order_by("pk")[0].pk for name, model in first.items()}
    found = ["/admin/"]
    for route, converters in routes():
        for name in converters:
            route = re.sub(rf"<int:{name}>", str(numbers.get(name, numbers["claim"])), route)
            route = re.sub(rf"<(\w+:)?{name}>", "en", route)
        found.append(route)
    return found


def person(name: str, roles: tuple[Role, ...]) -> Client:
    user = User.objects.create_user(f"walking-{name}", first_name=name.title(), is_staff=True)
    user.groups.set(Group.objects.filter(name__in=[GROUPS[role] for role in roles]))
    if not roles:
        version = ReviewVersion.objects.filter(state="in_review").order_by("pk")[0]
        chief = User.objects.get(username="walking-chief")
        GuestApproval.objects.create(version=version, user=user, invited_by=chief)
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    client.force_login(user)
    return client


def test_every_address_as_everybody(live_database: object, tmp_path: Path) -> None:
    story.tell(tmp_path)
    found: dict[str, list[str]] = {}
    for name, roles in sorted(ROLES.items(), key=lambda each: each[0] != "chief"):
        client = person(name, roles)
        pages = list(walk(client, starts(), rare=name == "both"))
        assert len(pages) > (1 if name == "guest" else 20), [page.address for page in pages]
        for page in pages:
            for fault in page.faults:
                found.setdefault(fault, []).append(f"{name} {page.address}")
        empty_because_of_a_filter(client, pages, found)
    lines = [f"{fault}\n      {len(where)}: {', '.join(where[:3])}" for fault, where in sorted(found.items())]
    left = [line for line in lines if not line.startswith(KNOWN)] if KNOWN else lines
    assert not left, f"{len(left)} faults\n" + "\n".join(left)


def empty_because_of_a_filter(client: Client, pages: list[Seen], found: dict[str, list[str]]) -> None:
    """A list that a search has emptied says so, and not that there is nothing."""
    for page in pages:
        if not page.is_ours or page.tree is None or "?" in page.address:
            continue
        if not page.tree.xpath("//main//input[@name='q']"):
            continue
        seen = look(client, f"{page.address}?q=xyzzyx")
        if "yet" in seen.text.lower().split("xyzzyx")[-1] and "none yet" in seen.text.lower():
            found.setdefault("says none yet where a search hides what is there", []).append(seen.address)
