"""Every button there is, pressed by everybody: who may not changes nothing, and no form breaks the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.test import Client

from claims import visibility
from claims.desk.shell import verbs
from claims.desk.shell.verbs import Table, Verb, claim_of, seen_of
from claims.models import Claim, GuestApproval, ReviewVersion
from claims.permissions import Refused
from claims.roles import GROUPS, Role
from tests import factories
from tests.factcheck.fixtures import story

KEPT = ("claims_autosave", "login_session", "django_session")
"""Tables of what a person typed and of who is logged in: a refused button keeps the first."""
PEOPLE: dict[str, tuple[Role, ...]] = {
    "reporter": (Role.REPORTER,),
    "editor": (Role.EDITOR,),
    "chief": (Role.CHIEF,),
    "administrator": (Role.ADMINISTRATOR,),
    "nobody": (),
    "guest": (),
}
ONLY = {
    "administrator": {"manage chats"},
    "nobody": set[str](),
    "guest": set[str](),
}
"""The rules of verbs that people without an editorial role may use at all."""
WORDS = {
    "text": "Words.", "note": "A note.", "reason": "A reason.", "public_note": "Words for readers.", "line": "A line.",
    "summary": "A finding.", "body": "How.", "form": "1", "name": "A name", "kind": "person", "comment": "A comment.",
    "language": "en", "day": "2031-01-01", "at": "2031-01-01T10:00", "minutes": "60", "received_on": "2026-11-01",
    "question": "Why?", "shown": "x", "sent": "1", "worthy": "yes", "title": "A title", "template": "ifcn",
    "url": "https://nowhere.example/a", "claim": "1", "words": "and", "before": "and", "into": "1", "grade": "request",
    "polarity": "asserted", "speaker": "Somebody", "new": "1", "figure-0": "412", "value-0": "412", "stance": "refutes",
}  # fmt: skip
GARBAGE = {
    name: value
    for value, names in {
        "\x00": ("text", "name", "summary", "comment", "note", "speaker"),
        "9" * 40: ("claim", "page", "colleague", "assignee", "version", "organisation", "at", "minutes", "rating"),
        "٣": ("into", "copy-1", "requote", "tick", "topics"),
        "31.13.0000": ("day", "due", "deadline", "received_on", "true_as_of", "embargo_until", "happened_at"),
        "\ufffe\u202e": ("reason", "public_note", "line", "title"),
        "x" * 400: ("kind", "language", "grade", "polarity", "stance", "template", "machine", "answer", "place"),
        "javascript:alert(1)": ("url", "next", "wikidata_id", "seen", "shown"),
    }.items()
    for name in names
}


def person(name: str) -> User:
    user = User.objects.create_user(f"pressing-{name}", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=[GROUPS[role] for role in PEOPLE.get(name, (Role.EDITOR,))]))
    return user


def buttons() -> Iterator[tuple[Table, Verb, Any]]:
    """Each verb with a row on which it makes sense, else with any row of its kind."""
    for table in verbs._TABLES.values():
        rows = list(table.model._default_manager.order_by("pk")[:200])
        assert rows, f"the story has no row for the buttons of {table.name}"
        for verb in table.verbs.values():
            yield table, verb, next((row for row in rows if verb.when(row)), rows[0])


def state() -> dict[str, str]:
    """A fingerprint of each table: of which transaction each of its rows is."""
    tables = [name for name in connection.introspection.table_names() if name not in KEPT]
    each = (
        f"SELECT '{name}', count(*) || coalesce(md5(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid)), '')"
        f' FROM "{name}"'
        for name in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def logged_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    client.get("/admin/me/")
    return client


def press(client: Client, table: Table, verb: Verb, row: Any, fields: dict[str, str]) -> Any:
    return client.post(f"/admin/do/{table.name}/{row.pk}/{verb.name}/", fields)


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def changed(before: dict[str, str]) -> list[str]:
    now = state()
    return [name for name in now if now[name] != before[name]]


def who_may_not_changes_nothing() -> None:
    refused: dict[str, set[str]] = {}
    for name in PEOPLE:
        user = person(name)
        if name == "guest":
            version = ReviewVersion.objects.filter(state="draft").order_by("pk")[0]
            GuestApproval.objects.create(version=version, user=user, invited_by=factories.editor())
        client = logged_in(user)
        before = state()
        for table, verb, row in buttons():
            if verb.rule in ONLY[name] if name in ONLY else verb.is_allowed(user, row):
                continue
            refused.setdefault(name, set()).add(f"{table.name}/{verb.name}")
            answer = press(client, table, verb, row, {**WORDS, "seen": seen_of(row)})
            assert answer.status_code in (302, 403), (name, table.name, verb.name, answer.status_code)
            assert (where := changed(before)) == [], (name, table.name, verb.name, where)
    every = {f"{table.name}/{verb.name}" for table, verb, _row in buttons()}
    assert refused["nobody"] == refused["guest"] == every
    assert {"version/approve", "version/publish", "recheck/still-stands", "review/suspend"} <= refused["reporter"]
    assert "organisation/add-line" in refused["editor"] and "chat/remove" in refused["chief"]


def a_claim_that_is_restricted_to_others_has_no_button() -> None:
    user, chief = person("member of another"), person("chief")
    for claim in Claim.objects.all():
        visibility.restrict(claim, members=[factories.editor()], actor=chief)
    visibility.restrict(factories.claim("Another."), members=[user], actor=chief)
    client = logged_in(user)
    before = state()
    tried = 0
    for table, verb, row in buttons():
        if claim_of(row) is None:
            continue
        tried += 1
        answer = press(client, table, verb, row, {**WORDS, "seen": seen_of(row)})
        assert answer.status_code == 302, (table.name, verb.name)
        assert "is not there any more" in str(list(get_messages(answer.wsgi_request))[-1]), (table.name, verb.name)
        assert (where := changed(before)) == [], (table.name, verb.name, where)
    assert tried > 40


def no_form_breaks_the_server() -> None:
    user = person("chief")
    user.groups.add(*Group.objects.filter(name__in=GROUPS.values()))
    client = logged_in(user)
    broken = []
    for table, verb, row in buttons():
        for fields in ({}, WORDS, GARBAGE):
            with taken_back():
                answer = press(client, table, verb, row, {"seen": seen_of(row), **fields})
            if answer.status_code >= 500:
                broken.append((table.name, verb.name, fields))
    assert broken == []


def what_writes_over_others_needs_to_say_what_it_was_shown() -> None:
    """It does nothing with the hash of another state, or with none."""
    client = logged_in(person("chief"))
    before = state()
    compared = [each for each in buttons() if each[1].compares]
    assert len(compared) > 15
    for table, verb, row in compared:
        for seen in ("", "0" * 64):
            answer = press(client, table, verb, row, {**WORDS, "seen": seen})
            assert answer.status_code in (302, 409), (table.name, verb.name, answer.status_code)
            assert (where := changed(before)) == [], (table.name, verb.name, where)


PHASES = (
    *(who_may_not_changes_nothing, a_claim_that_is_restricted_to_others_has_no_button),
    *(no_form_breaks_the_server, what_writes_over_others_needs_to_say_what_it_was_shown),
)
OUTSIDE = (
    *("sources.polling.poller.fetch_once", "claims.statements.proposals.accept", "claims.notifying.chats.try_out"),
)


def test_every_button(live_database: object, tmp_path: Path) -> None:
    """A desk with one of everything, whose buttons reach no other server. One test, since its story is told once."""
    story.tell(tmp_path)
    refused = Refused("Not now.")
    with mock.patch(OUTSIDE[0]), mock.patch(OUTSIDE[1], side_effect=refused), mock.patch(OUTSIDE[2], return_value=""):
        for phase in PHASES:
            with taken_back():
                phase()
