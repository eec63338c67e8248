"""Who said what in German and Spanish: what stands between a source and its cue, and what is no source."""

import pytest

from claims.statements.attribution import attributions
from claims.statements.extracted import Polarity

# kind, language, text, and each attribution: (source, content)
SAID = [
    ("an age", "es", "Olga Prim, de 61 años, dijo que la calle abrirá.", [("Olga Prim", "la calle abrirá")]),
    ("a relative clause", "es", "Olga Prim, que vive en Ula, dijo que abrirá.", [("Olga Prim", "abrirá")]),
    (
        "a relative clause with a negation",
        "es",
        "El guarda, que no quiso dar su nombre, afirmó que abrirá.",
        [("El guarda", "abrirá")],
    ),
    (
        "an apposition and a relative clause",
        "es",
        "Su tía, Olga Prim, que juega en el Ula, contó que la calle abrirá.",
        [("Su tía, Olga Prim", "la calle abrirá")],
    ),
    ("an aside", "es", "Los vecinos, por su parte, alegaron que está cerrada.", [("Los vecinos", "está cerrada")]),
    (
        "a question before the answer",
        "es",
        "Preguntada por si la calle abrirá, Prim respondió que no lo sabe.",
        [("Prim", "no lo sabe")],
    ),
    (
        "a question before an answer without subject",
        "es",
        "Preguntado por si vio un coche, contestó que no.",
        [(None, "no")],
    ),
    ("a subject left out", "es", "Añadió que la calle abrirá.", [(None, "la calle abrirá")]),
    ("the imperfect", "es", "Prim decía que la calle era suya.", [("Prim", "la calle era suya")]),
    (
        "a clause before the next speaker",
        "es",
        "Prim explicó que Venn cavó dos zanjas y el capataz del puerto añadió que llovía.",
        [("Prim", "Venn cavó dos zanjas"), ("el capataz del puerto", "llovía")],
    ),
    (
        "a day before the verb",
        "es",
        "El martes dijo Olga Prim que la calle abrirá.",
        [("Olga Prim", "la calle abrirá")],
    ),
    (
        "in the words of",
        "es",
        "En palabras del alcalde, Nils Venn, la calle abrirá.",
        [("alcalde, Nils Venn", "la calle abrirá")],
    ),
    ("a comparison", "es", "Los barcos cuentan más de lo que se pensaba.", []),
    ("what one counts on", "es", "Prim contaba con que la calle abriera.", []),
    ("an age", "de", "Olga Prim, 61, sagte, die Straße sei offen.", [("Olga Prim", "die Straße sei offen")]),
    (
        "a relative clause",
        "de",
        "Olga Prim, die nicht genannt werden wollte, sagte, die Straße sei offen.",
        [("Olga Prim", "die Straße sei offen")],
    ),
    ("a time", "de", "Vorige Woche sagte Olga Prim, die Straße sei offen.", [("Olga Prim", "die Straße sei offen")]),
    (
        "a time and two verbs",
        "de",
        "Letztes Jahr hat sie gesagt, dass die Straße öffnet.",
        [("sie", "die Straße öffnet")],
    ),
    (
        "two verbs of one subject",
        "de",
        "Olga Prim widersprach und sagte, die Straße sei offen.",
        [("Olga Prim", "die Straße sei offen")],
    ),
    (
        "a subjunctive of any verb",
        "de",
        "Olga Prim sagte, die Stadt spare Geld.",
        [("Olga Prim", "die Stadt spare Geld")],
    ),
    (
        "the words of somebody",
        "de",
        "Den Worten von Olga Prim zufolge ist die Straße offen.",
        [("Olga Prim", "ist die Straße offen")],
    ),
    (
        "a clause of time before the verb",
        "de",
        "Als der Regen kam, sagte Olga Prim, dass die Straße offen ist.",
        [("Olga Prim", "die Straße offen ist")],
    ),
]

NOT_SAID = [
    ("de", "Nicht sagen wollte Olga Prim, dass die Straße offen ist.", Polarity.NEGATED, "Olga Prim"),
    ("de", "Olga Prim wollte nicht sagen, ob die Straße öffnet.", Polarity.NEGATED, "Olga Prim"),
    ("de", "Nun wollte sie nicht sagen, wann die Straße öffnet.", Polarity.NEGATED, "sie"),
    ("de", "Weder Prim noch Venn wollten sagen, wer bezahlt.", Polarity.NEGATED, "Weder Prim noch Venn"),
    ("de", "Prim, 61, hat nicht gesagt, dass die Straße öffnet.", Polarity.NEGATED, "Prim"),
    ("de", "Nächste Woche wird Prim sagen, dass die Straße öffnet.", Polarity.MODAL, "Prim"),
    ("es", "Prim no quiso decir si la calle abrirá.", Polarity.NEGATED, "Prim"),
    ("es", "Un portavoz declinó decir si la calle abrirá.", Polarity.NEGATED, "Un portavoz"),
    ("es", "Prim no confirmará que la calle abra.", Polarity.NEGATED, "Prim"),
    ("es", "Prim dirá el lunes a los vecinos que la calle abrirá.", Polarity.MODAL, "Prim"),
]

SAID += [
    (
        "close to",
        "es",
        "Una vecina cercana al juez Olmo Prim contó que abrirá.",
        [("Una vecina cercana al juez Olmo Prim", "abrirá")],
    ),
    (
        "who knows",
        "es",
        "Un guarda que trata a Olga Prim afirmó que abrirá.",
        [("Un guarda que trata a Olga Prim", "abrirá")],
    ),
    (
        "addressed to",
        "es",
        "Una nota enviada a Olga Prim decía que abrirá.",
        [("Una nota enviada a Olga Prim", "abrirá")],
    ),
    ("a firm", "de", "Laut Prim & Söhne hält der Damm.", [("Prim & Söhne", "hält der Damm")]),
    ("beside", "de", "Neben Olga Prim sagte auch Tom Falk, der Damm sei dicht.", [("Tom Falk", "der Damm sei dicht")]),
]
SAID += [
    (
        "within",
        "de",
        "Die Miete steigt laut Mieterbund um 4 Prozent.",
        [("Mieterbund", "Die Miete steigt um 4 Prozent")],
    ),
    (
        "what of",
        "de",
        "Laut einem Bericht über Olga Prim stieg die Miete.",
        [("einem Bericht über Olga Prim", "stieg die Miete")],
    ),
    (
        "whom close to",
        "es",
        "Según una vecina próxima a Olga Prim, abrirá pronto.",
        [("una vecina próxima a Olga Prim", "abrirá pronto")],
    ),
]
NOT_SAID += [
    ("de", "Angeblich sagte Prim, der Damm sei dicht.", Polarity.MODAL, "Prim"),
    ("de", "Prim wollte sagen, dass der Damm hält.", Polarity.MODAL, "Prim"),
    ("es", "Prim quería decir que la calle abre.", Polarity.MODAL, "Prim"),
]


@pytest.mark.parametrize(
    ("language", "text", "expected"), [case[1:] for case in SAID], ids=[f"{lang}: {kind}" for kind, lang, *_ in SAID]
)
def test_the_subject_of_the_cue_is_the_source(language: str, text: str, expected: list[tuple[str | None, str]]) -> None:
    found = [a for a in attributions(text, language) if a.polarity is Polarity.ASSERTED]
    said = [(text[slice(*a.source)] if a.source else None, " ".join(text[slice(*s)] for s in a.content)) for a in found]
    assert said == expected


@pytest.mark.parametrize(("language", "text", "polarity", "source"), NOT_SAID)
def test_what_nobody_said_is_told_with_its_source(language: str, text: str, polarity: Polarity, source: str) -> None:
    (one,) = attributions(text, language)
    assert (one.polarity, one.source and text[slice(*one.source)]) == (polarity, source)


@pytest.mark.parametrize(
    ("language", "text", "content"),
    [
        ("de", "Sollte Prim sagen, dass Geld da ist, öffnet die Straße.", "Geld da ist"),
        ("es", "Si Prim dice que hay dinero, la calle abrirá.", "hay dinero"),
    ],
)
def test_a_condition_ends_before_its_consequence(language: str, text: str, content: str) -> None:
    (one,) = attributions(text, language)
    assert (one.polarity, [text[slice(*s)] for s in one.content]) == (Polarity.CONDITIONAL, [content])
