"""Tell whether a PDF page without text is really blank, or whether pdfium failed to decompress its content.

pdfium silently returns an empty page if it cannot decompress the content. Therefore the page is saved as a PDF of its
own, in pdfium's plain form, and the beginning of its content stream is inspected here.
"""

import io
import re
import zlib
from typing import Any

MAX_INSPECTED = 100_000  # bytes of content, decompressed; a blank page has some dozens
_OBJECT = re.compile(rb"(?:^|[\r\n])(\d+) 0 obj\b")
_CONTENTS = re.compile(rb"/Contents\s*(?:(\d+) 0 R|\[([^\]]*)\])")
_STREAM = re.compile(rb"\bstream\r?\n")
_LENGTH = re.compile(rb"/Length\s+(\d+)")
_FILTER = re.compile(rb"/Filter\s*(?:/(\w+)|\[([^\]]*)\])")
_DRAWING_OPERATOR = re.compile(rb"(?:^|[\s\])>])(?:T[jJ]|Do|['\"])(?:\s|$)")  # ISO 32000-1, tables 87, 109


def is_blank(document: Any, number: int) -> bool:
    """Return False if the page's content draws text, or cannot be inspected."""
    import pypdfium2  # type: ignore[import-untyped]  # as in sources/extraction/readers/pdf.py

    alone = pypdfium2.PdfDocument.new()
    try:
        alone.import_pages(document, [number])
        written = io.BytesIO()
        alone.save(written)
    except pypdfium2.PdfiumError:
        return False
    finally:
        alone.close()
    objects = _objects(written.getvalue())
    for each in objects.values():
        head = _STREAM.split(each, maxsplit=1)[0]
        if re.search(rb"/Type\s*/Page\b", head) and (named := _CONTENTS.search(head)):
            numbers = [int(named[1])] if named[1] else [int(n) for n in re.findall(rb"(\d+) 0 R", named[2])]
            # An array of contents may be an indirect object itself.
            lists = [objects.get(n, b"") for n in numbers]
            numbers += [int(n) for each in lists if not _STREAM.search(each) for n in re.findall(rb"(\d+) 0 R", each)]
            return not any(_draws(objects.get(n, b"")) for n in numbers)
    return True


def _objects(data: bytes) -> dict[int, bytes]:
    """Return the objects of a plain PDF by number; stream bytes that resemble an object are harmless."""
    objects: dict[int, bytes] = {}
    starts = list(_OBJECT.finditer(data))
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        objects.setdefault(int(start[1]), data[start.end() : following.start() if following else len(data)])
    return objects


def _draws(each: bytes) -> bool:
    """Whether a content stream may draw text or a form."""
    head, *rest = _STREAM.split(each, maxsplit=1)
    length = _LENGTH.search(head)
    if not rest or length is None:
        return False
    content = rest[0][: int(length[1])]
    if filters := _FILTER.search(head):
        for name in [filters[1]] if filters[1] else re.findall(rb"/(\w+)", filters[2]):
            if name not in {b"FlateDecode", b"Fl"}:
                return len(content) > 64  # another compression may hide anything
            decompressor = zlib.decompressobj()
            try:
                content = decompressor.decompress(content, MAX_INSPECTED)
            except zlib.error:
                return True
            if len(content) < MAX_INSPECTED and not decompressor.eof:
                return True  # cut short
    return len(content) >= MAX_INSPECTED or _DRAWING_OPERATOR.search(content) is not None
