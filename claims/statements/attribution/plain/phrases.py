"""Noun phrases and clause ends of a language that is read in its plain forms alone."""

from __future__ import annotations

from claims.statements.attribution.phrases import Range
from claims.statements.attribution.plain.words import PlainWords
from claims.statements.attribution.tokens import Token

_NO_VERBS = frozenset(["alle", "beide", "gerne", "ohne", "seine", "ihre", "eine", "keine", "diese", "viele"])
_COMPLEMENTS = frozenset(
    ["a", "sobre", "en", "con", "por", "contra", "über", "um", "aus", "in", "bei", "beim", "im", "am"]
)
_REPORTED = 25  # tokens
_LONGEST = 24  # tokens of a noun phrase
_LONGEST_APPOSITION = 12
_LONGEST_ASIDE = 24
_SHORT_ASIDE = 4
_SMALL_NOUNS = 4  # lower-case words in a row: "el técnico visitante"


def noun_phrase(tokens: list[Token], start: int, end: int, words: PlainWords, *, opens: bool = False) -> int:
    """End of the noun phrase that begins at `start`, its apposition included; `start` itself if none begins there.

    `opens`: what was said follows behind a comma, so that an apposition needs one of its own.
    """
    k = _simple(tokens, start, end, words)
    if k == start or k >= end:
        return k
    if tokens[k].text == "(":
        closing = next((j for j in range(k, min(end, k + 8)) if tokens[j].text == ")"), None)
        if closing is not None:
            k = closing + 1
    if k < end and tokens[k].text == ",":
        apposed = _simple(tokens, k + 1, min(end, k + 1 + _LONGEST_APPOSITION), words)
        if apposed == k + 1:
            apposed = _age(tokens, k + 1, end)
        closed = apposed < end and (tokens[apposed].text == "," or tokens[apposed].is_dash)
        if not opens:
            closed = closed or apposed >= end or tokens[apposed].text in {".", ";", ":", "?"}
        if apposed > k + 1 and closed and not _is_verb(tokens[apposed - 1].lower, words):
            return apposed
    return k


def _simple(tokens: list[Token], start: int, end: int, words: PlainWords) -> int:
    """End of a noun phrase without apposition."""
    k = start
    small = 0
    while k < min(end, start + _LONGEST):
        token = tokens[k]
        word = token.lower
        if token.text == "." and k > start and tokens[k - 1].lower.rstrip(".") in words.abbreviations:
            k += 1
            continue
        if token.quote:
            if len(token.text) > 40 or k == start:
                break
            k += 1
            continue
        if token.text == "&" and start < k < end - 1 and tokens[k - 1].is_name and tokens[k + 1].is_name:
            k += 1  # "Moe & Söhne"
            continue
        if not token.is_word:
            break
        if k == start and word in (words.modals | words.stops) - words.auxiliaries - words.articles:
            break  # "Angeblich", "Neben X"
        if k == start and word in words.pronouns:
            return k + 1
        if word in words.negators and k == start:
            k += 1  # "ningún ministro", "niemand", "weder X noch Y": told by the polarity
            if word.startswith(("nad", "niem", "kein")) and k < end and not tokens[k].is_name:
                return k
            continue
        if word in {"noch", "ni"} and k > start and tokens[start].lower in {"weder", "ni"}:
            small = 0
            k += 1
            continue
        if word in words.articles or (word in words.links and k > start):
            if word in words.stops and word not in words.articles:
                break
            small = 0
            k += 1
            continue
        if word.endswith("mente") or (words.nouns_small and _is_preterite(word)):
            break
        if token.is_name and not (k == start and word in words.stops | words.modals):
            small = 0
            k += 1
            continue
        if word in words.stops or _is_verb(word, words) or word in words.conditions | words.that:
            break
        behind_article = k == start > 0 and words.nouns_small and tokens[k - 1].lower in {"del", "al"}
        if not behind_article and not _takes_small(tokens, k, start, end, words):
            break
        small += 1
        if small > _SMALL_NOUNS:
            return start
        k += 1
    while k > start and (tokens[k - 1].lower in words.links | words.articles) and not tokens[k - 1].is_name:
        k -= 1
    if k == start + 1 and tokens[start].lower in words.negators and not _is_pronoun(tokens[start].lower):
        return start  # "Nicht bestätigen wollte X"
    return start if k > start and is_time(tokens, start, k, words) else k


def is_time(tokens: list[Token], start: int, end: int, words: PlainWords) -> bool:
    """Whether a noun phrase tells when: `letzte Woche`, `Freitagabend`, `este año`."""
    if words.nouns_small:
        named = any(t.is_name and t.lower not in words.articles for t in tokens[start + 1 : end])
        return not named and any(t.text in words.times for t in tokens[start:end])
    head = tokens[end - 1].lower
    return head in words.times or any(head.startswith(day) for day in words.times if day.endswith("tag"))


def _is_pronoun(word: str) -> bool:
    return word.startswith(("nad", "niem", "kein", "ning"))


def _is_preterite(word: str) -> bool:
    """Whether a Spanish word has the ending of a verb in the past, which no noun has."""
    return len(word) > 3 and word.endswith(("ó", "aron", "ieron", "aban"))


def _age(tokens: list[Token], k: int, end: int) -> int:
    """End of an age between commas: `43`, `de 43 años`; `k` itself if none stands there."""
    at = k + (k < end and tokens[k].lower == "de")
    if at >= end or not tokens[at].text.isdigit() or len(tokens[at].text) > 3:
        return k
    return at + 2 if at + 1 < end and tokens[at + 1].lower in {"años", "jahre"} else at + 1


def before_aside(tokens: list[Token], floor: int, comma: int, words: PlainWords) -> Range | None:
    """The noun phrase before an aside that a comma closes: `X, que vive en Lugo,`, `Su hermano, X, que …,`.

    Its appositions belong to it, a relative clause and an age do not.
    """
    for start in range(max(floor, comma - 2 * _LONGEST_ASIDE), comma):
        before = tokens[start - 1]
        opens = start == floor or before.text in {",", ":", "-"} or before.is_dash or before.lower in words.joining
        if not opens:
            continue
        end = _simple(tokens, start, comma, words)
        if end == start or end >= comma or tokens[end].text != ",":
            continue
        if _is_aside(tokens, end + 1, comma, words):
            return start, _named_to(tokens, end, comma, words)
    return None


def _is_aside(tokens: list[Token], start: int, end: int, words: PlainWords) -> bool:
    """Whether what stands between commas is said of the noun before: a relative clause, an age, an apposition."""
    if end - start > _LONGEST_ASIDE or start >= end:
        return False
    if _opens_relative(tokens, start, words) or _age(tokens, start, end) > start:
        return True
    if end - start <= _SHORT_ASIDE and tokens[start].lower in words.stops and all(t.is_word for t in tokens[start:end]):
        return True  # "por su parte", "dagegen"
    k = _simple(tokens, start, end, words)
    return k == end or (k > start and tokens[k].text == "," and _is_aside(tokens, k + 1, end, words))


def _opens_relative(tokens: list[Token], k: int, words: PlainWords) -> bool:
    if tokens[k].lower in words.relatives:
        # a German article opens a clause if no noun or adjective follows it up to the comma
        return words.nouns_small or not _simple_closes(tokens, k, words)
    return k + 1 < len(tokens) and tokens[k].lower in words.stops and tokens[k + 1].lower in words.relatives


def _simple_closes(tokens: list[Token], k: int, words: PlainWords) -> bool:
    end = _simple(tokens, k, len(tokens), words)
    return end > k and end < len(tokens) and tokens[end].text == ","


def _named_to(tokens: list[Token], end: int, comma: int, words: PlainWords) -> int:
    """Where the phrase that ends at `end`, with the appositions behind it, gives way to a relative clause or an age."""
    while end < comma and tokens[end].text == ",":
        after = end + 1
        behind = _simple(tokens, after, comma, words)
        short = comma - after <= _SHORT_ASIDE and tokens[after].lower in words.stops
        if short or _opens_relative(tokens, after, words) or behind == after:
            return end
        end = behind
    return end


def _takes_small(tokens: list[Token], k: int, start: int, end: int, words: PlainWords) -> bool:
    """Whether a lower-case word at `k` belongs to the phrase: a Spanish noun, a German adjective before its noun."""
    if words.nouns_small:
        return k > start or (k + 1 < end and tokens[k + 1].lower in words.links)
    if k > start and tokens[k - 1].is_name:
        return False  # behind its noun stands no adjective
    j = k
    while j < end and tokens[j].is_word and not tokens[j].is_name:
        if not tokens[j].lower.endswith(("e", "en", "er", "es", "em")) or j - k > 2:
            return False
        j += 1
    return j < end and tokens[j].is_name


def _is_verb(word: str, words: PlainWords) -> bool:
    return word in words.finite or word in words.auxiliaries or word in words.participles


def subject_before(tokens: list[Token], floor: int, end: int, words: PlainWords) -> Range | None:
    """The noun phrase that ends right before `end` and begins at or behind `floor`, the longest one."""
    last = end - 1 if end > floor and tokens[end - 1].text == "," else end
    for start in range(max(floor, end - _LONGEST), last):
        lead = tokens[start - 1].lower if start > floor else ""
        if lead in words.articles | words.links and not (lead in words.and_ and tokens[start].lower in words.articles):
            continue  # the middle of a phrase
        if words.nouns_small and _is_preterite(lead):
            continue  # the object of another verb
        stop = noun_phrase(tokens, start, end, words)
        if stop in {last, end} and stop > start:
            return start, (last if stop == end and last != end else stop)
    return None


def with_complement(tokens: list[Token], end: int, n: int, words: PlainWords) -> int:
    """Where a source that opens its sentence ends, with what follows its head: `Laut einem Buch über X`.

    In German a verb must follow, in Spanish a comma; else the source ends where its head does.
    """
    if not (end < n and tokens[end].lower in _COMPLEMENTS and tokens[end].text.islower()):
        return end
    behind = noun_phrase(tokens, end + 1, n, words)
    if behind == end + 1 or behind >= n:
        return end
    if words.nouns_small:
        return behind if tokens[behind].text == "," else end
    return behind if tokens[behind].is_word and tokens[behind].text.islower() else end


def whole_subject(tokens: list[Token], start: int, source: Range, words: PlainWords) -> Range | None:
    """The subject of the Spanish clause that begins at `start`, of which `source` is what stands before the verb.

    What a phrase is close to, of or about is no subject: `Una fuente cercana a X`, `Una persona que conoce a X`. Where
    no phrase opens the clause, a source behind a preposition is none.
    """
    end = noun_phrase(tokens, start, source[0], words)
    between = tokens[end : source[0]]
    joined = bool(between) and (between[-1].lower in words.relatives or any(t.lower in words.joining for t in between))
    if any(t.lower in words.and_ for t in tokens[source[0] : source[1]]):
        return source  # more than one, or the end of a clause before "y"
    if end > start and between and not joined and tokens[start].lower not in words.stops:
        opened = between[0].lower in words.stops | words.relatives | words.links
        return (start, source[1]) if opened or end == source[0] else source
    if end == source[0] > start and not joined:
        return (start, source[1])
    if tokens[source[0]].lower in words.articles:
        return source
    k = source[0] - 1
    while (
        k >= start and source[0] - k <= _SMALL_NOUNS and tokens[k].text.islower() and _is_small_noun(tokens[k], words)
    ):
        k -= 1
    governs = k >= start and tokens[k].lower in {"a", "al", "del", "de", "con", "por", "para", "sobre", "contra"}
    return None if governs else source


def _is_small_noun(token: Token, words: PlainWords) -> bool:
    word = token.lower
    return token.is_word and not (word in words.stops | words.links | words.articles or _is_verb(word, words))


def clause_start(tokens: list[Token], floor: int, i: int) -> int:
    """Where the clause that holds position `i` begins: behind the last comma, colon, dash or quotation."""
    k = i
    while k > floor and not (tokens[k - 1].text in {",", ";", ":"} or tokens[k - 1].is_dash or tokens[k - 1].quote):
        k -= 1
    return k


def clause_end(tokens: list[Token], n: int, start: int, words: PlainWords) -> int:
    """Where content that begins at `start` ends: before another speaker's clause, "according to", an aside or `n`."""
    for k in range(start + 1, n):
        token = tokens[k]
        if token.text == ";":
            return k
        if token.lower in words.joining and _another_speaks(tokens, n, k + 1, words):
            return k - 1 if tokens[k - 1].text == "," else k
        if token.text != "," and not token.is_dash:
            continue
        after = k + 1
        if any(matches(tokens, after, phrase) for phrase in words.according):
            return k
        if after < n and tokens[after].lower in {"was", "lo", "cosa", "algo"} and _denies(tokens, n, after, words):
            return k
        if after < n and tokens[after].lower in words.finite and token.text == ",":
            return k
        if _another_speaks(tokens, n, after, words):
            return k
    return n


def is_reported(tokens: list[Token], k: int, n: int, words: PlainWords) -> bool:
    """Whether the clause at `k` has a verb in the German subjunctive of reported speech within its reach.

    Behind its subject it ends in -e ("die Stadt spare"), as no verb of a subordinate clause does.
    """
    subject = noun_phrase(tokens, k, n, words)
    verb = tokens[subject].lower if k < subject < n else ""
    if len(verb) > 3 and verb.endswith("e") and tokens[subject].text.islower() and verb not in words.stops | _NO_VERBS:
        return True
    for j in range(k, min(n, k + _REPORTED)):
        if tokens[j].lower in words.subjunctives:
            return True
        if tokens[j].text in {";", ":"}:
            return False
    return False


def matches(tokens: list[Token], k: int, phrase: tuple[str, ...]) -> bool:
    """Whether the words of a phrase stand at `k`, the last "de" with or without its article."""
    if k < 0 or k + len(phrase) > len(tokens):
        return False
    last = len(phrase) - 1
    return all(
        tokens[k + j].lower == w or (j == last and w == "de" and tokens[k + j].lower == "del")
        for j, w in enumerate(phrase)
    )


def _another_speaks(tokens: list[Token], n: int, k: int, words: PlainWords) -> bool:
    while k < n and (tokens[k].lower in words.joining or tokens[k].lower == "que"):
        k += 1
    if k >= n:
        return False
    end = noun_phrase(tokens, k, n, words)
    while end < n and tokens[end].lower in words.clitics | {","}:
        end += 1
    return end > k and end + 1 < n and tokens[end].lower in words.finite


def _denies(tokens: list[Token], n: int, k: int, words: PlainWords) -> bool:
    return any(tokens[j].lower in words.denials for j in range(k, min(n, k + 10)))
