"""What asks for the password again: each page that can be sent to is in one list or the other, and asks as it says."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from claims.desk.urls import urlpatterns as desk_routes
from claims.roles import Role
from factcheck.login.reauthentication import ASKED_AGAIN
from factcheck.newsrooms.models import ApiKey, Newsroom
from sources.admin.base import DeskAdmin, LogAdmin
from tests.factcheck.login.browser import PASSWORD, browser, log_in, person

pytestmark = pytest.mark.django_db

# Pages that change things for which nobody is asked again: the daily work of the desk, and what only reads.
ORDINARY_APPS = (
    *("claims_", "sources_"),
    # logs, which nobody changes
    *(
        f"{model._meta.app_label}_{model._meta.model_name}_"
        for model, site in admin.site._registry.items()
        if isinstance(site, LogAdmin) and type(site).get_verbs is DeskAdmin.get_verbs
    ),
)
ORDINARY = {
    *("index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "app_list"),
    *("view_on_site", "search"),
}
READ = ("_history", "_delete")  # no role deletes accounts, newsrooms, keys or webhooks
MADE_ELSEWHERE = {"newsrooms_apikey_add", "newsrooms_webhookdelivery_add"}
DESK = {
    *("edited", "amendment", "notice_read", "guest", "guest_version", "suggest", "suggestion"),
    *("account_change_read", "merge", "merge_choose", "merge_compare", "merge_separate", "unmapped_labels"),
    "similar_claims",
    *("tips_answer", "tips_merge", "tips_split"),
    *("do", "help", "inbox", "documents", "document", "new_claim", "claim", "claims", "rechecks", "recheck", "sources"),
    *("open_page", "attach_quote", "upload_file", "add_evidence", "evidence_file", "evidence_file_bytes"),
    *("blind_pages", "changes", "feeds", "saved_pages", "copies", "source_page", "compare_pages", "saved_page"),
    *(
        "recheck_goes_out",
        "record_complaint",
        "record_complaints",
        "record_corrections",
        "record_letters",
        "record_proof",
    ),
    *("replay", "site_pages", "site_page"),
    *("speakers", "record", "settings", "preferences"),
    *("near_text", "near_claim", "compare", "claim_history", "preview", "keep_typed", "review", "version"),
    *("presence", "bulk", "checklist", "resolve"),
    *("read", "statement", "speaker"),
    *("notices", "notices_read", "chats", "check_imports", "check_import", "check_report"),
    *("today", "quotes", "tips", "inbox_newsrooms", "inbox_feeds", "inbox_feed", "tables"),
}


def age(client: Client, seconds: float) -> None:
    session = client.session
    session["account_authentication_methods"] = [
        {**each, "at": each["at"] - seconds} for each in session["account_authentication_methods"]
    ]
    session.save()


def test_every_page_that_changes_something_is_in_one_list() -> None:
    names = {pattern.name for pattern in _flat(admin.site.get_urls()) if pattern.name}
    asked = {name.removeprefix("admin:") for name in ASKED_AGAIN if name.startswith("admin:")}
    left = {
        name
        for name in names - asked - ORDINARY - MADE_ELSEWHERE
        if "event_" not in name  # of the audit, which nobody changes
        and not name.startswith(ORDINARY_APPS)
        and not (name.endswith(READ) and name != "auth_group_delete")
    }
    assert left == set(), "say in factcheck/login/reauthentication.py, or here, whether these ask again"
    assert asked - names == set(), "these are in the list, and there are no such pages"
    desk = {str(pattern.name) for pattern in desk_routes}
    assert desk - DESK == {name.removeprefix("desk:") for name in ASKED_AGAIN if name.startswith("desk:")}


def _flat(patterns: Any) -> Any:
    for pattern in patterns:
        yield from _flat(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]


def test_an_old_session_makes_no_key_until_the_password_was_given_again() -> None:
    person("root", Role.ADMINISTRATOR)
    newsroom = Newsroom.objects.create(name="Wire")
    client = browser()
    log_in(client, "root")
    page, verb = (f"/admin/newsrooms/newsroom/{newsroom.pk}/{end}" for end in ("change/", "do/key/"))
    age(client, 16 * 60)
    assert client.get(page).status_code == 200, "looking needs nothing"
    answer = client.post(verb, {"scopes": "read"}, HTTP_REFERER=f"http://localhost{page}")
    assert answer["Location"].startswith("/account/reauthenticate/?next=%2Fadmin%2Fnewsrooms")
    assert not ApiKey.objects.exists()
    assert "Nothing was done yet" in client.get(answer["Location"]).content.decode()
    assert client.post("/account/reauthenticate/", {"password": PASSWORD, "next": page})["Location"] == page
    client.post(verb, {"scopes": "read"})
    assert ApiKey.objects.count() == 1


def test_a_form_asks_before_it_is_filled_in_and_nobody_elses_session_counts() -> None:
    person("root", Role.ADMINISTRATOR)
    client = browser()
    log_in(client, "root")
    assert client.get("/admin/auth/user/add/").status_code == 200, "fresh from the log-in"
    age(client, 16 * 60)
    assert client.get("/admin/auth/user/add/")["Location"].startswith("/account/reauthenticate/")
    fields = {"username": "eve", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/admin/auth/user/add/", fields)
    assert not User.objects.filter(username="eve").exists()
    # A record of another account in the same browser is none of hers.
    session = client.session
    session["account_authentication_methods_user"] = "999999"
    session["account_authentication_methods"] = [{"method": "password", "at": 9e9, "reauthenticated": True}]
    session.save()
    assert client.get("/admin/auth/user/add/").status_code == 302


def test_what_was_typed_is_kept_until_she_has_confirmed() -> None:
    person("root", Role.ADMINISTRATOR)
    newsroom = Newsroom.objects.create(name="Wire")
    client = browser()
    log_in(client, "root")
    url, own = f"/admin/newsrooms/newsroom/{newsroom.pk}/change/", {"HTTP_ORIGIN": "http://localhost"}
    fields = {"name": "The long name of a wire", "_save": "Save"}
    age(client, 16 * 60)
    answer = client.post(url, fields, **own)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'name="name" value="The long name of a wire"' in page and 'name="_save" value="Save"' in page
    assert 'href="/account/reauthenticate/?next=%2Faccount%2F" target="_blank"' in page
    newsroom.refresh_from_db()
    assert newsroom.name == "Wire"
    # Not the words of another site, nor a password, nor a button alone.
    assert client.post(url, fields, HTTP_ORIGIN="https://evil.example").status_code == 302
    assert client.post("/admin/auth/user/add/", {"username": "eve", "password1": PASSWORD}, **own).status_code == 302
    assert client.post(url, {"_save": "Save"}, **own).status_code == 302
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    again = client.post(url, fields, **own)
    assert again.status_code == 409, "the form itself has it now, and misses the version that it was made of"


def test_an_administrator_makes_a_log_in_link_that_is_shown_once_and_others_cannot() -> None:
    anna = person("anna", Role.EDITOR)
    person("root", Role.ADMINISTRATOR)
    path = f"/admin/auth/user/{anna.pk}/log-in-link/"
    editor, client = browser(), browser("198.51.100.1")
    log_in(editor, "anna")
    assert editor.post(path).status_code == 403
    assert editor.post(f"/admin/auth/user/{anna.pk}/second-factor/").status_code == 403
    log_in(client, "root")
    assert client.get(path).status_code == 404
    answer = client.post(path)
    assert "no-store" in answer["Cache-Control"]
    assert "http://localhost/link/#" in answer.content.decode()


def test_the_page_of_an_account_leads_only_those_to_its_password_who_may_set_it() -> None:
    anna = person("anna", Role.EDITOR)
    above = User.objects.create_superuser("above")
    person("root", Role.ADMINISTRATOR)
    client = browser()
    log_in(client, "root")
    for account, leads in ((anna, True), (above, False)):
        page = client.get(f"/admin/auth/user/{account.pk}/change/").text
        assert (f"/admin/auth/user/{account.pk}/password/" in page) == leads
        assert client.get(f"/admin/auth/user/{account.pk}/password/").status_code == (200 if leads else 403)
