"""Decode the bytes of a page as browsers do, and better than they do where its charset is stated wrongly.

Labels and decoders are those of the WHATWG encoding standard: `gb2312` is gb18030, `shift_jis` is cp932, `iso-8859-1`
is windows-1252. The labels come from webencodings; Python's own codecs are stricter, so single-byte charsets get the
standard's tables here. Where browsers trust a wrong label and show damaged characters, the reading with the least
damage is taken: a header that changes while the bytes stay the same is no edit of the page.

Pure: no network, no database, no files.
"""

import codecs
import re
from dataclasses import dataclass
from functools import cache

import webencodings  # type: ignore[import-untyped]
from resiliparse.parse.encoding import detect_encoding

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16be"), (b"\xff\xfe", "utf-16le"))
_META = re.compile(rb"""<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([a-zA-Z0-9_:.-]{1,40})""", re.I)
_XML = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([a-zA-Z0-9_:.-]{1,40})""", re.I)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_PRESCAN = 1_024
"""Bytes in which browsers look for a `<meta charset>` before they parse."""
_HEAD = 65_536
"""Bytes in which it is looked for here if the page is not in UTF-8; browsers then parse it anew."""

_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")
_MULTIBYTE = {
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "utf-8": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_TOLERATED = 0.1
"""The share of a page's characters beyond ASCII that may be damaged UTF-8 before another charset is tried."""

_SUSPICIOUS = 0.3
"""The share of a page's bytes beyond ASCII that may look wrong in the only charset that is stated."""


@dataclass(frozen=True)
class Decoded:
    """The text of a page before any mark-up is read, and the WHATWG name of its charset.

    `conflict`: header and page state different charsets, or the bytes are in neither. `bad_bytes`: some bytes are
    invalid in the charset; U+FFFD stands for them.
    """

    text: str
    charset: str
    conflict: bool = False
    bad_bytes: bool = False


def decode(body: bytes, header: str | None = None, *, xml: bool = False) -> Decoded:
    """Decode a page. `header` is the charset of its Content-Type; `xml` says where it may state its own.

    A byte order mark decides. Bytes that are valid UTF-8 are UTF-8, whatever is stated: other texts are not valid in
    it by chance. Otherwise the order is header, page, the likeliest by the bytes.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _result(body[len(mark) :], name, set())
    outside = _name(header) if header else ""
    inside = _stated_inside(body[:_PRESCAN], xml)
    stated = {name for name in (outside, inside) if name}
    if b"\x1b" in body and _ISO_2022_JP.search(body):
        with_escapes = _result(body, "iso-2022-jp", stated)
        if not with_escapes.bad_bytes:
            return with_escapes
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _not_utf_8(body, outside, inside or _stated_inside(body[:_HEAD], xml))
    if stated & _UTF_16 or (not text.isascii() and _is_chance(text, stated)):
        return _result(body, outside or inside, stated)
    return Decoded(text, "utf-8", conflict=_conflict(stated, text))


_UTF_16 = {"utf-16le", "utf-16be"}
_CJK = {"gbk", "gb18030", "big5", "euc-kr", "shift_jis", "euc-jp"}
_FEW = 40  # bytes


def _conflict(stated: set[str], text: str) -> bool:
    return len(stated) > 1 or not (stated <= {"utf-8"} or text.isascii())


def _is_chance(text: str, stated: set[str]) -> bool:
    """Whether a few East Asian characters look like UTF-8 by chance, as 联通 in GBK do: in pairs of bytes."""
    if not stated & _CJK:
        return False
    beyond = [character for character in text if character > "\x7f"] if len(text) < 1_000_000 else []
    return 0 < len(beyond) <= _FEW and max(beyond) < "\u0800"


def _name(label: str) -> str:
    """Return the WHATWG name of a charset by its label; an empty string if browsers know no such charset."""
    encoding = webencodings.lookup(label)
    return "" if encoding is None or encoding.name == "replacement" else str(encoding.name)


def _stated_inside(head: bytes, xml: bool) -> str:
    match = _XML.search(head) if xml else _META.search(_COMMENT.sub(b"", head))
    name = _name(match[1].decode("ascii")) if match else ""
    # A page that states UTF-16 in ASCII is not in UTF-16; x-user-defined is for scripts (WHATWG prescan, last steps).
    return "utf-8" if name in _UTF_16 else "windows-1252" if name == "x-user-defined" else name


def _not_utf_8(body: bytes, outside: str, inside: str) -> Decoded:
    stated = {name for name in (outside, inside) if name}
    nearly = body.decode(errors="replace")
    bad = nearly.count("\ufffd")
    good = len(nearly) - len(nearly.encode("ascii", errors="ignore")) - bad
    if bad <= _TOLERATED * good:
        return Decoded(nearly, "utf-8", _conflict(stated, nearly), bad_bytes=True)
    candidates = [name for name in dict.fromkeys((outside, inside)) if name and name != "utf-8"]
    if len(candidates) == 1 and stated == set(candidates):
        result = _result(body, candidates[0], stated)
        if not result.bad_bytes and _damage(result.text) <= _SUSPICIOUS * (good + bad):
            return result
    guess = detect_encoding(body, max_len=_HEAD) or ""
    candidates += [_name(guess) or "windows-1252", "windows-1252"]
    results = [_result(body, name, stated) for name in dict.fromkeys(candidates) if name != "utf-8"]
    best = min(results, key=lambda result: _damage(result.text))
    return best if _damage(best.text) < bad else Decoded(nearly, "utf-8", _conflict(stated, nearly), bad_bytes=True)


def _result(body: bytes, name: str, stated: set[str]) -> Decoded:
    codec = _MULTIBYTE.get(name)
    if codec is None:
        text = codecs.charmap_decode(body, "strict", _table(name))[0]
        return Decoded(text, name, _differs(name, stated), "\ufffd" in text)
    try:
        return Decoded(body.decode(codec), name, _differs(name, stated))
    except UnicodeDecodeError:
        text = body.decode(codec, errors="replace")
        if codec in _REPAIRED and text.count("\ufffd") <= _MAX_REPAIRS:
            text = body.decode(codec, errors=_REPAIRING)
        return Decoded(text, name, _differs(name, stated), "\ufffd" in text)


def _differs(name: str, stated: set[str]) -> bool:
    return bool(stated - {name})


@cache
def _table(name: str) -> str:
    """Return the 256 characters of a single-byte charset; C1 controls fill the gaps up to 0x9F, as in the standard."""
    characters = [webencodings.decode(bytes([byte]), name)[0] for byte in range(256)]
    return "".join(chr(byte) if each == "\ufffd" and byte < 0xA0 else each for byte, each in enumerate(characters))


_REPAIRED = {"gb18030", "euc_jp"}
_MAX_REPAIRS = 20_000
_REPAIRING = "sources.extraction.charset"


def _repair(error: UnicodeError) -> tuple[str, int]:
    """Decode what browsers decode and Python's codecs do not: the euro sign of gbk, and NEC's row of euc-jp (①, №)."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if error.encoding == "gb18030" and pair[:1] == b"\x80":
        return "€", error.start + 1
    if error.encoding == "euc_jp" and len(pair) == 2 and min(pair) > 0xA0:
        row, cell = pair[0] - 0xA1, pair[1] - 0xA1
        lead = 0x81 + row // 2 + (0x40 if row >= 62 else 0)
        trail = 0x9F + cell if row % 2 else 0x40 + cell + (cell >= 63)
        return bytes([lead, trail]).decode("cp932", errors="replace"), error.start + 2
    return "\ufffd", error.end


codecs.register_error(_REPAIRING, _repair)

# Signs that a text was decoded by a wrong charset: replacement and control characters, three accented Latin letters in
# a row, capitals after small letters of other alphabets, box drawing, and UTF-8 taken for a Latin or Cyrillic charset.
_SIGNS = re.compile(
    "[\ufffd\x80-\x9f\u2500-\u259f]|[À-ÖØ-öø-ÿ]{3,}|[¡-ÿ]{4,}|[а-яёα-ωά-ώ][А-ЯЁΑ-Ω]|[\uff61-\uff9f]{3,}"
)
_MOJIBAKE = re.compile(
    "[ÂÃÄÅÎÏÐÑØÙàáâãäåæç][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]"
    "|[РС][\u0400-\u040f\u0450-\u045fґ°±µ¶·»№‘’‚“”„†‡•…‰‹›€™–—]"
)


def _damage(text: str) -> int:
    head = text[:_HEAD]
    return sum(map(len, _SIGNS.findall(head))) + sum(map(len, _MOJIBAKE.findall(head)))


def is_damaged(words: str) -> bool:
    """Whether these words of a page are damaged, so that nothing can be said about what they were.

    They hold U+FFFD or a control character, or show UTF-8 that was taken for another charset (“BehÃ¶rde”).
    """
    if words.isascii():
        return False
    if any(character == "\ufffd" or "\x80" <= character <= "\x9f" for character in words):
        return True
    signs = sum(len(found) for found in _MOJIBAKE.findall(words))
    beyond = sum(character > "\x7f" for character in words)
    return signs >= 2 and signs * 3 >= beyond * 2
