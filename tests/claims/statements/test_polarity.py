"""Polarity: whether a text says that somebody said something. Nobody gets words that they are not said to have said."""

import pytest

from claims.statements.attribution import Attribution, attributions
from claims.statements.extracted import Polarity
from claims.statements.ingest import statements

NEGATED = [
    "Moe withdrew her claim that the dam is safe.",
    "Moe no longer says that the dam is safe.",
    "Moe retracted her claim that the dam is safe.",
    "Moe was careful not to say that the dam is safe.",
    "Rather than say the dam was safe, Moe left the room.",
    "It is a myth that Moe said the dam is safe.",
    "The claim that Moe said the dam is safe is false.",
    "Ms Bragg never said that the dam was safe.",
    "Ida Moe did not state that the dam was safe.",
    "Ida Moe didn't say that the dam was safe.",
    "Ida Moe has never said the dam was safe.",
    "Neither Orlo nor Moe said that the posts had been filled.",
    "Neither Moe nor the ministry has said the dam is safe.",
    "A spokeswoman for the port could not confirm that tolls would rise.",
    "Moe denied that the dam was leaking.",
    "Moe has denied the dam was leaking.",
    "Moe declined to say whether the dam was safe.",
    "Moe refused to say that the dam was safe.",
    "Moe stopped short of saying that the dam was safe.",
    "Moe left without saying that the dam was safe.",
    "No one said the dam was safe.",
    "Nobody claimed that the dam was safe.",
    "Not one official said that the dam was safe.",
    "No minister has said that the dam was safe.",
    "None of the officials said the dam was safe.",
    "At no point did Moe say that the dam was safe.",
    "Never has Moe claimed that the dam was safe.",
    "It is not true that Moe said the dam was safe.",
    "It is false that Ida Moe said that the dam was safe.",
    "There is no evidence that Moe said the dam was safe.",
    "It was not Moe who said the dam was safe.",
    "Moe, however, never said the dam was safe.",
    "Moe, who runs the office, did not say that the dam was safe.",
    "Moe has yet to say that the dam is safe.",
    "Moe failed to mention that the dam was leaking.",
    "Moe never once, in all those years, said that the dam was safe.",
    "Moe did not come to the hearing or say that the dam was safe.",
    "Moe rejected claims that the dam was leaking.",
    "The minister disputed that the dam was leaking.",
    "Moe would not say whether the dam was safe.",
    "Hardly anyone said the dam was safe.",
]
MODAL = [
    "Orr wished Moe had said that the dam is safe.",
    "Moe would say that the dam is safe.",
    "Moe may say that the dam is safe.",
    "Moe might have said that the dam is safe.",
    "Moe is expected to say that the dam is safe.",
    "Moe will tell MPs that the dam is safe.",
    "Moe plans to announce that the dam will close.",
    "Moe is due to tell the committee on Monday that the dam is safe.",
    "Moe wants to say that the dam is safe.",
    "Moe could argue that the dam is safe.",
    "Moe allegedly said that the dam was safe.",
    "Moe is said to have claimed that the dam was safe.",
    "Moe reportedly told aides the dam was safe.",
    "Perhaps Moe said that the dam was safe.",
    "Moe's going to say the dam is safe.",
    "Moe'll say the dam is safe.",
    "Moe was accused of saying the dam was safe.",
    "In her speech on Monday, Moe will say that the dam is safe.",
]
CONDITIONAL = [
    "Imagine Moe said the dam is safe.",
    "In case Moe says that the dam is safe, the town has buses ready.",
    "Provided Moe says the dam is safe, it will open.",
    "As soon as Moe says the dam is safe, it will open.",
    "If asked, Moe says the dam is safe.",
    "If she says that the dam is safe, nobody will believe it.",
    "If Moe said that the dam was safe, she lied.",
    "Should Moe say that the dam is safe, the market would fall.",
    "Unless Moe says that the dam is safe, the town will be evacuated.",
    "Were Moe to say that the dam is safe, few would believe it.",
    "Had Moe said that the dam was safe, nobody would have left.",
    "The town will be evacuated unless Moe says the dam is safe.",
    "The crown will fall if the bank says in June that wages are stable.",
    "If, as expected, Moe says that the dam is safe, people will return.",
    "If Falk resigns, and Moe says that the dam is safe, the bill falls.",
    "Even if Moe had said that the dam was safe, it would not matter.",
    "When Moe says that the dam is safe, nobody believes her.",
]
ASKED = [
    "Did Moe say that the dam was safe?",
    "Has Moe ever said that the dam was safe?",
    "Who said that the dam was safe?",
    "Falk asked whether Moe said the dam was safe.",
    "It is unclear whether Moe said that the dam was safe.",
    "Why did Moe say the dam was safe?",
    "Moe said the dam was safe?",
    "Would Moe say that the dam is safe?",
    "Asked whether she said the dam was safe, Moe left.",
    "Did anyone hear Moe say that the dam was safe?",
]
ASSERTED = [
    "Moe said that the dam is safe.",
    "Moe, who never resigned, said that the dam is safe.",
    "If it rains, Moe said, the dam will break.",
    "If it rains, Moe said the dam would break.",
    "Moe went on to say that the dam is safe.",
    "Moe had to admit that the dam is not safe.",
    "Moe said the dam would never break.",
    "Moe said that nobody had ever said so.",
    "On Monday Moe said the dam might break.",
    '"The dam is not safe," Moe said.',
    '"Is the dam safe?" Moe asked.',
    '"If it rains, it may break," said Moe.',
    "Moe was quoted as saying that the dam is safe.",
    "Moe did not resign but said that the dam is safe.",
    "Moe did not attend, saying that the dam is safe.",
    "It emerged that Moe had said the dam was safe.",
    "Falk did not speak. Moe said that the dam is safe.",
    "The dam would break, Moe said.",
    "The dam will not break, according to Moe.",
    "After the dam did not break, Moe said that it was safe.",
    "Moe told reporters who did not believe her that the dam is safe.",
    "The dam could break if it rains, said Moe.",
    "Although Falk never came, Moe said that the dam is safe.",
    "If, as Moe said, the dam holds, people may return.",
    "Moe, unlike Falk, said the dam is safe.",
    "No water has come through the dam, Moe said.",
    "Asked whether the dam had leaked in the week before, Moe said it had not.",
    "The minister no longer runs the office, Moe said.",
]


def asserted(text: str) -> list[Attribution]:
    return [a for a in attributions(text) if a.speech and a.source is not None and a.polarity is Polarity.ASSERTED]


@pytest.mark.parametrize("text", [*NEGATED, *MODAL, *CONDITIONAL])
def test_nobody_said_what_is_denied_planned_or_supposed(text: str) -> None:
    assert asserted(text) == []


@pytest.mark.parametrize("text", ASKED)
def test_nobody_said_what_is_asked(text: str) -> None:
    assert [text[slice(*a.source)] for a in asserted(text) if a.source] in ([], ["Falk"])


@pytest.mark.parametrize("text", ASSERTED)
def test_what_is_said_has_its_speaker_whatever_it_negates_itself(text: str) -> None:
    assert any("Moe" in text[slice(*a.source)] for a in asserted(text) if a.source)


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Moe has never said the dam was safe.", Polarity.NEGATED),
        ("Moe denied that the dam was leaking.", Polarity.NEGATED),
        ("Moe would say that the dam is safe.", Polarity.MODAL),
        ("Moe will tell MPs that the dam is safe.", Polarity.MODAL),
        ("If Moe said that the dam was safe, she lied.", Polarity.CONDITIONAL),
        ("Has Moe ever said that the dam was safe?", Polarity.ASKED),
        ("Did Moe say that the dam was safe?", Polarity.ASKED),
        ("Would Moe say that the dam was safe?", Polarity.ASKED),
        ("Should Moe say that the dam is safe, people will return.", Polarity.CONDITIONAL),
        ("Moe is going to say that the dam is safe.", Polarity.MODAL),
        ("Moe stopped short of saying that the dam was safe.", Polarity.NEGATED),
    ],
)
def test_polarity_is_told_apart(text: str, polarity: Polarity) -> None:
    (one,) = attributions(text)
    assert one.polarity is polarity


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Moe refused to say that the dam was safe.", Polarity.NEGATED),
        ("Moe declined to say whether the dam was safe.", Polarity.NEGATED),
        ("Moe is expected to say on Friday that the dam is safe.", Polarity.MODAL),
        ("A friend of Moe plans to tell MPs that the dam is safe.", Polarity.MODAL),
    ],
)
def test_what_was_not_said_or_not_yet_is_told_as_such(text: str, polarity: Polarity) -> None:
    assert [a.polarity for a in attributions(text) if a.speech] == [polarity]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("If Moe says they were, the court could call others.", "they were"),
        ("Should Moe say that it leaks, people will leave.", "it leaks"),
    ],
)
def test_a_condition_ends_before_its_consequence(text: str, content: str) -> None:
    first = attributions(text)[0]
    assert (first.polarity, [text[slice(*s)] for s in first.content]) == (Polarity.CONDITIONAL, [content])


def test_a_statement_takes_its_speaker_from_an_asserted_attribution_alone() -> None:
    (denied,) = statements("Ida Moe never said that the dam was safe.")
    assert (denied.speaker, denied.speaker_resolved, denied.cue) == (None, None, None)
    (one,) = denied.attributions
    assert (one.speaker, one.polarity, one.assertion) == ("Ida Moe", Polarity.NEGATED, None)
    (said,) = statements("Ida Moe said that the dam was never safe.")
    assert (said.speaker, said.cue) == ("Ida Moe", "said")
    assert said.attributions[0].assertion is not None


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Moe vowed not to repeat the mistake.", "not to repeat the mistake"),
        ("Moe told residents not to leave.", "not to leave"),
        ("Moe said never again would the gates be shut.", "never again would the gates be shut"),
        ("Moe said not one bolt was missing.", "not one bolt was missing"),
        ("Moe claimed not to know.", "not to know"),
        ("Moe said no cuts were planned.", "no cuts were planned"),
        ("The gates would not open, Moe said.", "The gates would not open"),
    ],
)
def test_content_keeps_its_own_negation(text: str, content: str) -> None:
    (one,) = asserted(text)
    assert [text[slice(*span)] for span in one.content] == [content]
