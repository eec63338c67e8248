"""Generate synthetic web pages of many sites, each in a first version and in later ones that differ by noise.

The seed determines everything. At the second visit a page differs by its kind:

    same      identical bytes; half of these pages respond 304 to the ETag they sent
    hidden    bytes differ (nonces, tokens, times in scripts, build numbers), the visible text does not
    visible   visible text differs without meaning: date line, counters, lists of other articles, advertisement
    edited    the watched sentence is altered or removed, amid the same noise
    wall      a challenge, a log-in form or a cookie prompt replaces the page, with status 200 or 403

A page consists of its site's style, menus, scripts and footer around an article of 8 to 40 paragraphs, teasers and
comments. One page in twenty is small and plain, and one in sixteen has 300 KB or more. With `--pages-from` a page is an
HTML file of that folder, into which the same noise is inserted.
"""

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import prose
import walls

PORT = 8080
# Percent of the pages; the others are hidden. Page monitors report the visible noise as changes.
SHARES = {"edited": 2.0, "wall": 5.0, "visible": 39.25, "same": 20.0}
EVERYWHERE = ("date", "views", "read", "ad", "visitor")
VISIBLE = (*EVERYWHERE, "more", "comments")  # a small page lacks these two
CONDITIONAL = 2  # one in this many unchanged pages sends an ETag
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True)
class NoisyPage:
    """One page: its address, its kind of change, and the sentence to watch."""

    number: int
    url: str
    kind: str
    detail: str  # way of editing, or kind of wall
    watched: str
    etag: str
    base: str = ""

    @property
    def host(self) -> int:
        return int(self.url.split(".")[2])


class Web:
    """`pages` pages on `hosts` hosts, generated or, in rotation, from the HTML files in `folder`."""

    def __init__(
        self,
        pages: int,
        hosts: int,
        *,
        seed: int = 1,
        folder: Path | None = None,
        shares: Mapping[str, float] = SHARES,
    ) -> None:
        self.seed = seed
        self.files = sorted(folder.rglob("*.html")) if folder else []
        if folder:
            self.files = [file for file in self.files if _sentences(_read(file))]
            if not self.files:
                raise SystemExit(f"No *.html below {folder} has a plain-text paragraph with a sentence to watch.")
        rng = Random(f"{seed} kinds")
        kinds = [kind for kind, share in shares.items() for _ in range(round(pages * share / 100))]
        kinds = kinds[:pages] + ["hidden"] * (pages - len(kinds))
        rng.shuffle(kinds)
        self.pages = []
        seen: dict[str, int] = {}
        for number, kind in enumerate(kinds):
            turn = seen[kind] = seen.get(kind, -1) + 1
            detail = {"edited": prose.WAYS, "wall": walls.TURNS}.get(kind, ("",))
            file = self.files[number % len(self.files)] if self.files else None
            self.pages.append(
                NoisyPage(
                    number,
                    f"http://11.0.{number % hosts + 1}.1:{PORT}/{_slug(self._rng(number, 'slug'))}-{number}.html",
                    kind,
                    detail[turn % len(detail)],
                    _sentence_of(file, self._rng(number, "sentence")) if file else self._fact(number).before,
                    f'"{number:x}-{seed:x}"' if kind == "same" and turn % CONDITIONAL == 0 else "",
                    str(file or ""),
                )
            )

    def html(self, page: NoisyPage, visit: int) -> tuple[int, str]:
        """Return status and HTML of the page at the first (1) or second (2) visit; later ones have other noise."""
        if visit >= 2 and page.kind == "wall":
            return walls.wall(page.detail, self._rng(page.number, "wall"), self._tongue(page.number))
        moved: set[str] = set()
        if visit >= 2 and page.kind != "same":
            moved = {"hidden"}
        if visit >= 2 and page.kind in {"visible", "edited"}:
            rng = self._rng(page.number, "moved")
            moved |= set(rng.sample(VISIBLE, rng.randint(0, 3)))
            if page.kind == "visible":
                moved.add(rng.choice(EVERYWHERE))

        def slot(name: str) -> Random:
            turned = name in moved or (name.startswith("hidden") and "hidden" in moved)
            return self._rng(page.number, f"{name} {visit if turned else 1}")

        edit = page.detail if visit >= 2 and page.kind == "edited" else ""
        if page.base:
            return 200, self._from_file(page, slot, edit)
        return 200, self._generated(page, slot, edit)

    def _rng(self, number: int, what: str) -> Random:
        return Random(f"{self.seed} {number} {what}")

    def _tongue(self, number: int) -> prose.Tongue:
        return prose.TONGUES[number % len(prose.TONGUES)]

    def _fact(self, number: int) -> prose.Watched:
        return prose.watched(self._rng(number, "fact"), self._tongue(number))

    def _generated(self, page: NoisyPage, slot: Callable[[str], Random], edit: str) -> str:
        rng, tongue = self._rng(page.number, "page"), self._tongue(page.number)
        fact = self._fact(page.number)
        size = rng.random()
        small, large = size < 0.05, size > 0.94
        paragraphs = [prose.paragraph(rng, tongue) for _ in range(rng.randint(8, 40))]
        place = rng.randrange(len(paragraphs))
        halves = [prose.paragraph(rng, tongue, 1, 2), prose.paragraph(rng, tongue, 1, 2)]
        paragraphs[place] = " ".join(part for part in (halves[0], fact.after.get(edit, fact.before), halves[1]) if part)
        headline = prose.title(rng, tongue)
        noise = {name: _NOISE[name](slot(name), tongue) for name in VISIBLE}
        article = _article(rng, tongue, headline, paragraphs, noise["date"], noise["views"], plain=small)
        secret = slot("hidden")
        token = "".join(secret.choices(_LETTERS, k=40))
        if small:
            return (
                f'<!DOCTYPE html>\n<html lang="{tongue.code}"><head><meta charset="utf-8"><title>{_e(headline)}</title>'
                f'<meta name="csrf-token" content="{token}"></head>\n<body>\n{article}\n{noise["ad"]}{noise["read"]}'
                f"{noise['visitor']}\n<!-- build {secret.randrange(10**9)} -->\n</body></html>\n"
            )
        site = _site(self.seed, page.host, tongue.code)
        comments = "".join(_comment(rng, tongue) for _ in range(rng.randint(0, 25)))
        state = _state(rng, secret, 300_000 if large else rng.randint(4_000, 30_000))
        teasers = "".join(_teaser(rng, tongue) for _ in range(rng.randint(6, 24)))
        return "\n".join(
            (
                f'<!DOCTYPE html>\n<html lang="{tongue.code}" class="no-js">\n<head>\n<meta charset="utf-8">',
                f"<title>{_e(headline)} – {site.name}</title>",
                f'<meta name="description" content="{_e(paragraphs[0][:150])}">',
                f'<meta property="og:title" content="{_e(headline)}"><meta name="csrf-token" content="{token}">',
                f'<link rel="canonical" href="{page.url}">{site.links}<style>{site.css}</style>',
                f'<script nonce="{token[:16]}">window.__CONFIG__={{"requestId":"{token[8:30]}","renderedAt":'
                f"{1_700_000_000_000 + secret.randrange(10**10)}}};{site.script}</script>",
                f'<script type="application/ld+json">{_linked_data(headline, paragraphs[0], page.url)}</script>',
                f'</head>\n<body class="page page--article">\n{site.sprite}\n{site.header}',
                f'<div class="layout"><main id="main" class="layout__main">\n{noise["ad"]}\n{article}',
                f'<section class="comments" id="comments"><h2>{tongue.labels["comments"]}</h2>{noise["comments"]}'
                f"{comments}</section>\n</main>",
                f'<aside class="layout__side">{noise["read"]}{noise["more"]}</aside></div>',
                f'<section class="teasers"><h2>{tongue.labels["section"]}</h2>{teasers}</section>',
                f'{site.footer}\n{noise["visitor"]}\n<script nonce="{token[:16]}">window.__STATE__={state};</script>',
                f'<img src="/pixel.gif?r={secret.randrange(10**12)}" width="1" height="1" alt="">',
                f"<!-- rendered by node-{secret.randrange(40)} build {token[:12]} in {secret.randrange(900)} ms -->",
                "</body>\n</html>\n",
            )
        )

    def _from_file(self, page: NoisyPage, slot: Callable[[str], Random], edit: str) -> str:
        text = _read(Path(page.base))
        if edit:
            text = text.replace(page.watched, _edited(page.watched, edit, self._rng(page.number, "edit")), 1)
        tongue, secret = prose.ENGLISH, slot("hidden")
        token = "".join(secret.choices(_LETTERS, k=40))
        noise = {name: _NOISE[name](slot(name), tongue) for name in VISIBLE}
        head = f'<meta name="csrf-token" content="{token}"><script nonce="{token[:16]}">window.r="{token}"</script>'
        above = f'<div class="meta-line">{noise["date"]} {noise["views"]}</div>{noise["ad"]}'
        below = (
            f"{noise['comments']}{noise['read']}{noise['more']}{noise['visitor']}<!-- build {token[:12]} "
            f"page {page.number} -->"
        )
        for tag, put in ((_HEAD, head), (_BODY, above)):
            text = tag.sub(lambda found, put=put: found[0] + put, text, count=1)  # type: ignore[misc]
        before, closing, after = text.rpartition("</body>")
        return f"{before}{below}{closing}{after}" if closing else text + below


# --- parts of a page


@dataclass(frozen=True)
class _Site:
    name: str
    links: str
    css: str
    script: str
    sprite: str
    header: str
    footer: str


@cache
def _site(seed: int, host: int, code: str) -> _Site:
    """Generate the parts that all pages of a site share."""
    rng = Random(f"{seed} site {host}")
    tongue = next(tongue for tongue in prose.TONGUES if tongue.code == code)
    name = f"{rng.choice(prose.PLACES)} {rng.choice(('Post', 'Times', 'Kurier', 'Agency', 'Observer'))}"
    colours = [f"#{rng.randrange(16**6):06x}" for _ in range(20)]
    css = "".join(
        f".{_slug(rng)}{rng.choice(('', ':hover', '__title', '--wide', ' > a', '::before'))}{{color:"
        f"{rng.choice(colours)};margin:{rng.randrange(40)}px {rng.randrange(40)}px;font:{rng.choice((400, 700))} "
        f"{rng.randrange(11, 40)}px/1.4 var(--text-{rng.randrange(6)})}}"
        for _ in range(rng.randint(80, 260))
    )
    script = "".join(
        f"function {_word(rng)}({_word(rng)},t){{var n={rng.randrange(10**6)};if(t<n&&window.{_word(rng)}){{return "
        f't*n+{rng.randrange(999)}}}document.querySelectorAll(".{_slug(rng)}").forEach(function(e){{e.dataset.'
        f'{_word(rng)}="{_word(rng)}"}})}}\n'
        for _ in range(rng.randint(60, 180))
    )
    sprite = '<svg xmlns="http://www.w3.org/2000/svg" style="display:none">' + "".join(
        f'<symbol id="i-{_word(rng)}" viewBox="0 0 24 24"><path d="M{rng.randrange(24)} {rng.randrange(24)}'
        + "".join(f"l{rng.uniform(-9, 9):.2f} {rng.uniform(-9, 9):.2f}" for _ in range(rng.randint(8, 30)))
        + 'z"/></symbol>'
        for _ in range(rng.randint(14, 40))
    )
    menu = "".join(
        f'<li class="nav__item nav__item--level-{rng.randint(1, 3)}"><a class="nav__link" href="/{_slug(rng)}/" '
        f'data-track="nav:{number}">{_e(rng.choice(prose.PLACES))} {_e(rng.choice(tongue.things).split()[-1])}</a></li>'
        for number in range(rng.randint(40, 130))
    )
    foot = "".join(
        f'<li><a class="footer__link" href="/{_slug(rng)}" rel="nofollow">{_e(rng.choice(tongue.who))}</a></li>'
        for _ in range(rng.randint(20, 60))
    )
    said = tongue.labels
    links = "".join(
        f'<link rel="preload" as="font" href="/a/{_slug(rng)}.woff2"><link rel="stylesheet" href="/a/{_slug(rng)}.css">'
        for _ in range(6)
    )
    return _Site(
        name,
        links,
        css,
        script,
        sprite + "</svg>",
        f'<header class="head"><a class="skip" href="#main">{said["menu"]}</a><a href="/" class="logo">{name}</a>'
        f'<form action="/search" role="search"><input name="q" aria-label="{said["search"]}"><button>{said["search"]}'
        f'</button></form><nav class="nav" aria-label="{said["menu"]}"><ul class="nav__list">{menu}</ul></nav>'
        "</header>",
        f'<footer class="footer"><p>{said["newsletter"]}</p><ul>{foot}</ul><p><a href="/imprint">{said["imprint"]}</a> '
        f'<a href="/privacy">{said["privacy"]}</a> <a href="/contact">{said["contact"]}</a> © {name}</p></footer>',
    )


def _article(
    rng: Random, tongue: prose.Tongue, headline: str, paragraphs: Sequence[str], date: str, views: str, *, plain: bool
) -> str:
    parts = [f'<article class="article"><h1 class="article__title">{_e(headline)}</h1>']
    parts.append(f'<p class="article__meta"><span class="author">{prose.name(rng)}</span> {date} {views}</p>')
    for number, words in enumerate(paragraphs):
        if number and number % 6 == 0:
            parts.append(f"<h2>{_e(prose.title(rng, tongue))}</h2>")
        marked = _e(words)
        if rng.random() < 0.3:
            marked = marked.replace(tongue.things[0], f'<a href="/{_slug(rng)}.html">{_e(tongue.things[0])}</a>', 1)
        parts.append(f'<p class="article__text">{marked}</p>')
        if not plain and rng.random() < 0.12:
            parts.append(_figure(rng, tongue))
    return "\n".join([*parts, "</article>"])


def _figure(rng: Random, tongue: prose.Tongue) -> str:
    image = f"/media/{_slug(rng)}"
    sizes = ", ".join(f"{image}-{width}.webp {width}w" for width in (320, 480, 640, 960, 1280, 1920))
    return (
        f'<figure class="figure"><picture><source type="image/webp" srcset="{sizes}"><img loading="lazy" src="{image}'
        f'-640.jpg" width="640" height="360" alt="{_e(prose.title(rng, tongue))}"></picture></figure>'
    )


def _teaser(rng: Random, tongue: prose.Tongue) -> str:
    return (
        f'<div class="teaser teaser--{rng.choice(("small", "wide", "opinion"))}" data-id="{rng.randrange(10**8)}">'
        f'{_figure(rng, tongue)}<h3 class="teaser__title"><a href="/{_slug(rng)}.html">{_e(prose.title(rng, tongue))}'
        f'</a></h3><p class="teaser__text">{_e(prose.sentence(rng, tongue))}</p></div>'
    )


def _comment(rng: Random, tongue: prose.Tongue) -> str:
    return (
        f'<div class="comment" id="c{rng.randrange(10**7)}"><b class="comment__author">{prose.name(rng)}</b>'
        f'<time datetime="2025-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}">{prose.date(rng, tongue)}</time>'
        f'<p>{_e(prose.paragraph(rng, tongue, 1, 3))}</p><button class="comment__reply">{tongue.labels["reply"]}'
        "</button></div>"
    )


def _state(rng: Random, secret: Random, size: int) -> str:
    """Generate the state that a front-end framework embeds in a page; ids and times are new at each visit."""
    rows = [
        {
            "id": rng.randrange(10**9),
            "slug": _slug(rng),
            "flags": [rng.random() < 0.5 for _ in range(4)],
            "image": {"src": f"/media/{_slug(rng)}.jpg", "w": rng.randrange(2_000), "h": rng.randrange(2_000)},
            "score": round(rng.random(), 6),
        }
        for _ in range(size // 160)
    ]
    fresh = {"session": "".join(secret.choices(_LETTERS, k=32)), "now": 1_700_000_000 + secret.randrange(10**7)}
    return json.dumps({**fresh, "entities": rows}, separators=(",", ":"))


def _linked_data(headline: str, description: str, url: str) -> str:
    return json.dumps(
        {"@context": "https://schema.org", "@type": "NewsArticle", "headline": headline, "url": url,
         "description": description[:150]}
    )  # fmt: skip


# --- visible noise: each part has its own random generator, which differs once the part changes


def _list(label: str, css: str) -> Callable[[Random, prose.Tongue], str]:
    def made(rng: Random, tongue: prose.Tongue) -> str:
        items = "".join(
            f'<li><a href="/{_slug(rng)}.html">{_e(prose.title(rng, tongue))}</a></li>'
            for _ in range(rng.randint(4, 8))
        )
        return f'<div class="{css}"><h3>{tongue.labels[label]}</h3><ol>{items}</ol></div>'

    return made


_NOISE: dict[str, Callable[[Random, prose.Tongue], str]] = {
    "date": lambda rng, tongue: (
        f'<time class="updated">{tongue.labels["updated"]}: {prose.date(rng, tongue)}, '
        f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}</time>"
    ),
    "views": lambda rng, tongue: f'<span class="views">{rng.randrange(100, 99_999)} {tongue.labels["views"]}</span>',
    "read": _list("read", "most-read"),
    "more": _list("more", "related"),
    "ad": lambda rng, tongue: (
        f'<div class="ad" id="ad-{rng.randrange(999)}"><small>{tongue.labels["ad"]}</small> '
        f"{_e(prose.title(rng, tongue))} – {rng.randrange(5, 99)}.99</div>"
    ),
    "visitor": lambda rng, tongue: f'<p class="counter">{tongue.labels["visitor"]} {rng.randrange(10**6)}.</p>',
    "comments": lambda rng, tongue: (
        f'<p class="comments__count">{rng.randrange(999)} {tongue.labels["comments"]}, '
        f"{rng.randrange(2, 59)} {tongue.labels['minutes']}</p>"
    ),
}


# --- pages from HTML files

_HEAD = re.compile(r"<head\b[^>]*>", re.I)
_BODY = re.compile(r"<body\b[^>]*>", re.I)
_PLAIN = re.compile(r"<p(?:\s[^>]*)?>([^<>&]{80,1500})</p>", re.I)
_ENDS = re.compile(r"(?<=[.!?])\s+")


@cache
def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _sentences(text: str) -> list[str]:
    """Return the sentences fit to watch: whole, in a paragraph without markup, and unique on the page."""
    found = [words for part in _PLAIN.findall(text) for words in _ENDS.split(part.strip()) if 50 <= len(words) <= 300]
    return [words for words in found if "\n" not in words and text.count(words) == 1]


def _sentence_of(file: Path, rng: Random) -> str:
    return rng.choice(_sentences(_read(file)))


def _edited(sentence: str, way: str, rng: Random) -> str:
    """Edit a sentence of an HTML file: remove it, change a digit, or replace a word, by `way`."""
    if way == "removed":
        return ""
    digits = list(re.finditer(r"\d", sentence))
    if way in {"number", "date"} and digits:
        at = rng.choice(digits).start()
        return f"{sentence[:at]}{(int(sentence[at]) + rng.randint(1, 9)) % 10}{sentence[at + 1 :]}"
    words = sentence.split(" ")
    at = rng.randrange(1, len(words) - 1)
    words[at] = "not" if way == "negation" else rng.choice(prose.LAST)
    return " ".join(words)


def _e(words: str) -> str:
    return html.escape(words, quote=True)


def _word(rng: Random) -> str:
    return rng.choice("bcdfghklmnprstvw") + "".join(
        rng.choice("aeiou") + rng.choice("bcdfglmnprstv") for _ in range(rng.randint(1, 3))
    )


def _slug(rng: Random) -> str:
    return "-".join(_word(rng) for _ in range(rng.randint(2, 4)))
