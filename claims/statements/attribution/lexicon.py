"""English words of attribution, as `languages/en.toml` lists them: cue verbs, cue nouns, closed word classes.

A *cue* is the word that links a content to its source ("said", "according to"), as in PARC and PolNeAR, the annotated
corpora of news attribution. Verbs are grouped by what follows them:

    CLAUSE    she said (that) it rained        bare or with "that", or a quote
    THAT      the study found that it rained   a clause only after "that", otherwise a noun phrase
    OBJECT    she denied the report            a noun phrase or an -ing form
    TO        she vowed to go                  an infinitive
    URGE      she urged them to go             someone, then an infinitive
    ASK       she asked whether it rained      a wh-clause

`SPEECH` are verbs of saying, publishing, showing and forecasting: somebody put something into words. The others
(wanting, supporting, refusing) only reveal an attitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto
from typing import Any

from claims.statements.languages import table


def words(text: str) -> frozenset[str]:
    """The words of `text` as a set."""
    return frozenset(text.split())


class Frame(Flag):
    CLAUSE = auto()
    THAT = auto()
    OBJECT = auto()
    TO = auto()
    URGE = auto()
    ASK = auto()


@dataclass(frozen=True, slots=True)
class CueVerb:
    lemma: str
    frames: Frame
    speech: bool


@dataclass(frozen=True, slots=True)
class VerbForm:
    """One inflected form. `noun_like` forms ("claims", "report") need a subject beside them to count as verbs."""

    verb: CueVerb
    base: bool = False
    third: bool = False
    past: bool = False
    participle: bool = False
    ing: bool = False
    noun_like: bool = False


_EN: dict[str, Any] = table("en", "attribution")


def _listed(name: str) -> frozenset[str]:
    return words(_EN[name])


IRREGULAR: dict[str, tuple[str, str]] = {
    lemma: (forms.split()[0], forms.split()[1]) for lemma, forms in _EN["irregular"].items()
}
# Verbs whose content follows a preposition: "called for", "warned of". The cue includes it.
PREPOSITION_CONTENT: dict[str, frozenset[str]] = {
    lemma: words(prepositions) for lemma, prepositions in _EN["preposition_content"].items()
}
_DOUBLED = _listed("doubled")


def _inflect(lemma: str) -> tuple[str, str, str, str]:
    """(third person, past, participle, -ing) of a verb."""
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        third = lemma + "es"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        third = lemma[:-1] + "ies"
    else:
        third = lemma + "s"
    stem = lemma + lemma[-1] if lemma in _DOUBLED else lemma
    if lemma in IRREGULAR:
        past, participle = IRREGULAR[lemma]
    elif lemma.endswith("e"):
        past = participle = lemma + "d"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        past = participle = lemma[:-1] + "ied"
    else:
        past = participle = stem + "ed"
    ing = lemma[:-1] + "ing" if lemma.endswith("e") and not lemma.endswith("ee") else stem + "ing"
    if lemma in {"put", "set", "forget"}:
        ing = lemma + lemma[-1] + "ing"
    return third, past, participle, ing


_NOUN_LIKE = _listed("noun_like")


def _build() -> tuple[dict[str, CueVerb], dict[str, VerbForm]]:
    frames: dict[str, Frame] = {}
    speech: set[str] = set()
    for kind, is_speech in (("speech", True), ("attitude", False)):
        for frame, lemmas in ((Frame[name.upper()], lemmas) for name, lemmas in _EN[kind].items()):
            for lemma in lemmas.split():
                frames[lemma] = frames.get(lemma, Frame(0)) | frame
                if is_speech:
                    speech.add(lemma)
    verbs = {lemma: CueVerb(lemma, frame, lemma in speech) for lemma, frame in frames.items()}
    forms: dict[str, VerbForm] = {}
    for lemma in PREPOSITION_CONTENT:
        verbs.setdefault(lemma, CueVerb(lemma, Frame(0), speech=lemma in {"point", "talk"}))
    for lemma, verb in verbs.items():
        third, past, participle, ing = _inflect(lemma)
        noun = lemma in _NOUN_LIKE
        flags: dict[str, dict[str, bool]] = {}
        for form, flag in (
            (lemma, "base"),
            (third, "third"),
            (past, "past"),
            (participle, "participle"),
            (ing, "ing"),
        ):
            flags.setdefault(form, {})[flag] = True
        for form, given in flags.items():
            if form in forms:
                continue
            forms[form] = VerbForm(verb, **given, noun_like=noun and ("base" in given or "third" in given))
    return verbs, forms


VERBS, VERB_FORMS = _build()

# Nouns that carry a that-clause, an infinitive or a quote of their owner: "the minister's claim that …".
CUE_NOUNS = _listed("cue_nouns")
# Of these, those that take an infinitive rather than a clause.
INFINITIVE_NOUNS = _listed("infinitive_nouns")

# Sources that show rather than say: "the poll shows prices rising".
# What somebody thinks or feels, which nobody need have said.
ATTITUDE_NOUNS = _listed("attitude_nouns")
# Knowing, feeling and the like: reported with a clause, but nobody put it in words.
MENTAL = _listed("mental")
# What an aside calls what was said: ", a figure the White House disputes".
ASIDE_NOUNS = _listed("aside_nouns")
FINDINGS = _listed("findings")

PRONOUN_SUBJECTS = _listed("pronoun_subjects")
DETERMINERS = _listed("determiners")
POSSESSIVES = _listed("possessives")
PREPOSITIONS = _listed("prepositions")
SUBORDINATORS = _listed("subordinators")
COORDINATORS = _listed("coordinators")
BE = _listed("be")
AUXILIARIES = BE | _listed("auxiliaries")
ADVERBS = _listed("adverbs")
DAYS = _listed("days")
MONTHS = _listed("months")
TIME_NOUNS = _listed("time_nouns") | DAYS  # fmt: skip
VENUES = _listed("venues")

# Finite verbs that are no cues: enough of the commonest to tell a clause from a phrase.
COMMON_VERBS = _listed("common_verbs")

TITLES = _listed("titles")
PERSON_NOUN_ENDINGS = tuple(_EN["person_noun_endings"].split())
PERSON_NOUNS = _listed("person_nouns")

# Head nouns of organisations, for "the ministry" -> "the Ministry of …".
ORGANISATION_HEADS = _listed("organisation_heads")
