"""Case that says something: `May` and `may`, `US` and `us`, `mW` and `MW`.

Listed are words of which the other case is another word. In a heading in capitals or title case nothing follows.

Pure: no network, no database.
"""

_CAPITALISED = """
    may march mark will rose job polish turkey china jordan reading mobile lent nice august
    democrat democratic republican conservative labour liberal green greens pole poles swede dane finn
    sie ihr ihre ihren ihrem ihrer ihnen weg arm reich morgen grünen grüne linke linken rechten
    marche mars pierre rose mai manche orange lei loro
    sol mercedes rosario cruz león
    вера надежда любовь роман мир лев орел
    """
_CAPITALS = """
    us it who aids un eu os ms mit die das nice ice gap star start scope seal seals cop fat act aim
    care dea era far gas map mps pac pet ray sad set swift tip wise fed oms pis dart hat fast raf sim
    """
_CAPITALISED_WORDS = frozenset(_CAPITALISED.split())
_ACRONYM_WORDS = frozenset(_CAPITALS.split())

_UNITS = """
    mb mbit mbps mib kb kbit kbps gb gbit gbps tb tbps pb mw mwh mwp mj mv mva ma mah mhz mpa mg mm m g c t a p
    b s f n w v j
    """
_CASED_UNITS = frozenset(_UNITS.split())
"""Units and magnitudes, in lower case, that are others in capitals."""


def is_another_unit(was: str, now: str) -> bool:
    """Whether two spellings of a unit beside a figure, which differ in case, are two units: mW and MW, kb and kB."""
    return was != now and was.lower() == now.lower() and was.lower() in _CASED_UNITS


def in_own_case(unit: str) -> str:
    """The unit if its case says which it is, else nothing."""
    return unit if unit.lower() in _CASED_UNITS else ""


def is_another_word(was: str, now: str, *, first: bool) -> bool:
    """Whether two words that differ in case alone are different words. `first` says that they begin a sentence."""
    word = was.lower()
    if was[1:] != now[1:]:
        # Within a sentence, Aids is AIDS as some houses write it.
        return word in _ACRONYM_WORDS and (first or was[0].islower() or now[0].islower())
    return not first and was[:1].isupper() != now[:1].isupper() and word in _CAPITALISED_WORDS
