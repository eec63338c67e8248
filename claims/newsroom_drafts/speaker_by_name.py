"""Find the speaker on file whom a newsroom names; nobody unless it is one row and nothing contradicts.

Two people can have one name, and words must not be put in the wrong mouth: whoever is unsure leaves it to an editor,
who sees the name as it was sent. No row is made here.
"""

import re
import unicodedata

from django.db.models import Q

from claims.json_object import Json
from claims.models import Speaker
from claims.statements.speaker_rows import contradict
from claims.statements.speakers.vocabulary import LANGUAGES, vocabulary

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OCCURRENCES = 50  # of the name in the document that are looked at
_APPOSITION = 60  # characters after a name that may say what its bearer is


def speaker_on_file(given: Json, *, as_written: str, text: str) -> Speaker | None:
    """The speaker whom `given` names (`name`, `role`, `kind`, `wikidata_id`), if it is sure; `text` is the document.

    `as_written` is whom the statement names: a name there has to be of the same person, and a role must fit.
    """
    name = _plain(given["name"])
    spellings = [name, f"the {name}", f"The {name}"]
    rows = list(Speaker.objects.filter(Q(name__in=spellings) | Q(aliases__overlap=spellings)).order_by("pk")[:2])
    if len(rows) != 1 or rows[0].is_demo:
        return None
    row = rows[0]
    if given["wikidata_id"] and row.wikidata_id != given["wikidata_id"]:
        return None
    if Speaker.Kind.UNKNOWN not in (given["kind"], row.kind) and row.kind != given["kind"]:
        return None
    if not _same_role(row.role, given["role"]) or not _fits(row, given["role"], as_written):
        return None
    if any(contradict(row.role, words) for words in _told_roles(name, text)):
        return None
    return row


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _words(text: str) -> list[str]:
    return _WORD.findall(_plain(text))


def _same_role(filed: str, sent: str) -> bool:
    """Whether the role sent can be that on file: one of them is empty, or they share a word and do not contradict."""
    if not filed or not sent:
        return True
    told = {word.lower() for word in _words(sent)}
    return bool(told & {word.lower() for word in _words(filed)}) and not contradict(filed, told)


def _fits(row: Speaker, role: str, as_written: str) -> bool:
    """Whether whom the statement names can be this speaker: no name of another, no other role."""
    known = {word.lower() for text in (row.name, *row.aliases, row.role, role) for word in _words(text)}
    words = _words(as_written)
    if contradict(row.role, {word.lower() for word in words}):
        return False
    return all(word.lower() in known or word.islower() or _is_no_name(word) for word in words)


def _is_no_name(word: str) -> bool:
    """Whether a capitalised word is a title, a role, or a word such as “The” and “She” that begins a sentence."""
    told = [vocabulary(code) for code in LANGUAGES]
    small = word.lower() in _SMALL
    return small or any(words.is_title(word) or words.is_role(word) for words in told)


_SMALL = frozenset({"the", "a", "an", "she", "he", "they", "it", "her", "his", "their", "our", "my", "i", "we"})


def _told_roles(name: str, text: str) -> list[set[str]]:
    """What the document says that bearers of the name are: the words before it, and those set off by a comma."""
    found = []
    for number, match in enumerate(re.finditer(re.escape(name), text)):
        if number == _OCCURRENCES:
            break
        before = _WORD.findall(text[max(0, match.start() - 40) : match.start()].rpartition(".")[2].rpartition(",")[2])
        after = re.match(rf",\s*([^,.;:()\n]{{1,{_APPOSITION}}})", text[match.end() :][: _APPOSITION + 5])
        found.append({word.lower() for word in before[-2:]})
        if after:
            found.append({word.lower() for word in _WORD.findall(after[1])})
    return found
