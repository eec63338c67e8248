"""Adversarial pairs: pages on which a quote falsely seems present, or falsely seems broken."""

import pytest

from sources.extraction.full_text import extract
from sources.quotes.locate import Result, locate, select

INTACT, MOVED, ALTERED, GONE = Result.INTACT, Result.MOVED, Result.ALTERED, Result.GONE

LINK = "Officials found no link between the vaccine and the illness."
SHARE = "The share of renewable power reached 41.3 per cent in March 2025."
TAX = "The government will not raise the tax before 2027."
FRAME = """Daily report
Home

The agency published new figures on Tuesday, and the minister spoke to reporters in the afternoon.
{}
A second report is expected before the summer break, after the committee has met in the capital.

About us"""

Pair = tuple[str, str, str, Result]


def framed(exact: str, now: str, result: Result) -> Pair:
    return exact, FRAME.format(exact), FRAME.format(now), result


PAIRS: dict[str, Pair] = {
    # A lookalike.
    "another year's sentence stands there instead": framed(
        SHARE, "The share of renewable power reached 39.8 per cent in March 2024.", ALTERED
    ),
    "the same verb about another thing": framed(
        SHARE, "The share of imported coal fell to 11.0 per cent, the agency added later.", GONE
    ),
    "the two nouns change places": framed(
        LINK, "Officials found no link between the illness and the vaccine.", ALTERED
    ),
    "one letter of a name": framed("Mr Hansen paid the fine.", "Mr Hanson paid the fine.", ALTERED),
    "another name of as many letters": framed(
        "Anna Berg paid the whole fine.", "Anja Bork paid the whole fine.", ALTERED
    ),
    "letters of another alphabet": framed("The port will close.", "The роrt will close.", ALTERED),
    "capital letters": framed("The US will leave the pact.", "The us will leave the pact.", ALTERED),
    # A digit.
    "one digit": framed(SHARE, SHARE.replace("41.3", "41.8"), ALTERED),
    "two digits change places": framed(SHARE, SHARE.replace("41.3", "43.1"), ALTERED),
    "a digit more": framed(SHARE, SHARE.replace("41.3", "141.3"), ALTERED),
    "the point is lost": framed(SHARE, SHARE.replace("41.3", "413"), ALTERED),
    "a minus sign": framed("It grew by 3 points.", "It grew by −3 points.", ALTERED),
    "million for billion": framed("It cost 3 million crowns.", "It cost 3 billion crowns.", ALTERED),
    "the year": framed(SHARE, SHARE.replace("2025", "2023"), ALTERED),
    "the month": framed(SHARE, SHARE.replace("March", "May"), ALTERED),
    "the unit": framed(SHARE, SHARE.replace("per cent", "percentage points"), ALTERED),
    "a superscript": framed("It covers 10 m of road.", "It covers 10 m² of road.", ALTERED),
    # A negation.
    "no becomes a": framed(LINK, LINK.replace("no link", "a link"), ALTERED),
    "not is taken out": framed(TAX, TAX.replace("not ", ""), ALTERED),
    "never is put in": framed("He said the test was safe.", "He said the test was never safe.", ALTERED),
    "a prefix": framed("The contract was lawful.", "The contract was unlawful.", ALTERED),
    "a denial in front": framed(LINK, "It is false that " + LINK[0].lower() + LINK[1:], ALTERED),
    "a hedge behind": framed(LINK, LINK[:-1] + ", but later withdrew this.", ALTERED),
    # Elsewhere on the page.
    "split by an advertisement in a line of its own": framed(
        LINK + " " + TAX, LINK + "\nAdvertisement\n" + TAX, INTACT
    ),
    "split by a sentence that takes it back": framed(
        LINK + " " + TAX, LINK + "\nThis was wrong, the agency said on Friday.\n" + TAX, ALTERED
    ),
    "at the foot, among an archive": (
        LINK,
        FRAME.format(LINK),
        "Front page\nToday's weather is fine.\n\nArchive of old reports, no longer kept up\n"
        + LINK
        + "\nImprint of 2019",
        MOVED,
    ),
    "under another heading, with its neighbours": (
        LINK,
        FRAME.format(LINK),
        FRAME.format(LINK).replace("Daily report\nHome", "Yearly report\nStart\nShop\nLog in\nNewsletter"),
        INTACT,
    ),
    # Hyphenation and typography.
    "a soft hyphen": framed(LINK, LINK.replace("vaccine", "vac\u00adcine"), INTACT),
    "a line broken between words": framed(LINK, LINK.replace("between the", "between\nthe"), INTACT),
    "a hard space and a thin one": framed(SHARE, SHARE.replace(" per cent", "\u202fper\u00a0cent"), INTACT),
    "a zero-width space": framed(LINK, LINK.replace("illness", "ill\u200bness"), INTACT),
    "decomposed letters": framed("Le café a fermé.", "Le cafe\u0301 a ferme\u0301.", INTACT),
    "curly quotes": framed('He said "no" twice.', "He said “no” twice.", INTACT),
    "full-width figures": framed("共有412座桥梁需要维修。", "共有４１２座桥梁需要维修。", INTACT),
    "letters with ligatures": framed("The office filed it.", "The oﬃce ﬁled it.", INTACT),
    # Other languages.
    "the same in another language": framed(
        LINK, "Die Behörden fanden keinen Zusammenhang zwischen Impfung und Krankheit.", GONE
    ),
    "German, a negation": framed(
        "Die Behörde fand keinen Zusammenhang.", "Die Behörde fand einen Zusammenhang.", ALTERED
    ),
    "Spanish, the accent that makes the past": framed(
        "El ministro pago la multa.", "El ministro pagó la multa.", ALTERED
    ),
    "Turkish, two letters": framed("Bakan sınırı geçti.", "Bakan sinirı geçti.", ALTERED),
    "Chinese, a negation": framed("官员表示疫苗与疾病有关。", "官员表示疫苗与疾病无关。", ALTERED),
    "Chinese, a figure": framed("全国共有四百座桥梁需要维修。", "全国共有三百座桥梁需要维修。", ALTERED),
    "Chinese, spaces between letters": framed("全国共有四百座桥梁需要维修。", "全国 共有四百座 桥梁需要维修。", INTACT),
    "Japanese, a negation": framed("政府はワクチンを承認した。", "政府はワクチンを承認しなかった。", ALTERED),
    "Japanese, a mark of the voice": framed("首相はハリで話した。", "首相はパリで話した。", ALTERED),
    "Japanese, a line broken in a word": framed("政府はワクチンを承認した。", "政府はワク\nチンを承認した。", INTACT),
    "Thai, a negation": framed("รัฐบาลจะขึ้นภาษีในปีหน้า", "รัฐบาลจะไม่ขึ้นภาษีในปีหน้า", ALTERED),
    "Thai, spaces between words": framed("รัฐบาลจะขึ้นภาษีในปีหน้า", "รัฐบาล จะขึ้นภาษี ในปีหน้า", INTACT),
    "Thai, a vowel mark": framed("ผู้ว่าการซื้อเสื้อใหม่ให้ประชาชน", "ผู้ว่าการซื้อเสือใหม่ให้ประชาชน", ALTERED),
    "Arabic, a negation": framed("رفعت الحكومة الضريبة.", "لم ترفع الحكومة الضريبة.", ALTERED),
    "Korean, a figure": framed("정부는 다리 412개를 고친다.", "정부는 다리 389개를 고친다.", ALTERED),
}


@pytest.mark.parametrize("name", PAIRS)
def test_pair(name: str) -> None:
    exact, before, after, result = PAIRS[name]
    quote = select(exact, before)
    assert locate(quote, before, before).result is Result.INTACT
    assert locate(quote, after, before).result is result


@pytest.mark.parametrize("name", [name for name, pair in PAIRS.items() if pair[3] in (ALTERED, GONE)])
def test_broken_quotes_are_found_without_the_earlier_text(name: str) -> None:
    exact, before, after, _ = PAIRS[name]
    assert locate(select(exact, before), after).result in (Result.ALTERED, Result.GONE)


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        (
            f"<p>{LINK}</p>",
            "<p>Officials found <b>no</b> link between the <a href='/v'>vaccine</a> and the illness.</p>",
            INTACT,
        ),
        (f"<p>{LINK}</p>", "<p>Officials found <del>no</del> link between the vaccine and the illness.</p>", ALTERED),
        (f"<p>{LINK}</p>", f"<p><del>{LINK}</del></p>", GONE),
        (f"<p>{LINK}</p>", f"<p hidden>{LINK}</p>", GONE),
        (f"<p>{LINK}</p>", f"<!-- {LINK} -->", GONE),
        (f"<p>{LINK}</p>", f'<script type="application/ld+json">{{"text": "{LINK}"}}</script>', GONE),
        (f"<p>{LINK}</p>", f'<img alt="" title="{LINK}" src="x.png">', GONE),
    ],
    ids=["mark-up", "struck out word", "struck out", "hidden", "comment of the source", "script", "attribute"],
)
def test_pairs_of_html_sources(before: str, after: str, result: Result) -> None:
    frame = "<html><body><h1>Daily report</h1><p>The agency published new figures.</p>{}<p>Imprint</p></body></html>"
    old, new = (extract(frame.format(part).encode(), "text/html").text for part in (before, after))
    assert locate(select(LINK, old), new, old).result is result


@pytest.mark.parametrize(
    "place",
    [
        "Correction\nAn earlier version of this article said: {} We regret the error.",
        "Correction: we wrote that {} This was wrong.",
        "Comments (1)\nReader 17 wrote: {} Why did you take that out?\nReply",
    ],
    ids=["correction notice", "correction in a line", "reader's reply"],
)
def test_a_quote_repeated_only_by_a_notice_or_reader_is_not_intact(place: str) -> None:
    before = FRAME.format(LINK)
    after = FRAME.format("The agency has nothing to say on this.") + "\n\n" + place.format(LINK)
    answer = locate(select(LINK, before), after, before)
    assert answer.result is ALTERED
    assert answer.found is not None and answer.found.endswith(LINK) and place.split()[0] in answer.found + after
    assert locate(select(LINK, before), after).result is ALTERED


def test_a_quote_that_was_in_a_notice_before_is_intact() -> None:
    inside = FRAME.format("Correction: we now know that " + LINK)
    assert locate(select(LINK, inside), inside.replace("Home", "Start"), inside).result is INTACT
    before = FRAME.format(LINK)
    noted = before.replace("Home", "Home\nCorrection: an earlier version named another agency.")
    assert locate(select(LINK, before), noted, before).result is INTACT
    replied = before + f"\n\nComments (1)\nReader 17 wrote: {LINK} Really?"
    assert locate(select(LINK, before), replied, before).result is INTACT
