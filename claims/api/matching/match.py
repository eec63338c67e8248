"""POST /api/v1/match: has this been checked? For up to fifty texts, or for each statement of an article.

The texts are neither stored nor logged: no row, no cache and no message of an error holds them.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.concurrency import Busy, Slots
from claims.api.matching import article as articles
from claims.api.matching.entries import Asked, entries, ids_of
from claims.api.matching.resources import MatchAnswer, MatchResult
from claims.api.published.readers_pages import link_matches
from claims.api.request.body_fields import Body, ErrorMessages, Items, Language, StrictInteger, read
from claims.api.request.charging import charge
from claims.api.response import audience_of
from claims.json_object import Json
from claims.matching import client
from claims.matching.current.current_claims import current_claims
from claims.matching.current.recheck_tier import position
from claims.matching.current.same_page import same_page
from claims.matching.types import Match
from claims.matching.words.posts import is_address
from claims.models import ClaimVersion
from claims.publication.description import example

MOST_TEXTS = 50
LONGEST_TEXT = 10_000  # characters
LONGEST_ARTICLE = 200_000
CHARACTERS_A_TEXT = 200  # of an article, by which the rate limit counts it
CHARACTERS_FOR_ONE = 1_000  # a longer text counts as several: it takes the matcher as much time
MOST_ENTRIES = 20
DEFAULT_ENTRIES = 5
SPARE = 3  # entries more than asked for, in case claims are gone
_BATCH = 20  # statements of an article that the matcher is asked about at once
_SECONDS = 12.0  # for the statements of one article
FEW_TEXTS, FEW_CHARACTERS = 10, 4_000  # of a request that is answered in a moment
_LONG = Slots(
    4, per_caller=3
)  # other requests at once in this process: they take seconds, and the server has few threads

_LIST = 'Send a list, also of one text: ["…"].'
_EMPTY = "This text is empty; leave it out, or send words."


class MatchesBusy(Busy):
    """This process is answering as many long requests as it can."""

    default_detail = (
        "As many long requests are being answered as can be; try again in two seconds, one after the other, or send"
        f" at most {FEW_TEXTS} texts and {FEW_CHARACTERS:,} characters at once."
    )
    wait = 2


class SentText(serializers.CharField):
    """A text as it was sent, with any characters in any language, that is not blank."""

    def __init__(self, longest: int, **options: Any) -> None:
        errors: ErrorMessages = {
            "blank": _EMPTY,
            "invalid": "Send a text in quotation marks.",
            "null": "Send a text in quotation marks.",
            "max_length": f"A text may have at most {longest:,} characters; send the part that matters.",
        }
        super().__init__(max_length=longest, trim_whitespace=False, error_messages=errors, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if not data.strip():
            self.fail("blank")
        return data


class MatchBody(Body):
    """The texts, or the article, to look for among the published claims."""

    texts = Items(
        child=SentText(LONGEST_TEXT),
        required=False,
        min_length=1,
        max_length=MOST_TEXTS,
        help_text=f"Up to {MOST_TEXTS} texts of at most {LONGEST_TEXT:,} characters: sentences, posts, messages.",
        error_messages={
            "not_a_list": _LIST,
            "null": _LIST,
            "empty": "Send at least one text.",
            "min_length": "Send at least one text.",
            "max_length": f"Send at most {MOST_TEXTS} texts at once.",
        },
    )
    article = SentText(
        LONGEST_ARTICLE,
        required=False,
        help_text=f"Instead of texts: an article of at most {LONGEST_ARTICLE:,} characters, as plain text.",
    )
    language = Language(
        required=False,
        default="",
        allow_blank=True,
        help_text="BCP 47, of all texts, for example en or pt-BR; leave it out if you do not know it.",
    )
    limit = StrictInteger(
        1,
        MOST_ENTRIES,
        required=False,
        default=DEFAULT_ENTRIES,
        help_text="The most entries for each text.",
        error_messages=dict.fromkeys(
            ("invalid", "max_value", "min_value", "max_string_length"), f"Say a number from 1 to {MOST_ENTRIES}."
        ),
    )

    def validate(self, data: Any) -> Any:
        if not data.keys() & {"texts", "article"} and "texts" in self.initial_data:
            raise serializers.ValidationError({"texts": [_LIST]})
        if ("texts" in data) == ("article" in data):
            raise serializers.ValidationError("Send either “texts”, a list, or “article”, one text.")
        return data


_TEXTS = {"texts": ["More than 400 bridges have to be repaired, he said."], "language": "en", "limit": 5}
_ARTICLE = {"article": "The minister spoke on Monday. 412 bridges need repair, she said.", "language": "en"}
_EXAMPLES = [
    OpenApiExample("Texts", value=_TEXTS, request_only=True),
    OpenApiExample("An article", value=_ARTICLE, request_only=True),
    OpenApiExample("A text", value={"results": [[example(MatchResult)]], "degraded": False}, response_only=True),
]


@extend_schema_view(
    post=extend_schema(
        operation_id="match",
        tags=["search"],
        summary="Has this been checked?",
        request=MatchBody,
        responses=MatchAnswer,
        examples=_EXAMPLES,
    )
)
class MatchTexts(GenericAPIView[ClaimVersion]):
    """Claims that answer texts. A read, sent by POST because texts are too long for a URL."""

    anonymous = True
    only_asks = True

    def post(self, request: Request) -> HttpResponse:
        """For each text, or each statement of an article, the published claims that say the same, the best first.

        An entry is one distinct wording, with the reviews of all claims that have it. Its tier says what it may be
        taken for: `match` says the same; `possible` needs a person to look; `related` is about another year, place or
        figure, or says the reverse, and is no answer. Withdrawn claims are left out; a claim that is under review or
        needs a re-check says so. Texts are neither stored nor logged. A request counts as many times as it has texts.
        """
        self.filter_queryset(ClaimVersion.objects.none())  # takes no parameters
        asked = read(MatchBody, request.data)
        with _turn(request, asked.get("texts") or [asked["article"]]):
            if "texts" in asked:
                charge(
                    request,
                    sum(map(_weight, asked["texts"])),
                    f"of its texts of up to {CHARACTERS_FOR_ONE:,} characters",
                )
                results, degraded = answers(audience_of(request), asked["texts"], asked["language"], asked["limit"])
                link_matches(request, chain.from_iterable(results), audience_of(request))
                return _response({"results": results, "degraded": degraded})
            many = f"{CHARACTERS_A_TEXT} characters, at most {articles.MOST_STATEMENTS}"
            charge(request, texts_in(asked["article"]), many)
            return _response(_of_article(request, asked))


@contextmanager
def _turn(request: Request, texts: Sequence[str]) -> Iterator[None]:
    """Hold one of the turns for long requests; short ones need none. Raises `MatchesBusy`."""
    if len(texts) <= FEW_TEXTS and sum(map(len, texts)) <= FEW_CHARACTERS:
        yield
        return
    caller = getattr(request.auth, "pk", None)
    if not _LONG.acquire(caller):
        raise MatchesBusy
    try:
        yield
    finally:
        _LONG.release(caller)


def _weight(text: str) -> int:
    return max(1, -(-len(text) // CHARACTERS_FOR_ONE))


def texts_in(article: str) -> int:
    """As how many texts the rate limit counts an article."""
    return min(articles.MOST_STATEMENTS, -(-len(article) // CHARACTERS_A_TEXT))


def answers(audience: str, texts: Sequence[str], language: str, limit: int) -> tuple[list[list[Json]], bool]:
    """For each text its entries, at most `limit`, as the audience may see them; and whether they are degraded.

    A text that is an address alone has the claims that its page is known for.

    Asks the matcher once more, for more of them, if too many of its claims are gone.
    """
    language = "" if language.lower() == "und" else language
    read_until = position()
    asked = [Asked(text, language, read_until) for text in texts]
    found: list[list[Json]] = []
    degraded = False
    for wanted in (limit + SPARE, 4 * limit + SPARE):
        answer = client.match(texts, language, wanted)
        degraded |= answer.degraded
        results = [
            same_page(audience, text, limit) if is_address(text) else matches
            for text, matches in zip(texts, answer.results, strict=True)
        ]
        found = _entries(audience, asked, results, limit)
        short = any(
            len(entries_) < limit and len(matches) >= wanted for entries_, matches in zip(found, results, strict=True)
        )
        if not short:
            break
    return found, degraded


def _entries(audience: str, asked: Sequence[Asked], results: Sequence[Sequence[Match]], limit: int) -> list[list[Json]]:
    claims = current_claims(audience, {name for matches in results for name in ids_of(matches)})
    return [entries(each, matches, claims, limit) for each, matches in zip(asked, results, strict=True)]


def _of_article(request: Request, asked: Json) -> Json:
    audience, language = audience_of(request), asked["language"]
    caller = getattr(request.auth, "pk", None)
    statements = articles.statements(asked["article"], language or "und", caller)
    looked_at = statements[: articles.MOST_STATEMENTS]
    ends = time.monotonic() + _SECONDS
    results: list[list[Json]] = []
    degraded = False
    while len(results) < len(looked_at) and (not results or time.monotonic() < ends):
        some = looked_at[len(results) : len(results) + _BATCH]
        found, worse = answers(audience, [each.text[:LONGEST_TEXT] for each in some], language, asked["limit"])
        results += [
            [entry | {"start": each.start, "end": each.end} for entry in entries_]
            for each, entries_ in zip(some, found, strict=True)
        ]
        degraded |= worse
    link_matches(request, chain.from_iterable(results), audience)
    done = len(results)
    return {
        "results": results,
        "degraded": degraded,
        "statements": [{"start": each.start, "end": each.end} for each in statements[:done]],
        "next_start": statements[done].start if done < len(statements) else None,
    }


def _response(body: Json) -> HttpResponse:
    response = HttpResponse(orjson.dumps(body), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"  # an answer is of this moment
    return response
