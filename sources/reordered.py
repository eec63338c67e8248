"""Show on a page the characters that reorder text, so that nothing reads otherwise than it is stored. Pure."""

import re

# Embeddings, overrides and isolates (Unicode UAX 9), by the abbreviations that it gives them.
_NAMES = {
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
REORDERING = tuple(_NAMES)
"""The characters themselves."""
_REORDERS = re.compile(f"[{''.join(_NAMES)}]")


def shown(text: str) -> str:
    """The text with each of them written out as [RLO] and the like. For display alone: offsets change."""
    return _REORDERS.sub(lambda found: f"[{_NAMES[found[0]]}]", text)
