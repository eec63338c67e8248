"""Random histories of a page, read by the poller's own functions without a network."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import F

from sources.extraction.full_text import EXTRACTOR, PageText
from sources.models import Page, Passage, Polling, Snapshot
from sources.outcome import Outcome
from sources.polling import leases
from sources.polling.observation import Observation
from sources.polling.record import Result, record

FIRST = "The ministry counted 412 bridges in need of repair."
SECOND = "Most of them were built before the war and carry more traffic every year."
_EDITS = {
    FIRST: (
        "The ministry counted 389 bridges in need of repair.",
        "The ministry found 412 bridges to be repaired.",
        f"{FIRST} [This is not correct.]",
        "",
    ),
    SECOND: ("Few of them were built before the war and carry more traffic every year.", "", ""),
}
_BEFORE = (
    "Much of what is built in the country is old, and what is old has to be looked after by somebody who is paid.",
    "That costs the state more than it used to, since prices went up and those who know the trade have become few.",
    "Parliament will hear the minister about it before the summer, when the budget of the coming year is to be passed.",
)
_AFTER = (
    "Towns along the river say that they have waited long enough, and that detours cost their people hours every week.",
    "The railways count their own crossings, which are not part of the report, and publish what they find in autumn.",
    "Readers can look up each of the crossings on a map that the ministry keeps, with what was found and when.",
)


@dataclass
class Story:
    """A page whose sentences, headline and noise change at random."""

    random: random.Random
    title: str = "Bridges"
    sentences: dict[str, str] = field(default_factory=lambda: {FIRST: FIRST, SECOND: SECOND})
    teasers: list[str] = field(default_factory=lambda: ["A new road opens", "Weather: rain"])
    clock: int = 600
    visits: int = 17_204
    notice: str = ""
    readable: bool = True

    def goes_on(self) -> None:
        """Change something, most often only noise, and sometimes nothing."""
        self.readable = True
        what = self.random.choices(
            ["nothing", "noise", "teaser", "edit", "restore", "title", "notice", "unreadable"],
            [1, 6, 2, 3, 2, 0.5, 0.5, 0.7],
        )[0]
        if what == "nothing":
            return
        self.clock += self.random.randrange(1, 200)
        self.visits += self.random.randrange(9)
        if what == "teaser":
            self.random.shuffle(self.teasers)
            self.teasers[0] = f"Story {self.random.randrange(40)} of the day"
        elif what == "edit":
            original = self.random.choice([FIRST, SECOND])
            self.sentences[original] = self.random.choice(_EDITS[original])
        elif what == "restore":
            self.sentences = {FIRST: FIRST, SECOND: SECOND}
        elif what == "title":
            self.title = self.random.choice(["Bridges", "Many bridges need repair"])
        elif what == "notice":
            self.notice = self.random.choice(["", "Correction: an earlier version of this article was wrong."])
        elif what == "unreadable":
            self.readable = False

    def text(self) -> str:
        body = " ".join(
            filter(None, ["The yearly report is out.", *self.sentences.values(), "The next is due in May."])
        )
        lines = [
            self.title,
            f"{self.clock // 60:02}:{self.clock % 60:02}",
            *_BEFORE,
            self.notice,
            "The report of the ministry was published in the capital this morning, as in every year since the reform.",
            body,
            "Engineers looked at each of the crossings and wrote down what they saw, and the ministry added it up.",
            *_AFTER,
            f"Read {self.visits:,} times",
            *self.teasers,
        ]
        return "\n\n".join(filter(None, lines))


def observation(story: Story) -> Observation:
    """What a poll reads of the page now."""
    if not story.readable:
        return Observation(Outcome.BLOCKED, "A wall.")
    text = story.text()
    body = f"<title>{story.title}</title>{text}".encode()
    page_text = PageText(text, story.title, "en", EXTRACTOR)
    return Observation(
        Outcome.OK,
        status=200,
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        media_type="text/html",
        page_text=page_text,
        body=body,
    )


def poll(page: Page, observed: Observation) -> None:
    """Record a poll of the page, with bytes that were read last taken for known, as `observe` does."""
    if observed.sha256 and observed.sha256 == Polling.objects.get(page=page).read_sha256:
        observed = Observation(observed.outcome, status=200, sha256=observed.sha256, size=observed.size)
    record([Result(page.pk, observed, requested_at=leases.database_time())])


def time_passes(*pages: Page, hours: float) -> None:
    """Let time pass, as far as suspicions and kept texts are concerned."""
    passed = timedelta(hours=hours)
    Polling.objects.filter(page__in=pages).update(
        suspected_since=F("suspected_since") - passed,
        unread_since=F("unread_since") - passed,
        gone_since=F("gone_since") - passed,
        text_kept_at=F("text_kept_at") - passed,
        last_success_at=F("last_success_at") - passed,
    )


def register(snapshot: Snapshot, words: Sequence[str]) -> list[Passage]:
    """Watch these words of a snapshot."""
    made = []
    text = snapshot.text.text
    for exact in words:
        start = text.index(exact)
        end = start + len(exact)
        made.append(
            Passage.objects.create(
                page=snapshot.page,
                snapshot=snapshot,
                text=snapshot.text,
                start=start,
                end=end,
                exact=exact,
                prefix=text[max(0, start - 64) : start],
                suffix=text[end : end + 64],
                extractor=snapshot.extractor,
            )
        )
    ids = [passage.pk for passage in made]
    Polling.objects.filter(page=snapshot.page).update(passages=ids, seen_at=[None] * len(ids))
    return made
