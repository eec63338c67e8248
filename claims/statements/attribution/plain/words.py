"""The words of a language whose attributions are read in their plain forms."""

from __future__ import annotations

from dataclasses import dataclass

from claims.statements.languages import table


@dataclass(frozen=True)
class PlainWords:
    """Words in lower case; `languages/de.toml` says under `[attribution]` what each list holds."""

    code: str
    finite: frozenset[str]
    participles: frozenset[str]
    infinitives: frozenset[str]
    particles: frozenset[str]
    denials: frozenset[str]
    asking: frozenset[str]
    auxiliaries: frozenset[str]
    clitics: frozenset[str]
    that: frozenset[str]
    so: frozenset[str]
    as_: frozenset[str]
    according: tuple[tuple[str, ...], ...]
    according_behind: frozenset[str]
    negators: frozenset[str]
    modals: frozenset[str]
    conditions: frozenset[str]
    whether: frozenset[str]
    embedding: frozenset[str]
    joining: frozenset[str]
    articles: frozenset[str]
    links: frozenset[str]
    pronouns: frozenset[str]
    stops: frozenset[str]
    abbreviations: frozenset[str]
    subjunctives: frozenset[str]
    nouns_small: bool


def plain_words(code: str) -> PlainWords:
    """The words of the language with this code."""
    told = table(code, "attribution")

    def listed(name: str) -> frozenset[str]:
        return frozenset(told.get(name, "").split())

    return PlainWords(
        code=code,
        finite=listed("finite"),
        participles=listed("participles"),
        infinitives=listed("infinitives"),
        particles=listed("particles"),
        denials=listed("denials"),
        asking=listed("asking"),
        auxiliaries=listed("auxiliaries"),
        clitics=listed("clitics"),
        that=listed("that"),
        so=listed("so"),
        as_=listed("as"),
        according=tuple(tuple(phrase.split()) for phrase in told["according"]),
        according_behind=listed("according_behind"),
        negators=listed("negators"),
        modals=listed("modals"),
        conditions=listed("conditions"),
        whether=listed("whether"),
        embedding=listed("embedding"),
        joining=listed("joining"),
        articles=listed("articles"),
        links=listed("links"),
        pronouns=listed("pronouns"),
        stops=listed("stops"),
        abbreviations=listed("abbreviations"),
        subjunctives=listed("subjunctives"),
        nouns_small=told["nouns_small"],
    )
