"""Say a claim otherwise by rule: with typing errors, in other words, denied, or of somebody or something else."""

import re
from collections.abc import Sequence
from random import Random

_WORD = re.compile(r"[^\W\d_]{4,}")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-zà-ÿ]+(?: [A-Z][a-zà-ÿ]+)*")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*\d|(?<![\w.,])\d(?![\w.,])")
_AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|will|can|could|would|should|did|does|do)\b")
_FRAMES = (
    "Apparently {}",
    "I keep hearing that {}. Any truth in it?",
    "{} That is what a friend told me.",
    "Is it true that {}?",
)
_OTHER_WORDS = {
    "said": "stated",
    "says": "states",
    "shows": "depicts",
    "show": "depict",
    "photograph": "picture",
    "video": "clip",
    "people": "persons",
    "children": "kids",
    "killed": "slain",
    "dead": "deceased",
    "died": "passed away",
    "announced": "declared",
    "because": "since",
    "big": "large",
    "started": "began",
    "ended": "stopped",
    "company": "firm",
    "government": "authorities",
    "president": "head of state",
    "police": "officers",
    "money": "cash",
    "found": "discovered",
    "new": "recent",
    "after": "following",
    "before": "prior to",
    "wants": "would like",
    "made": "produced",
    "woman": "lady",
    "man": "guy",
    "car": "vehicle",
    "house": "home",
    "plans": "intends",
    "buy": "purchase",
    "help": "assist",
    "stopped": "halted",
    "allowed": "permitted",
    "causes": "brings about",
    "contains": "holds",
    "true": "right",
}


def typos(text: str, random: Random) -> str:
    """One word in six misspelt: two letters swapped, or one left out or doubled."""

    def misspelt(match: re.Match[str]) -> str:
        word = match.group()
        if random.random() > 1 / 6:
            return word
        at = random.randrange(1, len(word) - 1)
        return random.choice(
            (word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :], word[:at] + word[at:])
        )

    return _WORD.sub(misspelt, text)


def paraphrase(text: str, random: Random) -> str:
    """Other words where a list has them, and a frame as people put round what they ask."""
    said = re.sub(r"[A-Za-z]+", lambda match: _OTHER_WORDS.get(match.group(), match.group()), text).rstrip(". ")
    starts_with_name = re.match(r"[A-Z]\w+ [A-Z]|[A-Z]{2}", said)
    frame = random.choice(_FRAMES)
    return frame.format(said if starts_with_name or frame.startswith("{") else said[:1].lower() + said[1:])


def negation(text: str, random: Random) -> str:
    """The reverse, said plainly: "not" after the first auxiliary, else as a sentence before it."""
    if match := _AUXILIARY.search(text):
        return text[: match.end()] + " not" + text[match.end() :]
    return f"It is not true that {text[:1].lower()}{text[1:]}"


def swap(text: str, random: Random, names: Sequence[str]) -> str:
    """Another name in the place of one, else another number in the place of one; "" if the text has neither."""
    others = [name for name in names if name.split()[0] not in text]
    if others and (found := list(_NAME.finditer(text))):
        match, other = random.choice(found), random.choice(others)
        return text[: match.start()] + other + text[match.end() :]
    if found := list(_NUMBER.finditer(text)):
        match = random.choice(found)
        digits = re.sub(r"\D", "", match.group())
        return text[: match.start()] + str(int(digits) * 3 + 7) + text[match.end() :]
    return ""


def names_in(texts: Sequence[str]) -> list[str]:
    """The names that `swap` would replace, of these texts."""
    return sorted({match.group() for text in texts for match in _NAME.finditer(text)})
