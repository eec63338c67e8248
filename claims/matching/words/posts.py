"""What posts hold beside words: addresses of pages go, and hashtags and handles are parted into words."""

import re

_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|t\.co/)\S{1,2000}", re.IGNORECASE)
_ONE_ADDRESS = re.compile(
    r"(?:https?://\S+|(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,8}[a-z]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?)", re.IGNORECASE
)
_TAG = re.compile(r"[#@](\w{2,100})")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|_")


def is_address(text: str) -> bool:
    """Whether the text is the address of a page and nothing else, with or without `https://`."""
    return _ONE_ADDRESS.fullmatch(text.strip()) is not None


def without_addresses(text: str) -> str:
    """The text with a space in place of each address."""
    return _ADDRESS.sub(" ", text) if "." in text or "://" in text else text


def with_blank_addresses(text: str) -> str:
    """The text with as many spaces as each address has characters, so that all else keeps its place."""
    return _ADDRESS.sub(lambda match: " " * len(match.group()), text)


def with_parted_tags(text: str) -> str:
    """The text with `#SaveTheBridge2026` as ` Save The Bridge 2026`."""
    if "#" not in text and "@" not in text:
        return text
    return _TAG.sub(lambda tag: " " + _CAPITAL.sub(" ", tag[1]), text)
