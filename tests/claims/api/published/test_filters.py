"""Filters of the lists: by parts of names, by claim, origin, language ranges; and what a list can say of its length."""

from typing import Any

import orjson
import pytest

from claims.api.request import names
from claims.models import ClaimVersion, Organisation, Speaker
from claims.publication import body_parts
from claims.reviews import publish
from factcheck.newsrooms.keys import create_key
from tests import factories
from tests.api_client import ask, problem, reading_key, said

API = "/api/v1/"


@pytest.fixture
def key(db: None) -> str:
    return reading_key()


def ids(path: str, key: str) -> list[str]:
    return [each["id"] for each in said(f"{API}{path}", key)["results"]]


def listed(path: str, key: str, name: str = "name") -> list[str]:
    return sorted(each[name] for each in said(f"{API}{path}", key)["results"])


def claim_in(language: str) -> str:
    claim = factories.claim(f"412 bridges need repair, says {language}.")
    type(claim).objects.filter(pk=claim.pk).update(language=language)
    claim.refresh_from_db()
    return str(factories.published_review(claim).claim.public_id)


def test_speakers_are_found_by_parts_of_their_names(key: str) -> None:
    for name in ("Inès Núñez", "Ines Smith", "Ole Nunez-Berg"):
        statement = factories.linked(claim := factories.claim(f"{name} counted bridges."))
        Speaker.objects.filter(pk=statement.speaker_id).update(name=name)
        factories.published_review(claim)
    assert listed("speakers/?q=nunez", key) == ["Inès Núñez", "Ole Nunez-Berg"]
    assert listed("speakers/?q=NUÑEZ%20in", key) == ["Inès Núñez"]
    assert listed("speakers/?q=nobody", key) == []
    # Readers find the name that was published, not the one that the desk has given since.
    Speaker.objects.filter(name="Ines Smith").update(name="Ines Miller")
    assert listed("speakers/?q=smith", key) == ["Ines Smith"]
    assert listed("speakers/?q=miller", key) == []


def test_organisations_are_found_by_name_and_site(key: str) -> None:
    desk = factories.draft().review.organisation
    Organisation.objects.filter(pk=desk.pk).update(name="Café Check", site="https://www.checkers.example/en")
    version = factories.approved(desk.reviews.get().versions.get())
    publish.publish(version, actor=version.approver)
    assert listed("organisations/?q=cafe", key) == ["Café Check"]
    assert listed("organisations/?q=check%20tea", key) == []
    for site in ("checkers.example", "WWW.checkers.example", "http://checkers.example/de"):
        assert listed(f"organisations/?site={site}", key) == ["Café Check"], site
    for site in ("example", "heckers.example", "checkers.example.org", "[", "%20"):
        assert ask(f"{API}organisations/?site={site}", key).status_code in (200, 400)
        assert "Café" not in ask(f"{API}organisations/?site={site}", key).content.decode(), site


def test_lists_are_narrowed_to_one_claim(key: str) -> None:
    reviews = [factories.published_review(factories.claim(f"{number} bridges need repair.")) for number in (1, 2)]
    for review in reviews:
        factories.linked(review.claim)
        factories.change(review.latest_published().evidence.get().page, factories.PAGE_TEXT.replace("412", "430"))
    one, other = (review.claim.public_id for review in reviews)
    for name in ("reviews", "evidence", "snapshots", "pages", "sources", "changes"):
        of_one, of_other = (ids(f"{name}/?claim={each}", key) for each in (one, other))
        assert of_one and of_other and not set(of_one) & set(of_other), name
        assert ids(f"{name}/?claim=clm_0000000000000000", key) == []
    assert ids(f"reviews/?claim={one}", key) == [reviews[0].public_id]
    for name in ("statements", "documents", "articles"):
        assert said(f"{API}{name}/?claim={one}", key)["next"] is None


def test_what_several_claims_share_is_in_the_list_of_each(key: str) -> None:
    first = factories.claim("412 bridges need repair.")
    statement = factories.linked(first)
    second = factories.claim("Many bridges need repair.")
    second.appearances.create(statement=statement)
    for claim in (first, second):
        factories.published_review(claim)
    for claim in (first, second):
        [document] = said(f"{API}documents/?claim={claim.public_id}", key)["results"]
        assert document["claims"] == [second.public_id, first.public_id]


def test_ratings_are_found_in_any_case_and_without_accents(key: str) -> None:
    label = factories.published_review().latest_published().rating.label
    for written in (label, label.upper(), f" {label.lower()}.", f"“{label}”"):
        assert len(said(f"{API}claims/?rating={written}", key)["results"]) == 1, written
        assert len(said(f"{API}reviews/?rating={written}", key)["results"]) == 1, written
    assert said(f"{API}claims/?rating={label}x", key)["results"] == []
    assert body_parts.rating_key("Engañoso") == body_parts.rating_key("ENGANOSO")
    assert body_parts.rating_key("YANLIŞ") == body_parts.rating_key("yanlis")
    assert body_parts.rating_key("False") != body_parts.rating_key("False?")
    assert body_parts.rating_key("❌") != body_parts.rating_key("✅")
    assert len(body_parts.rating_key("x" * 300)) == 24


def test_claims_are_found_by_the_origin_of_their_reviews(key: str) -> None:
    claim = factories.published_review().claim.public_id
    assert ids("claims/?origin=own", key) == [claim]
    assert ids("claims/?origin=imported", key) == []
    assert ids("claims/?origin=own&rating=nothing", key) == []
    assert problem(ask(f"{API}claims/?origin=ours", key))["parameter"] == "origin"


def test_languages_are_ranges(key: str) -> None:
    made = {tag: claim_in(tag) for tag in ("en", "en-GB", "es", "eng", "zh-Hant-TW")}

    def found(ranges: str, more: str = "") -> set[str]:
        wanted = set(ids(f"claims/?language={ranges}{more}", key))
        return {tag for tag, claim in made.items() if claim in wanted}

    moment = ClaimVersion.objects.latest("changed_at").changed_at.isoformat().replace("+00:00", "Z")
    for more in ("", "&fields=id", f"&as_of={moment}"):
        assert found("en", more) == {"en", "en-GB"}
        assert found("en-gb", more) == {"en-GB"}
        assert found("en,es", more) == {"en", "en-GB", "es"}
        assert found("es,ZH-HANT", more) == {"es", "zh-Hant-TW"}
        assert found("*", more) == set(made)
        assert found("fr", more) == found("e", more) == found("en-G", more) == set()
    for wrong in ("", "english", "en,Deutsch", "en_GB", "en;q=1", ",", "en,", "%", ",".join(["en"] * 21)):
        assert problem(ask(f"{API}claims/?language={wrong}", key))["parameter"] == "language", wrong


def test_pages_of_a_language_follow_each_other(key: str) -> None:
    made = [claim_in(tag) for tag in ("en", "en-GB", "es", "en-US")]
    first = said(f"{API}claims/?language=en,fr&limit=2", key)
    second = orjson.loads(ask(first["next"].removeprefix("http://testserver"), key).content)
    assert [each["id"] for each in first["results"] + second["results"]] == [made[3], made[1], made[0]]


def test_the_total_is_told_where_it_is_known(key: str) -> None:
    for number in range(3):
        review = factories.published_review(factories.claim(f"{number} bridges need repair."))
    organisation = review.organisation.public_id
    page = said(f"{API}claims/?organisation={organisation}&limit=1", key)
    assert (page["total"], len(page["results"])) == (3, 1)
    assert said(f"{API}claims/?organisation={organisation}&fields=id", key)["total"] == 3
    assert said(f"{API}claims/?speaker=spk_0000000000000000", key)["total"] == 0
    for query in ("", f"?organisation={organisation}&language=en", "?q=bridges", "?language=en"):
        assert "total" not in said(f"{API}claims/{query}", key), query
    assert said(f"{API}organisations/", key)["total"] == 1
    assert said(f"{API}speakers/", key)["total"] == 0
    assert "total" not in said(f"{API}organisations/?q=desk", key)


def test_an_unknown_parameter_names_the_one_that_is_like_it(key: str) -> None:
    body = problem(ask(f"{API}claims/?verdikt=true", key))
    assert (body["nearest"], "Did you mean “verdict”?" in body["detail"]) == ("verdict", True)
    assert "nearest" not in problem(ask(f"{API}claims/?zzzz=1", key))


def test_hostile_names_and_sites_are_answered(key: str) -> None:
    factories.linked(factories.published_review().claim)
    for words in ("%25", "_", "\\\\", "'; --", "a" * 200, "\u202e", "%", "\ufb01", "\U0001f4a3", "ß"):
        for parameter in ("speakers/?q", "organisations/?q", "organisations/?site", "claims/?rating"):
            response = ask(
                f"{API}{parameter.partition('?')[0]}", key, query_params={parameter.partition("?")[2]: words}
            )
            assert response.status_code == 200, (parameter, words, response.content)


@pytest.mark.parametrize(
    ("name", "host"), [("https://www.a.example/x", "a.example"), ("A.example", "a.example"), ("http://[", "")]
)
def test_hosts(name: str, host: str) -> None:
    assert names.host_in(name) == host


def test_nothing_else_is_needed_than_the_right_to_read(db: None) -> None:
    writer: Any = create_key("Writer", ["write"])
    assert ask(f"{API}speakers/?q=a", writer).status_code == 403
