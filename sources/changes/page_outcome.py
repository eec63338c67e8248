"""Judge whether a response with status 200 is the page, or a bot wall, log-in form, error page or partial page.

Sites serve all of these with status 200. Mistaken for the page, they would make every quote look gone. No phrase
decides alone, since articles write about captchas and missing pages: it counts only if there is little running text
and another sign agrees, such as a challenge's script, the title, or that nothing is left of the last text. Pages that
no phrase tells are recognised by what they have in the place of the last text (`sources.changes.replacement`).

Pure: no network, no database.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from sources.changes.replacement import EDITED, GONE, MOST, Comparison, PageView
from sources.changes.running_text import count_prose
from sources.changes.wall_phrases import CONSENT, CONSENT_BUTTON, LOGIN, NOT_FOUND, PAYWALL, REFERENCE, WALL, WALL_TITLE
from sources.extraction.full_text import PageText
from sources.http.addresses import same_site
from sources.outcome import Outcome


@dataclass(frozen=True)
class Judgement:
    """An outcome, and a sentence that explains it; empty for `ok`."""

    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True)
class LastText:
    """The last read. Its length, title and language suffice for most pages; `read` loads the text when needed."""

    length: int = 0
    read: Callable[[], str] = str
    title: str = ""
    language: str = ""
    """BCP 47, as the page stated it; empty if it did not."""


_FINE = Judgement(Outcome.OK)
_MUCH_PROSE = 1_500  # characters of running text; a page with more is no wall
_SHRUNK_TO = 10  # a tenth
_SHORTER = 0.7  # of the length before: then the texts are compared


def judge(
    body: bytes,
    page_text: PageText,
    *,
    last_url: str = "",
    final_url: str = "",
    last: LastText | None = None,
    headers: Iterable[tuple[str, str]] = (),
) -> Judgement:
    """Judge a body and the text extracted from it.

    `last_url` is the final URL of the last read, or the page's URL; `final_url` is where redirects led this time;
    `headers` are those of the response. Only `ok` says anything about the text.
    """
    if page_text.limited:
        return Judgement(Outcome.PARSE_LIMITED, "The page is too large or too deeply nested to be read completely.")
    if _is_feed(body):
        return _FINE  # no wall looks like a feed, and feeds become empty and shrink normally
    text = page_text.text.strip()
    page = _Page(body[:300_000], text, page_text.title, page_text.language or "", last or LastText())
    if (judgement := _judge_redirect(last_url, final_url, page)) is not None:
        return judgement
    if page.prose < _MUCH_PROSE:
        for rule in (_wall, _not_found, _login, _consent, _paywall):
            if (judgement := rule(page)) is not None:
                return judgement
    if (judgement := _another_page(last_url, final_url, page)) is not None:
        return judgement
    if not text:
        return Judgement(Outcome.EMPTY, "The page contains no text.")
    return _in_its_place(page, headers) or _FINE


def moved_to(last_url: str, final_url: str) -> str:
    """Return the URL that redirects led to if its host, path or query differs, else an empty string.

    http or https, `www.` and a trailing slash make no difference.
    """
    return final_url if last_url and final_url and _address(last_url) != _address(final_url) else ""


def _is_feed(body: bytes) -> bool:
    """Whether the bytes are RSS, Atom, a sitemap, a sitemap index or a JSON Feed, or compressed."""
    if body.startswith(b"\x1f\x8b\x08"):
        return True
    head = body[:2_000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")  # makes UTF-16 recognisable
    if head.startswith(b"{"):
        return _JSON_FEED.search(head) is not None
    while head.startswith((b"<?", b"<!--")) or _FEED_TYPE.match(head):
        _, found, head = head.partition(b"-->" if head.startswith(b"<!--") else b">")
        head = head.lstrip() if found else b""
    return _FEED.match(head) is not None


class _Page:
    """The features of a page that the rules test."""

    def __init__(self, body: bytes, text: str, title: str, language: str, last: LastText) -> None:
        self.body, self.text, self.last = body, text, last
        self.length = len(text)
        self.prose = count_prose(text, _MUCH_PROSE)
        self.title, self.language = title, language

    @cached_property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    @cached_property
    def headings(self) -> list[str]:
        """The title, and its parts around the separators that sites use."""
        return [_plain(part) for part in [self.title, *re.split(r"\s[|–—·»:-]\s|\|", self.title)]]

    @cached_property
    def h1(self) -> list[str]:
        # Finding the tag first is far faster than the pattern, which most pages never match.
        positions = _positions(self.body.lower(), b"<h1", most=5)
        matches = (_H1.match(self.body, position) for position in positions)
        headings = (_MARK_UP.sub(" ", each[1].decode("utf-8", errors="replace")) for each in matches if each)
        return [_plain(heading) for heading in headings]

    def says(self, phrases: re.Pattern[str]) -> bool:
        return phrases.search(self.text) is not None

    def titled(self, phrases: re.Pattern[str]) -> bool:
        return any(phrases.fullmatch(part) for part in self.headings)

    def headed(self, phrases: re.Pattern[str]) -> bool:
        return any(phrases.fullmatch(part) for part in self.h1)

    def lined(self, phrases: re.Pattern[str]) -> bool:
        """Whether a line consists of one of the phrases."""
        return any(len(line) < 120 and phrases.fullmatch(_plain(line)) for line in self.lines)

    def offers(self, phrases: re.Pattern[str]) -> bool:
        """Whether one of the phrases labels a button; the text contains no buttons."""
        labels = (_MARK_UP.sub(" ", found.decode("utf-8", errors="replace")) for found in _BUTTON.findall(self.body))
        return any(phrases.fullmatch(_plain(label)) for label in labels)

    def has(self, shape: re.Pattern[bytes]) -> bool:
        return shape.search(self.body) is not None

    @cached_property
    def comparison(self) -> Comparison:
        before = PageView(self.last.read() if self.last.length else "", self.last.title, self.last.language)
        return Comparison(before, PageView(self.text, self.title, self.language))

    @cached_property
    def remaining(self) -> float:
        """The share of the last text's longer lines that the page still contains; 1 if there is no last text."""
        before = [line.strip() for line in self.comparison.before.text.splitlines()]
        longest = sorted((line for line in before if line), key=len, reverse=True)[:200]
        now = set(self.lines)
        total = sum(map(len, longest))
        return sum(len(line) for line in longest if line in now) / total if total else 1.0

    @property
    def differs_much(self) -> bool:
        """Whether the last text is worth comparing: the page is short or shorter, or has another title or language."""
        return (
            self.prose < _MUCH_PROSE
            or self.length < _SHORTER * self.last.length
            or bool(self.last.title and self.title != self.last.title)
            or bool(self.last.language and self.language and self.language != self.last.language)
        )

    @property
    def withdrawn(self) -> bool:
        """Whether the page says, as it did not before, that what it held was withdrawn; the reasons may be any."""
        return self.last.length > 0 and self.comparison.withdrawn

    @property
    def replaced(self) -> bool:
        """Whether (almost) nothing is left of the last text, and the page does not say that it was withdrawn."""
        return self.last.length > 0 and self.remaining < 0.1 and not self.withdrawn


def _judge_redirect(last_url: str, final_url: str, page: _Page) -> Judgement | None:
    if not moved_to(last_url, final_url):
        return None
    to, was = urlsplit(final_url), urlsplit(last_url)
    if _LOGIN_PATH.search(_place(final_url)) and not _LOGIN_PATH.search(_place(last_url)) and page.prose < _MUCH_PROSE:
        return Judgement(Outcome.BLOCKED, f"The address leads to a log-in page ({to.hostname}).")
    if _CONSENT_PATH.search(_place(final_url)) and not _CONSENT_PATH.search(_place(last_url)):
        return Judgement(Outcome.BLOCKED, f"The address leads to a page that asks for consent ({to.hostname}).")
    if (
        not to.query
        and _HOME.fullmatch(to.path)
        and not (_HOME.fullmatch(was.path) or _INDEX.search(was.path))
        and same_site(last_url, final_url)
        and (page.last.length == 0 or page.remaining < 0.5)
    ):
        return Judgement(
            Outcome.SOFT_404,
            "The address leads to the site's home page now; if that is the page you mean, attach that.",
        )
    return None


def _another_page(last_url: str, final_url: str, page: _Page) -> Judgement | None:
    """Judge a redirect to a page with other content, which says nothing about this one; another URL alone is fine."""
    if page.last.length and moved_to(last_url, final_url) and page.remaining < 0.5:
        return Judgement(
            Outcome.REDIRECTED,
            f"The address leads to another page now ({final_url[:300]}); if it is the same, accept it.",
        )
    return None


def _in_its_place(page: _Page, headers: Iterable[tuple[str, str]]) -> Judgement | None:
    """Judge by what the page has in the place of the last text."""
    if not page.last.length or not page.differs_much:
        return None
    compared = page.comparison
    if compared.kept >= MOST:
        return None
    if compared.kept < EDITED and compared.other_language:
        return Judgement(Outcome.REPLACED, "The address shows a page in another language or script now.")
    if compared.cut:
        return Judgement(Outcome.PAYWALL, "The site shows only the beginning of the page.")
    if compared.kept >= GONE or compared.shortened:
        return None
    failed = any(name.lower() == "x-cache" and value.lower().startswith("error") for name, value in headers)
    explained = compared.withdrawn or compared.same_subject or compared.other_content or compared.too_little
    if explained and not failed:
        return None
    if page.length * _SHRUNK_TO <= page.last.length:
        return Judgement(
            Outcome.SHRUNK,
            f"Only {page.length:,} of {page.last.length:,} characters remain; the page may not have loaded completely.",
        )
    return Judgement(
        Outcome.REPLACED, "Nothing of the page is left, and what stands there now speaks of something else."
    )


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
    ) and not (page.last.length and page.remaining > 0.5):
        return Judgement(Outcome.SOFT_404, "The site reports a missing page, though with status 200.")
    return None


def _login(page: _Page) -> Judgement | None:
    if page.length > 3_000 or not page.has(_PASSWORD):
        return None
    if (page.titled(LOGIN) or page.headed(LOGIN) or page.replaced) and not (page.last.length and page.remaining > 0.5):
        return Judgement(Outcome.BLOCKED, "The site shows a log-in form instead of the page.")
    return None


def _consent(page: _Page) -> Judgement | None:
    if page.length > 4_000 or not page.says(CONSENT) or not (page.offers(CONSENT_BUTTON) or page.lined(CONSENT_BUTTON)):
        return None
    rest = sum(
        len(line) for line in page.lines if not CONSENT.search(line) and not CONSENT_BUTTON.fullmatch(_plain(line))
    )
    if (rest < 200 and not page.withdrawn) or page.replaced:
        return Judgement(Outcome.BLOCKED, "The site shows a cookie banner instead of the page.")
    return None


def _paywall(page: _Page) -> Judgement | None:
    if page.length > 10_000 or not page.says(PAYWALL):
        return None
    cut = page.last.length > 0 and page.remaining < 0.5 and page.length < page.last.length
    if cut and page.withdrawn:
        return None
    if (page.has(_NOT_FREE) and (page.last.length == 0 or cut)) or (cut and page.length * 2 < page.last.length):
        return Judgement(Outcome.PAYWALL, "The site shows the page to subscribers only.")
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
_FEED_TYPE = re.compile(rb"<!DOCTYPE\s+(?!html)\w", re.I)
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
    """Normalise to lower case and one line, without punctuation at the ends."""
    return " ".join(words.casefold().replace("’", "'").split()).strip(" .!?…:;,–—-'\"“”„«»¡¿。！？・()[]")


def _positions(body: bytes, tag: bytes, *, most: int) -> list[int]:
    positions: list[int] = []
    position = body.find(tag)
    while position >= 0 and len(positions) < most:
        positions.append(position)
        position = body.find(tag, position + len(tag))
    return positions


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}".lower()


def _address(url: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.rstrip("/"), tuple(parse_qsl(parts.query, keep_blank_values=True))
