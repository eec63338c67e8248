"""Classes that REST framework's settings name: JSON renderer, content negotiation, query parameter filter.

Views live in the apps and do not import this module: settings name its classes by dotted path, and REST framework
imports it while it loads, so that no view can be defined here. A view declares:

    query_class   a serializer whose fields are the route's query parameters and whose `narrow(queryset, params)`
                  applies them; without one the route takes none. The validated values are left in the view's `params`
    keyset        for lists: the columns of the order, unique together, each with `-` if it descends

Related: errors in `factcheck.rest.problems`, paging in `factcheck.rest.pagination`, rules that hold for every view in
`factcheck.rest.middleware`.
"""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from rest_framework import exceptions
from rest_framework.fields import empty
from rest_framework.filters import BaseFilterBackend
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from claims.api.request.query_fields import InvalidParameter
from factcheck.rest.pagination import KeysetPagination
from factcheck.rest.problems import UnknownParameter


class JSONRenderer(BaseRenderer):
    """Compact UTF-8 JSON."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data)


class JSONOnly(BaseContentNegotiation):
    """Respond with JSON whatever `Accept` says: RFC 9110 section 12.5.1 allows it, and clients forget the header."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        """Select by media type. None, which becomes 415, for another type or charset, or a compressed body."""
        media_type, _, rest = request.content_type.lower().partition(";")
        charset = re.search(r"charset\s*=\s*\"?([^\s;\"]*)", rest)
        compressed = request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() != "identity"
        if compressed or (charset and charset[1] not in {"utf-8", "utf8"}):
            return None
        return next((parser for parser in parsers if media_type.strip() == parser.media_type), None)

    def select_renderer(self, request: Request, renderers: Iterable[Any], format_suffix: Any = None) -> Any:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class DeclaredParameters(BaseFilterBackend):
    """Reject query parameters that the view does not declare, then filter by its `query_class`."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        query_class: type[Serializer[Any]] | None = getattr(view, "query_class", None)
        query = _query(query_class) if query_class else None
        view.params = {}
        declared = list(query.fields) if query else []
        refuse_unknown(request, [*declared, *(KeysetPagination.parameters if hasattr(view, "keyset") else ())])
        if query is None:
            return queryset
        if not request.query_params and not _has_defaults(query_class):
            return query.narrow(queryset, view.params)  # type: ignore[attr-defined]
        try:
            view.params = query.run_validation({name: request.query_params[name] for name in request.query_params})
        except exceptions.ValidationError as error:
            name, errors = next(iter(error.detail.items()))  # type: ignore[union-attr]
            raise InvalidParameter(name, " ".join(str(each) for each in errors)) from error
        return query.narrow(queryset, view.params)  # type: ignore[attr-defined]


@functools.cache
def _query(query_class: type[Serializer[Any]]) -> Serializer[Any]:
    """One serializer for all requests: building its fields takes longer than the query, and it keeps no state."""
    return query_class()


@functools.cache
def _has_defaults(query_class: type[Serializer[Any]]) -> bool:
    """Whether a parameter has a default value when it is left out."""
    return any(field.default is not empty for field in _query(query_class).fields.values())


def refuse_unknown(request: Request, allowed: Sequence[str]) -> None:
    """Raise `UnknownParameter` for a parameter that is not allowed, `InvalidParameter` for one sent twice."""
    for name, values in request.query_params.lists():
        if name not in allowed:
            raise UnknownParameter(name, sorted(allowed))
        if len(values) > 1:
            raise InvalidParameter(name, "Send it once.")
