"""The words of a claim: those of its last body in the log, and those that an approved version replaces in them.

last body ──words──► words ──────────────(any other event)──────────────┐
                       │ claim part and own part replaced by what       ├──lay_over──► next body
                       └──► two people approved (or by what is imported)┘
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.utils import timezone

from claims.formats.as_now import in_one_notation
from claims.json_object import Json
from claims.models import Claim, PublicationBody, ReviewVersion
from claims.publication import body, published_claim
from claims.publication.description import FieldClass, in_order, without
from claims.publication.published_claim import ClaimContent, ReviewContent
from sources.database.bulk_rows import array_text
from sources.quotes import word_diff

_STORED = ReviewVersion.objects.select_related(
    "review__claim", "review__organisation", "review__article", "rating__scale"
)
_NOT_APPROVED = (FieldClass.LOG, FieldClass.PLACE, FieldClass.MACHINE, FieldClass.DERIVED)


class LastWords(NamedTuple):
    """A claim's last body, its words, and the salt of their hash."""

    body: Json
    words: Json
    salt: bytes


def last_words(claim: Claim) -> LastWords | None:
    """The words of the claim's last body that was not redacted; None before its first publication."""
    stored = PublicationBody.objects.filter(publication__claim=claim).order_by("-publication__version")
    row = stored.values_list("json", "words_salt").first()
    if row is None:
        return None
    body: Json = orjson.loads(bytes(row[0]))
    return LastWords(body, published_claim.words(body), bytes(row[1]))


class LastPublication(NamedTuple):
    """A claim's last words, with the number of its last version and the time of its first."""

    words: Json
    salt: bytes
    version: int
    first_published_at: datetime
    is_redacted: bool
    """Whether the body of the last version was taken out of the log; then the words are of one before."""


def last_publications(claims: Collection[int]) -> dict[int, LastPublication]:
    """The last publications of many claims by their keys, in one query; claims without words are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT claim.id, said.json, said.words_salt, newest.version, oldest.at, said.version < newest.version
            FROM unnest(%s::bigint[]) AS claim (id)
            CROSS JOIN LATERAL (
                SELECT version FROM claims_publication WHERE claim_id = claim.id ORDER BY version DESC LIMIT 1
            ) AS newest
            CROSS JOIN LATERAL (
                SELECT at FROM claims_publication WHERE claim_id = claim.id ORDER BY version LIMIT 1
            ) AS oldest
            CROSS JOIN LATERAL (
                SELECT body.json, body.words_salt, row.version
                FROM claims_publication AS row JOIN claims_publicationbody AS body ON body.publication_id = row.sequence
                WHERE row.claim_id = claim.id ORDER BY row.version DESC LIMIT 1
            ) AS said
            """,
            [array_text(claims)],
        )
        return {
            claim: LastPublication(published_claim.words(orjson.loads(bytes(json))), bytes(salt), *row)
            for claim, json, salt, *row in cursor.fetchall()
        }


def words_sha256(words: Json, salt: bytes) -> bytes:
    """The salted hash of words as `published_claim.words` has them: equal for as long as nobody wrote."""
    return hashlib.sha256(salt + orjson.dumps(words, option=orjson.OPT_SORT_KEYS)).digest()


def approved_claim(words: Json) -> Json:
    """The words of people in the claim part, without numbers and times: what an approval covers of it."""
    claim = {name: value for name, value in words.items() if name != "reviews"}
    claim["statements"] = [each for each in claim["statements"] if "review" not in each]
    return without(claim, ClaimContent, *_NOT_APPROVED)


@dataclass(frozen=True)
class Leaving:
    """The words of a claim as they will be once a version is published."""

    words: Json
    review: str
    """Public id of the review whose part is replaced."""

    @property
    def approved(self) -> Json:
        """What an approval covers: the words of people in claim part and own part, without numbers and times."""
        own = next(each for each in self.words["reviews"] if each["id"] == self.review)
        return {"claim": approved_claim(self.words), "review": without(own, ReviewContent, *_NOT_APPROVED)}

    @property
    def sha256(self) -> str:
        return approved_sha256(self.approved)


def leaving(version: ReviewVersion, *, at: datetime | None = None) -> Leaving:
    """Render what leaves when the version, as it is stored, is published at `at` (now, for a preview)."""
    version = _STORED.get(pk=version.pk)
    review, at = version.review, at or timezone.now()
    last = last_words(review.claim)
    words = body.claim_part(review.claim, before=last.words if last else None)
    earlier = next((each for each in words["reviews"] if each["id"] == review.public_id), None)
    own = body.review_part(
        version,
        history=earlier["history"] if earlier else [],
        published_at=at,
        withdrawn_at=at if version.kind == ReviewVersion.Kind.WITHDRAWAL else None,
    )
    return Leaving(with_review(words, own), review.public_id)


def with_review(words: Json, own: Json, *, undated: Collection[int] = ()) -> Json:
    """The words with the part of one review replaced, or added.

    A version that was undated stays so, and so does the claim in the words of the review's publisher. `undated` are the
    numbers of those of its versions for which its publisher has just given no date.
    """
    reviews = words["reviews"]
    before = next((each for each in reviews if each["id"] == own["id"]), None)
    if before is not None:
        if "claim_reviewed" in before:
            own = own | {"claim_reviewed": before["claim_reviewed"]}
        known = {each["version"] for each in before["history"] if each.get("undated")}
        own = _as_undated(own, {*known, *undated})
        return words | {"reviews": [own if each["id"] == own["id"] else each for each in reviews]}
    return words | {"reviews": [*reviews, own]}


def _as_undated(own: Json, versions: set[int]) -> Json:
    """The part with these versions marked: their rows do not say that their publisher gave no date."""
    if not versions:
        return own
    history = [each | {"undated": True} if each["version"] in versions else each for each in own["history"]]
    marked: Any = in_order(own | {"history": history, "undated": True}, ReviewContent)
    if not history[0].get("undated"):
        del marked["undated"]
    return dict(marked)


def is_as_approved(words: Leaving, version: ReviewVersion) -> bool:
    """Whether the words are those that were approved, also if an earlier version wrote them in another notation."""
    if words.sha256 == version.approved_sha256:
        return True
    approved = version.approved_words
    if approved is None or approved_sha256(approved) != version.approved_sha256:
        return False
    return bool(in_one_notation(approved) == in_one_notation(words.approved))


def approved_sha256(approved: Json) -> str:
    """The hash, in hex, that an approval binds."""
    return hashlib.sha256(orjson.dumps(approved, option=orjson.OPT_SORT_KEYS)).hexdigest()


class Difference(NamedTuple):
    """A field that differs: its path in the JSON, both texts, and their word diff."""

    path: str
    before: str
    after: str

    @property
    def diff(self) -> list[tuple[str, str]]:
        """Pairs of an operation (= in both, - before, + after) and words."""
        return [(str(operation), text) for operation, text in word_diff.diff(self.before, self.after)]


def differences(before: Json, after: Json) -> list[Difference]:
    """The fields that differ, in the order of `after`. Items of lists are matched by their ids."""
    old, new = dict(texts(in_one_notation(before))), dict(texts(in_one_notation(after)))
    paths = [*new, *(path for path in old if path not in new)]
    found = [Difference(path, old.get(path, ""), new.get(path, "")) for path in paths]
    return [each for each in found if each.before != each.after]


def sentence(found: list[Difference]) -> str:
    """The differences in a line, for a refusal: `summary: [-old-] [+new+]`."""
    return "; ".join(f"{each.path}: {_marked(each)}" for each in found)


def _marked(difference: Difference) -> str:
    marks = {"=": "{}", "-": "[-{}-]", "+": "[+{}+]"}
    return " ".join(marks[operation].format(text.strip()) for operation, text in difference.diff if text.strip())


def texts(value: Any, path: str = "") -> list[tuple[str, str]]:
    """Every plain value as a text, with its path: `review.evidence[evd_…].quote.exact`."""
    if isinstance(value, dict):
        return [pair for name, each in value.items() for pair in texts(each, f"{path}.{name}" if path else name)]
    if isinstance(value, list):
        return [
            pair for place, each in enumerate(value, start=1) for pair in texts(each, f"{path}[{_name(each, place)}]")
        ]
    return [(path, "" if value is None else str(value))]


def _name(item: Any, place: int) -> str:
    named = (item.get("id") or item.get("slug")) if isinstance(item, dict) else None
    return str(named or place)
