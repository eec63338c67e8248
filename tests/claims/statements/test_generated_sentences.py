"""A property over generated sentences: nobody is given words where the generator gave nobody any.

Each sentence is put together from a source, a cue, a polarity, an order of clauses and an aside. The product is drawn
with a fixed seed, so that a failure can be run again.
"""

import random
from collections import Counter
from dataclasses import dataclass

from claims.statements.ingest import statements

SENTENCES = 6_000
SOURCES = [
    ("Ida Moe", "Ida Moe"),
    ("Dr Ida Moe", "Ida Moe"),
    ("Tom Falk, the harbour master,", "Tom Falk"),
    ("Chief Engineer Siri Aas", "Siri Aas"),
    ("the mayor, Bjorn Tveit,", "Bjorn Tveit"),
    ("Ms Olga Prim", "Olga Prim"),
    ("Nils Ottar Venn, who joined the board in 2019,", "Nils Ottar Venn"),
    ("a spokesman for the port", None),
    ("residents", None),
    ("officials", None),
]
CONTENTS = [
    "the dam is safe",
    "the bridge will not open before May",
    "prices have risen by 12 percent since 2020",
    "nobody had told the board about the leak",
    "four of the seven gates never closed",
    "the port lost 300 jobs last year",
    "if it rains the lower road may flood",
]
# Finite forms: past, base, third person, participle.
CUES = [
    ("said", "say", "says", "said"),
    ("claimed", "claim", "claims", "claimed"),
    ("argued", "argue", "argues", "argued"),
    ("announced", "announce", "announces", "announced"),
    ("warned", "warn", "warns", "warned"),
    ("told reporters", "tell reporters", "tells reporters", "told reporters"),
    ("told the council", "tell the council", "tells the council", "told the council"),
    ("insisted", "insist", "insists", "insisted"),
    ("stated", "state", "states", "stated"),
    ("added", "add", "adds", "added"),
]
ASIDES = ["", "", " on Friday", " in a letter", " at a hearing in May", " after the storm"]
OPENINGS = ["", "", "On Tuesday, ", "In Ula, ", "But ", "Meanwhile, ", "After two hours of talks, "]
ASSERTED = [
    "{opening}{source} {past}{aside} that {content}.",
    "{opening}{source} {past} that {content}.",
    "{Content}, {source} {past}{aside}.",
    '"{Content}," {source} {past}{aside}.',
    '"{Content}," said {source_end}.',
    '{Source} {past}{aside}: "{Content}."',
    "According to {source} {content}.",
    "{Content}, according to {source_end}.",
    "{opening}{source} has {participle} that {content}.",
    "{opening}{source} also {past} that {content}.",
    "{opening}{source} went on to {base} that {content}.",
    "As {source} {past}, {content}.",
    "{Source} did not resign, but {past} that {content}.",
    "Although nobody asked, {source} {past} that {content}.",
]
NEGATED = [
    "{opening}{source} never {past} that {content}.",
    "{opening}{source} did not {base} that {content}.",
    "{opening}{source} didn't {base}{aside} that {content}.",
    "{opening}{source} has not {participle} that {content}.",
    "{opening}{source} denied{aside} that {content}.",
    "{opening}{source} could not {base} that {content}.",
    "{opening}{source} refused to {base} that {content}.",
    "{opening}{source} declined{aside} to {base} that {content}.",
    "{opening}{source} stopped short of saying that {content}.",
    "{opening}{source} left without saying that {content}.",
    "{opening}neither {source} nor the ministry {past} that {content}.",
    "{opening}neither the ministry nor {source} {past} that {content}.",
    "{opening}{source} no longer {third} that {content}.",
    "Nobody {past}{aside} that {content}.",
    "No one from the ministry {past} that {content}.",
    "Not one minister {past}{aside} that {content}.",
    "At no point did {source} {base} that {content}.",
    "It is not true that {source} {past} that {content}.",
    "There is no proof that {source} ever {past} that {content}.",
    "{opening}{source} has yet to {base} that {content}.",
    "It was not {source} who {past} that {content}.",
    "{opening}{source} had never, as far as is known, {participle} that {content}.",
    '{opening}{source} never {past}, "{Content}."',
]
MODAL = [
    "{opening}{source} would {base} that {content}.",
    "{opening}{source} may {base}{aside} that {content}.",
    "{opening}{source} might have {participle} that {content}.",
    "{opening}{source} is expected to {base} that {content}.",
    "{opening}{source} will {base}{aside} that {content}.",
    "{opening}{source} plans to {base} that {content}.",
    "{opening}{source} is due to {base} on Monday that {content}.",
    "{opening}{source} was going to {base} that {content}.",
    "{opening}{source} allegedly {past} that {content}.",
    "{opening}{source} is believed to have {participle} that {content}.",
    "Perhaps {source} {past} that {content}.",
    "{opening}{source} could well {base} that {content}.",
    "{Content}, {source} is likely to {base}{aside}.",
    "{Content}, {source} will {base}{aside}.",
    '"{Content}," {source} might {base}.',
]
CONDITIONAL = [
    "In case {source} {third} that {content}, the talks will end.",
    "As soon as {source} {third} that {content}, the talks will end.",
    "Suppose {source} {past} that {content}.",
    "Provided {source} {third} that {content}, the talks will end.",
    "If {source} {third} that {content}, the talks will end.",
    "If {source} {past}{aside} that {content}, the talks are over.",
    "The talks will end if {source} {third}{aside} that {content}.",
    "Unless {source} {third} that {content}, the talks go on.",
    "Should {source} {base} that {content}, the talks would end.",
    "Had {source} {participle} that {content}, the talks would have ended.",
    "Were {source} to {base} that {content}, the talks would end.",
    "If, as many expect, {source} {third} that {content}, the talks will end.",
    "Even if {source} had {participle} that {content}, little would change.",
    "The talks would end as soon as the board met and if {source} {past} that {content}.",
]
ASKED = [
    "Did {source} {base}{aside} that {content}?",
    "Has {source} ever {participle} that {content}?",
    "Who {past}{aside} that {content}?",
    "Why did {source} {base} that {content}?",
    "Would {source} {base} that {content}?",
    "Is it true that {source} {past} that {content}?",
    "{Source} {past}{aside} that {content}?",
    "The board asked whether {source} {past} that {content}.",
    "It is unclear whether {source} {past}{aside} that {content}.",
    "Asked if {source} {past} that {content}, the board was silent.",
]
NOT_ASSERTED = {"negated": NEGATED, "modal": MODAL, "conditional": CONDITIONAL, "asked": ASKED}


@dataclass(frozen=True)
class Generated:
    text: str
    content: str
    name: str | None
    asserted: bool
    form: str


def generate(random_: random.Random) -> Generated:
    kind = random_.choice(["asserted", "asserted", "asserted", *NOT_ASSERTED])
    form = random_.choice(ASSERTED if kind == "asserted" else NOT_ASSERTED[kind])
    source, name = random_.choice(SOURCES)
    past, base, third, participle = random_.choice(CUES)
    if source in {"residents", "officials"}:
        third = base
    content = random_.choice(CONTENTS)
    text = form.format(
        opening=random_.choice(OPENINGS),
        source=source,
        source_end=source.rstrip(","),
        Source=source[0].upper() + source[1:],
        past=past,
        base=base,
        third=third,
        participle=participle,
        aside=random_.choice(ASIDES),
        content=content,
        Content=content[0].upper() + content[1:],
    )
    return Generated(text[0].upper() + text[1:], content, name, kind == "asserted", form)


def test_nobody_is_given_words_and_speakers_are_found() -> None:
    random_ = random.Random(14)
    asserted = right = wrong = 0
    given: list[str] = []
    missed: Counter[str] = Counter()
    for _ in range(SENTENCES):
        case = generate(random_)
        found = [
            assertion
            for statement in statements(case.text)
            for attribution in statement.attributions
            if (assertion := attribution.assertion) is not None and assertion.speaker is not None
        ]
        if not case.asserted:
            given += [f"{case.text} -> {one.speaker}" for one in found]
            continue
        asserted += 1
        said = [one for one in found if any(case.content.lower() in case.text[s:e].lower() for s, e in one.content)]
        if any(one.speaker_resolved == case.name or (case.name is None and one.speaker) for one in said):
            right += 1
        else:
            missed[case.form] += 1
            wrong += any(one.speaker_resolved not in {case.name, None} for one in said)
    assert given == []
    assert asserted > 2_000
    assert right >= 0.9 * asserted, missed
    assert wrong <= 0.01 * asserted, missed
