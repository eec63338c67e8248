"""Nothing unpublished is visible outside the desk: every route, every kind of key, before and after publication.

The routes come from the URL configuration, so a new one is walked from its first day. Before publication no
answer may hold an id or a text of what is being prepared, and every answer must be, byte for byte, the one given
before any of it existed: so no count, order or link tells of it either.
"""

import itertools
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus as escaped
from urllib.parse import urlencode

import orjson
import pytest
from django.contrib.auth.models import User
from django.test.utils import override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from claims.complaints import desk as complaints
from claims.complaints.receive import receive
from claims.matching import draft_client
from claims.models import (
    Article,
    Autosave,
    ChecklistItem,
    Claim,
    Complaint,
    DiscardedVersion,
    Evidence,
    Proposal,
    PublicationTimer,
    Recheck,
    Review,
    ReviewVersion,
    SourceRequest,
    Topic,
)
from claims.requests import source_requests
from claims.reviews import merging, publish, workflow
from claims.reviews.evidence import attach_quote
from claims.statements import proposals
from claims.teamwork import assignments, checklists, comments, presence
from claims.tips import groups, inbox
from claims.watch import review_days, sweep
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import ApiKey
from sources.feeds.reader import add_feed
from sources.models import ArchiveCopy, ArchiveService, Change, FeedItem, Page, Source
from sources.polling import poller
from tests import factories
from tests.api_client import ask
from tests.claims import drafts_api
from tests.claims.matching.running_matcher import running_matcher
from tests.factcheck.rest.test_rest import EVERY_ROUTE, SHUT_OUT, path_of

pytestmark = pytest.mark.django_db
# Status and body by address, role and whether anonymous reading is on.
Answers = dict[tuple[str, str, bool], bytes]
ID = re.compile(r"[a-z]{3}_\w{16}")
JSON = "application/json"
SLUG = re.compile(r"[a-z]+")
# Which ids a route is about. It is asked for one of every other kind too; a route that is not here, for all of all.
OWN = {
    "claims": "clm",
    "statements": "stm",
    "speakers": "spk",
    "documents": "doc",
    "reviews": "rev",
    "articles": "art",
    "organisations": "org",
    "evidence": "evd",
    "sources": "src",
    "pages": "pag",
    "snapshots": "snp",
    "changes": "chg",
    "rating-scales": "scl",
    "topics": "",
}
# Parameters that take any text, and what is worth asking for; those that are not here take whatever there is.
WORTH = {"topic": SLUG, "host": re.compile(r"[a-z.-]+")}
LANGUAGE = "en-ZA"  # of the hidden claim, and of nothing else
API = ("/api/", "/v1alpha1/")
# Parameters that say how to answer, and not what about: whatever stands in them finds nothing more.
NO_FILTERS = {"facets", "key", "quotaUser", "uploadType", "upload_protocol", "fields", "pageToken", "imageUri"}
# Parameters without which a route finds nothing, for the walk of its other ones.
NEEDED = {"/api/v1/search": {"q": "bridges"}}
# Routes that find what another finds by the same filters, or nothing ever; without filters they are walked too.
WALKED_ELSEWHERE = {"/api/v1/feed/json", "/v1alpha1/claims:imageSearch"}
# Words that stand nowhere else.
SAYING = "“97 quaggas graze by the weir,” the keeper vented."
SENTENCE = "The keeper counted 97 quaggas by the weir."
NOTE = "Asked twice, xylographer agrees."


@dataclass
class Hidden:
    """What is being prepared, by what must become of it."""

    version: ReviewVersion
    page: Page
    early: Change
    letter: SourceRequest
    appears: dict[str, str] = field(default_factory=dict)
    """Marks that publication makes visible, by what they are."""
    never: dict[str, str] = field(default_factory=dict)
    """Marks that stay at the desk even then."""

    @property
    def marks(self) -> dict[str, str]:
        return {**self.appears, **self.never}


def prepare() -> Hidden:
    """A draft with all that can hang on one, a page watched early, a new version of what is published, a tip."""
    author = factories.editor("quagga-author")
    claim = factories.claim("There are 97 quaggas.", language=LANGUAGE, place="Weirside", is_demo=False)
    claim.topics.add(Topic.objects.create(slug="quaggas", name="Quaggas of old"))
    statement = factories.linked(claim, text=SAYING, speaker="Keeper Quillon")
    document = statement.document
    document.title, document.publisher = "Weir diary", "Weir Herald"
    document.save()
    page = factories.page("https://quagga-census.example/counted", f"Census\n\nRead on. {SENTENCE} The end.")
    Source.objects.filter(pk=page.source_id).update(name="Quagga census office", homepage="https://quagga-home.example")
    version = factories.draft(claim, author=author, of=page, exact=SENTENCE, rating="Half right")
    version.summary, version.body = "A census of quaggas agrees.", "We rang the zoologist."
    version.save()
    article = Article.objects.create(
        organisation=version.review.organisation,
        url="https://desk.example/quagga-check",
        title="Are there quaggas?",
    )
    version.review.article = article
    version.review.save()
    quote = version.evidence.get()
    secret_page = factories.page("https://whistle-quagga.example/", f"Leaks. {SENTENCE} More.")
    described = attach_quote(
        version,
        url_or_page=secret_page,
        exact=SENTENCE,
        stance=Evidence.Stance.CONTEXT,
        actor=author,
        visibility=Evidence.Visibility.DESCRIBED,
        description="someone at the weir",
    )
    confidential = Evidence.objects.create(
        version=version,
        kind=Evidence.Kind.INTERVIEW,
        stance=Evidence.Stance.CONTEXT,
        visibility=Evidence.Visibility.CONFIDENTIAL,
        who="Deep Quagga",
        how="in a car park",
        happened_at=timezone.now(),
        note=NOTE,
    )
    poller.start_watching(page)
    early = factories.change(page, f"Census\n\nRead on. {SENTENCE} The end. Reprinted by Okapi.")
    sweep.sweep()
    received = inbox.receive(
        actor="Zedonk Post, by API",
        text="Look at the zebrules.",
        url="https://zedonk-tips.example/seen",
        language="nr",
        name="Zed Brule",
        email="zed@tips.example",
        newsroom="Zedonk Post",
        sender="zedonkhash",
    )
    tip = received.tip
    groups.link(tip.group, claim, actor=author)
    aside = inbox.receive(actor="a reader, by API", text="Do zorses moult in spring?").tip
    groups.set_aside(aside.group, actor=author)
    feed = add_feed("https://gnu-herald.example/feed.xml", actor=author)
    Source.objects.filter(pk=feed.source_id).update(name="Gnu Herald")
    before = factories.snapshot(feed.page, "Gnu Herald")
    listed = factories.change(feed.page, "Gnu Herald\n\nGnus graze")
    sweep.sweep()
    item = FeedItem.objects.create(feed=feed, url="https://gnu-herald.example/gnus", title="Gnus graze", baseline=False)
    proposals.propose()
    proposal = Proposal.objects.get(url=item.url)
    ArchiveCopy.objects.create(
        page=page,
        snapshot=quote.snapshot,
        service=ArchiveService.objects.create(address="https://okapi-archive.example", detail="Okapi rests."),
        state=ArchiveCopy.State.CONFIRMED,
        chosen_by=author.username,
        job="spn2-okapi",
        memento_url="https://okapi-archive.example/web/20260505101010/x",
        memento_at=timezone.now(),
        confirmed_at=timezone.now(),
        confirmed_by=["memento", "bytes"],
        detail="An okapi kept it.",
    )
    merged, into = Claim.objects.filter(publications__isnull=False).distinct().order_by("pk")[:2]
    shown = merging.reading("merge", merged, into).sha256
    merging.request(merged, into, actor=author, reason="Okapi clones, both of them.", shown=shown)
    okapi = drafts_api.writing_key("Okapi Post")
    drafted = drafts_api.everything(okapi)
    told = drafts_api.sent_back(okapi, drafted["review"])
    lonely = factories.statement("“Zonkeys bray,” she added.", speaker="Zia Zonkey")
    bare = factories.claim("Zonkeys bray at night.")
    recheck = Recheck.objects.open().select_related("review__claim").latest("pk")
    letter = source_requests.save(
        recheck,
        actor=author,
        page=recheck.checks.latest("pk").evidence.page,
        grade="request",
        text="Dear office, quolls were counted, were they not?",
        recipient="The Quoll press desk",
    )
    review_days.set_day(recheck.review, actor=author, day=factories.later(9e5).date(), why="the dunnart census is out")
    colleague = at_the_desk(version, author)
    complaint = Complaint.objects.get(outcome="")
    complaints.take_over(complaint, actor=author)
    hidden = Hidden(version, page, early, letter)
    hidden.appears = {
        "claim": claim.public_id,
        "review": version.review.public_id,
        "evidence": quote.public_id,
        "statement": statement.public_id,
        "speaker": statement.speaker.public_id,
        "document": document.public_id,
        "source": page.source.public_id,
        "page": page.public_id,
        "article": article.public_id,
        "article's address": article.url,
        "document's address": document.url,
        "page's address": page.url,
        "snapshot": quote.snapshot.public_id,
        "bytes": quote.snapshot.blob_id,
        "text of the page": quote.snapshot.text_id,
        "host": "quagga-census.example",
        "claim's text": "97 quaggas",
        "what was said": "graze by the weir",
        "speaker's name": "Keeper Quillon",
        "document's title": "Weir diary",
        "source's name": "Quagga census office",
        "homepage": "quagga-home",
        "summary": "census of quaggas",
        "body": "zoologist",
        "topic": "Quaggas of old",
        "slug": "quaggas",
        "place": "Weirside",
        "title of the article": "Are there quaggas?",
        "described": "someone at the weir",
        "described evidence": described.public_id,
    }
    hidden.never = {
        "early change": early.public_id,
        "early snapshot": early.after.public_id,
        "early text": "Reprinted by Okapi",
        "confidential evidence": confidential.public_id,
        "confidential note": "xylographer",
        "confidential person": "Deep Quagga",
        "page of described evidence": secret_page.public_id,
        "source of described evidence": secret_page.source.public_id,
        "host of described evidence": "whistle-quagga",
        "author": author.username,
        "tip": tip.public_id,
        "tip's address on the web": "zedonk-tips",
        "tip's newsroom": "Zedonk Post",
        "tip's sender": "zedonkhash",
        "token of a tip": received.token,
        "hash of the token": tip.token_sha256,
        "tip set aside": aside.public_id,
        "its words": "zorses moult",
        "tip's text": "zebrule",
        "tip's contact": "Zed Brule",
        "tip's address": "zed@tips",
        "feed": feed.public_id,
        "feed's page": feed.page.public_id,
        "feed's source": feed.source.public_id,
        "feed's host": "gnu-herald",
        "feed's name": "Gnu Herald",
        "feed's snapshot": before.public_id,
        "feed's change": listed.public_id,
        "item of a feed": "Gnus graze",
        "proposal": proposal.public_id,
        "archive": "okapi-archive",
        "archive's job": "spn2-okapi",
        "archive's detail": "An okapi kept it",
        "archive's rest": "Okapi rests",
        "reason of a merge": "Okapi clones",
        "letter to a source": "quolls were counted",
        "whom the letter goes to": "Quoll press desk",
        "answer of a source": "ilbies were counted",
        "why a review is looked at again": "dunnart census",
        "statement of no claim": lonely.public_id,
        "its text": "Zonkeys bray",
        "its document": lonely.document.public_id,
        "its speaker": lonely.speaker.public_id,
        "claim without review": bare.public_id,
        "colleague": colleague.username,
        "comment": "Pangolins doubt it",
        "settled comment": "Pangolins agreed",
        "line of the checklist": "Ask two pangolins",
        "why a timer was refused": "A pangolin objected",
        "autosave": "Half a pangolin",
        "discarded version": "Discarded pangolins",
        "complaint": "ettongs object",
        "who complained": "bettong@burrow",
        "hash of its token": complaint.token_sha256,
        "answered complaint": "ilbies never",
        "who complained of it": "bilby@burrow",
        "its sender": "bilbyhash",
        "its answer": "umbats looked",
        "who answered": "numbat-editor",
        **{f"{what} of a newsroom": mark for what, mark in drafted.items()},
        **{f"{what} sent by a newsroom": mark for what, mark in told.items()},
    }
    return hidden


def at_the_desk(version: ReviewVersion, author: User) -> User:
    """What colleagues say and do about a draft; returns the colleague to whom it is assigned."""
    claim = version.review.claim
    colleague = factories.editor("pangolin-colleague")
    comments.comment(claim, text="Pangolins doubt it, @pangolin-colleague.", actor=author, version=version)
    said = comments.comment(claim, text="Pangolins agreed.", actor=colleague, about="summary")
    comments.settle(said, actor=author)
    assignments.assign(claim, actor=author, assignee=colleague, due_at=timezone.now() - timedelta(days=1))
    assignments.remind_due()
    presence.sign(colleague, claim.pk, is_editing=True)
    item = ChecklistItem.objects.create(organisation=version.review.organisation, text="Ask two pangolins")
    checklists.tick(version, item, actor=author)
    ChecklistItem.objects.update(retired_at=timezone.now())  # so that nothing else has to be ticked
    PublicationTimer.objects.create(
        version=version,
        at=timezone.now(),
        approved_at=timezone.now(),
        set_by=colleague,
        state="refused",
        detail="A pangolin objected.",
        ended_at=timezone.now(),
    )
    Autosave.objects.create(user=colleague, place=f"version:{version.pk}", values={"summary": ["Half a pangolin"]})
    DiscardedVersion.objects.create(
        claim=claim,
        review=version.review,
        organisation=version.review.organisation,
        number=9,
        content={"version": {"summary": "Discarded pangolins."}},
        discarded_by=colleague,
        delete_after=timezone.now() + timedelta(days=30),
    )
    return colleague


def published_before() -> ReviewVersion:
    """Something published, with a change, so that the lists are not empty; and a claim that could be part of it."""
    factories.published_review(factories.claim("412 bridges are to be repaired."))
    review = factories.published_review()
    version = review.latest_published()
    factories.change(version.evidence.get().page, factories.PAGE_TEXT.replace("412", "430"))
    sweep.sweep()
    complained(review)
    return version


def complained(review: Review) -> None:
    """A complaint that was answered, and one that waits: the register lists both, and no more of them is public."""
    about = {"about": "not_me", "reporter": "concerned", "claim": review.claim.public_id}
    answered = receive(
        **about, text="Bilbies never said so.", email="bilby@burrow.example", sender="bilbyhash"
    ).complaint
    editor = factories.editor("numbat-editor")
    complaints.answer(answered, outcome="not_upheld", words="Numbats looked again.", actor=editor)
    receive(**about, text="Bettongs object.", email="bettong@burrow.example")


def revise(version: ReviewVersion) -> dict[str, str]:
    """A new version of the published review, on a page of its own, waiting for approval."""
    author = factories.editor("revising-author")
    draft = workflow.start_version(version.review, kind="correction", actor=author)
    draft.correction_kind, draft.public_note = "substantive", "We mistook the wallabies."
    draft.summary = "Wallabies are no bridges."
    draft.save()
    page = factories.page("https://wallaby.example/")
    evidence = attach_quote(draft, url_or_page=page, exact=factories.QUOTE, stance="refutes", actor=author)
    workflow.submit(draft, actor=author)
    return {
        "revised": "allabies",
        "its page": page.public_id,
        "its evidence": evidence.public_id,
        "its host": "wallaby",
    }


def marks_of(version: ReviewVersion) -> dict[str, str]:
    """What is known of a published version, to walk its addresses and filters."""
    quote = version.evidence.get()
    return {
        "claim": version.review.claim.public_id,
        "source": quote.page.source.public_id,
        "page": quote.page.public_id,
        "change": Change.objects.get(page=quote.page).public_id,
        "host": quote.page.host,
        "word": "bridges",
        "review": version.review.public_id,
        "organisation": version.review.organisation.public_id,
        "evidence": quote.public_id,
        "snapshot": quote.snapshot.public_id,
        "address": quote.page.url,
        "language": "en",
    }


@pytest.fixture
def keys_of_roles(db: None) -> dict[str, str | None]:
    made: dict[str, str | None] = {
        "nobody": None,
        "bad key": "fc_abcdefgh_" + "x" * 44,
        **{
            "+".join(scopes): create_key(f"Newsroom {scopes}", scopes)
            for length in (1, 2, 3)
            for scopes in itertools.combinations(("read", "write", "tips"), length)
        },
        "revoked": create_key("Revoked"),
        "expired": create_key("Expired"),
    }
    now = timezone.now()
    ApiKey.objects.filter(newsroom__name="Revoked").update(revoked_at=now)
    ApiKey.objects.filter(newsroom__name="Expired").update(
        created_at=now - timedelta(days=2), expires_at=now - timedelta(days=1)
    )
    return made


def routes(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the URL configuration, with `{}` for each variable part."""
    for pattern in (resolver or get_resolver()).url_patterns:
        text = str(pattern.pattern)
        # Regular expressions (the admin's catch-all) become something that they match.
        text = re.sub(r"\(\?P<\w+>[^)]*\)", "{}", text).removeprefix("^").removesuffix("$")
        route = prefix + re.sub(r"<[^>]+>", "{}", text)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route, pattern


def filters_of(pattern: URLPattern, marks: dict[str, str]) -> Iterator[dict[str, str]]:
    """Each query parameter of the route with each mark that it can take."""
    query_class = getattr(getattr(pattern.callback, "cls", None), "query_class", None)
    for name, parameter in (query_class().fields if query_class else {}).items():
        if name in NO_FILTERS:
            continue
        if name == "language":  # it takes tags alone, which no mark is
            yield {name: LANGUAGE}
            continue
        for mark in marks.values():
            if name in WORTH and not WORTH[name].fullmatch(mark):
                continue
            try:
                parameter.run_validation(mark)
            except Exception:  # noqa: BLE001 (a value that the parameter cannot take finds nothing)
                continue
            yield {name: mark}


def ids_for(route: str, marks: dict[str, str]) -> list[str]:
    """What to put into the variable part of the route."""
    ids = sorted(mark for mark in marks.values() if ID.fullmatch(mark))
    own = OWN.get(route.split("/")[3])
    if own is None:
        return ids
    if not own:
        ids += [mark for mark in marks.values() if SLUG.fullmatch(mark)]
        return ids[:1] + [mark for mark in ids if SLUG.fullmatch(mark)]
    others = {mark[:3]: mark for mark in ids if not mark.startswith(own)}
    return [mark for mark in ids if mark.startswith(own)] + list(others.values())[: 3 if len(marks) < 20 else None]


def addresses(marks: dict[str, str]) -> list[str]:
    """Every route, with every mark in every variable part and every filter."""
    found = []
    for route, pattern in routes():
        if "{}" not in route:
            found.append(route)
            if route not in WALKED_ELSEWHERE:
                needed = NEEDED.get(route, {})
                found += [f"{route}?{urlencode(needed | asked)}" for asked in filters_of(pattern, marks)]
        elif route.startswith("/api/"):
            found += [route.replace("{}", mark) for mark in ids_for(route, marks)]
        else:
            found.append(route.replace("{}", "1"))
    return found


def begin() -> dict[str, str]:
    """A draft that nobody has submitted, on a page of its own."""
    page = factories.page("https://numbat.example/")
    draft = factories.draft(factories.claim("Numbats hum."), of=page)
    return {
        "begun": "umbats",
        "begun review": draft.review.public_id,
        "begun claim": draft.review.claim.public_id,
        "begun page": page.public_id,
        "begun evidence": draft.evidence.get().public_id,
        "begun host": "numbat",
    }


def walk(keys_of_roles: dict[str, str | None], marks: dict[str, str], *, all_routes: bool = True) -> Answers:
    """Status and body of every address for every role, with and without anonymous reading.

    Without `all_routes` those of the interface alone: the admin's pages differ each time by their CSRF tokens.
    Of keys that open nothing one stands for all: tests/factcheck/rest/test_rest.py asks with each, at any address.
    """
    roles = {role: key for role, key in keys_of_roles.items() if role not in SHUT_OUT - {"revoked"}}
    asked = addresses(marks)
    api = [address for address in asked if address.startswith(API)]
    asking = [(role, key, False, api) for role, key in roles.items()]
    if "nobody" in roles:
        asking.append(("nobody", None, True, api))
    if all_routes:
        asking.append(("nobody", None, False, [address for address in asked if not address.startswith(API)]))
    answers = {}
    for role, key, anonymous, where in asking:
        with override_settings(ANONYMOUS_READ=anonymous):
            for address in where:
                response = ask(address, key)
                content = b"".join(response) if response.streaming else response.content
                answers[address, role, anonymous] = b"%d " % response.status_code + content
    return answers


def shows(answers: Answers, mark: str) -> list[tuple[str, str, bool]]:
    """Whose answers hold the mark, other than by sending back what was asked for."""
    return [
        asked
        for asked, content in answers.items()
        if mark.encode() in content and not (escaped(mark) in asked[0] and echoes(content))
    ]


def echoes(content: bytes) -> bool:
    """Whether the answer can hold nothing but what was asked: a redirect, a refusal, the link of an empty list."""
    return content[:3] in (b"301", b"302", b"400") or finds_nothing(content)


def finds_nothing(content: bytes) -> bool:
    """Whether it is a list without rows: ours, Google's, an Atom feed or a JSON Feed."""
    if content.startswith(b"200 <?xml"):
        return b"<entry" not in content
    if content.split() in ([b"200", b"{}"], [b"200", b"{", b'"degraded":', b"true", b"}"]):
        return True
    lists = (b'200 {"results":[],', b'200 {"version":"https://jsonfeed.org/version/1.1"')
    return content.startswith(lists) and (b'"items"' not in content or b'"items":[]' in content)


def test_the_walk_covers_the_url_configuration() -> None:
    found = [route for route, _ in routes()]
    tabled = {re.sub("<.*?>", "{}", path_of(route)) for route in EVERY_ROUTE}
    assert {route for route in found if route.startswith(API)} == {route for route in tabled if route.startswith(API)}
    assert "/healthz" in found
    assert len([route for route in found if route.startswith("/admin/")]) > 50
    published_before()
    hidden = prepare()
    asked = addresses(hidden.marks)
    for name in ("q", "speaker", "source", "page", "host", "topic", "language"):
        assert any(f"claims/?{name}=" in address for address in asked), name
    for name in ("appearance_url", "evidence_url", "article_url", "document", "article"):
        assert any(f"claims/?{name}=" in address for address in asked), name
    assert f"/api/v1/pages/{hidden.page.public_id}/" in asked
    assert f"/api/v1/statements/{hidden.appears['statement']}/" in asked
    assert any(address.startswith("/api/v1/statements/spk_") for address in asked)
    assert "/api/v1/topics/quaggas/" in asked


def test_the_status_of_what_is_hidden_is_that_of_nothing(keys_of_roles: dict[str, str | None]) -> None:
    published_before()
    hidden = prepare()
    ids = [mark for mark in hidden.marks.values() if ID.fullmatch(mark)]
    nothing = "clm_0000000000000000"

    def statuses() -> list[bytes]:
        body = orjson.dumps({"ids": [*ids, nothing]})
        response = ask("/api/v1/claims/status", keys_of_roles["read"], "POST", data=body, content_type=JSON)
        assert response.status_code == 200
        results = orjson.loads(response.content)["results"]
        return [orjson.dumps(result | {"id": ""}) for result in results]

    assert len(statuses()) == len(ids) + 1
    assert len(set(statuses())) == 1, "something tells of it"
    factories.approved(hidden.version)
    hidden.version.refresh_from_db()
    publish.publish(hidden.version, actor=hidden.version.approver)
    assert len(set(statuses())) == 2, "the control: once it is published it is known"


def test_nothing_unpublished_is_visible_and_then_it_is(
    keys_of_roles: dict[str, str | None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")  # thousands of refusals
    published = published_before()
    known = marks_of(published)
    before = walk(keys_of_roles, known, all_routes=False)
    assert any(content.startswith(b"200") and b"412 bridges" in content for content in before.values())

    hidden = prepare()
    revised = revise(published) | begin()
    marks = {**hidden.marks, **revised}
    after = walk(keys_of_roles, known, all_routes=False)
    assert {asked for asked in before if before[asked] != after[asked]} == set(), "something tells of it"

    # Every kind of key walked what is known; with every mark, the kinds that differ in what they may do. One draft is
    # approved by now, one waits for approval, one is begun.
    factories.approved(hidden.version)
    hidden.version.refresh_from_db()
    kinds = {role: keys_of_roles[role] for role in ("nobody", "read", "write+tips", "read+write+tips")}
    answers = walk(kinds, marks)
    for what, mark in marks.items():
        assert shows(answers, mark) == shows(after, mark) == [], what
    for (address, role, _), content in answers.items():
        if address.startswith(API) and any(escaped(mark) in address for mark in marks.values()):
            none = finds_nothing(content) if "?" in address else content.startswith(b"404")
            # 405: routes that are only written to say so of every id.
            refused = content.startswith((b"401", b"403", b"405", b'400 {"error"', b"501"))
            assert none or refused, (address, role, content[:200])

    publish.publish(hidden.version, actor=hidden.version.approver)
    letter = hidden.letter
    source_requests.send(
        letter.recheck,
        actor=letter.drafted_by,
        page=letter.page,
        grade=letter.grade,
        text=letter.text,
        recipient=letter.recipient,
        request=letter,
    )
    source_requests.record_answer(
        letter, actor=letter.drafted_by, received_on=timezone.now().date(), text="Bilbies were counted twice."
    )
    late = factories.change(hidden.page, f"Census\n\nRead on. {SENTENCE.replace('97', '98')} The end.")
    sweep.sweep()
    appears = {**hidden.appears, "late change": late.public_id, "new figure": "98 quaggas"}
    answers = walk({"read": keys_of_roles["read"]}, {**marks, **appears})
    for what, mark in appears.items():
        assert shows(answers, mark), what
    for what, mark in {**hidden.never, **revised}.items():
        assert shows(answers, mark) == [], what


def test_drafts_come_out_of_no_match_and_no_search(
    keys_of_roles: dict[str, str | None], settings: Any, tmp_path: Path
) -> None:
    """With a matcher that has drafts in its other index: every answer is the one before any of it existed."""
    published_before()
    texts = [
        "There are 97 quaggas.",
        SAYING,
        SENTENCE,
        "Zonkeys bray at night.",
        "quaggas",
        "Weirside",
        "bridges",
        NOTE,
        "Look at the zebrules.",
        "Do zorses moult in spring?",
    ]
    matching = orjson.dumps({"texts": texts, "language": "en"})
    article = orjson.dumps({"article": f"{SENTENCE} {SAYING} Zonkeys bray at night, we hear.", "language": "en"})

    def answers() -> dict[tuple[str, str], bytes]:
        found = {}
        for role in ("nobody", "read", "write", "read+write+tips"):
            key = keys_of_roles[role]
            for body in (matching, article):
                asked = ask("/api/v1/match", key, "POST", data=body, content_type=JSON)
                found[role, body.decode()] = b"%d %b" % (asked.status_code, asked.content)
            for text in texts:
                for path in (f"/api/v1/search?q={escaped(text)}", f"/v1alpha1/claims:search?query={escaped(text)}"):
                    found[role, path] = b"%d %b" % ((asked := ask(path, key)).status_code, asked.content)
        return found

    with running_matcher(settings, tmp_path) as look:
        before = answers()
        hidden = prepare()
        look()
        assert answers() == before
        assert any(b'"degraded":false' in answer for answer in before.values())
        # The control: the desk finds them, and so does everybody once they are published.
        claim = hidden.appears["claim"]
        assert claim in {each.claim for each in draft_client.similar("There are 97 quaggas.", "en")}
        publish.publish(factories.approved(hidden.version), actor=factories.editor())
        look()
        now = answers()
        assert any(claim.encode() in answer for (role, _), answer in now.items() if role == "read")
        ids = [mark.encode() for mark in hidden.never.values() if ID.fullmatch(mark)]
        assert not [mark for mark in ids for answer in now.values() if mark in answer]


def test_no_question_finds_a_tip_and_no_tip_finds_what_is_hidden(keys_of_roles: dict[str, str | None]) -> None:
    """Neither match nor search nor the answer to another tip holds a word of a tip or of a draft."""
    published_before()
    hidden = prepare()
    key = keys_of_roles["read+write+tips"]

    def asked() -> bytes:
        texts = ["Look at the zebrules.", "Do zorses moult in spring?", "There are 97 quaggas.", "Zedonk Post"]
        answers = [ask("/api/v1/match", key, "POST", data=orjson.dumps({"texts": texts}), content_type=JSON)]
        for body in (
            {"text": texts[0]},
            {"text": texts[2], "url": "https://zedonk-tips.example/seen"},
            {"text": texts[1]},
        ):
            answer = ask("/api/v1/tips/", key, "POST", data=orjson.dumps(body), content_type=JSON)
            assert answer.status_code == 201
            answers.append(answer)
        return b"".join(answer.content for answer in answers)

    found = asked()
    assert not [what for what, mark in hidden.marks.items() if mark.encode() in found]
    factories.approved(hidden.version)
    hidden.version.refresh_from_db()
    publish.publish(hidden.version, actor=hidden.version.approver)
    assert hidden.appears["claim"].encode() in asked(), "the control: once it is published it is found"
    assert not [what for what, mark in hidden.never.items() if mark.encode() in asked()]
