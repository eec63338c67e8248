"""Decode the bytes of a feed: XML parsers know few charsets, and feeds state wrong ones.

Pure: no network, no database, no files.
"""

import re

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"))
_WITHOUT_MARK = ((b"<\0", "utf-16-le"), (b"{\0", "utf-16-le"), (b"\0<", "utf-16-be"), (b"\0{", "utf-16-be"))
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']\s{0,9}([\w.:-]{1,40})", re.I | re.ASCII)
# The supersets that publishers write under these names, as in the WHATWG encoding standard.
_SUPERSETS = {
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_TOLERATED = 0.05
"""The share of the characters beyond ASCII that may be damaged before another charset is tried."""


def decode(body: bytes, charset: str | None = None) -> str:
    """Decode a feed. `charset` is that of the Content-Type header. U+FFFD replaces what cannot be decoded.

    A byte order mark decides. Otherwise the first charset that fits the bytes is used: UTF-8, that of the XML
    declaration, that of the header, and the likeliest by the bytes.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    for start, encoding in _WITHOUT_MARK:
        if body.startswith(start):
            return body.decode(encoding, errors="replace")
    found = _DECLARED.search(body[:2_000])
    stated = [name for label in (found[1].decode() if found else "", charset or "") if (name := _codec(label))]
    if not (b"\x1b" in body and "iso2022_jp" in stated):  # bytes of ISO-2022-JP are valid UTF-8, too
        try:
            return body.decode()
        except UnicodeDecodeError:
            pass
    least_damaged = ""
    for encoding in dict.fromkeys(
        [*(stated or ["utf-8"]), "utf-8", _codec(detect_encoding(body, max_len=65_536) or "")]
    ):
        text = body.decode(encoding or "cp1252", errors="replace")
        if text.count("\ufffd") <= _TOLERATED * (len(text) - len(text.encode("ascii", errors="ignore"))):
            return text
        if not least_damaged or text.count("\ufffd") < least_damaged.count("\ufffd"):
            least_damaged = text
    return least_damaged


def _codec(label: str) -> str:
    """Return Python's name of the charset that browsers use for a label, or an empty string for an unknown one."""
    name = (map_encoding_to_html5(label, fallback_utf8=False) or "") if label else ""
    # A feed that states UTF-16 in ASCII is not in UTF-16.
    return "" if name.startswith("utf-16") else _SUPERSETS.get(name, name)
