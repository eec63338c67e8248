"""Find claims in any state: by the matcher's index of drafts, by their words without it, by address and by id."""

from collections.abc import Callable

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from claims.matching import draft_client
from claims.matching.client import sendable
from claims.models import Appearance, Article, Claim, ClaimVersion, Document, Evidence, Recheck, Review, ReviewVersion
from claims.models.publication import Audience
from claims.permissions import User
from claims.tips.fingerprint import words
from claims.visibility import visible, visible_claims
from sources.http.url_key import stored_key
from sources.models import Page

MOST = 500
"""Claims that a search finds at most."""
_WORDS = 8
_AT_AN_ADDRESS = 2_000


def found_claims(asked: str) -> tuple[list[int], bool]:
    """The keys of the claims that the words find, best first, and whether the matcher found them.

    Without it, claims with all of these words are found, the published ones by beginnings of words.
    """
    ids = draft_client.find(asked, MOST)
    if ids is None:
        return by_words(asked, Claim.objects.all())[:MOST], False
    keys = dict(Claim.objects.filter(public_id__in=ids).values_list("public_id", "pk"))
    return [keys[each] for each in ids if each in keys], True


def by_words(asked: str, claims: QuerySet[Claim]) -> list[int]:
    """The keys of those of the claims that have all of the words, newest first; `claims` are few or all."""
    wanted = sorted(words(sendable(asked)), key=lambda word: (-len(word), word))[:_WORDS]
    if not wanted:
        return []
    current = ClaimVersion.objects.current(Audience.NEWSROOMS)
    query = " & ".join(f"'{word}':*" for word in wanted)  # `words` are letters and digits alone
    published = current.filter(search=SearchQuery(query, config="simple", search_type="raw"))
    has_words = Q()
    for word in wanted:
        has_words &= Q(text__icontains=word)
    unpublished = claims.filter(~Exists(current.filter(claim=OuterRef("pk")))).filter(has_words)
    found = {
        *published.order_by("-sequence_from").values_list("claim", flat=True)[:MOST],
        *unpublished.order_by("-pk").values_list("pk", flat=True)[:MOST],
    }
    return sorted(found, reverse=True)


def at_address(address: str) -> set[int]:
    """The keys of the claims that appear at an address, are reviewed there, or rest on a quote of it."""
    key = stored_key(address)
    if not key:
        return set()
    most = slice(0, _AT_AN_ADDRESS)
    documents = Document.objects.filter(url_key=key).exclude(url_key="")
    said = Appearance.objects.filter(statement__document__in=documents).values_list("claim", flat=True)
    reviewed = Review.objects.filter(article__in=Article.objects.filter(url_key=key)).values_list("claim", flat=True)
    quoted = Evidence.objects.filter(page__in=Page.objects.filter(url_key=key))
    return {*said[most], *reviewed[most], *quoted.values_list("version__review__claim", flat=True)[most]}


def is_address(text: str) -> bool:
    """Whether somebody pasted a web address rather than words."""
    return text.startswith(("http://", "https://")) and " " not in text and bool(stored_key(text))


_Finder = Callable[[str, User], str]


def place_of(public_id: str, user: User) -> str:
    """The address of the thing with a public id at the desk; empty if there is none that this user may see."""
    finder = _FINDERS.get(public_id.partition("_")[0])
    return finder(public_id, user) if finder is not None and len(public_id) < 40 else ""


def _claim(public_id: str, user: User) -> str:
    return _at("desk:claim", visible_claims(user).filter(public_id=public_id).values_list("pk", flat=True))


def _review(public_id: str, user: User) -> str:
    rows = visible(Review.objects.filter(public_id=public_id), user)
    return _at("desk:claim", rows.values_list("claim", flat=True))


def _evidence(public_id: str, user: User) -> str:
    rows = visible(Evidence.objects.filter(public_id=public_id), user)
    return _at("desk:claim", rows.values_list("version__review__claim", flat=True))


def _recheck(public_id: str, user: User) -> str:
    return _at("desk:recheck", visible(Recheck.objects.filter(public_id=public_id), user).values_list("pk", flat=True))


def _document(public_id: str, user: User) -> str:
    rows = visible(Document.objects.filter(public_id=public_id), user)
    return _at("desk:document", rows.values_list("pk", flat=True))


def _at(route: str, keys: "QuerySet[ReviewVersion, int] | QuerySet[Claim, int] | QuerySet") -> str:  # type: ignore[type-arg]
    key = keys.first()
    return reverse(route, args=[key]) if key is not None else ""


_FINDERS: dict[str, _Finder] = {
    "clm": _claim,
    "rev": _review,
    "evd": _evidence,
    "rck": _recheck,
    "doc": _document,
}
