"""Create the demo in an empty database with the functions editors use: ingest, claim, attach, approve, publish.

One transaction: an interrupted first start leaves nothing, and the next one starts again.
"""

import http.client
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from claims.models import (
    Appearance,
    ChecklistItem,
    Claim,
    Document,
    Evidence,
    Organisation,
    Rating,
    RatingScale,
    ReviewVersion,
    Topic,
    Verdict,
)
from claims.permissions import Refused
from claims.publication.words import leaving
from claims.reviews import evidence, publish, workflow
from claims.roles import GROUPS, Role
from claims.statements import ingest
from claims.statements.link_claim import sole_attribution
from claims.teamwork import checklists
from factcheck.demo import DEMO_ACCOUNTS, DEMO_ADMINISTRATOR, DEMO_EDITORS, DEMO_TOPICS
from factcheck.demo.folder import DemoError, DemoFolder
from factcheck.demo.pages import BULLETIN, FIGURES, LABEL, NOTICE, PAGES, SITE, SitePage
from sources.database.audit import acting, acting_as
from sources.models import Source
from sources.pages import page_for

STORY = Path(__file__).with_name("story.md")
PUBLISHED_ON = date(2015, 5, 31)
POLL_EVERY = timedelta(seconds=5)
CONFIRM_AFTER = timedelta(seconds=12)
SITE_WITHIN = 20  # seconds


@dataclass(frozen=True)
class DemoClaim:
    """A claim of the demo; `words` identify the sentence of the story that makes it."""

    words: str
    text: str
    topic: str
    until_may: bool = False


ACCOUNTS = DemoClaim(
    "50 localities", "Internet police run public accounts in 50 localities as of June 1.", "demo-internet"
)
REMOVED = DemoClaim(
    "758,000",
    "The authorities removed about 758,000 pieces of illegal information from January to May.",
    "demo-internet",
    until_may=True,
)
CLAIMS = (
    ACCOUNTS,
    REMOVED,
    DemoClaim(
        "70,000",
        "Police handled more than 70,000 cases of cyber crime from January to May.",
        "demo-police",
        until_may=True,
    ),
    DemoClaim("24/7", "The public units of the internet police are on duty 24/7.", "demo-police"),
    DemoClaim("small offence", "The units answer small offences online with a warning.", "demo-police"),
    DemoClaim(
        "rest of the country",
        "Police in the rest of the country will build units of the same kind after the trial.",
        "demo-police",
    ),
    DemoClaim(
        "Cyberspace Administration",
        "The Cyberspace Administration of China runs a campaign against online content that harms children.",
        "demo-internet",
    ),
)


def seed() -> None:
    """Create the demo, whose site must be running or starting, unless it exists. Raises DemoError."""
    if Claim.objects.filter(is_demo=True).exists():
        return
    address = f"http://{settings.FETCH_ALLOWED_LOOPBACK}"
    wait_for_site(settings.FETCH_ALLOWED_LOOPBACK)
    folder = DemoFolder(settings.DATA)
    passwords = folder.passwords(tuple(DEMO_ACCOUNTS))
    try:
        fill(address, passwords)
    except Refused as error:
        raise DemoError(f"The demo could not be created: {error} Start with --no-demo to go without it.") from error
    folder.seeded.touch()


def fill(address: str, passwords: dict[str, str]) -> None:
    with acting_as("demo", reason="first start"), transaction.atomic():
        editor_a, editor_b = (make_account(name, passwords[name]) for name in DEMO_EDITORS)
        make_administrator(passwords[DEMO_ADMINISTRATOR])
        claims = make_claims(read_story(editor_a))
        source = make_pages(address)
        rating = make_desk()
        for claim, author, approver, finding, quoted in (
            (
                claims[ACCOUNTS],
                editor_a,
                editor_b,
                "The notice on the demo site gives the same day and the same number of places.",
                ((NOTICE, Evidence.Stance.SUPPORTS), (BULLETIN, Evidence.Stance.CONTEXT)),
            ),
            (
                claims[REMOVED],
                editor_b,
                editor_a,
                "The figures on the demo site give this number for these months.",
                ((FIGURES, Evidence.Stance.SUPPORTS),),
            ),
        ):
            version = workflow.start_review(claim=claim, organisation=rating.scale.organisation, author=author)
            write_review(version, rating, finding)
            for shown, stance in quoted:
                quote_page(version, address, shown, stance, source)
            tick_by_hand(version, author)
            workflow.submit(version, actor=author)
            approved = workflow.approve(version, actor=approver, shown=leaving(version).sha256)
            publish.publish(approved, actor=approver)


def wait_for_site(host_and_port: str) -> None:
    if not host_and_port:
        raise DemoError("`manage.py up` creates the demo on a first start; run that.")
    deadline = time.monotonic() + SITE_WITHIN
    while time.monotonic() < deadline:
        with closing(http.client.HTTPConnection(host_and_port, timeout=2)) as client:
            try:
                client.request("HEAD", "/")
                if client.getresponse().status == http.client.OK:
                    return
            except OSError:  # still starting
                time.sleep(0.05)
    raise DemoError(f"The demo site at {host_and_port} does not answer. Start with --no-demo to go without it.")


def make_account(username: str, password: str, *roles: Role) -> User:
    """An account of the demo: an editor, unless other roles are given."""
    name, _, letter = DEMO_ACCOUNTS[username].rpartition(" ")
    user = User.objects.create_user(username, password=password, first_name=name, last_name=letter, is_staff=True)
    user.groups.add(*Group.objects.filter(name__in=[GROUPS[role] for role in roles or (Role.EDITOR,)]))
    return user


def make_administrator(password: str) -> None:
    """The demo's administrator, who manages accounts and keys; nothing if there is one."""
    if not User.objects.filter(username=DEMO_ADMINISTRATOR).exists():
        make_account(DEMO_ADMINISTRATOR, password, Role.ADMINISTRATOR, Role.CHIEF)


def read_story(actor: User) -> Document:
    """The story as a document with its statements."""
    story = ingest.read(STORY.read_bytes(), filename=STORY.name)
    return ingest.store(
        story,
        ingest.statements(story.text),
        publisher="Demo wire (not a real publisher)",
        date=PUBLISHED_ON,
        language="en",
        actor=actor,
        is_demo=True,
    )


def make_claims(document: Document) -> dict[DemoClaim, Claim]:
    """Claims that neither of the demo's editors wrote, so that each may approve what the other makes of them."""
    topics = {slug: Topic.objects.create(slug=slug, name=name) for slug, name in DEMO_TOPICS.items()}
    claims = {}
    for wanted in CLAIMS:
        statement = document.statements.get(text__contains=wanted.words)
        claim = Claim.objects.create(
            text=wanted.text, language=document.language, is_demo=document.is_demo, place="China"
        )
        if wanted.until_may:
            claim.period_start, claim.period_end = date(2015, 1, 1), PUBLISHED_ON
            claim.save()
        Appearance.objects.create(claim=claim, statement=statement, attribution=sole_attribution(statement))
        claim.topics.add(topics[wanted.topic])
        claims[wanted] = claim
    return claims


def make_pages(address: str) -> Source:
    """The demo site as a source, whose pages are polled every few seconds once they are watched."""
    source = Source.objects.create(
        name=f"{SITE} (demo)",
        kind=Source.Kind.GOVERNMENT,
        homepage=f"{address}/",
        language="en",
        notes=f"{LABEL}. Served by `manage.py up` on this machine.",
        is_demo=True,
    )
    for shown in PAGES.values():
        page = page_for(f"{address}{shown.path}", source=source, is_demo=True)
        page.title = f"{shown.title} (demo)"
        page.pinned_interval, page.confirm_after = POLL_EVERY, CONFIRM_AFTER
        page.save()
    return source


def tick_by_hand(version: ReviewVersion, editor: User) -> None:
    """Tick the lines of the checklist that no machine looks at."""
    for item in checklists.items_of(version.review.organisation).filter(machine=""):
        checklists.tick(version, item, actor=editor)


def make_desk() -> Rating:
    """The demo organisation and its scale; returns the rating for a claim that its source supports."""
    desk = Organisation.objects.create(
        name="Demo desk",
        is_ours=True,
        is_demo=True,
    )
    ChecklistItem.objects.create(
        organisation=desk, text="Every watched quote stands.", machine=ChecklistItem.Machine.QUOTES_STAND, position=1
    )
    ChecklistItem.objects.create(organisation=desk, text="The finding can be read without the text.", position=2)
    scale = RatingScale.objects.create(organisation=desk, name="Demo scale")
    steps = (
        ("Contradicted (demo)", Verdict.FALSE),
        ("Partly supported (demo)", Verdict.MIXED),
        ("Supported (demo)", Verdict.TRUE),
    )
    for value, (label, verdict) in enumerate(steps, start=1):
        rating = Rating.objects.create(scale=scale, label=label, value=value, verdict=verdict)
    return rating


def write_review(version: ReviewVersion, rating: Rating, finding: str) -> None:
    version.rating = rating
    version.summary = f"Demo, not a real fact-check. {finding}"
    version.body = (
        "This review shows how a verdict rests on a quoted sentence. Both the story and the page it quotes "
        "belong to the demo; nobody has checked the facts for it."
    )
    version.true_as_of = timezone.now().date()
    with acting(version.author, reason="wrote it"):
        version.save()


def quote_page(version: ReviewVersion, address: str, shown: SitePage, stance: str, source: Source) -> None:
    """Attach every sentence of the page that the site marks as quoted."""
    for sentence in shown.sentences():
        if sentence.quoted:
            evidence.attach_quote(
                version,
                url_or_page=f"{address}{shown.path}",
                exact=sentence.text,
                stance=stance,
                actor=version.author,
                note=f"Demo: “{shown.title}” on the demo site.",
                source=source,
            )
