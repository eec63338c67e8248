"""Find speakers and organisations by words of their names, without case and accents."""

import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Collate, Lower

_MARKS = "[\u0300-\u036f]"


def folded(text: str) -> str:
    """The text in lower case and without accents."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in parts if not "\u0300" <= character <= "\u036f")


def has_words(name: str, words: str) -> bool:
    """Whether the name has all the words, whole or in part; true for none."""
    plain = folded(name)
    return all(word in plain for word in folded(words).split())


def host_in(site: str) -> str:
    """The host of an address, or the host itself, in lower case and without `www.`."""
    address = site.strip() if "//" in site else f"//{site.strip()}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


def ever_named(model: Any, words: str, *, column: str = "name") -> QuerySet[Any, Any]:
    """Public ids of the rows that have these words in the column, or had them at some time, as text in byte order.

    What readers see was published at some time, and may have been edited since.
    """
    decomposed = Func(Lower(F(column)), template="normalize(%(expressions)s, NFKD)", output_field=CharField())
    plain = Func(
        *(decomposed, Value(_MARKS), Value(""), Value("g")), function="regexp_replace", output_field=CharField()
    )
    wanted = Q()
    for word in folded(words).split():
        wanted &= Q(plain__contains=word)
    now = model.objects.annotate(plain=plain).filter(wanted).values("pk")
    ever = model.pgh_event_model.objects.annotate(plain=plain).filter(wanted).values("pgh_obj")
    rows = model.objects.filter(Q(pk__in=now) | Q(pk__in=ever))
    return rows.annotate(named=Collate("public_id", "C")).values("named")  # type: ignore[no-any-return]
