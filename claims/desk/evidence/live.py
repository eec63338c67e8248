"""The address of a live page that scrolls to a quote, for browsers that know text fragments."""

from urllib.parse import quote as percent_encoded

_LONG = 150  # characters from which only the beginning and the end of the quote are named
_WORDS = 6


def live_url(url: str, exact: str) -> str:
    """The page's address with the quote as a text fragment; empty unless it is one of the web (https://wicg.github.io/scroll-to-text-fragment/)."""
    words = exact.split()
    if not url.startswith(("http://", "https://")):
        return ""
    if not words:
        return url
    if len(exact) > _LONG and len(words) > 2 * _WORDS:
        text = f"{_encoded(words[:_WORDS])},{_encoded(words[-_WORDS:])}"
    else:
        text = _encoded(words)
    return f"{url}{'' if '#' in url else '#'}:~:text={text}"


def _encoded(words: list[str]) -> str:
    # A hyphen, a comma and an ampersand have a meaning of their own there.
    return percent_encoded(" ".join(words), safe="").replace("-", "%2D")
