"""Lists as Check exports them: columns, order and separators of meedan/check-api, items invented."""

import csv
import io
from collections.abc import Sequence
from typing import BinaryIO

HEADER = [
    *("Claim", "Item page URL", "Status", "Created by", "Submitted at", "Social Media Posted at"),
    *("Report Published at", "Number of media", "Tags"),
]
FACT_CHECKS = ["ID", "Title", "Summary", "URL", "Language", "Report Status", "Imported?"]
FEED = ["Fact-check title", "Fact-check summary", "Fact-check URL", "Tags", "Workspace", "Updated at", "Rating"]


def item(
    number: int, claim: str = "", *, status: str = "False", tags: str = "", answers: Sequence[str] = ()
) -> list[str]:
    """A row of a list of items."""
    return [
        claim or f"The ministry counted {number} bridges in need of repair.",
        f"https://checkmedia.org/desk/media/{number}",
        status,
        "Ada Editor",
        "2024-03-01 09:12:00",
        "",
        "2024-03-02 10:00:00" if status != "Unstarted" else "",
        "3",
        tags,
        *answers,
    ]


def file(rows: Sequence[Sequence[str]], *, encoding: str = "utf-8", delimiter: str = ",") -> BinaryIO:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def items(*rows: Sequence[str], labels: Sequence[str] = ()) -> BinaryIO:
    return file([[*HEADER, *labels], *rows])
