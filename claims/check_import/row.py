"""What a row of a list export says of an item. Pure."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from claims.check_import.columns import Columns

LONGEST_STATUS, LONGEST_ID, LONGEST_TAG = 100, 500, 80
MOST_TAGS = 50
_URL = re.compile(r"https?://[^\s,;|\"<>]+", re.IGNORECASE)
# What spreadsheets and careful exports put before a cell so that it is no formula.
_FORMULA = re.compile(r"^'(?=[=+\-@\t\r])")
_KEPT = (
    *("claim", "title", "summary", "rating", "language", "media_text"),
    *("report_status", "created_by", "submitted_at", "posted_at", "published_at", "media", "workspace", "updated_at"),
)


def item_of(cells: Sequence[str], where: Columns) -> dict[str, Any]:
    """The item's `external_id`, `status` and `words`: texts by meaning, `tags`, `link`, `article`, `annotations`."""
    told = {meaning: _FORMULA.sub("", cells[place]) for meaning, place in where.places.items() if place < len(cells)}
    status = told.get("status") or told.get("rating") or ""
    words: dict[str, Any] = {meaning: told[meaning] for meaning in _KEPT if told.get(meaning)}
    words["tags"] = tags_of(told.get("tags", ""))
    words["link"] = _first_url(told.get("link", ""))
    words["article"] = _first_url(told.get("article", ""))
    words["item"] = _first_url(told.get("item", ""))
    words["annotations"] = [
        [label, answer]
        for place, label in where.annotations.items()
        if place < len(cells) and (answer := _FORMULA.sub("", cells[place]))
    ]
    return {"external_id": _id(told, words), "status": status[:LONGEST_STATUS], "words": words}


def claim_text(words: dict[str, Any]) -> str:
    """What the item claims: its claim, else its title; empty if it has neither."""
    return " ".join((words.get("claim") or words.get("title") or "").split())


def tags_of(cell: str) -> list[str]:
    """The tags of a cell, which Check separates by commas, each once, without a hash sign."""
    found: dict[str, str] = {}
    for tag in re.split(r"[,;|\n]", cell):
        name = " ".join(tag.strip().lstrip("#").split())[:LONGEST_TAG]
        if name:
            found.setdefault(name.casefold(), name)
    return list(found.values())[:MOST_TAGS]


def _first_url(cell: str) -> str:
    found = _URL.search(cell)
    return found[0] if found else ""


def _id(told: dict[str, str], words: dict[str, Any]) -> str:
    """By what Check names the item: its page, its number, its article; else a hash of its words."""
    if address := words["item"]:
        return str(address)[:LONGEST_ID]
    if number := told.get("id"):
        return f"fact-check {number}"[:LONGEST_ID]
    if address := words["article"]:
        return str(address)[:LONGEST_ID]
    said = "\n".join((told.get("claim", ""), told.get("title", ""), told.get("summary", "")))
    return f"words {hashlib.sha256(said.encode()).hexdigest()}"
