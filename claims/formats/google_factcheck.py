"""Convert the bodies of published claims to resources of Google's Fact Check Tools API. Pure functions.

https://developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims/search. That format cannot say that a
review is withdrawn or suspended or a claim merged, so those are left out.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from claims.formats.dated import first_published_at
from claims.formats.suspended import is_suspended
from claims.json_object import Json

_MASK = re.compile(r"[(),/]|[^(),/\s]+")
_DEEPEST = 20


def claim(body: Json, *, base: str, site: str | None = None) -> Json | None:
    """The claim with its reviews, only those of the publisher's site if one is given; None without any review."""
    reviews = [_review(body, review, base) for review in _valid_reviews(body) if site in (None, _site(review))]
    if not reviews:
        return None
    speakers = [statement["speaker"]["name"] for statement in body["statements"] if statement["speaker"]]
    dates = [d for statement in body["statements"] if (d := statement["document"]["published_on"])]
    return _without_empty(
        {
            "text": body["text"],
            "claimant": ", ".join(dict.fromkeys(speakers)),
            "claimDate": _midnight(min(dates, default=None)),
            "claimReview": reviews,
        }
    )


def _review(body: Json, review: Json, base: str) -> Json:
    article = review["article"] or {}
    return _without_empty(
        {
            "publisher": _without_empty({"name": review["organisation"]["name"], "site": _site(review)}),
            "url": article.get("url") or f"{base}{body['url']}#{review['id']}",
            "title": article.get("title"),
            "reviewDate": first_published_at(review),
            "textualRating": review["rating"]["label"] if review["rating"] else None,
            "languageCode": article.get("language") or body["language"],
        }
    )


def sites(body: Mapping[str, Any]) -> list[str]:
    """The hosts of publishers with a review that stands, as `reviewPublisherSiteFilter` takes them."""
    return sorted({site for review in _valid_reviews(body) if (site := _site(review))})


def newest_on(body: Mapping[str, Any]) -> str | None:
    """The day (UTC) of the claim or of its last review, whichever is later; Google counts the age from it."""
    dates = [statement["document"]["published_on"] for statement in body["statements"]]
    dates += [at[:10] for review in _valid_reviews(body) if (at := first_published_at(review))]
    return max((date for date in dates if date), default=None)


def plain_site(text: str) -> str:
    """The host in lower case without www., from a host or an address; empty if there is none."""
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _valid_reviews(body: Mapping[str, Any]) -> list[Json]:
    if body["merged_into"]:
        return []
    return [review for review in body["reviews"] if not (review["withdrawn_at"] or is_suspended(review))]


def _site(review: Json) -> str:
    """The host of the publisher, or else of the article."""
    article = review["article"] or {}
    return plain_site(review["organisation"]["site"] or "") or plain_site(article.get("url") or "")


def _midnight(day: str | None) -> str | None:
    return f"{day}T00:00:00Z" if day else None


def _without_empty(thing: Json) -> Json:
    return {name: value for name, value in thing.items() if value not in (None, "")}


class Mask(dict[str, "Mask"]):
    """The fields that `fields=` selects, each with the mask of its own fields; empty selects all. `*` is any name."""

    @classmethod
    def read(cls, text: str) -> "Mask":
        """Parse the syntax of Google's partial responses: `claims(text,claimReview/publisher/name),nextPageToken`.

        Raises `ValueError`.
        """
        symbols = _MASK.findall(text)
        mask, rest = cls._list(iter([*symbols, ""]), 0)
        if rest != "":
            raise ValueError(f"{rest} stands where nothing can")
        return mask

    @classmethod
    def _list(cls, symbols: Iterator[str], depth: int) -> tuple["Mask", str]:
        if depth > _DEEPEST:
            raise ValueError("nested too deep")
        mask, symbol = cls(), ","
        while symbol == ",":
            at = mask
            while True:
                name = next(symbols)
                if name in ("", "(", ")", ",", "/"):
                    raise ValueError("a name is missing")
                at = at.setdefault(name, cls())
                symbol = next(symbols)
                if symbol != "/":
                    break
            if symbol == "(":
                inner, end = cls._list(symbols, depth + 1)
                if end != ")":
                    raise ValueError("a parenthesis is not closed")
                at.update(inner)
                symbol = next(symbols)
        return mask, symbol

    def of(self, thing: Any) -> Any:
        """The fields that the mask selects."""
        if not self:
            return thing
        if isinstance(thing, list):
            return [self.of(each) for each in thing]
        if not isinstance(thing, dict):
            return thing
        masks = {name: self.get(name, self.get("*")) for name in thing}
        return {name: mask.of(thing[name]) for name, mask in masks.items() if mask is not None}
