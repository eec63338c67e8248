"""The words of a language whose attributions are read in their plain forms."""

from __future__ import annotations

from dataclasses import dataclass

from claims.statements.languages import table


@dataclass(frozen=True)
class PlainWords:
    """Words in lower case; `languages/de.toml` says under `[attribution]` what each list holds.

    `prospective` are finite forms of what is yet to be said, `governors` verbs by which an infinitive is not said
    ("no quiso decir"), `other_meaning` words behind which a form is no cue, `times` nouns that tell
    when, `what` words that open an indirect question.
    """

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
    times: frozenset[str]
    prospective: frozenset[str]
    governors: frozenset[str]
    what: frozenset[str]
    relatives: frozenset[str]
    and_: frozenset[str]
    perfect: frozenset[str]
    other_meaning: dict[str, frozenset[str]]
    asked_phrases: tuple[tuple[str, ...], ...]
    drops_subjects: bool
    nouns_small: bool


def plain_words(code: str) -> PlainWords:
    """The words of the language with this code."""
    told = table(code, "attribution")

    def listed(name: str) -> frozenset[str]:
        return frozenset(told.get(name, "").split())

    infinitives = listed("infinitives")
    small = bool(told["nouns_small"])
    return PlainWords(
        code=code,
        finite=listed("finite") | listed("prospective") | (_spanish(infinitives) if code == "es" else frozenset()),
        participles=listed("participles"),
        infinitives=infinitives,
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
        times=listed("times"),
        prospective=_prospective(infinitives) | listed("prospective") if code == "es" else listed("prospective"),
        governors=listed("governors"),
        what=listed("what"),
        relatives=listed("relatives"),
        and_=listed("and"),
        perfect=listed("perfect"),
        other_meaning={form: frozenset(behind.split()) for form, behind in told.get("other_meaning", {}).items()},
        asked_phrases=tuple(tuple(phrase.split()) for phrase in told.get("asked", [])),
        drops_subjects=bool(told.get("drops_subjects", False)),
        nouns_small=small,
    )


def _spanish(infinitives: frozenset[str]) -> frozenset[str]:
    """The preterite and imperfect of regular verbs in the third person, and their future and conditional."""
    forms: set[str] = set(_prospective(infinitives))
    for verb in infinitives:
        stem = verb[:-2]
        endings = "ó aron aba aban" if verb.endswith("ar") else "ió ieron ía ían"
        forms |= {stem + ending for ending in endings.split()}
    return frozenset(forms)


def _prospective(infinitives: frozenset[str]) -> frozenset[str]:
    """The future and the conditional in the third person: what somebody will say, or is rumoured to have said."""
    return frozenset(verb + ending for verb in infinitives for ending in ("á", "án", "ía", "ían"))
