"""The query parameters of each list: what they are called, what they may be, and what they ask for.

Each narrows a queryset of what is published already, so that no filter can reach further than the list.
"""

from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from rest_framework import serializers

from claims.models import ClaimVersion, Verdict
from claims.models.claim import Verification
from claims.models.publication import ClaimVersionQuerySet
from sources.models import Change, Source

Sentences = dict[str, Any]
PUBLISHED = (Verification.CHECKED, Verification.NEEDS_RECHECK, Verification.WITHDRAWN)


class OneOf(serializers.ChoiceField):
    """One of a few words; the error says which."""

    def __init__(self, choices: Any, **options: Any) -> None:
        listed = ", ".join(str(choice) for choice in choices)
        errors: Sentences = {"invalid_choice": f"Say one of: {listed}."}
        super().__init__(choices=list(choices), error_messages=errors, required=False, **options)


class Id(serializers.RegexField):
    """A public id, known or not: an unknown one finds nothing."""

    def __init__(self, prefix: str, **options: Any) -> None:
        errors: Sentences = {"invalid": f"Say an id such as {prefix}_4v9k2m0t7q8x1z3b."}
        super().__init__(rf"^{prefix}_[0-9a-z]{{16}}\Z", required=False, error_messages=errors, **options)


class Words(serializers.CharField):
    """A short text."""

    def __init__(self, max_length: int, **options: Any) -> None:
        super().__init__(required=False, max_length=max_length, **options)


class Since(serializers.DateTimeField):
    """A moment."""

    def __init__(self, **options: Any) -> None:
        sentence = "Say a time such as 2026-03-01T09:30:00Z (a + in an address is written %2B)."
        errors: Sentences = {"invalid": sentence, "date": sentence, "overflow": sentence}
        super().__init__(required=False, error_messages=errors, **options)

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment = super().to_internal_value(value)
        except OverflowError:
            self.fail("invalid", format="ISO 8601")
        return moment


class ClaimQuery(serializers.Serializer[ClaimVersion]):
    """Filters of the list of claims; several together must all hold."""

    q = Words(200, help_text="Words to search for, as in a search engine: quotes, `or`, `-without`. No stemming.")
    verification = OneOf([value.value for value in PUBLISHED], help_text="State of the checking.")
    verdict = OneOf(Verdict.values, help_text="What a rating amounts to, across publishers' scales.")
    rating = Words(300, help_text="A publisher's rating, exactly as it is written: Mostly false.")
    topic = Words(80, help_text="A topic's slug.")
    speaker = Id("spk", help_text="Id of a speaker whose statement makes the claim.")
    language = Words(35, help_text="BCP 47, exactly: en does not find en-GB.")
    source = Id("src", help_text="Id of a source that a review rests on.")  # type: ignore[assignment]
    host = Words(253, help_text="Host of a page that a review rests on: www.example.org.")
    page = Id("pag", help_text="Id of a page that a review rests on.")
    updated_since = Since(help_text="Claims that changed at this time or later.")

    def narrow(self, versions: ClaimVersionQuerySet, asked: dict[str, Any]) -> ClaimVersionQuerySet:
        """Those that hold for everything asked."""
        found = versions
        for name, column in (
            ("verdict", "verdicts"),
            ("rating", "ratings"),
            ("topic", "topics"),
            ("speaker", "speakers"),
            ("source", "sources"),
            ("page", "pages"),
        ):
            if name in asked:
                found = found.filter(**{f"{column}__contains": [asked[name]]})
        if "host" in asked:
            found = found.filter(hosts__contains=[asked["host"].lower()])
        if "verification" in asked:
            found = found.filter(verification=asked["verification"])
        if "language" in asked:
            found = found.filter(language=asked["language"])
        if "updated_since" in asked:
            found = found.filter(changed_at__gte=asked["updated_since"])
        if "q" in asked:
            words = SearchQuery(asked["q"], config="simple", search_type="websearch")
            found = found.filter(search=words)
        return found


class SourceQuery(serializers.Serializer[Source]):
    """Filters of the list of sources."""

    kind = OneOf(Source.Kind.values, help_text="Sort of publisher.")

    def narrow(self, sources: QuerySet[Source], asked: dict[str, Any]) -> QuerySet[Source]:
        """Those that hold for everything asked."""
        return sources.filter(kind=asked["kind"]) if "kind" in asked else sources


class ChangeQuery(serializers.Serializer[Change]):
    """Filters of the list of changes; several together must all hold."""

    page = Id("pag", help_text="Id of a page.")
    source = Id("src", help_text="Id of a source.")  # type: ignore[assignment]
    kind = OneOf(Change.Kind.values, help_text="What happened.")
    certainty = OneOf(Change.Certainty.values, help_text="Seen once, or confirmed by a later poll.")
    detected_since = Since(help_text="Changes seen at this time or later.")

    def narrow(self, changes: QuerySet[Change], asked: dict[str, Any]) -> QuerySet[Change]:
        """Those that hold for everything asked."""
        columns = {
            "page": "page__public_id",
            "source": "page__source__public_id",
            "kind": "kind",
            "certainty": "certainty",
            "detected_since": "detected_at__gte",
        }
        return changes.filter(**{columns[name]: value for name, value in asked.items()})
