"""How sure a sentence is, and whose it is, by language: `will` and `may`, `said` and `according to`.

Pure: no network, no database.
"""

import re
from collections import Counter

_SIGNS = "\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093a-\u094f"
_MODALS = """
    may might could would should must will shall can ought likely unlikely possibly probably perhaps maybe
    reportedly
    allegedly apparently supposedly seems seem appears appear suspected alleged potential potentially expected
    plans planned
    kann können könnte könnten soll sollen sollte sollten dürfte dürften muss müssen müsste wird würde würden
    wohl vermutlich
    angeblich mutmaßlich möglicherweise wahrscheinlich vielleicht offenbar scheint
    peut peuvent pourrait pourraient doit doivent devrait devraient aurait auraient serait seraient probablement
    apparemment semble semblent présumé supposé
    puede pueden podría podrían debe deben debería deberían habría habrían sería serían quizás quizá
    probablemente
    supuestamente presunto presunta parece
    pode podem poderia poderiam deve devem deveria teria teriam seria seriam talvez provavelmente alegadamente
    supostamente suposto suposta
    può possono potrebbe potrebbero deve devono dovrebbe avrebbe avrebbero sarebbe forse probabilmente presunto
    sembra
    kan kunnen zou zouden moet moeten mogelijk waarschijnlijk vermoedelijk misschien lijkt
    kanske troligen sannolikt måste ska skulle kunde sannsynligvis kanskje formodentlig angiveligt
    może mogą mógłby powinien musi prawdopodobnie podobno rzekomo chyba
    может могут мог должен должна должны возможно вероятно якобы предположительно
    olabilir belki muhtemelen gerek mungkin diduga harus akan dapat
    قد ربما يجب يمكن يحتمل شاید باید शायद सकता सकती सकते चाहिए कथित
    """
_UNSPACED = (
    r"可能|也许|也許|或许|或許|据称|據稱|涉嫌|疑似|应该|應該|應当|必须|必須|将会|かもしれ|だろう|でしょう|べき|らしい|とみられ|とされ"
    r"|수 있|것으로 보|듯|อาจ|ควร|ต้อง"
)
_MODAL = frozenset(_MODALS.split())
_MORPHEME = re.compile(_UNSPACED)
_WORD = re.compile(rf"[\w{_SIGNS}]+")
_SAYS = (
    r"said|says|told|claims?|claimed|stated|states|argued|argues|alleged|alleges|admitted|insisted|insists|announced"
    r"|reported|sagte|sagt|sagten|erklärte|erklärten|behauptet|behauptete|teilte|meldete|a dit|affirme|affirmé"
    r"|a déclaré|déclare|dijo|dice|afirmó|afirma|aseguró|declaró|disse|diz|afirmou|ha detto|afferma|ha dichiarato"
    r"|zei|zegt|meldde|sade|säger|sagde|siger|sa|sier|powiedział|powiedziała|сказал|сказала|заявил|заявила"
    r"|сообщил|сообщила|dedi|söyledi"
)
_SOURCE = (
    r"according to|laut|zufolge|nach angaben|selon|d'après|según|segundo|de acordo com|secondo|volgens|enligt|ifølge"
    r"|według|по словам|по данным|menurut|göre"
)
_SPEAKER = re.compile(
    rf"((?:[^\W\d_]+[ '-]){{1,2}})(?:{_SAYS})(?!\w)|(?<!\w)(?:{_SAYS}) ((?:[^\W\d_]+ ?){{1,3}})"
    rf"|(?<!\w)(?:{_SOURCE}) ((?:[^\W\d_]+ ?){{1,3}})",
    re.IGNORECASE,
)


SAYING = re.compile(rf"(?<!\w)(?:{_SAYS})(?!\w)", re.IGNORECASE)
"""A verb of saying."""


def modals(text: str) -> Counter[str]:
    """The words that say how sure something is."""
    found = Counter(word for word in _WORD.findall(text.lower()) if word in _MODAL)
    if not text.isascii():
        found.update(_MORPHEME.findall(text))
    return found


def speakers(text: str) -> Counter[str]:
    """The words beside verbs of saying: who says it."""
    return Counter(
        word for groups in _SPEAKER.findall(text) for group in groups for word in group.lower().split() if len(word) > 3
    )
