"""Read and check the scales of publishers that ship with the product.

    Scale ──< Label: its spellings, its place in the publisher's order, the verdict that it amounts to

A label without `verdict` is a page marker, a rating of promises or an explainer: it maps nothing. One with
`reviewed = false` was never seen in use by that publisher, or published mappings of it differ in kind: it maps nothing
either, and stands there for editors. `borderline` labels map; other published mappings put them one verdict aside.
"""

import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from claims.rating_scales.labels import key

SCALES_VERSION = 1
"""Raise it with every change of a scale or of how labels are matched; published claims are then mapped anew."""

VERDICTS = frozenset({"true", "false", "mixed", "unproven"})
SOURCES = frozenset({"pages", "records", "datasets", "parsers", "memory"})
_LONGEST = 100
_FIELDS = {"publisher", "names", "hosts", "languages", "sources", "verified", "labels"}
_LABEL_FIELDS = {"label", "spellings", "value", "verdict", "borderline", "reviewed"}


class BadScale(ValueError):
    """A file of a scale breaks a rule. The message says which."""


@dataclass(frozen=True, eq=False)
class Label:
    """One label of a scale. `value` is its place in the publisher's own order, from worst; None without an order."""

    label: str
    spellings: tuple[str, ...]
    value: int | None
    verdict: str | None
    borderline: bool
    reviewed: bool

    @property
    def mapped(self) -> str | None:
        """The verdict that it may be mapped to; None if it has none or nobody stands behind it."""
        return self.verdict if self.reviewed else None


@dataclass(frozen=True, eq=False)
class Scale:
    """The labels of one publisher.

    `hosts` are without `www.`; on `shared_hosts` other content stands too, so that the publisher's name must fit.
    `sources` say where the labels were seen; `verified` that at least half of them were.
    """

    name: str
    publisher: str
    names: tuple[str, ...]
    hosts: tuple[str, ...]
    shared_hosts: frozenset[str]
    languages: tuple[str, ...]
    sources: tuple[str, ...]
    verified: bool
    labels: tuple[Label, ...]
    by_key: dict[str, Label]

    def is_named(self, publisher: str) -> bool:
        """Whether the words of a publisher's name hold one of the names of this scale's publisher."""
        words = f" {plain_name(publisher)} "
        return any(f" {name} " in words for name in self.names)


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """The words of a name without case, accents and punctuation."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    kept = (character for character in text if not unicodedata.combining(character))
    return " ".join("".join(character if character.isalnum() else " " for character in kept).split())


@lru_cache(maxsize=1)
def scales() -> dict[str, Scale]:
    """All scales by name. Raises `BadScale`."""
    found: dict[str, Scale] = {}
    for path in sorted(files(__package__).joinpath("publishers").iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            name = path.name.removesuffix(".toml")
            found[name] = read(name, tomllib.loads(path.read_text(encoding="utf-8")))
    by_host(found.values())
    return found


@lru_cache(maxsize=1)
def scales_by_host() -> dict[str, Scale]:
    """The scale of each host, without `www.`."""
    return by_host(scales().values())


def by_host(scales: Iterable[Scale]) -> dict[str, Scale]:
    """The scales by their hosts. Raises `BadScale` for a host of two."""
    found: dict[str, Scale] = {}
    for scale in scales:
        for host in scale.hosts:
            if host in found:
                raise BadScale(f"{host} belongs to {found[host].name} and to {scale.name}.")
            found[host] = scale
    return found


def read(name: str, data: dict[str, Any]) -> Scale:
    """A scale from the data of its file. Raises `BadScale`."""
    if missing := _FIELDS - set(data):
        raise BadScale(f"{name} lacks {', '.join(sorted(missing))}.")
    if unknown := set(data) - _FIELDS - {"shared_hosts"}:
        raise BadScale(f"{name} has the unknown {', '.join(sorted(unknown))}.")
    for field in ("names", "hosts", "languages", "sources", "labels"):
        if not isinstance(data[field], list) or not data[field]:
            raise BadScale(f"{name}: {field} is an empty list or none.")
    if not set(data["sources"]) <= SOURCES:
        raise BadScale(f"{name}: sources are some of {', '.join(sorted(SOURCES))}.")
    hosts = tuple(data["hosts"])
    if any(host != host.lower() or host.startswith("www.") or "." not in host or "/" in host for host in hosts):
        raise BadScale(f"{name}: write hosts in lower case, without www.")
    shared = frozenset(data.get("shared_hosts", ()))
    if not shared <= set(hosts):
        raise BadScale(f"{name}: shared_hosts are some of its hosts.")
    labels = tuple(_label(name, each) for each in data["labels"])
    values = [label.value for label in labels if label.value is not None]
    if len(values) != len(set(values)):
        raise BadScale(f"{name}: two labels have the same value.")
    return Scale(
        name,
        data["publisher"],
        tuple(map(plain_name, data["names"])),
        hosts,
        shared,
        tuple(data["languages"]),
        tuple(data["sources"]),
        data["verified"],
        labels,
        _by_key(name, labels),
    )


def _label(name: str, data: dict[str, Any]) -> Label:
    if unknown := set(data) - _LABEL_FIELDS:
        raise BadScale(f"{name}: a label has the unknown {', '.join(sorted(unknown))}.")
    label, verdict, value = data.get("label", ""), data.get("verdict"), data.get("value")
    spellings = tuple(data.get("spellings", ()))
    if any(not key(each) or len(each) > _LONGEST for each in (label, *spellings)):
        raise BadScale(f"{name}: a label or spelling is empty or longer than {_LONGEST} characters.")
    if verdict is not None and verdict not in VERDICTS:
        raise BadScale(f"{name}: “{label}” has the unknown verdict {verdict}.")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise BadScale(f"{name}: the value of “{label}” is no whole number.")
    return Label(label, spellings, value, verdict, bool(data.get("borderline")), bool(data.get("reviewed", True)))


def _by_key(name: str, labels: tuple[Label, ...]) -> dict[str, Label]:
    found: dict[str, Label] = {}
    for label in labels:
        for spelling in (label.label, *label.spellings):
            if found.setdefault(key(spelling), label) is not label:
                raise BadScale(f"{name}: “{spelling}” is a spelling of two labels.")
    return found
