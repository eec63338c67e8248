"""Every readers' route with every mark that fits into it, as nobody in particular asks for it."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlencode

from django.test import Client

from claims.public.readers_urls import urlpatterns

ID = re.compile(r"[a-z]{3}_\w{16}")
OWN = {"claims": "clm", "speakers": "spk", "organisations": "org", "embed": "clm"}
SLUG = re.compile(r"[a-z-]+")
# What is of this moment and of this asker: marks of forms, and what was typed, which comes back to who typed it.
_OWN = re.compile(rb'<input type="hidden"[^>]*>|value="[^"]*" dir="auto"|\?q=[^"]*"|<textarea.*?</textarea>', re.DOTALL)


def routes() -> list[str]:
    return ["/" + str(pattern.pattern) for pattern in urlpatterns]


def addresses(marks: Iterable[str], *, sequences: Iterable[int] = (1,)) -> list[str]:
    """Every readers' address for these marks: ids and slugs in paths, every mark in the queries."""
    marks = list(marks)
    return list(dict.fromkeys(each for route in routes() for each in _of(route, marks, list(sequences))))


def _of(route: str, marks: list[str], sequences: list[int]) -> Iterator[str]:
    paths = [route]
    for name in re.findall(r"<\w+:(\w+)>", route):
        values: list[str] = {
            "id": _ids_for(route, marks),
            "slug": [mark for mark in marks if SLUG.fullmatch(mark)],
            "token": [mark for mark in marks if len(mark) > 30],
            "number": ["0"],
            "version": ["1"],
            "sequence": list(map(str, sequences)),
            "name": [mark for mark in marks if SLUG.fullmatch(mark)],
        }[name]
        paths = [re.sub(rf"<\w+:{name}>", quote(value, safe=""), path) for path in paths for value in values]
    yield from paths
    if route == "/search":
        yield from (f"/search?{urlencode({'q': mark})}" for mark in marks)
    if route == "/oembed":
        ids = (mark for mark in marks if ID.fullmatch(mark))
        yield from (f"/oembed?{urlencode({'url': f'http://testserver/claims/{mark}'})}" for mark in ids)
    if route == "/report":
        yield from (f"/report?about=not_me&speaker={mark}" for mark in marks if mark.startswith("spk_"))


def _ids_for(route: str, marks: list[str]) -> list[str]:
    """The ids that the route is about, and one of each other kind."""
    own = OWN.get(route.split("/")[1], "")
    ids = [mark for mark in marks if ID.fullmatch(mark)]
    others = {mark[:3]: mark for mark in ids if not mark.startswith(own)}
    return [mark for mark in ids if mark.startswith(own)] + ([] if "sequence" in route else list(others.values()))


def walk(asked: Iterable[str]) -> dict[str, bytes]:
    """Status and body by address, without what a form says of this moment and gives back to who typed it."""
    client, found = Client(raise_request_exception=False), {}
    for address in asked:
        response = client.get(address)
        assert not client.cookies, address
        assert response.status_code < 500, address
        found[address] = b"%d %b" % (response.status_code, _OWN.sub(b"", response.content))
    return found


def shows(answers: dict[str, bytes], mark: str) -> list[str]:
    """The addresses whose answers hold the mark."""
    return [address for address, content in answers.items() if mark.encode() in content]
