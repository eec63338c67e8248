"""The pages of the site on loopback, each with one sentence that is quoted, and what stands there after an edit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SitePage:
    """An article on loopback. Without a claim nothing rests on it yet: a journey attaches it."""

    slug: str
    title: str
    quote: str
    altered: str
    claim: str = ""
    edited_alone: bool = False
    """Whether one test edits it, and not all of them together."""

    def html(self, sentence: str) -> str:
        return (
            f'<!doctype html><html lang="en"><head><title>{self.title}</title></head><body>'
            "<nav><a href='/'>Front page</a> <a href='/town'>Town</a> <a href='/sea'>Sea</a></nav>"
            f"<main><article><h1>{self.title}</h1>\n<p>The office of works met on Monday evening in the town hall.</p>"
            f"\n<p>{sentence} The next report is due in spring.</p>"
            "\n<p>Questions are answered at the front desk until noon on every working day.</p></article></main>"
            "<footer><p>The Estuary Gazette, Wharf Lane.</p></footer></body></html>"
        )


def _page(slug: str, number: int, after: int, what: str, claim: str, *, edited_alone: bool = False) -> SitePage:
    quote = f"The office counted {number} {what} in the harbour town last year."
    return SitePage(slug, f"Report: {what}", quote, quote.replace(str(number), str(after)), claim, edited_alone)


PAGES = (
    # What journeys attach by address.
    _page("journey-mouse", 412, 389, "drawbridges", ""),
    _page("journey-keys", 214, 187, "footbridges", ""),
    _page("second", 77, 71, "slipways", ""),
    # One for each answer to a re-check.
    _page("stands", 31, 13, "lanterns", "31 lanterns were counted in the harbour town."),
    _page("stands-keys", 86, 68, "signal flags", "86 signal flags were counted in the harbour town."),
    _page("update", 52, 25, "ferry boats", "52 ferry boats were counted in the harbour town."),
    _page("correct", 640, 460, "mooring rings", "640 mooring rings were counted in the harbour town."),
    _page("withdraw", 18, 81, "fish stalls", "18 fish stalls were counted in the harbour town."),
    _page("alarm", 905, 509, "life belts", "905 life belts were counted in the harbour town."),
    _page("tell", 73, 37, "fog horns", "73 fog horns were counted in the harbour town."),
    _page("ask", 260, 620, "tide tables", "260 tide tables were counted in the harbour town."),
    # Those that one test edits by itself.
    _page("rests", 93, 39, "cargo hooks", "93 cargo hooks were counted in the harbour town.", edited_alone=True),
    _page("watched", 64, 46, "rope ladders", "64 rope ladders were counted in the harbour town.", edited_alone=True),
    _page("embedded", 29, 92, "anchors", "29 anchors were counted in the harbour town.", edited_alone=True),
    _page("still", 44, 44, "harbour bells", "44 harbour bells were counted in the harbour town."),
)
BY_SLUG = {page.slug: page for page in PAGES}
