"""Answers of the REST interface go out as gzip or Brotli to whoever accepts that (RFC 9110, 8.4 and 12.5.3).

Each form of an answer has a strong ETag of its own: the plain one's with `-gzip` or `-br` (section 8.8.3: other bytes,
other tag). Views know of none of this: the endings are taken off what a client sends in If-None-Match and If-Match, and
a 304 names the tag that the client holds. Where both are as welcome gzip is taken, since ISA-L makes it at a tenth of
Brotli's cost.

Compressing what a secret stands in tells its length (BREACH) to those who can make a reader's browser send requests and
choose a part of the answer. Here nobody can: what opens an answer is a key in a header, which no browser sends by
itself. The desk's pages, which a cookie opens and in which CSRF tokens stand, are never compressed.
"""

import re
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from isal import isal_zlib

PREFIXES = ("/api/", "/v1alpha1/")
LEAST = 1_000  # bytes: less fits into one packet as it is
_GZIP = 31  # zlib's number for a gzip frame around the deflated bytes
_TEXTS = re.compile(r"(application/(json|[a-z0-9.+-]+\+json|xml|[a-z.]+\+xml|x-ndjson)|text/[a-z]+)(;|$)")
_TAG = re.compile(r'((?:W/)?"[^"]*?)-(gzip|br)"')
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")


def encode(data: bytes, encoding: str) -> bytes:
    """The bytes in one of the two encodings; the same bytes for the same data."""
    if encoding == "br":
        return bytes(brotli.compress(data, quality=4))
    return bytes(isal_zlib.compress(data, 2, _GZIP))


def decode(data: bytes) -> bytes:
    """What was encoded as gzip."""
    return bytes(isal_zlib.decompress(data, _GZIP))


def is_encodable(response: HttpResponse) -> bool:
    """Whether it is a text, and long enough."""
    return len(response.content) >= LEAST and bool(_TEXTS.match(response.headers.get("Content-Type", "")))


def choose(accepted: str) -> str | None:
    """`gzip`, `br` or None by the client's Accept-Encoding; what cannot be read counts as not accepted."""
    if accepted == "gzip" or accepted.startswith("gzip, deflate"):
        weights = {"gzip": 1.0} if "q=" not in accepted else _weights(accepted)
    else:
        weights = _weights(accepted)
    other = weights.get("*", 0.0)
    gzip, br = weights.get("gzip", other), weights.get("br", other)
    plain = weights.get("identity", 0.0)
    if max(gzip, br) <= 0 or plain > max(gzip, br):
        return None
    return "br" if br > gzip else "gzip"


def _weights(accepted: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in accepted[:1_000].lower().split(","):
        name, _, parameter = part.partition(";")
        weight = re.fullmatch(r"\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*|", parameter)
        weights[name.strip()] = float(weight[1] or 1) if weight else 0.0
    return weights


class Encoding:
    """Middleware: see above. Streams, small answers and what is encoded already are left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIXES):
            return self.get_response(request)
        held = request.META.get("HTTP_IF_NONE_MATCH", "")
        for name in _CONDITIONS:
            if name in request.META:
                request.META[name] = _TAG.sub(r'\1"', request.META[name])
        response = self.get_response(request)
        if response.streaming or response.has_header("Content-Encoding"):
            return response
        if response.status_code == 304:
            patch_vary_headers(response, ["Accept-Encoding"])
            if tag := response.headers.get("ETag"):
                response.headers["ETag"] = _held(tag, held, choose(request.META.get("HTTP_ACCEPT_ENCODING", "")))
        elif isinstance(response, HttpResponse):
            _encode(request, response)
        return response


def _encode(request: HttpRequest, response: HttpResponse) -> None:
    forms: dict[str, bytes] = getattr(response, "forms", {})  # of a kept answer: what was encoded before
    if "gzip" not in forms and not is_encodable(response):
        return
    patch_vary_headers(response, ["Accept-Encoding"])
    encoding = choose(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    plain = response.content  # empty where an answer is kept as gzip alone
    if encoding is None:
        data = plain or decode(forms["gzip"])
    else:
        if encoding not in forms:
            forms[encoding] = encode(plain or decode(forms["gzip"]), encoding)
        data = forms[encoding]
        response.headers["Content-Encoding"] = encoding
        if tag := response.headers.get("ETag"):
            response.headers["ETag"] = f'{tag[:-1]}-{encoding}"'
    response.content = data
    response.headers["Content-Length"] = str(len(data))


def _held(tag: str, held: str, encoding: str | None) -> str:
    """Which form of the tag a 304 names: the one that would be sent, if the client holds it, else one that it holds."""
    forms = [f'{tag[:-1]}-{encoding}"'] if encoding else []
    forms += [tag, f'{tag[:-1]}-gzip"', f'{tag[:-1]}-br"']
    return next((form for form in forms if form in held), forms[0] if "*" in held else tag)
