"""Edit the demo's own site by its form, as a visitor does: break the sentence that a review quotes, or restore it."""

import html
import http.client
import re
from contextlib import closing
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from claims.models import Evidence
from claims.permissions import Refused
from factcheck.demo.pages import PAGES, SitePage

_NO_ANSWER = "The demo's site does not answer; start it with `manage.py up`."
_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_SECONDS = 5


def page_of(quote: Evidence) -> SitePage | None:
    """The page of the demo's site that is quoted; None for any other page."""
    parts = urlsplit(quote.page.url if quote.page else "")
    return PAGES.get(parts.path) if parts.netloc == settings.FETCH_ALLOWED_LOOPBACK else None


def break_quote(page: SitePage) -> None:
    """Alter the figure of the quoted sentence on the page. Raises `Refused` if the site does not answer."""
    quoted = next(sentence for sentence in page.sentences() if sentence.quoted)
    _post("edit", page, {quoted.id: altered(quoted.text)})


def restore(page: SitePage) -> None:
    """Show the page as it was first. Raises `Refused` if the site does not answer."""
    _post("restore", page, {})


def altered(sentence: str) -> str:
    """The sentence with another first figure, or with another beginning if it has none."""
    figure = re.search(r"\d[\d,]*", sentence)
    if figure is None:
        return f"It was said that {sentence[0].lower()}{sentence[1:]}"
    digits = str(int(figure[0].replace(",", "")) + 11)
    return sentence[: figure.start()] + f"{int(digits):,}" + sentence[figure.end() :]


def _post(verb: str, page: SitePage, fields: dict[str, str]) -> None:
    try:
        with closing(http.client.HTTPConnection(settings.FETCH_ALLOWED_LOOPBACK, timeout=_SECONDS)) as site:
            site.request("GET", f"/edit{page.path}")
            token = _TOKEN.search(site.getresponse().read().decode())
            form = urlencode({**fields, "token": html.unescape(token[1]) if token else ""})
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            site.request("POST", f"/{verb}{page.path}", form, headers)
            status = site.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Refused(_NO_ANSWER) from error
    if status != http.client.SEE_OTHER:
        raise Refused(f"The demo's site refused the edit with HTTP {status}; restart `manage.py up`.")
