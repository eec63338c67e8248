"""Made-up pages under published claims, one for each answer of the watch, and the server that serves and edits them.

Each page is an article whose second paragraph holds the quote. An edit says what the page answers from then on.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer

from claims.causes import OF_STANCE, Cause
from tests.factcheck.webhook_receiver import Handler, Receiver

CONTENT = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Case:
    """A page, the claim that rests on it, and what an edit of it must come to.

    `cause` is empty where nothing may be raised. `state` is what newsrooms then read of the quote. `shown` are words
    that editors read on the page of the re-check, `because` those of the page that newsrooms are given.
    """

    slug: str
    claim: str
    title: str
    first: str
    quote: str
    after: str
    rest: tuple[str, ...]
    cause: str = ""
    grade: str = ""
    state: str = ""
    because: str = ""
    status: int = 200
    edit: tuple[tuple[str, str], ...] = ()
    """What stands on the page, and what stands there instead once it was edited."""

    @property
    def stands(self) -> bool:
        """Whether the words of the quote still stand in their place once the page was edited."""
        return self.status == 200 and (not self.cause or self.cause in OF_STANCE)

    @property
    def html(self) -> str:
        lines = (self.first, f"{self.quote} {self.after}", *self.rest)
        return document(self.title, "\n".join(f"<p>{line}</p>" for line in lines))

    @property
    def edited(self) -> str:
        if self.status != 200:
            return document("Not here", "<p>Nothing to read here.</p>")
        html = self.html
        for old, new in self.edit:
            assert html.count(old) == 1, (self.slug, old)
            html = html.replace(old, new)
        return html


def document(title: str, article: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body>'
        "<nav><a href='/'>Front page</a> <a href='/town'>Town</a> <a href='/sea'>Sea</a></nav>"
        f"<main><article><h1>{title}</h1>\n{article}</article></main>"
        "<footer><p>The Estuary Gazette, Wharf Lane.</p></footer></body></html>"
    )


CASES = (
    Case(
        "figure",
        "The culvert crews repaired more than two thirds of the list.",
        "Culvert crews report on their season",
        "The works department presented its season to the town hall on Monday evening.",
        "Crews repaired 214 of the 300 culverts on the list before the first frost.",
        "The rest will wait until the ground is soft again.",
        (
            "Residents of the lower town had asked for sandbags, which were handed out at the fire station.",
            "The department keeps eleven vans and hired two more for the autumn.",
            "Its next report is due when the almond trees flower.",
        ),
        cause=Cause.ALTERED,
        grade="substance",
        state="altered",
        because="Crews repaired 241 of the 300 culverts on the list before the first frost.",
        edit=(("214 of the 300", "241 of the 300"),),
    ),
    Case(
        "pull-quote",
        "The ferry carried a record number of bicycles.",
        "A summer on the chain ferry",
        "The ferry company closed its books for the summer and invited reporters on deck.",
        "Between June and August the chain ferry carried 38,500 bicycles across the estuary.",
        "Its skipper says that the ramp was never empty.",
        (
            "A second deck hand was hired for the weekends, and the kiosk sold out of lemonade twice.",
            "The crossing takes nine minutes at slack water and a little longer at spring tide.",
            "In winter the ferry runs every forty minutes.",
        ),
        cause=Cause.ALTERED,
        grade="substance",
        state="altered",
        because="Between June and August the chain ferry carried 31,500 bicycles across the estuary.",
        edit=(
            ("carried 38,500 bicycles across the estuary.", "carried 31,500 bicycles across the estuary."),
            (
                "<p>A second deck hand",
                "<blockquote><p>Between June and August the chain ferry carried 38,500 bicycles across the estuary."
                "</p></blockquote>\n<p>A second deck hand",
            ),
        ),
    ),
    Case(
        "wording",
        "The old cannery becomes a library.",
        "Plans for the old cannery",
        "The trustees of the old cannery spoke to some sixty neighbours in the sail loft.",
        "The trustees plan to turn the old cannery into a public library with a reading garden.",
        "They showed drawings of the long roof.",
        (
            "Several neighbours asked where the gulls would nest, and were promised a ledge.",
            "The brick chimney stays, since it is listed, and so does the clock.",
            "A fund collects money for the shelves.",
        ),
        cause=Cause.ALTERED,
        grade="wording",
        state="altered",
        because="The trustees intend to turn the old cannery into a public library with a reading garden.",
        edit=(("The trustees plan to turn", "The trustees intend to turn"),),
    ),
    Case(
        "gone",
        "The lighthouse keeper counted a colony of seals.",
        "Notes from the lighthouse",
        "Once a month the keeper of the lighthouse writes down what passes under her window.",
        "On the north skerry she counted a colony of ninety grey seals with their pups.",
        "A trawler without lights went by at four.",
        (
            "The lamp was cleaned twice, and the third pane on the weather side has a crack.",
            "Two parcels came by helicopter, one of them with a cheese for the whole crew.",
            "She will be relieved after the equinox.",
        ),
        cause=Cause.GONE,
        state="gone",
        edit=(("On the north skerry she counted a colony of ninety grey seals with their pups. ", ""),),
    ),
    Case(
        "page-gone",
        "The harbour pilots want a second cutter.",
        "What the pilots asked for",
        "The guild of pilots sent a letter to the harbour office at the start of the year.",
        "The guild asks for a second cutter, because the first one is in the dock a third of the time.",
        "The harbour office has not answered.",
        (
            "Pilots board large ships off the outer buoy, in any weather that lets them climb.",
            "Their cutter was built in a yard that has since closed.",
            "The guild has twenty-six members.",
        ),
        cause=Cause.PAGE_GONE,
        state="page_gone",
        status=410,
    ),
    Case(
        "disowned",
        "Half of the oyster beds were lost.",
        "A hard season for oysters",
        "The growers of the bay met at the quay to compare their ledgers.",
        "A parasite destroyed half of the oyster beds in the inner bay.",
        "Prices at the fish market rose within a week.",
        (
            "Some growers moved their baskets to deeper water and lost fewer of them.",
            "A laboratory inland is looking at forty samples of mud.",
            "The feast of the bay will be held all the same.",
        ),
        cause=Cause.DISOWNED,
        state="disowned",
        because="This is incorrect.",
        edit=(("inner bay. Prices", "inner bay. This is incorrect. Prices"),),
    ),
    Case(
        "reattributed",
        "The salt works will close in spring.",
        "The salt works and its neighbours",
        "The owners of the salt works opened the gates for a day, as every autumn.",
        "The salt works will close in spring and its pans will be flooded.",
        "Some forty people work there at harvest.",
        (
            "Visitors could rake a pan themselves and take a bag of grey salt home.",
            "Flamingos were first seen on the outer pans some years ago.",
            "The railway that once served the works is a footpath now.",
        ),
        cause=Cause.REATTRIBUTED,
        state="reattributed",
        because="According to a leaflet of an angling club:",
        edit=(("<p>The salt works", "<p>According to a leaflet of an angling club: The salt works"),),
    ),
    Case(
        "requalified",
        "The tram line reaches the hospital.",
        "The tram and the hill",
        "The transport board showed a map of the hill with a thick red line on it.",
        "The new tram line reaches the hospital in seven minutes.",
        "Buses take twice as long in the evening.",
        (
            "The steepest street will get a handrail and a row of plane trees.",
            "A model of the tram stands in the lobby of the board and may be touched.",
            "Questions can be left in a box beside it.",
        ),
        cause=Cause.REQUALIFIED,
        state="requalified",
        because="If the second tender is accepted, this will be true in four years:",
        edit=(
            (
                "<p>The new tram line",
                "<p>If the second tender is accepted, this will be true in four years: The new tram line",
            ),
        ),
    ),
    Case(
        "cosmetic",
        "The Harbour Board runs two dredgers.",
        "Mud and money",
        "The yearly accounts of the port were read out to an almost empty room.",
        "The Harbour Board runs two dredgers and rents a third one in the winter.",
        "Mud is taken out beyond the bar.",
        (
            "The largest item of the accounts is fuel, and the second largest is rope.",
            "A silver model of the first dredger was sold at auction.",
            "The accounts can be read at the desk of the port office.",
        ),
        state="intact",
        grade="cosmetic",
        edit=(("The Harbour Board runs two dredgers", "The harbour board runs two dredgers"),),
    ),
    Case(
        "moved",
        "The swing bridge opens six times a day.",
        "The swing bridge and its clock",
        "The master of the swing bridge keeps a book in which each opening is written.",
        "The swing bridge opens six times a day between dawn and dusk.",
        "Its motor hums like a bee.",
        (
            "Carters used to wait in the inn beside it, which is a bakery today.",
            "The bridge was painted green after a vote, and the rail in a darker green.",
            "Children may turn the old hand crank on the first Sunday of the month.",
        ),
        state="intact",
        edit=(
            ("The swing bridge opens six times a day between dawn and dusk. ", ""),
            (
                "first Sunday of the month.</p>",
                "first Sunday of the month. The swing bridge opens six times a day between dawn and dusk.</p>",
            ),
        ),
    ),
    Case(
        "wall",
        "The glass works recycles every bottle of the island.",
        "Glass from the island",
        "A barge brings the bottles of the island to the glass works on the mainland.",
        "The glass works melts every bottle that the island throws away.",
        "Green glass becomes insulators.",
        (
            "The barge returns with sand, and with the post if the packet boat is late.",
            "A furnace burns for nine years before it is rebuilt.",
            "Shards that come ashore are collected by schools.",
        ),
        state="unverifiable",
        status=403,
    ),
    Case(
        "innocent",
        "The observatory opens on clear Fridays.",
        "Stars above the fish market",
        "The observatory on the roof of the fish market belongs to a club of amateurs.",
        "The observatory opens its dome to everybody on clear Fridays.",
        "The smell of the market is part of it.",
        (
            "Its mirror was ground in a cellar over two winters.",
            "Members have found a comet, and lost it again to a colleague in the south.",
            "A lift for wheelchairs is being built.",
        ),
        state="intact",
        edit=(
            ("A lift for wheelchairs is being built.", "The lift for wheelchairs was opened with a brass band."),
        ),
    ),
)  # fmt: skip
BY_SLUG = {each.slug: each for each in CASES}
RAISED = tuple(each for each in CASES if each.cause)


@dataclass
class Site:
    """The pages as they are served now, and what was sent when. `hook` keeps what came to the webhook."""

    hook: Receiver
    now: dict[str, tuple[int, str, bool]] = field(default_factory=dict)
    read: dict[str, list[datetime]] = field(default_factory=dict)
    """When a page was sent, by slug."""
    stood: dict[str, datetime] = field(default_factory=dict)
    """When a page was sent last with the quote in its place, by slug: nobody can have seen it there later."""
    edited_at: dict[str, datetime] = field(default_factory=dict)

    def url(self, slug: str) -> str:
        return self.hook.url(f"/{slug}")

    def edit(self, case: Case) -> None:
        """Serve the page as edited from now on."""
        self.edited_at[case.slug] = datetime.now(UTC)
        self.now[f"/{case.slug}"] = (case.status, case.edited, case.stands)

    def times_read(self, slug: str, *, since: datetime) -> int:
        return sum(at > since for at in self.read.get(slug, ()))


@contextmanager
def serving() -> Iterator[Site]:
    """One server on loopback for pages (GET) and webhook (POST)."""
    site = Site(Receiver(0))
    for case in CASES:
        site.now[f"/{case.slug}"] = (200, case.html, True)

    class Pages(Handler):
        receiver = site.hook

        def do_GET(self) -> None:
            status, text, stands = site.now.get(self.path, (404, "nothing here", False))
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", CONTENT)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            sent, slug = datetime.now(UTC), self.path[1:]
            site.read.setdefault(slug, []).append(sent)
            if stands:
                site.stood[slug] = sent

    server = ThreadingHTTPServer((site.hook.host, 0), Pages)
    server.daemon_threads = True
    site.hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
