"""Search what is published: claims about some words, and whether a sentence, a post or a page has been checked."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claims.matching.words.posts import is_address
from claims.public.lists.answers import Answers, Hits, answers
from claims.public.lists.answers import search as found_by_words
from claims.public.page import counted, page, readers_page

LONGEST = 1_000  # characters; a longer text is asked about on the form for tips
_LENGTH = 20
_MOST = 200  # claims of one search
_SENTENCE = 4  # words that make a text worth asking whether it was checked


@counted
@readers_page
def search(request: HttpRequest) -> HttpResponse:
    """The form, and what was found. An answer is of this moment and of this reader: it is kept nowhere."""
    q = request.GET.get("q", "").strip()[:LONGEST]
    if not q:
        return page(request, "readers/lists/search.html", {"q": ""}, title=_("Search"))
    given = request.GET.get("from", "")
    place = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    after = request.GET.get("after", "")[:40]
    is_first = not place
    checked = answers(q) if is_first and _asks(q) else Answers()
    hits = (
        Hits([], "", 0, is_degraded=False)
        if is_address(q)
        else found_by_words(q, after=after, place=place, length=_LENGTH, most=_MOST)
    )
    answered = {each.id for each in (*checked.matches, *checked.possible, *checked.related)}
    context = {
        "q": q,
        "checked": checked,
        "hits": [each for each in hits.entries if each.id not in answered],
        "hits_after": hits.last,
        "hits_from": hits.place,
        "is_first": is_first,
        "is_degraded": hits.is_degraded or checked.is_degraded,
        "finds_words": not is_address(q),
    }
    return page(request, "readers/lists/search.html", context, title=_("Search"), keep=False)


def _asks(q: str) -> bool:
    return len(q.split()) >= _SENTENCE or is_address(q) or len(q) > 40
