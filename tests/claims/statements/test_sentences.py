"""Where sentences end, in several languages and kinds of text."""

import pytest

from claims.statements.sentences import paragraphs, sentences

CASES: list[tuple[str, str, list[str]]] = [
    ("es", "El Sr. Núñez contestó que no. Después calló.", ["El Sr. Núñez contestó que no.", "Después calló."]),
    ("es", "Véase el art. 5. No hay más.", ["Véase el art. 5.", "No hay más."]),
    ("fr", "Mme Roux et M. Petit sont là. Me Blin non.", ["Mme Roux et M. Petit sont là.", "Me Blin non."]),
    ("ar", "قال د. سالم نعم. ثم مضى.", ["قال د. سالم نعم.", "ثم مضى."]),
    ("ja", "市長は「はい。」と答えた。会議は終わった。", ["市長は「はい。」と答えた。", "会議は終わった。"]),
    ("de", "Das gilt z. B. für Dr. Kern. Am 3. Mai kam er.", ["Das gilt z. B. für Dr. Kern.", "Am 3. Mai kam er."]),
    ("de", "„Wir frieren“, sagte Karl Bote. Danach ging er.", ["„Wir frieren“, sagte Karl Bote.", "Danach ging er."]),
    ("de", "Er sprach den „Freund“ an. Der schwieg.", ["Er sprach den „Freund“ an.", "Der schwieg."]),
    ("de", "Im 2. Anlauf gelang es. Die 8. Kammer schwieg.", ["Im 2. Anlauf gelang es.", "Die 8. Kammer schwieg."]),
    ("de", "Kreistag Moosheim, 18. Sitzung, 9. Juni 2031", ["Kreistag Moosheim, 18. Sitzung, 9. Juni 2031"]),
    ("de", "OSTERHAFEN, 9. OKTOBER - DER KAI IST FREI.", ["OSTERHAFEN, 9. OKTOBER - DER KAI IST FREI."]),
    ("de", "DIE 8. KAMMER TAGT. SIE SCHWEIGT.", ["DIE 8. KAMMER TAGT.", "SIE SCHWEIGT."]),
    ("de", "Er wurde 71. Danach schwieg er.", ["Er wurde 71.", "Danach schwieg er."]),
    ("de", "Sie starb am 9. Später kam Regen.", ["Sie starb am 9.", "Später kam Regen."]),
    ("de", "Gezählt wurden 24. Bauern klagten.", ["Gezählt wurden 24.", "Bauern klagten."]),
    ("ru", "Это г. Тверь. Он молчал.", ["Это г. Тверь.", "Он молчал."]),
    ("nl", "Mevr. Bos ging. Dhr. Kok niet.", ["Mevr. Bos ging.", "Dhr. Kok niet."]),
    ("en", "They met at 5 p.m. Friday. It ended at 6 p.m. All left.",
     ["They met at 5 p.m. Friday.", "It ended at 6 p.m.", "All left."]),
    ("en", "“Why? Because. So it is,” she said. He left.", ["“Why? Because. So it is,” she said.", "He left."]),
    ("hi", "पुल बंद है। वह खुलेगा।", ["पुल बंद है।", "वह खुलेगा।"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), CASES, ids=[f"{c[0]}: {c[1][:24]}" for c in CASES])
def test_sentences(language: str, text: str, expected: list[str]) -> None:
    assert [text[s:e] for s, e in sentences(text, language)] == expected


def test_lines_of_a_list_are_sentences_of_their_own() -> None:
    text = (
        "What we know about the bridge so far\nThe bridge has been shut since Monday morning\n"
        "Two lanes will open on Friday, the council says\nRepairs are to cost £2m\n"
        "No cause for the cracks has been found as yet\n"
    )
    assert len(sentences(text)) == 5


def test_a_text_broken_at_a_width_is_put_together() -> None:
    text = (
        "The council has shut the bridge for a month because\nof cracks that were found in the northern pier, which\n"
        "three divers had inspected during the weekend at the\nrequest of the county and of the harbour master.\n"
    )
    assert len(paragraphs(text)) == len(sentences(text)) == 1


def test_a_quotation_that_never_ends_does_not_swallow_what_follows() -> None:
    text = "He wrote: « " + "Nothing holds here. " * 80
    assert len(sentences(text, "fr")) > 40
