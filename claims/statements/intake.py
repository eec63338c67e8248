"""Take in what an editor pastes: an address, which is fetched, or a text, which is stored as a document.

take_in ──> a document of ours that it leads to
        ├──> fetched through the guard, or read from the text or the file
        └──> stored with its statements, or the document that holds this text already
"""

import re
from dataclasses import dataclass, field
from datetime import date as Date
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Document
from claims.permissions import User, may_edit, require
from claims.statements import ingest
from claims.statements.document_reader import ParsedDocument, UnreadableDocument
from sources.http import fetcher
from sources.http.defaults import fetch_defaults
from sources.http.url_key import stored_key
from sources.outcome import Outcome

SECONDS = 20.0
"""How long somebody waits for a page."""
LARGEST = 2_000_000
"""Characters or bytes of what is pasted or uploaded."""
_ADDRESS = re.compile(r"https?://\S+|(?:[\w-]{1,63}\.){1,9}[a-z]{2,24}(?:[:/?#]\S*)?", re.IGNORECASE)


class NotFetched(Exception):
    """The page of an address could not be read. The message is a sentence that says what to do."""


class KnownText(Exception):
    """A document holds this text, and something else was told of it. Nothing was saved."""

    def __init__(self, document: Document, differs: list[str], *, has_address: bool) -> None:
        super().__init__(", ".join(differs))
        self.document = document
        self.differs = differs
        self.has_address = has_address


@dataclass(frozen=True)
class Upload:
    """A file as the browser sent it."""

    content: bytes
    name: str = ""
    media_type: str = ""


@dataclass(frozen=True)
class Told:
    """What an editor says of a document; what is empty is read from it."""

    title: str = ""
    publisher: str = ""
    date: Date | None = None
    language: str = ""
    url: str = ""
    kind: str = Document.Kind.ARTICLE


@dataclass(frozen=True)
class Taken:
    """The document of what was pasted. `same` are others with the same text."""

    document: Document
    is_new: bool
    same: list[Document] = field(default_factory=list)


def address_in(pasted: str) -> str:
    """The address, if what was pasted is one and nothing else; it gets `https://` if it has no scheme. Else empty."""
    text = pasted.strip()
    if not _ADDRESS.fullmatch(text):
        return ""
    return text if "://" in text else f"https://{text}"


def take_in(
    pasted: str, *, actor: User, told: Told | None = None, upload: Upload | None = None, anew: bool = False
) -> Taken:
    """Store what was pasted or uploaded as a document, or find the one that it is.

    An address that a document has leads to this document; with `anew` it is fetched nevertheless. Raises `Refused`,
    `NotFetched`, `UnreadableDocument`, and `KnownText` where what was told would be lost.
    """
    require(
        may_edit(actor), _("You may not add documents; ask an administrator for the role of a reporter or an editor.")
    )
    told = told or Told()
    address = "" if upload is not None else address_in(pasted)
    if address:
        url = address
        if not anew and (known := document_at(address)) is not None:
            return Taken(known, is_new=False)
        read = _fetched(address)
    elif upload is not None:
        url = told.url
        read = ingest.read(upload.content, media_type=upload.media_type, filename=upload.name, url=url)
    else:
        url = told.url
        if len(pasted) > LARGEST:
            raise UnreadableDocument(_("The text has more than two million characters; cut out the part that matters."))
        read = ingest.read(pasted, media_type="text/plain")
    return _store(read, told, url, actor)


def document_at(address: str) -> Document | None:
    """The document of this address, the latest if there are several."""
    key = stored_key(address)
    rows = Document.objects.defer("text").order_by("-pk")
    return (rows.filter(url_key=key).first() if key else None) or rows.filter(url=address[:2000]).first()


def _fetched(address: str) -> ParsedDocument:
    options: dict[str, Any] = fetch_defaults()
    options["total_deadline"] = min(options["total_deadline"], SECONDS)
    result = fetcher.fetch(address, **options)
    if result.outcome != Outcome.OK or result.body is None:
        why = result.detail.rstrip(".") or _("the site answered %(status)s") % {"status": result.status}
        raise NotFetched(
            _("The page could not be read: %(why)s. Open it yourself and paste its text here.") % {"why": why}
        )
    try:
        return ingest.read(result.body, media_type=result.media_type, charset=result.charset, url=address)
    except UnreadableDocument as error:
        raise NotFetched(_("%(why)s Or open the page yourself and paste its text here.") % {"why": error}) from error


def _store(read: ParsedDocument, told: Told, url: str, actor: User) -> Taken:
    said: dict[str, Any] = {"title": told.title, "publisher": told.publisher, "date": told.date}
    existing = ingest.find_stored(read, url=url, **said)
    if existing is not None and (differs := ingest.told_otherwise(existing, **said)):
        raise KnownText(existing, differs, has_address=bool(url))
    language = ingest.language_for(read, told.language)
    document = ingest.store(
        read,
        ingest.extract_at_once(read.text, language),
        kind=told.kind,
        **said,
        language=language,
        url=url,
        actor=actor,
    )
    same = Document.objects.filter(text_sha256=document.text_sha256).exclude(pk=document.pk).defer("text")
    return Taken(document, is_new=existing is None, same=list(same.order_by("pk")[:3]))
