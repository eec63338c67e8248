"""Read the rating of a ClaimReview: the publisher's own word, and the numbers that it gives with it."""

from typing import Any, NamedTuple

from claims.imports.formats import repair
from claims.imports.formats.records import RecordRefused, Repairs
from claims.json_object import Json

Numbers = tuple[float, float | None, float | None]
_LONGEST = 300


class RatingRead(NamedTuple):
    """The word of a rating as readers saw it, and its value, worst and best."""

    label: str
    numbers: Numbers | None


def read_rating(value: Any, known: Json, repairs: Repairs, *, language: str) -> RatingRead:
    """The rating in a `reviewRating`. Raises `RecordRefused` if it says nothing. `known` are the nodes of its graph."""
    rating = _one(value, known, repairs, language)
    if isinstance(rating, str | int | float) and not isinstance(rating, bool):
        rating = {"alternateName" if repair.number(rating) is None else "ratingValue": rating}
        repairs.append("a bare rating taken")
    if not isinstance(rating, dict):
        raise RecordRefused("It has no rating: reviewRating is missing.")
    label = _label(rating, repairs, language)
    value, best = _scalar(rating.get("ratingValue")), _scalar(rating.get("bestRating"))
    parts = repair.out_of(value)
    if parts is not None:
        repairs.append("a rating such as 3/5 read as numbers")
        number, best = parts
        label = label or str(value).strip()
    else:
        number = repair.number(value)  # type: ignore[assignment]
        if isinstance(value, str) and value.strip() and (number is None or "%" in value):
            # The publisher's word was put where the number should be; a share keeps its sign.
            if number is None:
                repairs.append("a rating's word found in place of its number")
            label = label or repair.line(value, repairs, _LONGEST, language=language)
    if not label:
        label = repair.line(rating.get("ratingExplanation") or rating.get("description"), repairs, _LONGEST)
        if label:
            repairs.append("the rating's explanation taken for its name")
    if not label and number is not None and number != -1:
        label = f"{number}/{best}" if repair.number(best) is not None else str(number)
        repairs.append("a rating without a word shown as its number")
    if not label:
        if rating.get("image"):
            raise RecordRefused("Its rating is a picture alone: it has neither a name nor a number.")
        raise RecordRefused("Its rating says nothing: neither a name nor a number.")
    worst = repair.number(_scalar(rating.get("worstRating")))
    return RatingRead(label, _numbers(number, worst, repair.number(best), repairs))


def _one(value: Any, known: Json, repairs: Repairs, language: str) -> Any:
    """One rating: of several the first in words, else the first that says anything."""
    if type(value) is dict and "@id" not in value:
        return value
    given = [_resolved(each, known) for each in (value if isinstance(value, list) else [value])]
    given = [each for each in given if each or each == 0]
    if len(given) > 1:
        worded = [each for each in given if _label(each if isinstance(each, dict) else {}, Repairs(), language)]
        chosen = next((each for each in [*worded, *given] if _says_anything(each)), given[0])
        others = [shown for each in given if each is not chosen and (shown := _shown(each))]
        if others:
            which = "the first of several ratings" if chosen is given[0] else "the rating in words of several"
            repairs.append(f"{which} taken; left out: {', '.join(others)}")
        return chosen
    return given[0] if given else None


def _resolved(value: Any, known: Json) -> Any:
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return known.get(str(value.get("@id")), {})
    return value


def _says_anything(rating: Any) -> bool:
    if not isinstance(rating, dict):
        return True
    return any(rating.get(name) not in (None, "", [], {}) for name in ("alternateName", "name", "ratingValue"))


def _shown(rating: Any) -> str:
    if not isinstance(rating, dict):
        return f"“{rating}”"
    words = rating.get("alternateName") or rating.get("name") or rating.get("ratingValue")
    return f"“{str(words)[:60]}”" if words not in (None, "", [], {}) else ""


def _label(rating: Json, repairs: Repairs, language: str) -> str:
    for name in ("alternateName", "name"):
        if rating.get(name) and (label := repair.line(rating[name], repairs, _LONGEST, language=language)):
            return label
    return ""


def _scalar(value: Any) -> Any:
    if type(value) is str or type(value) is int:
        return value
    if isinstance(value, list):
        value = value[0] if value else None
    return value.get("@value") if isinstance(value, dict) else value


def _numbers(value: float | None, worst: float | None, best: float | None, repairs: Repairs) -> Numbers | None:
    """The numbers of the rating; None if they contradict each other, since the label counts."""
    if value is None:
        return None
    if worst is not None and best is not None and (worst >= best or not worst <= value <= best):
        repairs.append("numbers of a rating that contradict each other left out")
        return None
    if value < 0 and worst is None:
        repairs.append("a number that says “not rated” left out")
        return None
    return value, worst, best
