"""Which declarations conceal or reverse text."""

import pytest

from sources.extraction.styles.declarations import TELLING, Concealed, computed, concealed, is_reversed, parse
from tests.sources.extraction.styles.hidden_pages import HIDING_STYLES


@pytest.mark.parametrize("style", [*HIDING_STYLES, "UNICODE-BIDI:Bidi-Override;direction:rtl"])
def test_no_style_conceals_without_a_word_that_tells(style: str) -> None:
    # Elements whose `style` attribute has none of these words are not looked at.
    found = computed(parse(style))
    assert concealed(found) is not Concealed.NOT or is_reversed(found) or "color" in found
    assert any(word in style.lower() for word in TELLING)
