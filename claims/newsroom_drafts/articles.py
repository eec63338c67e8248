"""The article of a newsroom's draft: its own fact-check, by address, title and language. Nothing is fetched.

A row is shared with other reviews of the same organisation. The newsroom changes a row alone that it made and nobody
else uses; what it sent otherwise stays in its submission, for an editor to see.
"""

from typing import Any

from django.db.models import Q

from claims.json_object import Json
from claims.models import Article, Organisation, Review
from claims.permissions import User
from sources.http.addresses import AddressRefused, UrlRefused, target
from sources.http.url_key import stored_key


def public_address(url: str) -> None:
    """Raise `ValueError`, with a sentence, for an address that readers cannot open: of a private network, or odd."""
    try:
        found = target(url)
    except AddressRefused as error:
        raise ValueError("This is an address of a private network; say one that readers can open.") from error
    except UrlRefused as error:
        raise ValueError(str(error)) from error
    if found.host == "localhost" or found.host.endswith((".localhost", ".local", ".internal")):
        raise ValueError(f"{found.host} is a name of a private network; say an address that readers can open.")


def article_of(
    newsroom: User, organisation: Organisation, given: Json | None, *, review: Review | None
) -> Article | None:
    """The row of the article that was sent; None without one, and for an address that is another organisation's.

    In the caller's transaction, whose audit context names the newsroom.
    """
    if given is None:
        return None
    same = Q(url=given["url"])
    if key := stored_key(given["url"]):
        same |= Q(url_key=key)
    known = Article.objects.filter(same).order_by("pk").first()
    if known is None:
        fields = {name: given[name] for name in ("title", "language")}
        known, _ = Article.objects.get_or_create(url=given["url"], defaults={**fields, "organisation": organisation})
    if known.organisation_id != organisation.pk:
        return None
    if _is_own(newsroom, known, review):
        changed = {name: given[name] for name in ("title", "language") if getattr(known, name) != given[name]}
        for name, value in changed.items():
            setattr(known, name, value)
        if changed:
            known.save(update_fields=list(changed))
    return known


def delete_unused(newsroom: User, article: Article | None) -> None:
    """Delete the article if the newsroom made it and no review has it any more."""
    if article is not None and _is_own(newsroom, article, None):
        article.delete()


def _is_own(newsroom: User, article: Article, review: Review | None) -> bool:
    """Whether the newsroom made the row and no other review has it."""
    others = article.reviews.all() if review is None else article.reviews.exclude(pk=review.pk)
    if others.exists():
        return False
    events: Any = Article.pgh_event_model.objects  # type: ignore[attr-defined]
    changes = events.filter(pgh_obj_id=article.pk)
    # Counted, because a change of which the audit names nobody is not the newsroom's either.
    known = int(changes.count())
    return 0 < known == int(changes.filter(pgh_context__actor_id=newsroom.pk).count())
