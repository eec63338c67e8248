"""API keys: what is kept of them, who gets in with them and who does not."""

import logging
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from claims.permissions import Refused
from factcheck.newsrooms import keys
from factcheck.newsrooms.models import ApiKey, Newsroom
from tests.api_client import ask, problem

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims/"


def the_key() -> ApiKey:
    return ApiKey.objects.get()


def test_a_key_opens_the_interface() -> None:
    key = keys.create_key("Daily Paper")
    assert ask(CLAIMS, key).status_code == 200
    assert keys.find_key(key).newsroom.name == "Daily Paper"


@pytest.mark.sql
def test_the_database_holds_no_usable_key() -> None:
    key = keys.create_key("Daily Paper")
    secret = key.split("_")[2]
    assert len(secret) * 5.95 > 256  # bits: 62 letters to choose from
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if "newsrooms" in table:
                cursor.execute(f"SELECT count(*) FROM {table} AS t WHERE strpos(t::text, %s) > 0", [secret])
                assert cursor.fetchone() == (0,), table
    assert the_key().secret_sha256 != secret
    assert ask(CLAIMS, f"fc_{the_key().prefix}_{the_key().secret_sha256[:44]}").status_code == 401


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1],
        lambda key: key + "a",
        lambda key: key[:-1] + ("a" if key[-1] != "a" else "b"),
        lambda key: key.replace("fc_", "fc_x", 1),
        lambda key: key.split("_")[2],
        lambda key: key.swapcase(),
        lambda key: "fc__",
        lambda key: f"{key} {key}",
        lambda key: "ключ",
        lambda key: "",
    ],
)
def test_a_wrong_or_cut_key_is_refused(spoil) -> None:
    key = keys.create_key("Daily Paper")
    response = ask(CLAIMS, headers={"Authorization": f"Bearer {spoil(key)}"})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")
    assert problem(response)["type"].endswith(":not-authenticated")
    assert key.split("_")[2] not in response.content.decode()


def test_no_key_and_another_scheme_are_refused() -> None:
    key = keys.create_key("Daily Paper")
    for headers in ({}, {"Authorization": f"Basic {key}"}, {"Authorization": key}, {"X-Api-Key": key}):
        response = ask(CLAIMS, headers=headers)
        assert response.status_code == 401, headers
        assert "Bearer KEY" in problem(response)["detail"]


def test_revoked_expired_and_switched_off() -> None:
    key = keys.create_key("Daily Paper")
    now = timezone.now()
    for change, word in (
        ({"revoked_at": now}, "revoked"),
        ({"revoked_at": None, "created_at": now - timedelta(days=2), "expires_at": now}, "expired"),
    ):
        ApiKey.objects.update(**change)
        response = ask(CLAIMS, key)
        assert response.status_code == 401
        assert word in problem(response)["detail"]
        wrong = ask(CLAIMS, key[:-2] + "zz")
        assert word not in problem(wrong)["detail"], "only who knows the secret learns why"
    ApiKey.objects.update(revoked_at=None, expires_at=now + timedelta(hours=1))
    assert ask(CLAIMS, key).status_code == 200
    Newsroom.objects.update(is_active=False)
    assert ask(CLAIMS, key).status_code == 401


@pytest.mark.parametrize("name", ["key", "api_key", "access_token", "anything", "q"])
def test_a_key_in_the_address_is_refused_and_not_logged(name: str, caplog: pytest.LogCaptureFixture) -> None:
    key = keys.create_key("Daily Paper")
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("factcheck.newsrooms").debug("the control")
        for path in (f"{CLAIMS}?{name}={key}", f"/api/v1/schema/?{name}={key}", f"{CLAIMS}?{key}"):
            response = ask(path, key)
            assert response.status_code == 401, path
            assert "end up in logs" in problem(response)["detail"]
            assert key not in response.content.decode()
    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert "the control" in lines
    assert not [line for line in lines if key.split("_")[2] in line]


def test_two_live_keys_for_changing_over_and_no_third() -> None:
    first, second = keys.create_key("Daily Paper"), keys.create_key("Daily Paper")
    assert ask(CLAIMS, first).status_code == ask(CLAIMS, second).status_code == 200
    with pytest.raises(Refused, match=r"revoke one first: manage\.py newsroom \"Daily Paper\" --revoke"):
        keys.create_key("Daily Paper")
    keys.revoke_key("Daily Paper", first.split("_")[1])
    assert (ask(CLAIMS, first).status_code, ask(CLAIMS, second).status_code) == (401, 200)
    third = keys.create_key("Daily Paper")
    assert ask(CLAIMS, third).status_code == 200
    now = timezone.now()
    ApiKey.objects.filter(prefix=second.split("_")[1]).update(
        created_at=now - timedelta(days=2), expires_at=now - timedelta(days=1)
    )
    assert keys.create_key("Daily Paper"), "an expired key is not live"


def test_keys_of_two_newsrooms_do_not_count_together() -> None:
    for newsroom in ("Daily Paper", "Evening Paper"):
        keys.create_key(newsroom)
        keys.create_key(newsroom)
    assert ApiKey.objects.count() == 4


@pytest.mark.parametrize("name", ["", "  ", "n" * 201, "a\x00b"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(Refused, match="1 to 200 characters"):
        keys.create_key(name)
    assert not Newsroom.objects.exists()


@pytest.mark.parametrize("scopes", [[], ["reading"], ["read", "admin"]])
def test_scopes_that_cannot_be(scopes: list[str]) -> None:
    with pytest.raises(Refused, match="read, write, tips"):
        keys.create_key("Daily Paper", scopes)


def test_scopes_decide_what_a_key_may_do() -> None:
    for scopes, expected in ((["write"], 403), (["tips"], 403), (["tips", "read"], 200)):
        response = ask(CLAIMS, keys.create_key(f"Newsroom for {scopes}", scopes))
        assert response.status_code == expected
        if expected == 403:
            assert "scope read" in problem(response)["detail"]


def test_a_key_is_looked_up_with_one_query(django_assert_num_queries) -> None:
    key = keys.create_key("Daily Paper")
    with django_assert_num_queries(1):
        keys.find_key(key)


def test_the_command_prints_the_key_alone() -> None:
    out, err = StringIO(), StringIO()
    call_command("newsroom", "Daily Paper", "--scopes", "read, tips", stdout=out, stderr=err)
    key = out.getvalue().strip()
    assert out.getvalue() == f"{key}\n"
    assert keys.find_key(key).scopes == ["read", "tips"]
    assert ask(CLAIMS, key).status_code == 200
    out = StringIO()
    call_command("newsroom", "Daily Paper", "--revoke", key.split("_")[1], stdout=out, stderr=err)
    assert out.getvalue() == ""
    assert ask(CLAIMS, key).status_code == 401


@pytest.mark.parametrize(
    ("given", "days"), [("90", 90), ("1d", 1), ("30 days", 30), ("2099-12-31", None), ("", None), (" ", None)]
)
def test_when_a_key_expires(given: str, days: int | None) -> None:
    now = timezone.now()
    moment = keys.expiry(given)
    if days is not None:
        assert timedelta(days=days) <= moment - now < timedelta(days=days, minutes=1)
    elif given.strip():
        assert moment.isoformat() == "2100-01-01T00:00:00+00:00", "the day itself is still good"
    else:
        assert moment is None


@pytest.mark.parametrize("given", ["soon", "0", "-3", "12345", "2026-13-01", "9999-12-31", "31.3.2027", "٣"])
def test_expiries_that_cannot_be(given: str) -> None:
    with pytest.raises(Refused, match="90, or 2027-03-31"):
        keys.expiry(given)


def test_the_command_makes_keys_that_expire() -> None:
    out, err = StringIO(), StringIO()
    call_command("newsroom", "Daily Paper", "--expires", "2", "--per-minute", "90", stdout=out, stderr=err)
    assert ask(CLAIMS, out.getvalue().strip()).status_code == 200
    assert err.getvalue() == ""
    left = the_key().expires_at - timezone.now()
    assert timedelta(days=1, hours=23) < left <= timedelta(days=2)
    assert Newsroom.objects.get().requests_per_minute == 90
    with pytest.raises(CommandError, match="in the past"):
        call_command("newsroom", "Daily Paper", "--expires", "2020-01-01")
    with pytest.raises(CommandError, match="from 1 to"):
        call_command("newsroom", "Evening Paper", "--per-minute", "0")
    assert ApiKey.objects.count() == 1, "no key that nobody was shown"
    out = StringIO()
    call_command("newsroom", "Daily Paper", "--list", stdout=out)
    assert "  expires 20" in out.getvalue()


def test_the_command_says_how_to_change_over() -> None:
    first = keys.create_key("Daily Paper").split("_")[1]
    out, err = StringIO(), StringIO()
    call_command("newsroom", "Daily Paper", stdout=out, stderr=err)
    assert f'manage.py newsroom "Daily Paper" --revoke {first}' in err.getvalue()
    with pytest.raises(CommandError, match="There is no newsroom Nobody"):
        call_command("newsroom", "Nobody", "--list")


def test_the_command_says_what_is_wrong() -> None:
    with pytest.raises(CommandError, match="read, write, tips"):
        call_command("newsroom", "Daily Paper", "--scopes", "reed")
    with pytest.raises(CommandError, match="has no key zzzz"):
        call_command("newsroom", "Daily Paper", "--revoke", "zzzz")
