"""Somebody saved while a form was filled: three texts, a choice for each field, and nothing lost on the way."""

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from claims.desk.shell import typed, verbs
from claims.desk.shell.verbs import Act, Verb
from claims.desk.teamwork import conflict
from claims.models import Rating, ReviewVersion
from sources.database.audit import acting
from tests import factories

pytestmark = pytest.mark.django_db
FIELDS = {"summary": "Finding", "body": "How we checked", "rating": "Rating", "true_as_of": "True as of"}


def save(act: Act) -> Any:
    if act.seen != verbs.seen_of(ReviewVersion.objects.get(pk=act.row.pk)):
        return conflict.page(act.request, act.row, FIELDS, act.data)
    for name in ("summary", "body"):
        setattr(act.row, name, act.data.get(name, ""))
    act.row.rating_id = act.data.get("rating") or None
    act.row.true_as_of = act.data.get("true_as_of") or None
    with acting(act.user, reason="edited"):
        act.row.save()
    return "Saved."


@pytest.fixture
def version(monkeypatch: pytest.MonkeyPatch) -> ReviewVersion:
    monkeypatch.setattr(verbs, "_TABLES", {})
    verbs.register("version", ReviewVersion, [Verb("save", "Save", save)])
    return factories.draft()


def form(version: ReviewVersion) -> dict[str, str]:
    """The form as it was opened."""
    version.refresh_from_db()
    return {
        "seen": verbs.seen_of(version),
        "next": "/admin/claims/1/",
        "summary": version.summary,
        "body": version.body,
        "rating": str(version.rating_id),
        "true_as_of": str(version.true_as_of),
        "tick": "7",
    }


def they_save(version: ReviewVersion, **fields: Any) -> None:
    with acting(factories.editor("felix"), reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(**fields)


def post(client: Client, version: ReviewVersion, data: dict[str, Any]) -> Any:
    return client.post(f"/admin/do/version/{version.pk}/save/", data)


def fields_of(html: str) -> dict[str, list[str]]:
    """What the page would post as it is, without what somebody has yet to choose."""
    body = html[html.index('<form id="conflict"') :]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", body[: body.index("</form>")]):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes["type"] == "hidden" or " checked" in tag:
            found.setdefault(attributes["name"], []).append(attributes["value"])
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', body):
        found.setdefault(name, []).append(text)
    return found


def resolve(client: Client, version: ReviewVersion, html: str, **choices: str) -> Any:
    data = fields_of(html) | {f"choice:{name}": [value] for name, value in choices.items()}
    return client.post(f"/admin/conflict/version/{version.pk}/save/", data)


def test_changes_that_do_not_touch_are_merged_and_proposed(version: ReviewVersion, client: Client) -> None:
    client.force_login(factories.editor("noor"))
    data = form(version)
    they_save(version, summary="The yearly report says so.")
    response = post(client, version, data | {"summary": "The report says so, twice.", "body": "Mine alone."})
    html = response.content.decode()
    assert response.status_code == 409
    assert "felix saved it last" in html and "As you opened it" in html and "<ins>yearly " in html
    assert "Mine alone." in html and 'name="asked:body"' not in html, "what only one changed is no conflict"
    answer = resolve(client, version, html)
    assert answer["Location"] == "/admin/claims/1/"
    version.refresh_from_db()
    assert (version.summary, version.body) == ("The yearly report says so, twice.", "Mine alone.")


@pytest.mark.parametrize(
    ("choice", "expected"), [("theirs", "Theirs entirely."), ("mine", "Mine entirely."), ("merged", "Typed there.")]
)
def test_what_touches_has_to_be_chosen(version: ReviewVersion, client: Client, choice: str, expected: str) -> None:
    client.force_login(user := factories.editor("noor"))
    data = form(version)
    they_save(version, summary="Theirs entirely.", true_as_of=date(2026, 3, 5))
    html = post(client, version, data | {"summary": "Mine entirely."}).content.decode()
    kept = typed.kept(user, f"version:{version.pk}")
    assert kept is not None and kept.values["summary"] == ["Mine entirely."], "a closed window loses nothing"
    assert "choice:summary" not in fields_of(html) and fields_of(html)["choice:true_as_of"] == ["theirs"]
    answer = resolve(client, version, html)
    assert answer.status_code == 302
    assert "Choose which text stays" in str(list(get_messages(answer.wsgi_request))[-1])
    version.refresh_from_db()
    kept = typed.kept(user, f"version:{version.pk}")
    assert version.summary == "Theirs entirely." and kept is not None and kept.values["summary"] == ["Mine entirely."]
    html = html.replace(">Mine entirely.</textarea>", ">Typed there.</textarea>")
    resolve(client, version, html, summary=choice)
    version.refresh_from_db()
    assert (version.summary, version.true_as_of) == (expected, date(2026, 3, 5))
    assert typed.kept(user, f"version:{version.pk}") is None


def test_a_third_save_meanwhile_asks_again(version: ReviewVersion, client: Client) -> None:
    client.force_login(factories.editor("noor"))
    data = form(version)
    they_save(version, summary="Theirs entirely.")
    html = post(client, version, data | {"summary": "Mine entirely."}).content.decode()
    with acting(factories.editor("mina"), reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(summary="A third text.")
    answer = resolve(client, version, html, summary="mine")
    assert answer.status_code == 409 and "mina saved it last" in answer.content.decode()
    version.refresh_from_db()
    assert version.summary == "A third text."


def test_choices_are_shown_by_their_names_and_never_merged(version: ReviewVersion, client: Client) -> None:
    client.force_login(factories.editor("noor"))
    data = form(version)
    wrong, half = (Rating.objects.get(label=label) for label in ("Wrong", "Half right"))
    they_save(version, rating=wrong)
    html = post(client, version, data | {"rating": str(half.pk)}).content.decode()
    assert "Wrong" in html and "Half right" in html and 'name="merged:rating"' not in html
    resolve(client, version, html, rating="theirs")
    version.refresh_from_db()
    assert version.rating == wrong


def test_words_of_an_attacker_stay_words(version: ReviewVersion, client: Client) -> None:
    client.force_login(factories.editor("noor"))
    data = form(version)
    they_save(version, summary="<script>alert(1)</script> theirs")
    html = post(
        client, version, data | {"summary": '"><img src=x onerror=alert(1)> mine', 'x"><b': "1"}
    ).content.decode()
    assert "<script>alert" not in html and "<img src=x" not in html and '"><b"' not in html


def test_a_form_of_an_unknown_state_shows_both_and_proposes_nothing(version: ReviewVersion, client: Client) -> None:
    client.force_login(factories.editor("noor"))
    data = form(version) | {"seen": "0" * 64}
    they_save(version, summary="The yearly report says so.")
    html = post(client, version, data | {"summary": "The report says so, twice."}).content.decode()
    assert "As you opened it" not in html and "choice:summary" not in fields_of(html)
