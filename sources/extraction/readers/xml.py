"""Extract the visible text from XML: feeds, sitemaps, and the XML inside office documents.

One linear pass of expat without a tree, so depth is harmless. Entities that a document declares are not expanded; such
a document counts as read in part.
"""

from xml.parsers import expat

from sources.extraction.readers.result import ReaderResult

_INLINE_NAMES = "a abbr b big cite code del delText em font i ins mark q r rPr small span strong sub sup t tt u"
_INLINE = frozenset(_INLINE_NAMES.split())
_NO_TEXT = frozenset({"script", "style", "del", "delText", "instrText"})


def read(source: str) -> ReaderResult:
    """Extract the text of an XML document. Raises `ValueError` if it is not well-formed."""
    pieces: list[str] = []
    title: list[str] = []
    state = {"hidden": 0, "title": 0, "limited": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if state["hidden"] or local in _NO_TEXT:
            state["hidden"] += 1
        if local not in _INLINE:
            pieces.append("\n")
        if local == "title" and not title:
            state["title"] = 1

    def end(name: str) -> None:
        local = name.rpartition(":")[2]
        state["hidden"] -= state["hidden"] > 0
        if local not in _INLINE:
            pieces.append("\n")
        if local == "title":
            state["title"] = 0

    def words(data: str) -> None:
        if state["hidden"]:
            return
        pieces.append(data)
        if state["title"]:
            title.append(data)

    def declared(*_: object) -> None:
        state["limited"] = 1

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = words
    parser.EntityDeclHandler = declared
    parser.DefaultHandler = lambda data: None  # with it set, internal entities are not expanded
    try:
        parser.Parse(source.encode("utf-8", errors="replace"), True)
    except expat.ExpatError as error:
        raise ValueError(f"This is not well-formed XML ({error}).") from error
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return ReaderResult("\n".join(line for line in lines if line), "".join(title), limited=bool(state["limited"]))
