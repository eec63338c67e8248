"""Make other people's words harmless for mail programs and chats: no mention, no markup, no link. Pure.

Every sign that such a program could act on is replaced by one that looks alike and means nothing. Nothing invisible is
put in.
"""

import re
import unicodedata

LONGEST = 200
_LOOKALIKES = str.maketrans(
    {
        "@": "＠",
        "#": "＃",
        "<": "‹",
        ">": "›",
        "&": "＆",
        "`": "ˋ",
        "*": "∗",
        "_": "＿",
        "~": "∼",
        "|": "∣",
        "[": "［",
        "]": "］",
        "\\": "＼",
    }
)
# What programs make a link of: an address, a name of a host, and the schemes that need no slashes.
_SCHEME = re.compile(r"(?<=\w):(?=//|\w)|(?<=\w):(?=\s*//)")
_HOST_DOT = re.compile(r"(?<=\w)\.(?=[^\W\d_])")


def inert(text: str, longest: int = LONGEST) -> str:
    """The text on one line, cut to `longest` characters, with nothing that a mail program or a chat acts on."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    visible = "".join(each for each in plain if unicodedata.category(each) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
    if len(visible) > longest:
        visible = visible[: longest - 1].rstrip() + "…"
    visible = visible.translate(_LOOKALIKES).replace("//", "⁄⁄")
    return _HOST_DOT.sub("․", _SCHEME.sub("∶", visible))
