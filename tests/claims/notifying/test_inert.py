"""Other people's words in mails and chats: nothing that a program acts on."""

import re

import pytest

from claims.notifying.inert import LONGEST, inert

HOSTILE = [
    "<!channel> <!here> <!everyone> <@U0123> <#C0123|x>",
    "@everyone @here @channel <@&123> <@!123>",
    "[click](https://evil.example/) ![x](https://evil.example/p.png)",
    "https://evil.example/a http://evil.example www.evil.example evil.example",
    "HTTPS://EVIL.EXAMPLE javascript:alert(1) data:text/html,x mailto:a@evil.example tel:123 slack://x",
    "<https://evil.example|our desk> <script>alert(1)</script> <img src=x onerror=alert(1)>",
    "*bold* _it_ ~s~ `code` ```block``` ||spoiler|| > quote # heading ~channel #channel",
    "a\r\nBcc: eve@evil.example\r\n\r\nbody",
    "\u202eevil\u2066 \u200bhid\u200dden\ufeff \x00\x1b[31m \ud800",
    "<at>Ada</at> &lt;!channel&gt; &#64;everyone",
    "https:\u200b//evil.example h\u0074tps://evil.example",
    "xn--80ak6aa92e.com аррӏе.com 例え.jp evil。example",
]
# What the programs act on: mentions, markup, addresses of any kind.
ACTS = re.compile(
    r"[@#<>&`*_~|\[\]\\\r\n\x00-\x1f]|//|\w:\w|(?<=\w)\.(?=[^\W\d_])|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_acts(text: str) -> None:
    assert not ACTS.search(inert(text)), inert(text)


def test_plain_words_stay_as_they_are() -> None:
    for text in (
        "412 bridges need repair, 3.5 % more.",
        "Über 1.000 Brücken – „kaputt“!",
        "عدد الجسور 412",
        "At 10:30?",
    ):
        assert inert(text) == text.replace("10:30", "10∶30")


def test_long_words_are_cut() -> None:
    assert len(inert("word " * 1000)) <= LONGEST
    assert inert("x" * 500).endswith("…")
    assert inert("") == inert("\u200b \n") == ""
