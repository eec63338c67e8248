"""Tell a source that is more than one speaker ("Moe and Falk") from one whose name or description holds an "and"."""

from __future__ import annotations

import re

from claims.statements.speakers.named import NamedInText
from claims.statements.speakers.vocabulary import Vocabulary, is_given_name
from claims.statements.speakers.words import Word


def several(head: list[Word], segments: list[list[Word]], named: NamedInText, *, capitals: bool) -> bool:
    language = named.language
    joining = language.of("conjunctions")
    if head[0].low in {"neither", "both", "weder", "sowohl", "ni", "tanto"}:
        return True
    at = next(
        (n for n, w in enumerate(head) if n > 0 and w.low in joining and not (w.capital and not capitals)),
        None,
    )
    if at is not None and not _one_name(head, at, named):
        return True
    if re.search(r"\s(?:&|\+)\s", named.text[head[0].start : head[-1].end]) and not any(
        language.is_body(w.text) for w in head
    ):
        known = named.bodies(tuple(w.low for w in head if w.low not in language.of("articles")))
        if not known and _two_persons(head):
            return True
    if len(segments) > 1 and _pure(head, language):
        last = segments[-1]
        for segment in segments[1:]:
            joined = next((n for n, w in enumerate(segment) if w.low in joining), None)
            left = segment[:joined] if joined is not None else segment
            right = segment[joined + 1 :] if joined is not None else []
            if (
                joined is not None
                and segment is last
                and (_pure(left, language) or not left)
                and _pure(right, language)
            ):
                return True
            if len(head) > 1 and _full(segment, language) and segment[0].before == ",":
                return True
    return False


def _two_persons(head: list[Word]) -> bool:
    """Whether full names stand on both sides of "&", as no firm's name has them: `Ida Moe & Tom Falk`."""
    at = next((n for n, w in enumerate(head) if n > 0 and w.before in {"&", "+"}), 0)
    sides = (head[:at], head[at:])
    return all(len(side) > 1 and any(is_given_name(w.low) for w in side[:-1]) for side in sides)


def _one_name(head: list[Word], at: int, named: NamedInText) -> bool:
    """Whether what "and" joins at `at` is one name or description: `Department of Health and Social Care`."""
    language = named.language
    key = tuple(w.low for w in head if w.low not in language.of("articles"))
    linked = language.code == "es" and head[at].low == "y" and at + 1 < len(head) and head[at - 1].capital
    if linked and is_given_name(head[0].low) and not is_given_name(head[at + 1].low) and len(head) > 3:
        return True  # "Santiago Ramón y Cajal"
    if key in named.by_name:
        return True
    left, right = head[:at], head[at + 1 :]
    genitive = any(w.low in language.of("genitives") for w in left[1:])
    body_first = any(language.is_body(w.text) for w in left)
    person_right = bool(right) and (is_given_name(right[0].low) or language.is_title(right[0].text))
    if body_first and genitive and not person_right and not any(language.is_body(w.text) for w in right):
        return not (right and right[0].low in language.of("articles"))
    whole = bool(right) and language.is_body(right[-1].text) and right[-1].capital and not body_first
    if whole and not person_right and right[0].low not in language.of("articles"):
        return True  # "Marks and Sons Group"
    return bool(_relation_between(head, at, language))


def _relation_between(head: list[Word], at: int, language: Vocabulary) -> bool:
    """`a former aide and friend of Ida Moe`: two descriptions of one person."""
    return (
        head[0].low in language.of("indefinite")
        and language.is_role(head[at - 1].text)
        and at + 1 < len(head)
        and not head[at + 1].capital
        and head[at + 1].low not in language.of("articles")
    )


def _pure(words: list[Word], language: Vocabulary) -> bool:
    """Whether words are a name and nothing else, with or without titles."""
    if not words or not all(w.capital or w.low in language.of("particles") for w in words):
        return False
    if words[0].low in language.of("articles") and words[0].low not in {"la", "los"}:
        return False
    return not any(language.is_role(w.text) and not language.is_title(w.text) for w in words)


def _full(words: list[Word], language: Vocabulary) -> bool:
    return (
        _pure(words, language)
        and len(words) > 1
        and is_given_name(words[0].low)
        and not language.is_body(words[-1].text)
    )
