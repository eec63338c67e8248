"""Entries of made-up claims for the tests of matching."""

from datetime import date
from typing import Any

from claims.matching.types import ClaimEntry


def entry(number: int, text: str, language: str = "en", **fields: Any) -> ClaimEntry:
    """An entry with the id `clm_<number>`."""
    return ClaimEntry(id=f"clm_{number:016d}", sequence=number, text=text, language=language, **fields)


def claim_id(number: int) -> str:
    """The id of the entry with this number."""
    return f"clm_{number:016d}"


DAM = entry(1, "The Orrin dam lost a third of its water in 2019.", titles=("No, the reservoir is not empty",))
FERRY = entry(2, "The ferry to Halland island will be scrapped.", place="Halland", organisations=("org_a",))
BEES = entry(3, "Mobile phone masts are killing the bees of Tarnow.", speakers=("Ines Okafor",), topics=("bees",))
SCHOOL = entry(4, "Les écoles de Merville ont été fermées pendant un mois.", "fr", organisations=("org_b",))
BRIDGE = entry(5, "Die Brücke über die Lenne wurde ohne Prüfung gesperrt.", "de-AT", topics=("roads",))
CHINESE = entry(6, "市政府关闭了所有图书馆。", "zh")
ARABIC = entry(7, "أغلقت المدارس في مدينة النور لمدة شهر.", "ar")
HINDI = entry(8, "नगर के सभी पुस्तकालय बंद कर दिए गए हैं।", "hi")
KOREAN = entry(9, "시장이 도서관을 모두 폐쇄했다.", "ko")
TWIN = entry(10, "the ferry to Halland Island will be scrapped", titles=("Ferry stays",), organisations=("org_b",))
RENTS_2020 = entry(11, "Rents in Tarnow rose by nine percent.", period_start=date(2020, 1, 1), place="Tarnow")
RENTS_2021 = entry(12, "Rents in Tarnow rose by nine percent.", period_start=date(2021, 1, 1), place="Tarnow")
ALL = (DAM, FERRY, BEES, SCHOOL, BRIDGE, CHINESE, ARABIC, HINDI, KOREAN, TWIN, RENTS_2020, RENTS_2021)

HOSTILE = (
    "",
    " \n\t ",
    "x" * 10_000,
    "dam " * 5_000,
    "\x00dam\x00 water",
    "\ud800 dam \udfff",
    "\u202edam\u202c \u200fwater\u200e",
    'text:dam AND (water OR "third) [2019 TO *] ~2^9 /.*/ \\',
    '+-&&||!(){}[]^"~*?:\\/<>=',
    "-" * 3_000,
    '"' * 3_000,
    "or or or OR | -",
    "(" * 2_000 + "dam" + ")" * 2_000,
    "a\u0301" * 5_000,
    "\u0e33" * 3_000,
    "水" * 10_000,
    " ".join(f"word{number}" for number in range(5_000)),
    "9" * 5_000,
    "1,1." * 2_500,
    "😀" * 2_000,
    "\ufdfa" * 500,
    "%_'; DROP TABLE claims; --",
    "<script>alert(1)</script>",
    "http://" + "a" * 9_000,
)
"""Texts that must get an answer like any other."""
