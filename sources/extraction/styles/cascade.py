"""What an element's properties are after all rules that match it (CSS Cascade 5)."""

from collections.abc import Mapping
from functools import lru_cache

from sources.extraction.styles.declarations import Declarations
from sources.extraction.styles.rules import Rule, Selector

Indexed = tuple[int, Rule, Selector]
"""A selector and its rule, with the rule's place in the order of the page."""

_OWN_LAYER = 2_000_000
"""A `style` attribute wins over rules of any layer."""


@lru_cache(maxsize=1024)
def cascaded(matched: tuple[Indexed, ...], own: Declarations) -> Mapping[str, str]:
    """Return the values that win, by property. `own` are the declarations of the element's `style` attribute."""
    weighed: list[tuple[tuple[bool, int, tuple[int, int, int], int], tuple[str, str]]] = []
    for order, rule, selector in matched:
        for name, value, stressed in rule.declarations:
            layer = -rule.layer if stressed else rule.layer
            weighed.append(((stressed, layer, selector.specificity, order), (name, value)))
    for order, (name, value, stressed) in enumerate(own):
        weighed.append(((stressed, _OWN_LAYER, (0, 0, 0), order), (name, value)))
    weighed.sort(key=lambda each: each[0])
    return dict(pair for _, pair in weighed)
