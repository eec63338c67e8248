"""Attribution: cue, source and content of the common forms of reported speech."""

import pytest

from claims.statements.attribution import attributions
from claims.statements.speakers.resolution import Resolver

# sentence, source, cue, content (one text a span), quoted
FORMS = [
    ('"The dam holds," the ministry said.', "the ministry", "said", ['"The dam holds,"'], True),
    (
        '"The dam holds", a statement from the ministry said.',
        "a statement from the ministry",
        "said",
        ['"The dam holds"'],
        True,
    ),
    ("The dam holds, the ministry said.", "the ministry", "said", ["The dam holds"], False),
    ("The dam holds, the ministry said in a statement on Friday.", "the ministry", "said", ["The dam holds"], False),
    ("Ida Moe told the harbour board that the dam holds.", "Ida Moe", "told", ["the dam holds"], False),
    ("Ida Moe told reporters the dam would hold.", "Ida Moe", "told", ["the dam would hold"], False),
    ("According to the water office, the dam holds.", "the water office", "According to", ["the dam holds"], False),
    ("The dam holds, according to the water office.", "the water office", "according to", ["The dam holds"], False),
    (
        "The dam, according to the water office, has held since 1931.",
        "the water office",
        "according to",
        ["The dam", "has held since 1931"],
        False,
    ),
    (
        '"The dam holds," said Ida Moe, head of the water office, "and it will for years."',
        "Ida Moe, head of the water office",
        "said",
        ['"The dam holds,"', '"and it will for years."'],
        True,
    ),
    ("Ida Moe said Sunday that the dam holds.", "Ida Moe", "said", ["the dam holds"], False),
    ("The ministry, meanwhile, said that the dam holds.", "The ministry", "said", ["the dam holds"], False),
    ("Earlier reports said the dam was leaking.", "Earlier reports", "said", ["the dam was leaking"], False),
    ("The council vowed to mend the dam.", "The council", "vowed", ["to mend the dam"], False),
    (
        "The council pledged in May stricter checks of dams.",
        "The council",
        "pledged",
        ["stricter checks of dams"],
        False,
    ),
    ("Ida Moe warned that the dam was old.", "Ida Moe", "warned", ["the dam was old"], False),
    ("The builder denied any fault.", "The builder", "denied", ["any fault"], False),
    ("The builder announced a new dam.", "The builder", "announced", ["a new dam"], False),
    ("The dam, she said, will hold.", "she", "said", ["The dam", "will hold"], False),
    (
        "The islands' Chief Engineer Ida Moe promised a report.",
        "The islands' Chief Engineer Ida Moe",
        "promised",
        ["a report"],
        False,
    ),
    ("As the ministry said, the dam holds.", "the ministry", "said", ["the dam holds"], False),
    ('Ida Moe: "The dam holds."', "Ida Moe", ":", ['"The dam holds."'], True),
    ('"The dam holds." — Ida Moe', "Ida Moe", "—", ['"The dam holds."'], True),
    (
        "“The dam holds,” Ida Moe said. “It always will.”",
        "Ida Moe",
        "said",
        ["“The dam holds,”", "“It always will.”"],
        True,
    ),
    ("“Will it hold?” Ida Moe asked.", "Ida Moe", "asked", ["“Will it hold?”"], True),
    ("Said Ida Moe: “The dam holds.”", "Ida Moe", "Said", ["“The dam holds.”"], True),
    ("If it rains, Ida Moe said, the dam will hold.", "Ida Moe", "said", ["If it rains", "the dam will hold"], False),
    ("On Sunday, Ida Moe said the dam was full.", "Ida Moe", "said", ["the dam was full"], False),
    ("Ida Moe, who in 2010 said the dam was old, left.", "Ida Moe", "said", ["the dam was old"], False),
    ("Mr. Aas and Mr. Moe say the dam holds.", "Mr. Aas and Mr. Moe", "say", ["the dam holds"], False),
    (
        "A study published on Monday in the Ula Journal found that dams leak.",
        "A study published on Monday in the Ula Journal",
        "found",
        ["dams leak"],
        False,
    ),
    ("Unemployment fell, official data showed.", "official data", "showed", ["Unemployment fell"], False),
    ("Ida Moe said of the dam, “It holds.”", "Ida Moe", "said", ["“It holds.”"], True),
    ("The council called for new dams.", "The council", "called for", ["new dams"], False),
    ("ULA -- The dam holds, the ministry said.", "the ministry", "said", ["The dam holds"], False),
    (
        "The engineers, who inspected the dam on May 3, said it holds.",
        "The engineers, who inspected the dam on May 3",
        "said",
        ["it holds"],
        False,
    ),
]


@pytest.mark.parametrize(("text", "source", "cue", "content", "quoted"), FORMS, ids=[form[0][:40] for form in FORMS])
def test_common_news_forms(text: str, source: str, cue: str, content: list[str], quoted: bool) -> None:
    found = [a for a in attributions(text) if a.speech]
    assert len(found) == 1, found
    (one,) = found
    assert one.source is not None
    assert text[slice(*one.source)] == source
    assert text[slice(*one.cue)] == cue
    assert [text[slice(*span)] for span in one.content] == content
    assert one.quoted is quoted


@pytest.mark.parametrize(
    "text",
    [
        "The dam was built in 1931 and holds.",
        "Crews were asked to keep the dam dry.",
        'The dam is known as "the old lady of the valley".',
        "The ministry of the reported cases was small.",
        "The water flows according to the plan.",
        "The claims were many and the reports few.",
        "He said.",
        "",
        '"',
        "“ ”",
    ],
)
def test_no_speech_where_nobody_speaks(text: str) -> None:
    assert [a for a in attributions(text) if a.speech] == []


def test_a_transcript_gives_each_paragraph_to_its_label() -> None:
    text = "MOE: The dam holds. Falk said so.\n\nFALK: Did I?\n\nMOE: You did."
    found = attributions(text)
    assert [text[slice(*a.source)] for a in found if a.source] == ["MOE", "FALK", "MOE"]
    assert [text[slice(*a.content[0])] for a in found] == ["The dam holds. Falk said so.", "Did I?", "You did."]


def test_two_headings_are_no_transcript() -> None:
    assert attributions("Where: the dam at Ula.\n\nWhen: at noon.\n\nIt rained.") == []


def test_a_paragraph_announced_by_a_colon_is_what_was_said() -> None:
    text = "The engineer added on Friday:\n\nThe dam holds. It is old.\n\nThe council met."
    (one,) = attributions(text)
    assert text[slice(*one.content[0])] == "The dam holds. It is old."


def test_a_headline_has_a_speaker_too() -> None:
    text = "Chief Engineer Moe Says Ula Dam Stands Firm"
    (one,) = attributions(text)
    assert one.source is not None
    assert (text[slice(*one.source)], text[slice(*one.content[0])]) == ("Chief Engineer Moe", "Ula Dam Stands Firm")


def test_what_others_say_belongs_to_the_speaker_who_reports_it() -> None:
    text = "Ida Moe said the council had told her that the dam would be mended."
    (one,) = attributions(text)
    assert text[slice(*one.content[0])] == "the council had told her that the dam would be mended"


def test_adding_goes_on_with_the_same_source() -> None:
    text = '"The dam holds," the statement read, adding that 40 men had mended it.'
    first, second = (a for a in attributions(text) if a.speech)
    assert first.source == second.source
    assert text[slice(*second.cue)] == "adding"
    assert text[slice(*second.content[0])] == "40 men had mended it"


def test_a_quotation_over_two_paragraphs_is_one_content() -> None:
    text = 'Ida Moe said: "The dam holds. It is old.\n\n"It will be mended in spring."\n\nThe council met on Friday.'
    (one,) = (a for a in attributions(text) if a.speech)
    assert [text[slice(*s)] for s in one.content] == ['"The dam holds. It is old.', '"It will be mended in spring."']


def test_wanting_is_an_attitude_and_not_speech() -> None:
    (one,) = attributions("The council wants to mend the dam.")
    assert not one.speech


def test_what_a_quoted_person_reports_belongs_to_the_quotation() -> None:
    (one,) = attributions('"The council told us that the dam would be mended," Ida Moe said.')
    assert one.quoted


def test_other_languages_have_no_attributions() -> None:
    assert attributions('"Der Damm hält", said the ministry.', "de") == []


STORY = (
    "The Ministry of Works (MoW) opened the dam. Chief Engineer Ida Moe inspected it with Tom Falk, a spokesman for "
    "the Ula Power Company. {}"
)


@pytest.mark.parametrize(
    ("sentence", "source", "name", "kind"),
    [
        ("It holds, the ministry said.", "the ministry", "the Ministry of Works", "organisation"),
        ("It holds, the ministry of works said.", "the ministry of works", "the Ministry of Works", "organisation"),
        ("It holds, MoW said.", "MoW", "the Ministry of Works", "organisation"),
        (
            "It holds, a statement from the ministry said.",
            "a statement from the ministry",
            "the Ministry of Works",
            "organisation",
        ),
        ("It holds, Moe said.", "Moe", "Ida Moe", "person"),
        ("It holds, Ms. Moe said.", "Ms. Moe", "Ida Moe", "person"),
        ("It holds, the chief engineer said.", "the chief engineer", "Ida Moe", "person"),
        ("It holds, the spokesman said.", "the spokesman", "Tom Falk", "person"),
        ("It holds, she said.", "she", "Ida Moe", "person"),
        ("It holds, he said.", "he", "Tom Falk", "person"),
        ("It holds, the company said.", "the company", "the Ula Power Company", "organisation"),
        ("It holds, earlier reports said.", "earlier reports", "earlier reports", "unknown"),
        ("It holds, residents said.", "residents", "residents", "unknown"),
        ("It holds, Siri Aas said.", "Siri Aas", "Siri Aas", "person"),
    ],
)
def test_sources_resolve_to_the_last_full_name(sentence: str, source: str, name: str, kind: str) -> None:
    text = STORY.format(sentence)
    resolver = Resolver(text)
    (one,) = (a for a in attributions(text) if a.speech)
    assert one.source is not None
    assert text[slice(*one.source)] == source
    resolved = resolver.resolve(one.source)
    assert (resolved.name, resolved.kind) == (name, kind)


def test_a_pronoun_without_anybody_resolves_to_nobody() -> None:
    text = "It holds, she said."
    (one,) = attributions(text)
    assert one.source is not None
    assert Resolver(text).resolve(one.source).name is None


def test_long_and_broken_texts_are_read_in_linear_time() -> None:
    for junk in ('"' * 20_000, "X said " * 20_000, "A" * 50_000, "“" * 20_000, "Ida Moe, " * 10_000, "and " * 20_000):
        attributions(junk)


def test_a_ticker_symbol_does_not_hide_the_subject() -> None:
    text = "ULA MINES <ULM.X> CUT ITS 2032 ZINC FORECAST ON FRIDAY AND SAID IT WOULD CLOSE A PIT."
    assert [text[slice(*a.source)] for a in attributions(text, "en") if a.source] == ["ULA MINES"]


def test_a_relative_clause_about_the_letter_is_not_what_was_said() -> None:
    text = "The repairs cost £3m, the council said in a letter that was leaked."
    assert not any("leaked" in text[slice(*span)] for a in attributions(text, "en") for span in a.content)
