"""The query parameters of the routes of sources, pages and changes, and how they filter its querysets."""

from typing import Any

from django.apps import apps
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import Collate

from claims.api.openapi import pages as answers
from claims.api.request.filters import Params, Query
from claims.api.request.query_fields import Choice, Fields, Id, Text, Time, Url
from claims.api.request.standing_claim import standing_claim
from claims.models import ClaimVersion
from claims.models.publication import Audience, ClaimVersionQuerySet
from sources.http.url_key import stored_key
from sources.models import Change, Page, Source


class SourceQuery(Query):
    """Filters of the list of sources."""

    fields = Fields(answers.Source)  # type: ignore[assignment]
    kind = Choice(Source.Kind.values, help_text="Sort of publisher.")
    claim = Id("clm", help_text="Id of a claim whose reviews rest on its pages.")

    def narrow(self, sources: QuerySet[Source], params: Params) -> QuerySet[Source]:
        """The sources that are, or at some time were, of the kind; the view looks up what the body says."""
        if "claim" in params:
            sources = sources.filter(public_id__in=_of_claim(params["claim"], "sources"))
        if "kind" not in params:
            return sources
        ever = apps.get_model("sources", "SourceEvent").objects.filter(pgh_obj=OuterRef("pk"), kind=params["kind"])
        return sources.filter(Q(kind=params["kind"]) | Q(Exists(ever)))


def pages_beside(source: str, versions: ClaimVersionQuerySet) -> QuerySet[Any, str]:
    """Ids of the pages in those of the versions that name the source: its own, and others quoted beside them."""
    page = Collate(Func(F("pages"), function="unnest", output_field=CharField()), "C")
    return versions.filter(sources__contains=[source]).annotate(page=page).values_list("page", flat=True)


def _of_claim(claim: str, column: str) -> QuerySet[Any, str]:
    """Ids of the pages or sources that the claim's current body names."""
    versions = ClaimVersion.objects.current(Audience.NEWSROOMS).filter(claim_public_id=standing_claim(claim))
    name = Collate(Func(F(column), function="unnest", output_field=CharField()), "C")
    return versions.annotate(named=name).values_list("named", flat=True)


def _pages_beside(source: str) -> QuerySet[Any, str]:
    return pages_beside(source, ClaimVersion.objects.current(Audience.NEWSROOMS))


class PageQuery(Query):
    """Filters of the list of pages; all that are given must match."""

    fields = Fields(answers.ListedPage)  # type: ignore[assignment]
    source = Id("src", help_text="Id of a source.")  # type: ignore[assignment]
    claim = Id("clm", help_text="Id of a claim whose reviews rest on it.")
    host = Text(253, help_text="Host: www.example.org.")
    address = Url(help_text="The page's own address on the web.")

    def narrow(self, pages: QuerySet[Page], params: Params) -> QuerySet[Page]:
        """The pages that match all parameters."""
        if "source" in params:
            # The view looks up which of these the body says are the source's own.
            pages = pages.filter(public_id__in=_pages_beside(params["source"]))
        if "claim" in params:
            pages = pages.filter(public_id__in=_of_claim(params["claim"], "pages"))
        if "host" in params:
            pages = pages.filter(polling__host=params["host"].lower())
        if "address" in params:
            pages = pages.filter(url_key=stored_key(params["address"]))
        return pages


class ChangeQuery(Query):
    """Filters of the list of changes; all that are given must match."""

    fields = Fields(answers.Change)  # type: ignore[assignment]
    page = Id("pag", help_text="Id of a page.")
    claim = Id("clm", help_text="Id of a claim whose reviews rest on the page.")
    source = Id("src", help_text="Id of a source.")  # type: ignore[assignment]
    kind = Choice(Change.Kind.values, help_text="What happened.")
    certainty = Choice(Change.Certainty.values, help_text="Seen once, or confirmed by a later poll.")
    detected_since = Time(help_text="Changes seen at this time or later.")

    def narrow(self, changes: QuerySet[Change], params: Params) -> QuerySet[Change]:
        """The changes that match all parameters; of a source, also those of pages quoted beside its own."""
        if "source" in params:
            changes = changes.filter(page__in=Page.objects.filter(public_id__in=_pages_beside(params["source"])))
        if "claim" in params:
            changes = changes.filter(page__in=Page.objects.filter(public_id__in=_of_claim(params["claim"], "pages")))
        columns = {
            "page": "page__public_id",
            "kind": "kind",
            "certainty": "certainty",
            "detected_since": "detected_at__gte",
        }
        return changes.filter(**{column: params[name] for name, column in columns.items() if name in params})
