"""A label is mapped by its own publisher's scale, or not at all."""

import pytest

from claims.rating_scales.match import host_of, scale_of, step, verdict_of, words
from claims.rating_scales.scales import SCALES_VERSION, read, scales

CHECKERS = read(
    "checkers",
    {
        "publisher": "The Checkers",
        "names": ["The Checkers"],
        "hosts": ["checkers.example"],
        "languages": ["en", "es", "pt", "fr", "de", "tr", "zh-Hant", "da"],
        "sources": ["pages"],
        "verified": True,
        "labels": [
            {
                "label": "True",
                "spellings": ["Verdadero", "Verdadeiro", "Vrai", "Richtig", "Doğru", "正確"],
                "verdict": "true",
            },
            {"label": "Half true", "spellings": ["Media verdad"], "verdict": "mixed"},
            {"label": "False", "spellings": ["Falso", "Faux", "Falsch", "Yanlış", "錯誤", "Falsk"], "verdict": "false"},
            {"label": "Misleading", "spellings": ["Engañoso"], "verdict": "mixed"},
            {"label": "No evidence", "verdict": "unproven"},
            {"label": "Explainer"},
            {"label": "Legend", "verdict": "false", "reviewed": False},
        ],
    },
)


def said(text: str, language: str = "en") -> str | None:
    found = step(CHECKERS, text, language)
    return found.label if found else None


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("False", "en", "False"),
        ("FALSE!", "en", "False"),
        ("False. The picture shows another bridge, but from the same year.", "en", "False"),
        ("False: the bridge stands.", "en", "False"),
        ("False – the bridge stands", "en", "False"),
        ("False, the bridge stands", "en", "False"),
        ("Falsch. Die Brücke steht seit 1990.", "de", "False"),
        ("YANLIŞ: köprü yerinde", "tr", "False"),
        ("【錯誤】網傳影片是舊的", "zh", "False"),
        ("True. The bridge stands.", "en", "True"),
        ("Half-true: it stood until 2019", "en", "Half true"),
        ("Verdict: False", "en", "False"),
        ("Veredicto: Falso. El puente sigue en pie.", "es", "False"),
        ("No evidence. Nobody has counted.", "en", "No evidence"),
    ],
)
def test_the_label_or_its_first_phrase(text: str, language: str, label: str) -> None:
    assert said(text, language) == label


@pytest.mark.parametrize(
    ("text", "language"),
    [
        # what follows turns it
        ("Verdadeiro, mas falta contexto", "pt"),
        ("Verdadeiro, mas…", "pt"),
        ("Verdadero, pero con matices", "es"),
        ("Vrai, mais à nuancer", "fr"),
        ("Richtig, aber veraltet", "de"),
        ("Doğru. Ancak eski", "tr"),
        ("正確。但影片是舊的", "zh"),
        ("True. However, the bridge is gone since", "en"),
        ("True: the number is right. The year is not, though.", "en"),
        ("True, for the year 2019", "en"),
        ("True (in part)", "en"),
        ("True…", "en"),
        ("False, but only just", "en"),
        ("False: mostly", "en"),
        ("False. But the bridge is old", "en"),
        ("Falsk, men ikke helt", "da"),
        # it is denied
        ("Not false", "en"),
        ("not false. The bridge stands", "en"),
        ("Não é falso", "pt"),
        ("No es falso: el puente sigue", "es"),
        ("Nicht falsch", "de"),
        ("Ce n'est pas faux", "fr"),
        ("It isn't true", "en"),
        # it is asked or somebody else's
        ("False?", "en"),
        ("False? Yes.", "en"),
        ("“False”, says the mayor", "en"),
        ("False, says the mayor", "en"),
        ("Falso, según la alcaldesa", "es"),
        # several ratings
        ("False, true", "en"),
        ("False. Half true. True.", "en"),
        ("False: the first. True: the second.", "en"),
        ("False and misleading", "en"),
        ("False: rather misleading", "en"),
        # no such label
        ("Pants on Fire", "en"),
        ("The bridge stands. False.", "en"),
        ("4/6", "en"),
        ("", "en"),
        # a language whose turning words are not known
        ("False. Silta on pystyssä", "xx"),
    ],
)
def test_unsure_is_none(text: str, language: str) -> None:
    assert said(text, language) is None


def test_a_number_decides_nothing() -> None:
    assert all(said(number) is None for number in ("1", "1/5", "4 of 6", "100 %"))


@pytest.mark.parametrize("name", ["Legend", "Explainer"])
def test_what_nobody_stands_behind_or_has_no_verdict_is_known_and_maps_nothing(name: str) -> None:
    found = step(CHECKERS, name, "en")
    assert found is not None
    assert found.mapped is None


def test_each_spelling_of_every_scale_is_its_own_label() -> None:
    for scale in scales().values():
        for label in scale.labels:
            for spelling in (label.label, *label.spellings):
                assert step(scale, spelling, "") is label, (scale.name, spelling)


def test_no_bare_label_is_found_before_a_word_that_turns_it() -> None:
    """For every label and every turning word of its scale's languages."""
    for scale in scales().values():
        codes = {code.partition("-")[0] for code in scale.languages} & set(words())
        turns = {turn for code in codes for turn in words()[code]["turning"]}
        for label in (each for each in scale.labels if each.mapped == "true"):
            for turn in turns:
                for text in (f"{label.label}, {turn} x", f"{label.label}. {turn} x", f"{label.label}: x {turn} y"):
                    assert step(scale, text, "") in (None, *(each for each in scale.labels if each is not label)), text


def verdict(label: str, **changes: str | None) -> str | None:
    given = {"publisher": "PolitiFact", "site": "https://www.politifact.com", "language": "en"}
    found = verdict_of(label, url="https://www.politifact.com/factchecks/1/", **{**given, **changes})  # type: ignore[arg-type]
    return found.verdict if found else None


def test_a_verdict_says_by_which_scale() -> None:
    found = verdict_of(
        "Pants on Fire!", publisher="PolitiFact", site=None, url="https://m.politifact.com:443/1", language="en"
    )
    assert found == ("false", "politifact", SCALES_VERSION, False)
    mostly = verdict_of("Mostly True", publisher="PolitiFact", site=None, url="https://politifact.com/1", language="en")
    assert mostly is not None
    assert (mostly.verdict, mostly.borderline) == ("true", True)


def test_a_label_of_another_publishers_scale_maps_nothing() -> None:
    assert verdict("Four Pinocchios") is None
    assert verdict("Pants on Fire") == "false"


@pytest.mark.parametrize(
    "changes",
    [
        {"publisher": "Snopes"},
        {"site": "https://www.snopes.com"},
        {"publisher": "A Mirror", "site": "https://mirror.example"},
        {"publisher": "A Mirror", "site": None},
    ],
)
def test_another_publisher_on_the_host_has_no_scale(changes: dict[str, str | None]) -> None:
    assert verdict("False", **changes) is None


def test_a_publisher_is_known_by_its_name_or_its_site() -> None:
    assert verdict("False", publisher="PolitiFact North Carolina", site=None) == "false"
    assert verdict("False", publisher="The Florida desk") == "false"
    assert scale_of("Agence", "afp.com", "factcheck.afp.com") is scales()["afp"]
    assert scale_of("Agence", "com", "factcheck.afp.com") is None


@pytest.mark.parametrize(("publisher", "name"), [("Reuters Fact Check", "reuters"), ("A Contributor", None)])
def test_on_a_shared_host_the_name_must_fit(publisher: str, name: str | None) -> None:
    found = scale_of(publisher, "reuters.com", "reuters.com")
    assert (found.name if found else None) == name


def test_elsewhere_there_is_no_scale() -> None:
    assert (
        verdict_of("False", publisher="Snopes", site="https://snopes.com", url="https://a.example/1", language="en")
        is None
    )
    assert verdict_of("False", publisher="Snopes", site=None, url=None, language="en") is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Snopes.com/x", "snopes.com"),
        ("http://amp.snopes.com:80?x", "snopes.com"),
        ("https://a@www.snopes.com", "snopes.com"),
        ("https://evil.example/www.snopes.com", "evil.example"),
        ("https://snopes.com.evil.example/", "snopes.com.evil.example"),
        ("", ""),
        ("mailto:x", ""),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host
