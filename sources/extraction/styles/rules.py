"""Read the style sheets that stand in a page: their rules, in the order of the cascade (CSS Cascade 5).

Rules are read for a wide screen. Of conditions that cannot be told without a browser (`@container`, unknown features)
the rules are kept, marked as not certain. Linked sheets are not known.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from resiliparse.parse.html import CSSParserException, HTMLTree

from sources.extraction.styles import media_queries
from sources.extraction.styles.declarations import Concealed, Declarations, computed, concealed, parse, without_comments

MAX_CSS = 1_000_000
"""Characters of style sheets that are read; a page hardly ever has a tenth of them."""

REMEMBERED = 200_000
"""Characters of style sheets up to which they are remembered: pages carry the same ones from poll to poll."""

_MAX_RULES = 20_000
_MAX_DEPTH = 20


@dataclass(eq=False)
class Rule:
    """A style rule: selectors before a block of declarations. `certain`: it applies to a reader's screen."""

    selectors: str
    body: str
    certain: bool
    layer: int
    """Rules of a higher layer win over those of a lower one; those in no layer have the highest."""
    suspect: bool = True
    """Whether something in it may hide."""
    lower: str = ""
    """Its block in lower case."""

    def __post_init__(self) -> None:
        self.lower = self.body.lower()

    @cached_property
    def declarations(self) -> Declarations:
        """Its valid declarations."""
        return parse.__wrapped__(self.body)

    @cached_property
    def values(self) -> dict[str, str]:
        """The value that counts of each property."""
        return computed(self.declarations)

    @cached_property
    def concealed(self) -> Concealed:
        """How it hides elements, if no other rule says more of them."""
        return concealed(self.values)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The properties without which it would hide nothing; all of its properties, if several hide."""
        found = self.values
        keys = {
            name for name in found if concealed({each: found[each] for each in found if each != name}) != self.concealed
        }
        return frozenset(keys or found)

    @cached_property
    def each(self) -> tuple["Selector", ...]:
        """Its selectors, one by one."""
        return tuple(Selector(one) for one in split(self.selectors))


class Selector:
    """One selector of a rule, with the names that its subject has."""

    def __init__(self, text: str) -> None:
        found = _PSEUDO_ELEMENT.search(text) if ":" in text else None
        self.pseudo = (found[1] or found[2]).lower() if found else ""
        """`before`, `after` or another pseudo-element; empty for an element's own box."""
        self.text = (text[: found.start()] if found else text).strip() or "*"
        if found and self.text[-1] in " >+~":
            self.text += "*"

    @cached_property
    def names(self) -> frozenset[str]:
        """Classes and ids that an element must have itself, else its element name; empty if any will do."""
        return names_of(self._subject)

    @cached_property
    def _subject(self) -> str:
        text = self.text
        if ":" in text or "[" in text:
            text = _ARGUMENTS.sub("", text)
        return _SPLIT.split(text)[-1]

    @cached_property
    def is_valid(self) -> bool:
        """Whether the parser of selectors knows all that it asks for.

        One that leaves a bracket or a string open is none, though the parser closes it: in a list it would take the
        others in.
        """
        bare = _QUOTED.sub("", self.text)
        if any(bare.count(opening) != bare.count(closing) for opening, closing in ("()", "[]")) or _OPEN.search(bare):
            return False
        try:
            _EMPTY.body.query_selector(self.text) if _EMPTY.body else None
        except CSSParserException:
            return False
        return True

    @cached_property
    def is_compound(self) -> bool:
        """Whether it asks only for names, of the element alone."""
        return not _BEYOND_NAMES.search(self.text)

    @cached_property
    def is_names(self) -> bool:
        """Whether it is nothing but plain names of the element, of which `names` and `tag` say all."""
        return _PLAIN.fullmatch(self.text) is not None

    @cached_property
    def has_class(self) -> bool:
        """Whether its subject must have a class."""
        return any(name[0] == "." for name in self.names)

    @cached_property
    def tag(self) -> str:
        """The element name of its subject, in lower case; empty if any will do."""
        found = _TAG.match(self._subject)
        return found[0].lower() if found else ""

    @cached_property
    def all_names(self) -> frozenset[str]:
        """Classes and ids that a page must name somewhere for this selector to match."""
        return frozenset(
            name.replace("\\", "") for name in _NAME.findall(_ARGUMENTS.sub("", self.text)) if name[0] in ".#"
        )

    @cached_property
    def specificity(self) -> tuple[int, int, int]:
        """Counts of ids, of classes, attributes and pseudo-classes, and of element names."""
        return _specificity(self.text)


_PSEUDO_ELEMENT = re.compile(r"::?(before|after|first-line|first-letter)\s*\Z|::([\w-]+).*\Z", re.IGNORECASE)
_QUOTED = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)
_OPEN = re.compile(r"""["'\\]""")
_EMPTY = HTMLTree.parse("<p>")
_BEYOND_NAMES = re.compile(r"[\s>+~:\[]")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*|(?:[A-Za-z][A-Za-z0-9-]*)?(?:[.#][A-Za-z_][\w-]*)+", re.ASCII)
_TAG = re.compile(r"[A-Za-z][\w-]*")
_SPLIT = re.compile(r"[\s>+~]+")
_NAME = re.compile(r"[.#]?(?:[^\W\d]|-|\\.)(?:[\w-]|\\.)*")
_ARGUMENTS = re.compile(r"(?<!\\)::?[\w-]+(?:\((?:[^()]|\([^()]*\))*\))?|\[[^\]]*\]")


def names_of(compound: str) -> frozenset[str]:
    """Return the names by which a compound selector knows its elements: classes and ids, else the element name."""
    names = [name.replace("\\", "") for name in _NAME.findall(compound)]
    return frozenset(name for name in names if name[0] in ".#") or frozenset(map(str.lower, names))


_FUNCTION = re.compile(r":(is|not|has|where|matches|-webkit-any|-moz-any)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
_OF_CLASS = re.compile(r"\.[\w\\-]+|\[[^\]]*\]|(?<!:):[\w-]+(?:\([^()]*\))?")


def _specificity(selector: str) -> tuple[int, int, int]:
    ids = classes = elements = 0
    for name, inner in _FUNCTION.findall(selector):
        if name != "where":
            most = max((_specificity(each) for each in split(inner)), default=(0, 0, 0))
            ids, classes, elements = ids + most[0], classes + most[1], elements + most[2]
    rest = _FUNCTION.sub("", selector)
    others, count = _OF_CLASS.subn(" ", rest)
    named = re.findall(r"#[\w\\-]+", others)
    plain = re.findall(r"[A-Za-z][\w-]*", re.sub(r"#[\w\\-]+", " ", others))
    return ids + len(named), classes + count, elements + len(plain)


def split(selectors: str) -> list[str]:
    """Return the selectors of a list, without those that are empty."""
    if "(" not in selectors and "[" not in selectors:
        return [each.strip() for each in selectors.split(",") if each.strip()]
    parts, depth, start = [], 0, 0
    for place, character in enumerate(selectors):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(selectors[start:place])
            start = place + 1
    return [each.strip() for each in [*parts, selectors[start:]] if each.strip()]


def read(sheets: Iterable[tuple[str, str]]) -> tuple[Rule, ...]:
    """Return the rules of these style sheets, each its media and its CSS, in order."""
    rules: list[Rule] = []
    left = MAX_CSS
    for media, css in sheets:
        if left <= 0 or (applies := media_queries.matches(media)) is False:
            continue
        css = css[:left]
        left -= len(css)
        rules += (_remembered if len(css) <= REMEMBERED else _rules)(css, applies is True)
    return tuple(rules[:_MAX_RULES])


def _rules(css: str, certain: bool) -> list[Rule]:
    css = without_comments(css)
    return _Reader(_ESCAPED.sub(_letter, css) if "\\" in css else css, certain).rules()


# Letters that need no escape but may have one, as in `dis\\70 lay`.
_ESCAPED = re.compile(r"(?<!\\)\\(?:0{0,4}([46][1-9a-f]|[57][0-9a])(?![0-9a-f])\s?|([g-z]))", re.IGNORECASE)


def _letter(found: re.Match[str]) -> str:
    return found[2] or chr(int(found[1], 16))


_remembered = lru_cache(maxsize=256)(_rules)


_AT = re.compile(r"\s*@([\w-]+)\s*(.*)", re.DOTALL)
_UNLAYERED = 1_000_000


@dataclass
class _Block:
    """An open block: what its rules need to apply, the selectors around it, and the declarations read so far."""

    applies: bool | None
    layer: int
    selectors: str = ""
    body: str = ""
    suspect: bool = False


class _Reader:
    """Reads the rules of one style sheet, nested ones as well."""

    def __init__(self, css: str, certain: bool) -> None:
        self.css = css
        self.certain: bool | None = certain or None
        self.layers: dict[str, int] = {}

    def rules(self) -> list[Rule]:
        found: list[Rule] = []
        blocks: list[_Block] = []
        places = _suspect_places(self.css.lower())
        end = 0
        pieces = self.css.split("}")
        # A browser closes what the end of the sheet leaves open.
        for piece in pieces:
            end += len(piece) + 1
            suspect = False
            while places and places[-1] < end:
                places.pop()
                suspect = True
            *heads, body = piece.split("{")
            if (
                len(heads) == 1
                and not (blocks and blocks[-1].selectors)
                and "@" not in heads[0]
                and ";" not in heads[0]
            ):
                # Most rules stand by themselves or in a condition.
                applies, layer = (blocks[-1].applies, blocks[-1].layer) if blocks else (self.certain, _UNLAYERED)
                if applies is not False and ":" in body and (selectors := heads[0].strip()):
                    found.append(Rule(selectors, body, applies is True, layer, suspect))
                    if len(found) >= _MAX_RULES:
                        break
                continue
            for head in heads:
                around = blocks[-1] if blocks else None
                if ";" in head:
                    declared, _, head = head.rpartition(";")
                    if around is not None:
                        around.body += declared + ";"
                        around.suspect |= suspect
                    else:
                        self._statements(declared)
                blocks.append(self._open(head, around))
            if not blocks:
                continue
            block = blocks.pop()
            if block.selectors and block.applies is not False and (":" in body or block.body):
                suspect = suspect or block.suspect
                found.append(Rule(block.selectors, block.body + body, block.applies is True, block.layer, suspect))
                if len(found) >= _MAX_RULES:
                    break
            if len(blocks) > _MAX_DEPTH:
                break
        return found

    def _statements(self, text: str) -> None:
        for names in re.findall(r"@layer\s+([^;{}]+)", text):
            for name in names.split(","):
                self._layer(name.strip())

    def _layer(self, name: str) -> int:
        return self.layers.setdefault(name or f" {len(self.layers)}", len(self.layers))

    def _open(self, head: str, around: _Block | None) -> _Block:
        applies = around.applies if around else self.certain
        layer = around.layer if around else _UNLAYERED
        selectors = around.selectors if around else ""
        at = _AT.match(head) if "@" in head else None
        if at is None:
            head = head.strip()
            return _Block(applies, layer, _nested(head, selectors) if selectors else head)
        name, condition = at[1].lower(), at[2]
        if name == "layer":
            return _Block(applies, self._layer(condition.strip()), selectors)
        if name == "media":
            answer = media_queries.matches(condition)
        elif name == "supports":
            answer = media_queries.supported(condition)
        else:
            answer = None if name in {"container", "scope", "document", "-moz-document"} else False
        both = False if False in (answer, applies) else None if None in (answer, applies) else True
        return _Block(both, layer, selectors)


# What may hide, found in a whole sheet: a search for a word takes a tenth of the time of reading all declarations.
_SUSPECT = [
    re.compile(pattern)
    for pattern in (
        r"display\s*:\s*none",
        r"visibility\s*:\s*(?:hidden|collapse)",
        r"line-through",
        r"clip\s*:",
        r"clip-path\s*:",
        r"-(?:9\d\d|\d{4}|\d{3}v)",
        r"opacity\s*[:(]\s*(?:\.?0(?!\.?\d*[1-9])|0?\.0[0-4]|[1-4]%|calc)",
        r"font-size\s*:\s*(?:[01](?![.\d])|0?\.(?:0|\d+px)|calc)",
        r"font\s*:\s*(?:\w+ )?[01](?![.\d])",
        r"text-(?:indent|fill|security)",
        r"color\s*:\s*(?:transparent|(?:rgb|hsl)a?\([^;})]*[,/]\s*0?\.?0*%?\s*\)|#\w{3}0\b|#\w{6}0)",
        r"scale\w*\s*[(:][^;}]*\b0(?![.\d])",
        r"translate\w*\s*[(:][^;}]*\d{3}",
        r"height\s*:\s*0(?![.\d])",
        r"width\s*:\s*0(?![.\d])",
        r"90deg",
        r"(?:left|top)\s*:\s*\d{4}",
    )
]


def _suspect_places(css: str) -> list[int]:
    """Return where something that may hide is declared, the last place first."""
    return sorted(
        (
            place.start()
            for each in _SUSPECT
            for place in each.finditer(css)
            if css[place.start() - 1] != "-" or css[place.start() - 2] in "xtl"  # max-, content-, text-fill-
        ),
        reverse=True,
    )


def _nested(head: str, around: str) -> str:
    parent = f":is({around})" if len(around) < 500 else "x-none"
    return ",".join(each.replace("&", parent) if "&" in each else f"{parent} {each}" for each in split(head))
