"""Say what an article that came with a refusal or an error has in the place of the quotes that are watched on it.

A site may answer 403, 451, 500 or 503, or name a shield in a header, and send the article all the same. That is no
reading of the page: an error page may hold an old text, and a text that a site refuses to us proves nothing. So no
quote counts as seen, and none as altered; but an editor who is told that the page cannot be read is told what it held.
"""

from dataclasses import replace

from sources.models import Passage, Polling
from sources.passages.readings import reading_of
from sources.polling.observation import Observation
from sources.polling.quiet import Stood, quote_in
from sources.quotes.grade import Grade
from sources.quotes.locate import Result
from sources.quotes.look import look
from sources.quotes.stance.findings import Stance

_LONGEST = 500
_WORDS = 110
"""Characters of a sentence that are shown."""
_PROVES_NOTHING = " Nothing follows from it; open the page and look."


def explained(state: Polling, observation: Observation) -> Observation:
    """The observation, its detail completed by what the refused article says otherwise of a watched quote."""
    latest, text = state.latest_snapshot, observation.refused_text
    if latest is None or text is None or latest.extractor != text.extractor_version:
        return observation
    stood = Stood(state, latest)
    for passage in (
        Passage.objects.filter(pk__in=state.passages).select_related("snapshot__text", "text").order_by("pk")
    ):
        last = stood.reading(passage)
        if last is None:
            continue
        found = look(quote_in(passage, last.text), reading_of(text), last)
        quote = f"The response holds the article all the same, and there “{_short(passage.exact)}”"
        if found.check.result is Result.ALTERED and found.check.grade is not Grade.COSMETIC and not found.damaged:
            said = f"{quote} reads “{_short(found.check.found or '')}”."
        elif found.stance is not Stance.STANDS:
            said = f"{quote} stands beside “{_short(found.because)}”."
        else:
            continue
        detail = f"{observation.detail} {said}{_PROVES_NOTHING}".strip()
        return replace(observation, detail=detail[:_LONGEST])
    return observation


def _short(words: str) -> str:
    return words if len(words) <= _WORDS else f"{words[:_WORDS].rstrip()}…"
