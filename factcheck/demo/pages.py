"""The texts and the HTML of the demo site. Pure functions: no state, no network.

A page consists of paragraphs of sentences. A sentence that a published demo review quotes is marked, so that visitors
know which one to break.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

SITE = "Public Notices Office"
NOISE_EVERY = 30  # seconds, a divisor of 60
LABEL = "Demo site – not a real publisher"
STYLE_PATH = "/style.css"


@dataclass(frozen=True)
class Sentence:
    id: str
    text: str
    quoted: bool = False


@dataclass(frozen=True)
class SitePage:
    """A page. `path` starts with a slash. A noisy page has an advertisement and a time that change."""

    path: str
    title: str
    paragraphs: tuple[tuple[Sentence, ...], ...]
    noisy: bool = False

    def sentences(self) -> Iterator[Sentence]:
        for paragraph in self.paragraphs:
            yield from paragraph


NOTICE = SitePage(
    "/notices/internet-police",
    "Notice: internet police open public accounts",
    (
        (
            Sentence(
                "start",
                "As of June 1, units of the internet police run public accounts in 50 localities.",
                quoted=True,
            ),
            Sentence("networks", "The accounts are found on Weibo and WeChat."),
        ),
        (
            Sentence("duty", "The units are on duty 24 hours a day, seven days a week."),
            Sentence("warning", "Small offences are answered with a warning."),
        ),
        (Sentence("later", "Other places follow when the trial has ended."),),
    ),
)
FIGURES = SitePage(
    "/figures/january-to-may",
    "Figures: January to May",
    (
        (
            Sentence(
                "removed",
                "Between January and May, 758,000 pieces of illegal information were removed.",
                quoted=True,
            ),
            Sentence("cases", "Over these months the police dealt with more than 70,000 cases of cyber crime."),
        ),
        (
            Sentence("rounded", "All figures are rounded to thousands."),
            Sentence("final", "They are final when the yearly report appears."),
        ),
    ),
)
BULLETIN = SitePage(
    "/bulletin",
    "Bulletin of the day",
    (
        (
            Sentence(
                "list",
                "Small places take part too: the list reaches from Beijing and Shanghai to Bijie in Guizhou.",
                quoted=True,
            ),
            Sentence("tips", "Tips from the public can be sent to any of the accounts."),
        ),
        (Sentence("children", "A campaign against content that harms children runs at the same time."),),
    ),
    noisy=True,
)
ABOUT = SitePage(
    "/about",
    "About this office",
    (
        (
            Sentence("what", "This office publishes notices and figures on one page each."),
            Sentence("how", "A page is brought up to date in place, without a list of its earlier states."),
        ),
        (Sentence("hours", "The reading room is open on working days from nine to five."),),
    ),
)
PAGES = {page.path: page for page in (NOTICE, FIGURES, BULLETIN, ABOUT)}


@dataclass(frozen=True)
class SelfEdit:
    """The one edit that the site makes by itself."""

    page: SitePage
    sentence: str
    before: str
    after: str


SELF_EDIT = SelfEdit(FIGURES, "removed", "758,000", "785,000")

_ADVERTISEMENTS = (
    "Library: borrow ten books at a time, for six weeks.",
    "Swimming pool: early lanes from six in the morning.",
    "Market: fresh vegetables on the square every Saturday.",
    "Theatre: tickets at half price an hour before the play.",
    "Bicycle repair: bring it on Monday, ride it on Wednesday.",
    "Evening school: twelve languages, small classes.",
    "Museum: free entry on the first Sunday of the month.",
)
_MOST_READ = (
    "Road works on the ring road",
    "New opening hours of the registry",
    "Water prices explained",
    "How to report a broken street lamp",
)

STYLE = Path(__file__).with_name("style.css").read_text()


def front_page() -> str:
    items = "".join(f'<li><a href="{page.path}">{escape(page.title)}</a></li>' for page in PAGES.values())
    return _document(SITE, f"<h1>Notices and figures</h1><ul>{items}</ul>")


def page(shown: SitePage, texts: Mapping[str, str], *, modified: datetime, turn: datetime) -> str:
    """The page with these texts by sentence id. Only a noisy page uses `turn` (see `turn_of_noise`)."""
    body = [f"<article><h1>{escape(shown.title)}</h1>"]
    for paragraph in shown.paragraphs:
        text = " ".join(escape(texts[sentence.id]) for sentence in paragraph if texts[sentence.id])
        body.append(f"<p>{text}</p>")
    body.append("</article>")
    if shown.noisy:
        body.append(_noise(turn))
    body.append(
        f'<form action="/edit{shown.path}" method="get"><button>Edit this page now</button></form>'
        f"<p><small>Last edited {modified:%d %B %Y, %H:%M:%S} UTC.</small></p>"
    )
    return _document(shown.title, "\n".join(body))


def edit_form(shown: SitePage, texts: Mapping[str, str], *, token: str) -> str:
    fields = []
    for sentence in shown.sentences():
        mark = "<b>A published verdict rests on this sentence.</b>" if sentence.quoted else "Not quoted anywhere."
        fields.append(
            f'<label for="{sentence.id}">{mark}</label>'
            f'<textarea id="{sentence.id}" name="{sentence.id}" rows="2" maxlength="1000">'
            f"\n{escape(texts[sentence.id])}</textarea>"
        )
    hidden = f'<input type="hidden" name="token" value="{escape(token)}">'
    return _document(
        f"Edit: {shown.title}",
        f"<h1>Edit: {escape(shown.title)}</h1>"
        "<p>Change a marked sentence, and its claim is flagged for a re-check within half a minute. Change "
        "anything else, and nothing is flagged. An emptied field takes the sentence away.</p>"
        f'<form action="/edit{shown.path}" method="post">{hidden}{"".join(fields)}'
        '<div class="buttons"><button>Save</button>'
        f'<button class="plain" formaction="/restore{shown.path}">Restore the page as it was</button>'
        "</div></form>",
    )


def message(title: str, text: str) -> str:
    return _document(title, f"<h1>{escape(title)}</h1><p>{escape(text)}</p>")


def _noise(turn: datetime) -> str:
    number = int(turn.timestamp()) // NOISE_EVERY
    turned = _MOST_READ[number % len(_MOST_READ) :] + _MOST_READ[: number % len(_MOST_READ)]
    read = "".join(f"<li>{escape(line)}</li>" for line in turned)
    # A time without a date: the texts repeat after a day and do not fill the snapshot store.
    return (
        f"<aside><p>Advertisement. {escape(_ADVERTISEMENTS[number % len(_ADVERTISEMENTS)])}</p>"
        f"<p>Most read:</p><ol>{read}</ol><p>This page was made at {turn:%H:%M:%S} UTC.</p></aside>"
    )


def turn_of_noise(at: datetime, every: int = NOISE_EVERY) -> datetime:
    """When a noisy page last changed by itself, `every` so many seconds."""
    return at - timedelta(seconds=at.second % every, microseconds=at.microsecond)


def _document(title: str, body: str) -> str:
    links = " ".join(f'<a href="{shown.path}">{escape(shown.title.split(":")[0])}</a>' for shown in PAGES.values())
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} – {SITE} (demo)</title><link rel="stylesheet" href="{STYLE_PATH}"></head>\n'
        f'<body><p class="label">{LABEL}</p><header><p>{SITE}</p></header>'
        f'<nav><a href="/">Home</a> {links}</nav>\n<main>\n{body}\n</main>\n'
        f"<footer><p>{SITE} is part of a demo and publishes nothing. What it says is retold "
        "from one news story, and it changes a figure by itself.</p></footer></body></html>\n"
    )
