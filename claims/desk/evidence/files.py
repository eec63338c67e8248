"""Files that evidence rests on: kept in the snapshot store under their hash, read in the sandbox, never rendered.

The bytes leave the desk only as an attachment for people who may see the file: who uploaded it, and who may see
evidence that names it.
"""

import hashlib
import re
import unicodedata
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Evidence, EvidenceFile, ReviewVersion
from claims.permissions import Refused, User, may_write, require
from claims.reviews.evidence import add_evidence
from claims.visibility import visible
from sources.database.audit import acting
from sources.extraction import sandbox
from sources.extraction.full_text import PageText, UnsupportedMedia
from sources.models import Blob, Text
from sources.polling.snapshot_rows import insert_blobs, insert_texts
from sources.snapshots.default_store import store
from sources.snapshots.store import StorageError

MOST_BYTES = 20_000_000
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")


def attach_file(
    version: ReviewVersion, upload: "UploadedFile[bytes]", *, actor: User, name: str = "", **fields: Any
) -> Evidence:
    """Keep the file and rest the version on it. The same file twice is kept once. Raises `Refused`."""
    require(may_write(actor, version), _("You may not attach evidence to this version; ask its author or an editor."))
    file = keep_file(upload, actor=actor)
    return add_evidence(
        version,
        kind=Evidence.Kind.FILE,
        actor=actor,
        file_name=safe_name(name) if name.strip() else file.name,
        file_sha256=file.sha256,
        **fields,
    )


def keep_file(upload: "UploadedFile[bytes]", *, actor: User) -> EvidenceFile:
    """Store the bytes of an upload, and what the sandbox reads in them. Raises `Refused`."""
    if not upload.size:
        raise Refused(_("The file is empty; choose another one."))
    if upload.size > MOST_BYTES:
        sizes = {"most": MOST_BYTES // 1_000_000, "size": -(-upload.size // 1_000_000)}
        raise Refused(
            _("The file has %(size)d MB, and files of at most %(most)d MB are kept. Save a part of it as a file.")
            % sizes
        )
    data = upload.read()
    sha256 = hashlib.sha256(data).hexdigest()
    known = EvidenceFile.objects.filter(blob=sha256).first()
    if known is not None and _is_stored(sha256):
        return known
    stated = (upload.content_type or "").lower()
    media_type = stated if _TYPE.fullmatch(stated) else ""
    text, why = _read(data, media_type)
    snapshots = store()
    try:
        snapshots.put(data)
        with acting(actor, reason="uploaded a file"), transaction.atomic():
            if insert_blobs([Blob(sha256=sha256, size=len(data), media_type=media_type)]):
                snapshots.put(data)  # a thinning may have removed the file before the row was locked
            if text is not None:
                insert_texts([Text(sha256=text.sha256, text=text.text)])
            file, _created = EvidenceFile.objects.get_or_create(
                blob_id=sha256,
                defaults={
                    "name": safe_name(upload.name or ""),
                    "media_type": media_type,
                    "text_id": text.sha256 if text is not None else None,
                    "unread_because": why[:300],
                    "uploaded_by": actor,
                },
            )
    except StorageError as error:
        raise Refused(_("The file could not be kept: %(why)s") % {"why": error}) from error
    return file


def _is_stored(sha256: str) -> bool:
    try:
        return store().exists(sha256)
    except StorageError as error:
        raise Refused(_("The file could not be kept: %(why)s") % {"why": error}) from error


def _read(data: bytes, media_type: str) -> tuple[PageText | None, str]:
    """The text, and why there is none or not all of it."""
    try:
        text = sandbox.extract(data, media_type)
    except UnsupportedMedia:
        return None, _("There is no text that we can read in a file of this kind.")
    if not text.text.strip():
        why = _("Reading it took too long or too much memory.") if text.limited else _("There is no text in it.")
        return None, why
    return text, _("It was read in part only.") if text.limited else ""


def safe_name(name: str) -> str:
    """The last part of a file name, without control characters; readers may see it."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(each for each in last if unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    return " ".join(kept.split())[:300] or "file"


def file_for(user: User, pk: int) -> EvidenceFile | None:
    """The file, if this person uploaded it or may see evidence that rests on it."""
    file = EvidenceFile.objects.select_related("blob", "text", "uploaded_by").filter(pk=pk).first()
    if file is None:
        return None
    named = Evidence.objects.filter(kind=Evidence.Kind.FILE, file_sha256=file.sha256)
    return file if file.uploaded_by_id == user.pk or visible(named, user).exists() else None
