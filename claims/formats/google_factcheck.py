"""Convert the bodies of published claims to resources of Google's Fact Check Tools API. Pure functions.

https://developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims/search. It cannot say that a review
is withdrawn or a claim merged, so those are not told.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from claims.json_object import Json

_MASK = re.compile(r"[(),/]|[^(),/\s]+")
_DEEPEST = 20


def claim(body: Json, *, base: str, site: str | None = None) -> Json | None:
    """The claim with its reviews, those of one publisher's site if given; None if none is left."""
    reviews = [_review(body, review, base) for review in _standing(body) if site in (None, _site(review))]
    if not reviews:
        return None
    speakers = [statement["speaker"]["name"] for statement in body["statements"] if statement["speaker"]]
    dates = [d for statement in body["statements"] if (d := statement["document"]["published_on"])]
    return _given(
        {
            "text": body["text"],
            "claimant": ", ".join(dict.fromkeys(speakers)),
            "claimDate": _midnight(min(dates, default=None)),
            "claimReview": reviews,
        }
    )


def _review(body: Json, review: Json, base: str) -> Json:
    article = review["article"] or {}
    return _given(
        {
            "publisher": _given({"name": review["organisation"]["name"], "site": _site(review)}),
            "url": article.get("url") or f"{base}{body['url']}#{review['id']}",
            "title": article.get("title"),
            "reviewDate": review["first_published_at"],
            "textualRating": review["rating"]["label"] if review["rating"] else None,
            "languageCode": article.get("language") or body["language"],
        }
    )


def sites(body: Mapping[str, Any]) -> list[str]:
    """Hosts of those whose reviews of the claim stand, as `reviewPublisherSiteFilter` names them."""
    return sorted({site for review in _standing(body) if (site := _site(review))})


def newest_on(body: Mapping[str, Any]) -> str | None:
    """The day (UTC) of the claim or of the last of its reviews, whichever is newer: its age counts from it."""
    dates = [statement["document"]["published_on"] for statement in body["statements"]]
    dates += [review["first_published_at"][:10] for review in _standing(body)]
    return max((date for date in dates if date), default=None)


def plain_site(text: str) -> str:
    """nytimes.com, given as that, as www.NYTimes.com or as an address. Empty if there is no host in it."""
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _standing(body: Mapping[str, Any]) -> list[Json]:
    if body["merged_into"]:
        return []
    return [review for review in body["reviews"] if not review["withdrawn_at"]]


def _site(review: Json) -> str:
    """Of the publisher; else of the article."""
    article = review["article"] or {}
    return plain_site(review["organisation"]["site"] or "") or plain_site(article.get("url") or "")


def _midnight(day: str | None) -> str | None:
    return f"{day}T00:00:00Z" if day else None


def _given(thing: Json) -> Json:
    return {name: value for name, value in thing.items() if value not in (None, "")}


class Mask(dict[str, "Mask"]):
    """What `fields=` asks for, by name, with what of it; empty: all of it. `*` stands for every name."""

    @classmethod
    def read(cls, text: str) -> "Mask":
        """Of a partial response as Google writes it: `claims(text,claimReview/publisher/name),nextPageToken`.

        Raises `ValueError` for what is no such thing.
        """
        marks = _MASK.findall(text)
        mask, rest = cls._list(iter([*marks, ""]), 0)
        if rest != "":
            raise ValueError(f"{rest} stands where nothing can")
        return mask

    @classmethod
    def _list(cls, marks: Iterator[str], depth: int) -> tuple["Mask", str]:
        if depth > _DEEPEST:
            raise ValueError("nested too deep")
        mask, mark = cls(), ","
        while mark == ",":
            at = mask
            while True:
                name = next(marks)
                if name in ("", "(", ")", ",", "/"):
                    raise ValueError("a name is missing")
                at = at.setdefault(name, cls())
                mark = next(marks)
                if mark != "/":
                    break
            if mark == "(":
                inner, end = cls._list(marks, depth + 1)
                if end != ")":
                    raise ValueError("a parenthesis is not closed")
                at.update(inner)
                mark = next(marks)
        return mask, mark

    def of(self, thing: Any) -> Any:
        """What the mask lets through."""
        if not self:
            return thing
        if isinstance(thing, list):
            return [self.of(each) for each in thing]
        if not isinstance(thing, dict):
            return thing
        masks = {name: self.get(name, self.get("*")) for name in thing}
        return {name: mask.of(thing[name]) for name, mask in masks.items() if mask is not None}
