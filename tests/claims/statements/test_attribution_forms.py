"""Who said what in documents of many kinds and in three languages: every attribution, with speaker and content."""

import pytest

from claims.statements.attribution import attributions
from claims.statements.extracted import Polarity

# kind, language, text, and each asserted attribution: (source, its content, a text a span)
FORMS = [
    (
        "two speakers",
        "en",
        "Ida Moe said the bridge was sound, but Tom Falk said it had cracked.",
        [("Ida Moe", ["the bridge was sound"]), ("Tom Falk", ["it had cracked"])],
    ),
    (
        "two speakers without a comma",
        "en",
        "The mayor claims the toll fell while the council claims it rose.",
        [("The mayor", ["the toll fell"]), ("the council", ["it rose"])],
    ),
    (
        "according to, then another speaker",
        "en",
        "According to the port, trade grew, but the union says it shrank.",
        [("the port", ["trade grew"]), ("the union", ["it shrank"])],
    ),
    (
        "an aside behind a dash",
        "en",
        "Tom Falk said the toll would fall — a promise nobody believes, and a claim the council rejects.",
        [("Tom Falk", ["the toll would fall"])],
    ),
    (
        "an aside behind the cue",
        "en",
        "The toll fell by 3 percent, Ida Moe said, a number the port disputes.",
        [("Ida Moe", ["The toll fell by 3 percent"])],
    ),
    (
        "hopes that are nobody's words",
        "en",
        "Ida Moe said the gates would open in May, as many traders had hoped.",
        [("Ida Moe", ["the gates would open in May"])],
    ),
    (
        "an occasion behind the cue",
        "en",
        '"It will open," Tom Falk told the Ula Post in an interview the paper ran last week.',
        [("Tom Falk", ['"It will open,"'])],
    ),
    (
        "an occasion between cue and content",
        "en",
        "Tom Falk said in a note sent to the Ula Post that the gates would open.",
        [("Tom Falk", ["the gates would open"])],
    ),
    (
        "a clause that is called untrue",
        "en",
        "It is untrue that, as Tom Falk said, the gates are open.",
        [("Tom Falk", ["the gates are open"])],
    ),
    (
        "a quotation with a verb of manner",
        "en",
        '"It will open," grinned Tom Falk.',
        [("Tom Falk", ['"It will open,"'])],
    ),
    (
        "a quotation on both sides",
        "en",
        '"It will open," she smiled, "but not today."',
        [("she", ['"It will open,"', '"but not today."'])],
    ),
    (
        "a passive with its agent",
        "en",
        "It was alleged by Tom Falk that the port lied.",
        [("Tom Falk", ["the port lied"])],
    ),
    (
        "a passive without agent",
        "en",
        "The gates had rusted, it was said at the hearing.",
        [(None, ["The gates had rusted"])],
    ),
    ("a court", "en", "Ula District Court heard that the gates had rusted.", [(None, ["the gates had rusted"])]),
    (
        "appositions",
        "en",
        'Dr. Siri Aas, Professor of Ports at Ula University, who was not asked, added: "It is late."',
        [("Dr. Siri Aas, Professor of Ports at Ula University, who was not asked", ['"It is late."'])],
    ),
    (
        "a relative clause about the source alone",
        "en",
        "A former pilot, who asked not to be named, said the lights had failed.",
        [("A former pilot, who asked not to be named", ["the lights had failed"])],
    ),
    (
        "British quotation marks",
        "en",
        "'The ministers' plan will fail,' said Olga Prim.",
        [("Olga Prim", ["'The ministers' plan will fail,'"])],
    ),
    (
        "a quotation over paragraphs",
        "en",
        "“We asked everybody,” Olga Prim said. “Most agreed.\n\n“Some did not.”\n\nThe council met.",
        [("Olga Prim", ["“We asked everybody,”", "“Most agreed.", "“Some did not.”"])],
    ),
    (
        "a further quotation as a paragraph",
        "en",
        '"It leaks," she told the board.\n\n"It has leaked since spring."\n\nThe board was silent.',
        [("she", ['"It leaks,"', '"It has leaked since spring."'])],
    ),
    (
        "a source in the next paragraph",
        "en",
        "“The letter was never sent,”\n\na clerk told the board.",
        [("a clerk", ["“The letter was never sent,”"])],
    ),
    (
        "parliament",
        "en",
        "Mr Nils Venn (Ula) (Ind): Is it open?\n\nThe Minister for Roads (Ms Olga Prim): It is.\n\nMr Venn: Oh.",
        [
            ("Mr Nils Venn (Ula) (Ind)", ["Is it open?"]),
            ("The Minister for Roads (Ms Olga Prim)", ["It is."]),
            ("Mr Venn", ["Oh."]),
        ],
    ),
    ("questions and answers", "en", "Q: Is it open?\n\nA: Since May.", [("Q", ["Is it open?"]), ("A", ["Since May."])]),
    (
        "a live blog",
        "en",
        "14:31\nOur reporter is in Ula. She writes: There are 40 people here.",
        [("She", ["There are 40 people here"])],
    ),
    (
        "a line in capitals",
        "en",
        "OLGA PRIM SAID 40 HOUSES HAD BEEN CLEARED.",
        [("OLGA PRIM", ["40 HOUSES HAD BEEN CLEARED"])],
    ),
    (
        "a line in capitals behind a dateline",
        "en",
        "ULA, May 3 (Wire) - STORM CLOSES SEVEN ROADS IN THE NORTH, THE PORT SAID ON SUNDAY.",
        [("THE PORT", ["STORM CLOSES SEVEN ROADS IN THE NORTH"])],
    ),
    (
        "a headline with a label",
        "en",
        "Central bank: Rates to stay until autumn",
        [("Central bank", ["Rates to stay until autumn"])],
    ),
    ("a headline that ends in its source", "en", "Tolls up by a tenth, says port", [("port", ["Tolls up by a tenth"])]),
    (
        "a headline that ends in a dash",
        "en",
        "'No plan to shut roads' – council",
        [("council", ["'No plan to shut roads'"])],
    ),
    ("a label that is a rubric", "en", "Q&A: The new head of the port\n\nLIVE: Storm closes seven roads", []),
    ("a label that is a topic", "en", "Harbour fire: latest updates", []),
    ("a signature", "en", '"The road is no wider." - Olga Prim', [("Olga Prim", ['"The road is no wider."'])]),
    (
        "a signature below",
        "en",
        "“Tolls are a tax.”\n– Nils Venn, pilot",
        [("Nils Venn, pilot", ["“Tolls are a tax.”"])],
    ),
    (
        "a post",
        "en",
        "Not one road is shut today.\n\n— Olga Prim (@olgaprim) May 3, 2031",
        [("Olga Prim", ["Not one road is shut today."])],
    ),
    (
        "German, quotation",
        "de",
        "„Die Straße ist offen“, sagte Landrätin Olga Prim am Montag.",
        [("Landrätin Olga Prim", ["„Die Straße ist offen“"])],
    ),
    (
        "German, dass",
        "de",
        "Am Montag sagte Olga Prim, dass die Straße offen sei.",
        [("Olga Prim", ["die Straße offen sei"])],
    ),
    (
        "German, reported speech",
        "de",
        "Das Amt teilte mit, die Straße sei offen.",
        [("Das Amt", ["die Straße sei offen"])],
    ),
    ("German, clause first", "de", "Die Straße ist offen, erklärte das Amt.", [("das Amt", ["Die Straße ist offen"])]),
    ("German, laut", "de", "Laut Olga Prim ist die Straße offen.", [("Olga Prim", ["ist die Straße offen"])]),
    ("German, so", "de", "„Wir warten“, so Prim. „Noch lange.“", [("Prim", ["„Wir warten“", "„Noch lange.“"])]),
    (
        "German, two speakers",
        "de",
        "Prim sagte, die Straße sei offen, und Venn erklärte, sie sei gesperrt.",
        [("Prim", ["die Straße sei offen"]), ("Venn", ["sie sei gesperrt"])],
    ),
    ("German, zufolge", "de", "Dem Amt zufolge ist die Straße offen.", [("Dem Amt", ["ist die Straße offen"])]),
    ("German, wie", "de", "Die Straße ist offen, wie Olga Prim sagte.", [("Olga Prim", ["Die Straße ist offen"])]),
    (
        "Spanish, quotation",
        "es",
        "«La calle está abierta», afirmó Olga Prim el lunes.",
        [("Olga Prim", ["«La calle está abierta»"])],
    ),
    (
        "Spanish, que",
        "es",
        "La alcaldesa, Olga Prim, dijo este lunes que la calle está abierta.",
        [("La alcaldesa, Olga Prim", ["la calle está abierta"])],
    ),
    (
        "Spanish, clause first",
        "es",
        "La calle está abierta, aseguró Olga Prim.",
        [("Olga Prim", ["La calle está abierta"])],
    ),
    ("Spanish, según", "es", "Según Olga Prim, la calle está abierta.", [("Olga Prim", ["la calle está abierta"])]),
    (
        "Spanish, según within",
        "es",
        "La calle, según la policía, está abierta.",
        [("la policía", ["La calle", "está abierta"])],
    ),
    (
        "Spanish, dialogue",
        "es",
        "—La calle está abierta —declaró Olga Prim—. Y lo estará mañana.",
        [("Olga Prim", ["—La calle está abierta", "Y lo estará mañana."])],
    ),
    (
        "Spanish, two speakers",
        "es",
        "Prim dijo que la calle está abierta, pero Venn dijo que está cerrada.",
        [("Prim", ["la calle está abierta"]), ("Venn", ["está cerrada"])],
    ),
    ("Spanish, label", "es", "La alcaldesa: «No habrá obras»", [("La alcaldesa", ["«No habrá obras»"])]),
    ("German, nach Angaben von", "de", "Nach Angaben von Olga Prim ist sie zu.", [("Olga Prim", ["ist sie zu"])]),
    ("Spanish, ayer", "es", "La calle abrirá, anunció ayer la alcaldesa.", [("la alcaldesa", ["La calle abrirá"])]),
    (
        "labels that name nobody",
        "en",
        "PICTURED: The port of Ula\n\nSEE ALSO: Ten bridges\n\nCAPTION: A gull leaves. EX: whose is it?",
        [],
    ),
    ("labels that name nobody, Spanish", "es", "AVISO: Dura 3 minutos\n\nVÍDEO: La fiesta del puerto", []),
    (
        "full names, then initials",
        "en",
        "Olga Prim: Is it open?\n\nNils Venn: Since May.\n\nOP: Why?\n\nNV: It rained.",
        [
            ("Olga Prim", ["Is it open?"]),
            ("Nils Venn", ["Since May."]),
            ("OP", ["Why?"]),
            ("NV", ["It rained."]),
        ],
    ),
    (
        "a parliament of India",
        "en",
        "SHRI NILS VENN: Who is to pay?\n\nSMT. OLGA PRIM: The State has paid.",
        [("SHRI NILS VENN", ["Who is to pay?"]), ("SMT. OLGA PRIM", ["The State has paid."])],
    ),
    (
        "an aside before a plural verb",
        "en",
        "Farmers, meanwhile, allege that the port lied.",
        [("Farmers", ["the port lied"])],
    ),
    ("a retort", "en", 'Olga Prim hit back: "It is open."', [("Olga Prim", ['"It is open."'])]),
    ("a judgement", "en", 'Olga Prim, 61, was blunter: "It stinks."', [("Olga Prim, 61", ['"It stinks."'])]),
    ("a rule that is clear", "en", 'The Harbour Act is clear: "No dogs."', []),
    (
        "a quotation that somebody was quoted with",
        "en",
        '"It will open," a clerk was quoted as saying.',
        [("a clerk", ['"It will open,"'])],
    ),
    (
        "an opening participle",
        "en",
        "Opening the case at Ula Court, Olga Prim, prosecuting, said it was shut.",
        [("Olga Prim", ["it was shut"])],
    ),
    (
        "British quotations over paragraphs",
        "en",
        "‘We asked,’ says Olga Prim. ‘Most agreed.\n\n‘Some didn’t.’\n\nThe council met.",
        [("Olga Prim", ["‘We asked,’", "‘Most agreed.", "‘Some didn’t.’"])],
    ),
    ("another language", "fr", "« La rue est ouverte », a dit Olga Prim.", []),
]

NOT_SAID = [
    ("de", "Hätte Prim gesagt, dass die Straße offen ist, wären wir gefahren."),
    ("de", "Die Behauptung, Prim habe gesagt, die Straße sei offen, ist falsch."),
    ("de", "„Die Straße ist offen“, sagte Prim nie."),
    ("es", "Es falso que Prim dijo que la calle está abierta."),
    ("es", "Prim habría dicho que la calle está abierta."),
    ("es", "«La calle está abierta», nunca dijo Prim."),
    ("de", "Olga Prim hat nie gesagt, dass die Straße offen sei."),
    ("de", "Olga Prim sagte nicht, dass die Straße offen ist."),
    ("de", "Olga Prim bestritt, dass die Straße gesperrt sei."),
    ("de", "Niemand sagte, dass die Straße offen ist."),
    ("de", "Weder Prim noch Venn sagten, dass die Straße offen ist."),
    ("de", "Kein Sprecher bestätigte, dass die Straße offen ist."),
    ("de", "Ein Sprecher konnte nicht bestätigen, dass die Straße offen ist."),
    ("de", "Wenn Prim sagt, dass die Straße offen ist, fahren wir."),
    ("de", "Sollte Prim sagen, dass die Straße offen ist, fahren wir."),
    ("de", "Hat Prim gesagt, dass die Straße offen ist?"),
    ("de", "Prim wird sagen, dass die Straße offen ist."),
    ("de", "Prim soll gesagt haben, dass die Straße offen ist."),
    ("de", "Es stimmt nicht, dass Prim sagte, dass die Straße offen ist."),
    ("de", "Angeblich sagte Prim, dass die Straße offen ist."),
    ("de", "Ob Prim gesagt hat, dass die Straße offen ist, weiß keiner."),
    ("es", "Prim no dijo que la calle estuviera abierta."),
    ("es", "Prim nunca ha dicho que la calle esté abierta."),
    ("es", "Prim negó que la calle estuviera cerrada."),
    ("es", "Nadie dijo que la calle estuviera abierta."),
    ("es", "Ni Prim ni Venn dijeron que la calle está abierta."),
    ("es", "Ningún portavoz confirmó que la calle está abierta."),
    ("es", "Si Prim dice que la calle está abierta, iremos."),
    ("es", "¿Dijo Prim que la calle está abierta?"),
    ("es", "¿Quién dijo que la calle está abierta?"),
    ("es", "Prim dirá que la calle está abierta."),
    ("es", "Prim podría decir que la calle está abierta."),
    ("es", "No es cierto que Prim dijo que la calle está abierta."),
    ("es", "Prim se negó a decir que la calle está abierta."),
    ("es", "Presuntamente Prim dijo que la calle está abierta."),
]


@pytest.mark.parametrize(("kind", "language", "text", "expected"), FORMS, ids=[form[0] for form in FORMS])
def test_forms_of_reported_speech(
    kind: str, language: str, text: str, expected: list[tuple[str | None, list[str]]]
) -> None:
    found = [a for a in attributions(text, language) if a.speech and a.polarity is Polarity.ASSERTED]
    said = [(text[slice(*a.source)] if a.source else None, [text[slice(*s)] for s in a.content]) for a in found]
    assert said == expected


@pytest.mark.parametrize(("language", "text"), NOT_SAID)
def test_nobody_said_it_in_german_or_spanish_either(language: str, text: str) -> None:
    assert [a for a in attributions(text, language) if a.polarity is Polarity.ASSERTED] == []
