"""Whether what a server sent with status 200 is the page at all: outcomes decided from its text and its shape.

Walls, log-in forms, error pages and half-loaded pages are served as if they were the page. Taken for it, they
would say that every quote is gone. Nothing is decided by a word alone, since pages write about captchas and
about pages that were not found: a phrase counts where there is little running text and something else says so
too, such as a challenge's machinery, the title, or that nothing is left of the text read last.

Pure: no network, no database.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from sources.changes.wall_phrases import CONSENT, CONSENT_BUTTON, LOGIN, NOT_FOUND, PAYWALL, REFERENCE, WALL, WALL_TITLE
from sources.extraction.full_text import PageText
from sources.outcome import Outcome
from sources.quotes.normalization import CONTINUOUS


@dataclass(frozen=True)
class Judgement:
    """An outcome, and a sentence for people why; empty when all is well."""

    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True)
class LastText:
    """The text read last, fetched only if it is needed: its length is enough for most pages."""

    length: int = 0
    read: Callable[[], str] = str


_FINE = Judgement(Outcome.OK)
_MUCH_PROSE = 1_500  # characters of running text, above which no page is a wall
_SHRUNK_TO = 10  # a tenth
_SHRUNK_FROM = 2_000  # characters; shorter pages come down to a tenth by an ordinary edit


def judge(
    body: bytes, seen: PageText, *, asked: str = "", final_url: str = "", last: LastText | None = None
) -> Judgement:
    """Decide what a body and the text extracted from it are.

    `asked` is where the page was read from last, else its URL, and `final_url` where redirects led now. Only `ok`
    says anything about the text.
    """
    if seen.limited:
        return Judgement(Outcome.PARSE_LIMITED, "The page is too large or too nested to read whole.")
    if _is_feed(body):
        return _FINE  # no wall looks like one, and feeds run empty and shrink by their nature
    text = seen.text.strip()
    page = _Page(body[:300_000], text, seen.title, last or LastText())
    led = _of_redirect(asked, final_url, page)
    if led is not None:
        return led
    elsewhere = _elsewhere(asked, final_url, page)
    if page.prose < _MUCH_PROSE:
        for question in (_wall, _not_found, _login, _consent, _paywall):
            answer = question(page)
            if answer is not None:
                return answer
    if elsewhere is not None:
        return elsewhere
    if not text:
        return Judgement(Outcome.EMPTY, "The page holds no text.")
    if page.last.length >= _SHRUNK_FROM and len(text) * _SHRUNK_TO <= page.last.length:
        return Judgement(
            Outcome.SHRUNK,
            f"Only {len(text):,} of {page.last.length:,} characters were there; the page may not have loaded whole.",
        )
    return _FINE


def moved_to(asked: str, final_url: str) -> str:
    """The address that redirects led to, if it is another host or path; else empty.

    From http to https, with or without `www.` and with or without the last slash is the same address.
    """
    return final_url if asked and final_url and _address(asked) != _address(final_url) else ""


def _is_feed(body: bytes) -> bool:
    """Whether these are the bytes of RSS, Atom, a sitemap or its index, a JSON Feed, or of one of them compressed."""
    if body.startswith(b"\x1f\x8b\x08"):
        return True
    head = body[:2_000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")  # of UTF-16 enough is left
    if head.startswith(b"{"):
        return _JSON_FEED.search(head) is not None
    while head.startswith((b"<?", b"<!--")):
        _, found, head = head.partition(b"?>" if head.startswith(b"<?") else b"-->")
        head = head.lstrip() if found else b""
    return _FEED.match(head) is not None


class _Page:
    """What the questions are asked of."""

    def __init__(self, body: bytes, text: str, title: str, last: LastText) -> None:
        self.body, self.text, self.last = body, text, last
        self.length = len(text)
        self.prose = _prose(text)
        self.title = title

    @cached_property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    @cached_property
    def headings(self) -> list[str]:
        """The title, whole and in the parts that sites make it of."""
        return [_plain(part) for part in [self.title, *re.split(r"\s[|–—·»:-]\s|\|", self.title)]]

    @cached_property
    def h1(self) -> list[str]:
        # Looking for the tag first is far quicker than the pattern, which most pages match nowhere.
        places = _places(self.body.lower(), b"<h1", most=5)
        matches = (_H1.match(self.body, place) for place in places)
        found = (_MARK_UP.sub(" ", each[1].decode("utf-8", errors="replace")) for each in matches if each)
        return [_plain(words) for words in found]

    def says(self, phrases: re.Pattern[str]) -> bool:
        return phrases.search(self.text) is not None

    def titled(self, phrases: re.Pattern[str]) -> bool:
        return any(phrases.fullmatch(part) for part in self.headings)

    def headed(self, phrases: re.Pattern[str]) -> bool:
        return any(phrases.fullmatch(part) for part in self.h1)

    def lined(self, phrases: re.Pattern[str]) -> bool:
        """Whether a line is nothing but one of the phrases."""
        return any(len(line) < 120 and phrases.fullmatch(_plain(line)) for line in self.lines)

    def offers(self, phrases: re.Pattern[str]) -> bool:
        """Whether a button, which the text does not hold, is labelled with one of the phrases."""
        labels = (_MARK_UP.sub(" ", found.decode("utf-8", errors="replace")) for found in _BUTTON.findall(self.body))
        return any(phrases.fullmatch(_plain(label)) for label in labels)

    def has(self, shape: re.Pattern[bytes]) -> bool:
        return shape.search(self.body) is not None

    @cached_property
    def kept(self) -> float:
        """The share of the text read last, by its longer lines, that still stands. 1 if none was read."""
        before = [line.strip() for line in self.last.read().splitlines()] if self.last.length else []
        longest = sorted((line for line in before if line), key=len, reverse=True)[:200]
        now = set(self.lines)
        total = sum(map(len, longest))
        return sum(len(line) for line in longest if line in now) / total if total else 1.0

    @property
    def replaced(self) -> bool:
        """Whether (almost) nothing is left of the text read last."""
        return self.last.length > 0 and self.kept < 0.1


def _of_redirect(asked: str, final_url: str, page: _Page) -> Judgement | None:
    if not moved_to(asked, final_url):
        return None
    to, was = urlsplit(final_url), urlsplit(asked)
    if _LOGIN_PATH.search(_place(final_url)) and not _LOGIN_PATH.search(_place(asked)) and page.prose < _MUCH_PROSE:
        return Judgement(Outcome.BLOCKED, f"The address leads to a log-in page ({to.hostname}).")
    if _CONSENT_PATH.search(_place(final_url)) and not _CONSENT_PATH.search(_place(asked)):
        return Judgement(Outcome.BLOCKED, f"The address leads to a page that asks for consent ({to.hostname}).")
    if (
        not to.query
        and _HOME.fullmatch(to.path)
        and not (_HOME.fullmatch(was.path) or _INDEX.search(was.path))
        and _site(was.hostname) == _site(to.hostname)
        and (page.last.length == 0 or page.kept < 0.5)
    ):
        return Judgement(
            Outcome.SOFT_404,
            "The address leads to the site's home page now; if that is the page you mean, attach that.",
        )
    return None


def _elsewhere(asked: str, final_url: str, page: _Page) -> Judgement | None:
    """Another address is no matter while the page is the same. What stands on another page says nothing of this one."""
    if page.last.length and moved_to(asked, final_url) and page.kept < 0.5:
        return Judgement(
            Outcome.REDIRECTED,
            f"The address leads to another page now ({final_url[:300]}); if it is the same, accept it.",
        )
    return None


def _wall(page: _Page) -> Judgement | None:
    if page.length > 4_000:
        return None
    asks = page.says(WALL)
    named = page.titled(WALL_TITLE) or page.headed(WALL_TITLE)
    if (
        (page.has(_CHALLENGE) and page.length < 1_500 and (asks or named or page.length < 300 or page.replaced))
        or (asks and (page.has(_CAPTCHA) or page.says(REFERENCE) or named or page.replaced))
        or (named and (page.says(REFERENCE) or page.has(_CAPTCHA) or page.replaced))
    ):
        return Judgement(Outcome.BLOCKED, "The site asks visitors to prove they are human.")
    return None


def _not_found(page: _Page) -> Judgement | None:
    titled, headed = page.titled(NOT_FOUND), page.headed(NOT_FOUND)
    if (
        (titled and (headed or page.length < 3_000) and page.prose < 1_000)
        or (headed and page.length < 3_000 and page.prose < 600)
        or ((titled or headed or page.lined(NOT_FOUND)) and page.replaced)
    ) and not (page.last.length and page.kept > 0.5):
        return Judgement(Outcome.SOFT_404, "The site says that it has no such page, though with status 200.")
    return None


def _login(page: _Page) -> Judgement | None:
    if page.length > 3_000 or not page.has(_PASSWORD):
        return None
    if (page.titled(LOGIN) or page.headed(LOGIN) or page.replaced) and not (page.last.length and page.kept > 0.5):
        return Judgement(Outcome.BLOCKED, "The site shows a log-in form in place of the page.")
    return None


def _consent(page: _Page) -> Judgement | None:
    if page.length > 4_000 or not page.says(CONSENT) or not (page.offers(CONSENT_BUTTON) or page.lined(CONSENT_BUTTON)):
        return None
    rest = sum(
        len(line) for line in page.lines if not CONSENT.search(line) and not CONSENT_BUTTON.fullmatch(_plain(line))
    )
    if rest < 200 or page.replaced:
        return Judgement(Outcome.BLOCKED, "The site shows a question about cookies in place of the page.")
    return None


def _paywall(page: _Page) -> Judgement | None:
    if page.length > 10_000 or not page.says(PAYWALL):
        return None
    cut = page.last.length > 0 and page.kept < 0.5 and page.length < page.last.length
    if (page.has(_NOT_FREE) and (page.last.length == 0 or cut)) or (cut and page.length * 2 < page.last.length):
        return Judgement(Outcome.PAYWALL, "The site shows the page to subscribers alone.")
    return None


# Machinery of the common bot managers' challenges. Their scripts on ordinary pages have other names.
_CHALLENGE = re.compile(
    rb"_cf_chl_opt|cdn-cgi/challenge-platform/h/|captcha-delivery\.com|id=[\"']?px-captcha|captcha\.px-|_pxCaptcha"
    rb"|_Incapsula_Resource\?[CS]WUDNSAI|incident_id=|/_sec/cp_challenge|sec-if-cpt|bm-verify|gokuProps|sgcaptcha"
    rb"|ddos-guard/js|/\.within\.website/x/|anubis_challenge|KPSDK|/TSPD/|\bbobcmn\b|validate\.perfdrive",
    re.I,
)
_CAPTCHA = re.compile(
    rb"challenges\.cloudflare\.com/turnstile|cf-turnstile|g-recaptcha|recaptcha/(?:api|enterprise)|h-captcha"
    rb"|hcaptcha\.com|frc-captcha|<(?:form|img|input|div|iframe)\b[^>]{0,300}captcha|cdn-cgi/challenge-platform",
    re.I,
)
_FEED = re.compile(rb"<(?:\w{1,20}:)?(?:rss|rdf|feed|urlset|sitemapindex)[\s>]", re.I)
_JSON_FEED = re.compile(rb"""\"version\"\s*:\s*\"https:(?:\\?/){2}jsonfeed\.org(?:\\?/)version""")
_PASSWORD = re.compile(rb"""<input\b[^>]{0,500}\btype\s*=\s*["']?password""", re.I)
_NOT_FREE = re.compile(rb"""["']isAccessibleForFree["']\s*:\s*["']?(?:false|http://schema\.org/False)""", re.I)
_H1 = re.compile(rb"<h1\b[^>]{0,1000}>(.{0,400}?)</h1>", re.I | re.S)
_BUTTON = re.compile(rb"<button\b[^>]{0,1000}>(.{0,300}?)</button", re.I | re.S)
_MARK_UP = re.compile(r"<[^>]*>|&(?:nbsp|#160);")

_LOGIN_PATH = re.compile(
    r"(?:^|[/._-])(?:log-?in|sign-?in|signon|sso|auth|oauth2?|anmelden|anmeldung|connexion|acceso|entrar|accedi|inloggen)(?:[/._?-]|$)"
)
_CONSENT_PATH = re.compile(
    r"(?:^|[/.])(?:consent|cookie-?consent|cookie-?wall|privacy-?gate|collectconsent|einwilligung)(?:[/._?-]|$)"
)
_HOME = re.compile(r"/?|/(?:[a-z]{2}(?:[-_][a-zA-Z]{2})?|home|index\.\w{3,5}|startseite|accueil|inicio)/?")
_INDEX = re.compile(r"/(?:index|default|home|main)\.\w{3,5}$", re.I)


def _plain(words: str) -> str:
    """In lower case, on one line, without punctuation at the ends."""
    return " ".join(words.casefold().replace("’", "'").split()).strip(" .!?…:;,–—-'\"“”„«»¡¿。！？・()[]")


def _places(body: bytes, tag: bytes, *, most: int) -> list[int]:
    found: list[int] = []
    place = body.find(tag)
    while place >= 0 and len(found) < most:
        found.append(place)
        place = body.find(tag, place + len(tag))
    return found


_DENSE = re.compile(f"[{CONTINUOUS}\uac00-\ud7af]")


def is_running_text(line: str) -> bool:
    """Whether a line is long enough to be prose and no menu, teaser or counter."""
    return len(line) >= 100 or (len(line) >= 40 and _width(line) >= 100)


def _prose(text: str) -> int:
    """Characters in lines of running text; counted no further than need be."""
    found = 0
    for line in text.split("\n"):
        if len(line) >= 40 and is_running_text(line):
            found += len(line)
            if found >= _MUCH_PROSE:
                break
    return found


def _width(line: str) -> float:
    """Length in Latin letters: a word is some five of them, and about two signs where words are signs."""
    return len(line) + (0 if line.isascii() else 1.5 * len(_DENSE.findall(line)))


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}".lower()


def _site(host: str | None) -> str:
    """The last two labels: enough to tell a site's own home page from somebody else's."""
    return ".".join((host or "").split(".")[-2:])


def _address(url: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.rstrip("/"), tuple(parse_qsl(parts.query, keep_blank_values=True))
