"""Parts of published claims and shared entities over REST: as published, and nothing else."""

from urllib.parse import quote as escaped

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, TextField, URLField
from django.test.utils import CaptureQueriesContext, override_settings
from jsonschema import Draft202012Validator
from pghistory.models import Event

from claims.api.openapi.resources import ListedSnapshot
from claims.models import (
    Appearance,
    Article,
    Claim,
    Document,
    Organisation,
    RatingScale,
    Review,
    Speaker,
    Topic,
)
from claims.publication import append
from claims.publication.description import fields
from claims.reviews import publish
from factcheck.response_cache import cache
from sources.database.public_ids import PublicIdField
from sources.models import Page, Source
from tests import factories
from tests.api_client import ask, problem, reading_key, said
from tests.claims.api.published.test_claims import schema_of, strict

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
API = "/api/v1/"
# Every list, the component that describes what is in it, and how many queries it and one of its things take: the
# key, the head of the log where the answer follows from the log alone, and then.
LISTS = {
    "claims": ("Claim", 3, 3),
    "statements": ("ListedStatement", 4, 3),
    "speakers": ("MentionedSpeaker", 4, 4),
    "documents": ("ListedDocument", 4, 3),
    "reviews": ("ListedReview", 3, 3),
    "articles": ("ListedArticle", 4, 3),
    "organisations": ("MentionedOrganisation", 4, 4),
    "evidence": ("ListedEvidence", 3, 3),
    "sources": ("Source", 4, 5),
    "pages": ("ListedPage", 3, 8),
    "snapshots": ("ListedSnapshot", 4, 3),
    "changes": ("Change", 4, 4),
    "rating-scales": ("RatingScale", 5, 5),
    "topics": ("MentionedTopic", 4, 4),
}
DETAILS = {"reviews": "ReviewDetail", "sources": "SourceDetail", "pages": "Page"}


@pytest.fixture
def key(db: None) -> str:
    return reading_key()


def whole(number: int = 0, *, rating: str = "Right") -> Claim:
    """A published claim that has everything; all of them share a topic, a speaker and a document's publisher."""
    claim = factories.claim(f"{number} bridges need repair.")
    claim.topics.add(Topic.objects.get_or_create(slug="roads", defaults={"name": "Roads"})[0])
    factories.linked(claim, text=f"“{number} bridges need repair,” the minister said.")
    version = factories.draft(claim, rating=rating)
    version.review.article = Article.objects.create(
        organisation=version.review.organisation, url=f"https://desk.example/check-{number}", title="Bridges"
    )
    version.review.save()
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    factories.change(version.evidence.get().page, factories.PAGE_TEXT.replace("Contact us.", "Write to us."))
    return claim


def again(claim: Claim) -> None:
    factories.published_again(claim)


def ids(path: str, key: str | None) -> list[str]:
    return [thing.get("id") or thing["slug"] for thing in said(f"{API}{path}", key)["results"]]


def queries(path: str, key: str) -> int:
    """How many an uncached response takes."""
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        said(f"{API}{path}", key)
    return len(asked)


def test_every_list_and_every_thing_is_what_the_schema_says_in_as_many_queries_as_ever(key: str) -> None:
    whole()
    validators = {name: schema_of(name) for name in {*(shape for shape, _, _ in LISTS.values()), *DETAILS.values()}}
    counted = {}
    for rounds in range(2):
        for name, (component, in_list, in_detail) in LISTS.items():
            listed = said(f"{API}{name}/", key)["results"]
            assert listed, name
            for thing in listed:
                validators[component].validate(thing)
            address = f"{name}/{listed[0].get('id') or listed[0]['slug']}/"
            validators[DETAILS.get(name, component)].validate(said(f"{API}{address}", key))
            counted[name, rounds] = (queries(f"{name}/", key), queries(address, key))
            assert counted[name, rounds] == (in_list, in_detail), (name, rounds)
        if rounds == 0:
            for number in (1, 2):
                whole(number, rating="Wrong")


def test_examples_are_what_the_schema_says(key: str) -> None:
    document = said(f"{API}schema/")
    components = strict(document["components"])
    for path, operations in document["paths"].items():
        if path.removeprefix(API).split("/")[0] in LISTS and not path.endswith("/claimreview/"):
            [operation] = operations.values()
            assert operation["summary"], path
            content = operation["responses"]["200"]["content"]["application/json"]
            assert content["examples"], path
            for shown in content["examples"].values():
                schema = strict(content["schema"]) | {"components": components}
                Draft202012Validator(schema).validate(shown["value"])


def answers(paths: list[str], key: str | None) -> dict[str, bytes]:
    """What each path answers, uncached."""
    cache.clear()
    return {path: b"".join(ask(f"{API}{path}", key)) for path in paths}


def test_what_the_desk_edits_shows_once_it_is_published(key: str) -> None:
    claim = whole()
    paths = [f"{name}/" for name in LISTS]
    paths += [f"{path}{one}/" for path in paths for one in ids(path, key)]
    before = answers(paths, key)
    Speaker.objects.update(name="Somebody Else", role="Thief")
    Document.objects.update(title="Edited", url="https://edited.example/story")
    Article.objects.update(title="Edited", url="https://edited.example/check")
    Topic.objects.update(name="Edited")
    Organisation.objects.update(name="Edited")
    Source.objects.update(name="Edited", kind="news", homepage="https://edited.example/", language="pt-BR")
    Page.objects.update(title="Edited")
    Claim.objects.update(text="Edited.")
    for appearance in Appearance.objects.all():
        appearance.delete()
    assert answers(paths, key) == before
    for name in ("appearance_url", "article_url"):
        assert ids(f"claims/?{name}=https://edited.example/story", key) == []
    assert ids("sources/?kind=news", key) == []
    again(claim)
    after = answers(paths, key)
    assert [path for path in paths if after[path] == before[path]] == []
    assert ids("statements/", key) == ids("documents/", key) == ids("speakers/", key) == []
    assert all(ask(f"{API}{path}", key).status_code == 404 for path in paths if path.count("/") == 2 and "stm_" in path)
    [source] = said(f"{API}sources/?kind=news", key)["results"]
    shown = [source[name] for name in ("name", "kind", "homepage", "language")]
    assert shown == ["Edited", "news", "https://edited.example/", "pt-BR"]


def every_edit() -> set[str]:
    """Edit each column of text that the database lets anybody edit, of all tables whose rows people write."""
    done = set()
    tracked = {model.pgh_tracked_model for model in apps.get_models() if issubclass(model, Event)}
    for model in sorted(tracked, key=lambda model: model._meta.db_table):
        if model._meta.app_label not in ("sources", "claims"):
            continue
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            if not isinstance(field, CharField | TextField) or isinstance(field, PublicIdField):
                continue
            # States and the watch follow from acts of the program, each of which has an event of its own.
            if field.name in ("state", "watch"):
                continue
            new = f"left('Edited ' || {model._meta.pk.column}, {field.max_length or 100})"
            if isinstance(field, URLField):
                new = f"'https://edited.example/' || {model._meta.pk.column}"
            elif field.choices:
                first, second = [value for value, _ in field.choices][:2]
                new = f"CASE {field.column} WHEN '{first}' THEN '{second}' ELSE '{first}' END"
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f'UPDATE {table} SET "{field.column}" = {new}')
            except DatabaseError as error:
                # A constraint or a trigger refuses it, so nobody can.
                assert error.__cause__.sqlstate[:2] in ("23", "P0"), (table, field.column, error)
                continue
            done.add(f"{table}.{field.column}")
    return done


def test_no_edit_of_any_column_shows_anywhere_before_it_is_published(key: str) -> None:
    claim = whole()
    source, other = Source.objects.get(), Source.objects.create(name="Another publisher")
    factories.draft(claim)  # more to edit
    paths = [f"{name}/" for name in LISTS]
    paths += [f"{path}{one}/" for path in paths for one in ids(path, key)]
    paths += [f"{path}claimreview/" for path in paths if path.startswith(("claims/clm_", "reviews/rev_"))]
    paths += ["feed/", "feed/atom", "feed/json", "datafeed/", "log/"]
    paths += [f"sources/?kind={kind}" for kind in Source.Kind.values]
    paths += [f"{name}/?source={one.public_id}" for name in ("pages", "changes") for one in (source, other)]
    with override_settings(ANONYMOUS_READ=True):
        before = {who: answers(paths, who) for who in (key, None)}
        assert Page.objects.update(source=other) == 2, "one of them is published"
        edited = every_edit()
        for who, said_before in before.items():
            now = answers(paths, who)
            assert [path for path in paths if now[path] != said_before[path]] == []
    assert edited >= {f"sources_source.{name}" for name in ("name", "kind", "homepage", "language", "notes")}
    assert edited >= {"sources_page.title", "claims_speaker.name", "claims_topic.name", "claims_organisation.name"}
    assert not edited & {"sources_page.url", "claims_ratingscale.name"}


def test_a_page_is_where_the_body_says_though_the_desk_has_moved_it(key: str) -> None:
    claim = whole()
    page, other = Page.objects.get(), Source.objects.create(name="Another publisher", kind="court")
    source = page.source
    Page.objects.update(source=other)
    assert ids(f"pages/?source={source.public_id}", key) == [page.public_id]
    assert ids(f"pages/?source={other.public_id}", key) == ids(f"changes/?source={other.public_id}", key) == []
    assert [one["id"] for one in said(f"{API}sources/{source.public_id}/", key)["pages"]] == [page.public_id]
    assert ask(f"{API}sources/{other.public_id}/", key).status_code == 404
    again(claim)
    assert ask(f"{API}sources/{source.public_id}/", key).status_code == 404
    assert ids(f"pages/?source={other.public_id}", key) == [page.public_id]
    assert len(ids(f"changes/?source={other.public_id}", key)) == 1
    assert [one["id"] for one in said(f"{API}sources/{other.public_id}/", key)["pages"]] == [page.public_id]


def test_drafts_are_not_there_beside_what_is_published(key: str) -> None:
    claim = whole()
    factories.draft(claim)
    loose = factories.linked(claim, text="“Not yet,” she said.", speaker="Nobody Yet")
    assert len(ids("reviews/", key)) == len(ids("evidence/", key)) == len(ids("statements/", key)) == 1
    for path in (f"statements/{loose.public_id}/", f"documents/{loose.document.public_id}/"):
        assert problem(ask(f"{API}{path}", key))["status"] == 404
    assert ids(f"documents/?address={escaped(loose.document.url)}", key) == []
    assert ids("speakers/", key) != []
    assert loose.speaker.public_id not in ids("speakers/", key)


def test_what_several_claims_have_is_listed_once_where_the_latest_of_them_is(key: str) -> None:
    first, second = whole(1), whole(2)
    statement = first.statements.get()
    Appearance.objects.create(claim=second, statement=statement)
    again(second)
    again(first)
    listed = said(f"{API}statements/", key)["results"]
    assert [thing["id"] for thing in listed].count(statement.public_id) == 1
    shared = next(thing for thing in listed if thing["id"] == statement.public_id)
    assert shared["claims"] == [first.public_id, second.public_id]
    assert listed[0] == shared == said(f"{API}statements/{statement.public_id}/", key)
    assert said(f"{API}documents/{statement.document.public_id}/", key)["claims"] == shared["claims"]
    again(second)
    assert said(f"{API}statements/{statement.public_id}/", key)["claims"] == shared["claims"][::-1]
    walked = []
    address = f"{API}statements/?limit=1"
    while address:
        page = said(address, key)
        walked += [thing["id"] for thing in page["results"]]
        address = page["next"]
    assert sorted(walked) == sorted({thing["id"] for thing in listed})


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 100])
def test_pages_of_what_stands_in_claims_skip_nothing_and_double_nothing(key: str, limit: int) -> None:
    claim = factories.claim()
    made = [factories.linked(claim, text=f"“{number},” he said.").public_id for number in range(3)]
    factories.published_review(claim)
    factories.published_review()  # without a statement
    other = factories.claim()
    made += [factories.linked(other, text=f"“{number},” she said.").public_id for number in range(2)]
    factories.published_review(other)
    walked: list[str] = []
    address = f"{API}statements/?limit={limit}"
    while address:
        page = said(address, key)
        assert len(page["results"]) <= limit
        walked += [thing["id"] for thing in page["results"]]
        address = page["next"]
    assert walked == made[3:] + made[:3]


def test_filters_of_lists_of_parts(key: str) -> None:
    whole(1, rating="Right")
    claim = whole(2, rating="Wrong")
    statement, review = claim.statements.get(), claim.reviews.get()
    evidence = review.latest_published().evidence.get()
    Speaker.objects.create(name="B. Minister")
    snapshot, page = evidence.snapshot, evidence.page
    finds = {
        "statements": {
            "document": statement.document.public_id,
            "document_url": statement.document.url + "#quote",
        },
        "documents": {"address": statement.document.url.upper().replace("/STORY", "/story")},
        "articles": {"address": "https://desk.example/check-2?utm_source=mail"},
        "reviews": {"article": review.article.public_id, "verdict": "false", "rating": "Wrong"},
        "evidence": {"page": page.public_id, "source": page.source.public_id, "address": page.url},
        "snapshots": {"page": page.public_id, "address": page.url},
        "pages": {"address": page.url, "source": page.source.public_id, "host": page.host.upper()},
        "claims": {
            "appearance_url": statement.document.url,
            "evidence_url": page.url,
            "article_url": review.article.url,
            "document": statement.document.public_id,
            "article": review.article.public_id,
        },
    }
    one = {
        "statements": statement,
        "documents": statement.document,
        "articles": review.article,
        "reviews": review,
        "evidence": evidence,
        "snapshots": snapshot,
        "pages": page,
        "claims": claim,
    }
    for name, filters in finds.items():
        assert len(ids(f"{name}/", key)) == 2, name
        for parameter, value in filters.items():
            assert ids(f"{name}/?{parameter}={escaped(value)}", key) == [one[name].public_id], (name, parameter)
    for path in (
        f"statements/?speaker={statement.speaker.public_id}",
        "evidence/?stance=supports&state=intact&kind=page_quote",
        f"reviews/?organisation={review.organisation.public_id}&origin=own",
        f"articles/?organisation={review.organisation.public_id}",
        f"claims/?organisation={review.organisation.public_id}",
    ):
        assert len(ids(path, key)) == 2, path
    for path in (
        "statements/?speaker=spk_0000000000000000",
        "evidence/?stance=refutes",
        "evidence/?state=gone",
        "reviews/?origin=imported",
        "reviews/?verdict=false&rating=Right",
        "claims/?appearance_url=https://desk.example/check-2",
        "claims/?organisation=org_0000000000000000",
        f"claims/?evidence_url={escaped(statement.document.url)}",
        "pages/?address=https://nowhere.example/",
    ):
        assert ids(path, key) == [], path


def test_a_page_is_found_by_any_of_its_addresses(key: str) -> None:
    """And by that of no other page. The body has the address as it was given."""
    whole(1)
    claim = whole(2)
    review = claim.reviews.get()
    stated = {
        ("claims", "appearance_url"): claim.statements.get().document.url,
        ("claims", "evidence_url"): review.latest_published().evidence.get().page.url,
        ("claims", "article_url"): review.article.url,
        ("pages", "address"): review.latest_published().evidence.get().page.url,
    }
    for (name, parameter), url in stated.items():
        (found,) = ids(f"{name}/?{parameter}={escaped(url)}", key)
        host_and_path = url.partition("://")[2]
        others = (
            f"http://{host_and_path}/",
            f"https://www.{host_and_path}?utm_source=x&fbclid=y",
            f"https://m.{host_and_path}#top",
            f"https://l.facebook.com/l.php?u={escaped(url)}",
        )
        for other in others:
            assert ids(f"{name}/?{parameter}={escaped(other)}", key) == [found], (parameter, other)
        for other in (f"{url}?page=2", f"{url}/more", f"https://web.archive.org/web/20310101000000/{url}"):
            assert ids(f"{name}/?{parameter}={escaped(other)}", key) == [], (parameter, other)
    article = said(f"{API}articles/?address={escaped('http://www.desk.example/check-2/')}", key)["results"][0]
    assert article["url"] == review.article.url


def test_filters_by_when_it_was_published_and_changed(key: str) -> None:
    first, second = whole(1), whole(2)
    published = said(f"{API}claims/{second.public_id}/", key)["first_published_at"]
    again(first)
    changed = said(f"{API}claims/{first.public_id}/", key)["changed_at"]
    for query, found in (
        (f"published_since={published}", [second]),
        (f"published_until={published}", [first]),
        (f"updated_since={changed}", [first]),
        (f"updated_until={changed}", [second]),
        (f"updated_since={published}&updated_until={changed}", [second]),
        ("updated_since=2020-01-01T00:00:00Z", [first, second]),
        ("updated_until=2020-01-01T00:00:00Z", []),
        ("updated_since=2999-01-01T00:00:00Z", []),
    ):
        assert ids(f"claims/?{query}", key) == [claim.public_id for claim in found], query
    review = first.reviews.get().public_id
    for name in ("reviews", "evidence", "statements", "documents", "articles", "snapshots"):
        assert len(ids(f"{name}/?updated_since={changed}", key)) == 1, name
    assert ids(f"reviews/?updated_since={changed}", key) == [review]


def test_a_list_of_reviews_is_short_unless_more_is_asked_for(key: str) -> None:
    claim = whole()
    [short] = said(f"{API}reviews/", key)["results"]
    full = said(f"{API}reviews/{short['id']}/", key)
    assert set(full) - set(short) == {"body", "evidence", "history"}
    assert short["claim"]["id"] == claim.public_id
    assert short["display"] == full["display"]
    assert said(f"{API}reviews/?include=body,evidence,history", key)["results"] == [full]
    [some] = said(f"{API}reviews/?include=evidence&fields=id,evidence.quote.exact", key)["results"]
    assert some == {"id": short["id"], "evidence": [{"quote": {"exact": factories.QUOTE}}]}
    assert problem(ask(f"{API}reviews/?include=secrets", key))["detail"].endswith("body, evidence, history.")


def test_snapshots_tell_quotes_and_never_the_text(key: str) -> None:
    claim = whole()
    [snapshot] = said(f"{API}snapshots/", key)["results"]
    assert (snapshot["status"], snapshot["media_type"], snapshot["claims"]) == (200, "text/html", [claim.public_id])
    [quote] = snapshot["quotes"]
    assert quote["quote"]["exact"] == factories.QUOTE
    assert quote["quote"]["suffix"].startswith(" The next report")
    assert set(snapshot) == set(fields(ListedSnapshot)), "neither text nor bytes nor headers"


def test_what_many_share_is_counted_for_each_audience(key: str) -> None:
    first, second = whole(1), whole(2)
    with override_settings(ANONYMOUS_READ=True):
        for one in (key, None):
            [topic] = said(f"{API}topics/", one)["results"]
            assert topic == {"slug": "roads", "name": "Roads", "claims": 2}
        second.topics.clear()
        words = factories.words_of(second)
        append.append(second, event="corrected", audience="newsrooms", words=words)
        assert said(f"{API}topics/roads/", key)["claims"] == 1
        assert said(f"{API}topics/roads/")["claims"] == 2
        first.topics.clear()
        again(first)
        assert problem(ask(f"{API}topics/roads/", key))["status"] == 404
        assert said(f"{API}topics/roads/")["claims"] == 1


def test_what_many_share_is_told_by_the_newest_body_that_still_has_it(key: str) -> None:
    first, second = whole(1), whole(2)
    for claim, name in ((first, "Old name"), (second, "New name")):
        Topic.objects.update(name=name)
        again(claim)
    assert said(f"{API}topics/roads/", key)["name"] == "New name"
    second.topics.clear()
    again(second)
    assert said(f"{API}topics/roads/", key) == {"slug": "roads", "name": "Old name", "claims": 1}
    assert ids("topics/", key) == ["roads"]


def test_rating_scales_show_the_steps_that_reviews_stand_on(key: str) -> None:
    whole(1, rating="Right")
    whole(2, rating="Wrong")
    whole(3, rating="Wrong")
    scale = RatingScale.objects.get()
    [listed] = said(f"{API}rating-scales/", key)["results"]
    assert listed == said(f"{API}rating-scales/{scale.public_id}/", key)
    assert (listed["id"], listed["worst"], listed["best"]) == (scale.public_id, 1, 3)
    assert [(step["label"], step["value"], step["claims"]) for step in listed["ratings"]] == [
        ("Wrong", 1, 2),
        ("Right", 3, 1),
    ]


def test_a_missing_body_is_no_error(key: str) -> None:
    kept, redacted = whole(1), whole(2)
    sequence = said(f"{API}claims/{redacted.public_id}/", key)["sequence"]
    factories.redacted(redacted)
    for name in LISTS:
        found = ids(f"{name}/", key)
        assert len(found) == 1, name
    for query in ("", "?fields=id", "?include=events"):
        left = said(f"{API}claims/{redacted.public_id}/{query}", key)
        assert set(left) == {"id", "url", "redacted", "sequence", "changed_at", "first_published_at"}
        schema_of("RedactedClaim").validate(left)
        assert left["sequence"] == sequence + 1
    assert ids("claims/?fields=id", key) == ids("claims/", key) == [kept.public_id]
    body = b'{"ids": ["%s"]}' % redacted.public_id.encode()
    [status] = said(f"{API}claims/status", key, method="POST", data=body, content_type="application/json")["results"]
    assert (status["known"], status["redacted"], status["etag"]) == (True, True, None)
    assert said(f"{API}topics/roads/", key)["name"] == "Roads"
    assert Review.objects.count() == 2
