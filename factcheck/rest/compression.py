"""Compress REST responses with gzip or Brotli when the client accepts it (RFC 9110, 8.4 and 12.5.3).

Each encoding of a response has a strong ETag of its own, the plain ETag with `-gzip` or `-br` appended (section 8.8.3:
different bytes, different tag). Views know nothing of this: the middleware removes the suffixes from the client's
If-None-Match and If-Match, and a 304 names the tag that the client has. gzip is preferred where the client accepts both
alike, because ISA-L needs a tenth of Brotli's CPU time.

Compression reveals the length of a secret in a response (BREACH) to an attacker who can make a victim's browser send
requests and choose a part of the response. That is impossible here: access needs a key in a header, which no browser
sends by itself. Admin pages, which use cookies and contain CSRF tokens, are never compressed.
"""

import re
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from isal import isal_zlib

PREFIXES = ("/api/", "/v1alpha1/")
MIN_SIZE = 1_000  # bytes: less fits into one packet uncompressed
_GZIP = 31  # zlib's window size parameter for the gzip format
_COMPRESSIBLE = re.compile(r"(application/(json|[a-z0-9.+-]+\+json|xml|[a-z.]+\+xml|x-ndjson)|text/[a-z]+)(;|$)")
_TAG = re.compile(r'((?:W/)?"[^"]*?)-(gzip|br)"')
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")


def compress(data: bytes, encoding: str) -> bytes:
    """Compress as `br` or `gzip`, deterministically."""
    if encoding == "br":
        return bytes(brotli.compress(data, quality=4))
    return bytes(isal_zlib.compress(data, 2, _GZIP))


def decompress(data: bytes) -> bytes:
    """Decompress gzip."""
    return bytes(isal_zlib.decompress(data, _GZIP))


def is_compressible(response: HttpResponse) -> bool:
    """Whether the body is text and at least MIN_SIZE bytes long."""
    return len(response.content) >= MIN_SIZE and bool(_COMPRESSIBLE.match(response.headers.get("Content-Type", "")))


def choose_encoding(accepted: str) -> str | None:
    """Choose `gzip`, `br` or None by the client's Accept-Encoding; a malformed part counts as not accepted."""
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


class CompressionMiddleware:
    """Compress responses of the REST interface and readers' pages, except streams and small or encoded ones."""

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase], *, prefixes: tuple[str, ...] = PREFIXES
    ) -> None:
        self.get_response = get_response
        self._prefixes = prefixes

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(self._prefixes):
            return self.get_response(request)
        client_tags = request.META.get("HTTP_IF_NONE_MATCH", "")
        for name in _CONDITIONS:
            if name in request.META:
                request.META[name] = _TAG.sub(r'\1"', request.META[name])
        response = self.get_response(request)
        if response.streaming or response.has_header("Content-Encoding"):
            return response
        if response.status_code == 304:
            patch_vary_headers(response, ["Accept-Encoding"])
            if tag := response.headers.get("ETag"):
                encoding = choose_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
                response.headers["ETag"] = _tag_of_304(tag, client_tags, encoding)
        elif isinstance(response, HttpResponse):
            _compress(request, response)
        return response


def _compress(request: HttpRequest, response: HttpResponse) -> None:
    forms: dict[str, bytes] = getattr(response, "forms", {})  # a cached response brings its compressed bodies
    if "gzip" not in forms and not is_compressible(response):
        return
    patch_vary_headers(response, ["Accept-Encoding"])
    encoding = choose_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    plain = response.content  # empty where the cache has gzip alone
    if encoding is None:
        data = plain or decompress(forms["gzip"])
    else:
        if encoding not in forms:
            forms[encoding] = compress(plain or decompress(forms["gzip"]), encoding)
        data = forms[encoding]
        response.headers["Content-Encoding"] = encoding
        if tag := response.headers.get("ETag"):
            response.headers["ETag"] = f'{tag[:-1]}-{encoding}"'
    response.content = data
    response.headers["Content-Length"] = str(len(data))


def _tag_of_304(tag: str, client_tags: str, encoding: str | None) -> str:
    """The form of the tag that a 304 names: that of the encoding if the client has it, else one that it has."""
    forms = [f'{tag[:-1]}-{encoding}"'] if encoding else []
    forms += [tag, f'{tag[:-1]}-gzip"', f'{tag[:-1]}-br"']
    return next((form for form in forms if form in client_tags), forms[0] if "*" in client_tags else tag)
