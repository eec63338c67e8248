"""Lay over the words of a claim what its audience may know since: states of quotes, re-checks, and what follows.

An event that publishes nothing new changes these fields alone. They are all made anew here, so that nothing that one
audience was told reaches the other.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet

from claims.causes import Cause
from claims.json_object import Json
from claims.models import Claim, Evidence, Merge, Recheck, Review, SourceRequest
from claims.models.publication import Audience
from claims.models.verification import Verification
from claims.publication import published_claim as published
from claims.publication.body import settled_verification, with_citation
from claims.publication.body_parts import page_quotes
from claims.publication.citation import quote_wording
from claims.publication.description import in_order
from claims.publication.freshness import Freshness, freshness
from claims.publication.quote_state import UNKNOWN, QuoteState, broken_checks, quote_states, wording
from claims.publication.suspended import with_suspensions
from sources.timestamp import timestamp

PAGE_QUOTE = Evidence.Kind.PAGE_QUOTE.value


def lay_over(
    words: Json, claim: Claim, *, audience: str, settled: QuerySet[Recheck] | None = None
) -> published.ClaimContent:
    """Complete the words (`published_claim.words`) for the audience. `append` adds the place in the log.

    A preview passes the re-checks that publishing would settle.
    """
    done = set(settled or ())
    names = [review["id"] for review in words["reviews"]]
    rechecks = [recheck for recheck in _open_rechecks(audience, public_id__in=names) if recheck not in done]
    of_review = {recheck.review.public_id: recheck for recheck in rechecks}
    states = _quote_states(words["reviews"], audience)
    seen = freshness((item["id"] for item in page_quotes(words)), audience=Audience.NEWSROOMS)
    suspended = suspended_since([review["id"] for review in words["reviews"]])
    reconfirmed = _reconfirmed(words["reviews"])
    reviews = [
        _with_recheck(
            review
            | {
                "suspended_since": suspended.get(review["id"]),
                "evidence": [
                    _with_state(item, states.get(item["id"], UNKNOWN)) | _last_seen(seen.get(item["id"]))
                    for item in review["evidence"]
                ],
                **({"reconfirmed_at": reconfirmed[review["id"]]} if review["id"] in reconfirmed else {}),
            },
            of_review.get(review["id"]),
            audience,
        )
        for review in words["reviews"]
    ]
    body = {
        **words,
        "url": f"/api/v1/claims/{words['id']}/",
        "verification": _merged(claim)
        if words["merged_into"]
        else with_suspensions(_verification(reviews, rechecks, audience), suspended.values()),
        "reviews": reviews,
    }
    ordered: Any = in_order(body, published.ClaimContent)
    return ordered  # type: ignore[no-any-return]


def lay_over_imported(words: Json) -> published.ClaimContent:
    """Complete the words of a claim that has imported reviews alone, as `lay_over` does for every audience.

    Imported reviews rest on no evidence, are not re-checked and not suspended, so nothing is looked up.
    """
    reviews = [dict(with_citation(review | {"suspended_since": None})) for review in words["reviews"]]
    body = {
        **words,
        "url": f"/api/v1/claims/{words['id']}/",
        "verification": settled_verification(reviews),
        "reviews": reviews,
    }
    ordered: Any = in_order(body, published.ClaimContent)
    return ordered  # type: ignore[no-any-return]


def open_rechecks(claim: Claim, audience: str) -> QuerySet[Recheck]:
    """Open re-checks of the claim's reviews that the audience may know of, oldest first."""
    return _open_rechecks(audience, claim=claim)


def _open_rechecks(audience: str, **reviews: Any) -> QuerySet[Recheck]:
    of_reviews = {f"review__{name}": value for name, value in reviews.items()}
    rechecks = Recheck.objects.open().filter(**of_reviews).select_related("review").order_by("raised_at", "pk")
    if audience == Audience.PUBLIC:
        rechecks = rechecks.filter(state=Recheck.State.CONFIRMED)
    return rechecks


def suspended_since(reviews: Sequence[str]) -> dict[str, str]:
    """Since when those of the reviews that are suspended are so, by their public ids."""
    rows = Review.objects.filter(public_id__in=reviews, suspended_at__isnull=False)
    return {name: str(timestamp(at)) for name, at in rows.values_list("public_id", "suspended_at")}


def _quote_states(reviews: Iterable[Json], audience: str) -> dict[str, QuoteState]:
    """The states of all quotes, by the public ids of the evidence."""
    quotes = [item["id"] for review in reviews for item in review["evidence"] if item["kind"] == PAGE_QUOTE]
    if not quotes:
        return {}
    names = dict(Evidence.objects.filter(public_id__in=quotes).values_list("pk", "public_id"))
    return {names[key]: state for key, state in quote_states(names, audience).items()}


def _reconfirmed(reviews: Iterable[Json]) -> dict[str, str]:
    """When editors last said of the published version of a review that it stands though a page changed, by its id."""
    published_at = {review["id"]: review["published_at"] for review in reviews}
    settled = Recheck.objects.filter(review__public_id__in=published_at, state=Recheck.State.RECONFIRMED)
    last = settled.values_list("review__public_id").annotate(last=Max("resolved_at"))
    times = {name: str(timestamp(at)) for name, at in last}
    return {name: at for name, at in times.items() if at > published_at[name]}


def _with_state(item: Json, state: QuoteState) -> Json:
    watchable = item["kind"] == PAGE_QUOTE
    laid = item | {
        "watchable": watchable,
        "state": state.state if watchable else "not_watchable",
        "checked_at": timestamp(state.checked_at),
    }
    laid |= {name: value for name in ("cause", "grade", "notice") if (value := getattr(state, name))}
    if state.decided_at is not None:
        laid["decided_at"] = timestamp(state.decided_at)
    if "quote" in item:
        laid["now"] = state.now
        if (anchoring := state.stands_as) is not None:
            laid["stands_as"] = {
                "exact": anchoring.exact,
                "prefix": anchoring.prefix or None,
                "suffix": anchoring.suffix or None,
                "snapshot": anchoring.snapshot.public_id,
                "since": timestamp(anchoring.anchored_at),
            }
    said: Any = laid
    if wording_ := quote_wording(said):
        laid["wording"] = wording_
    return laid


def _last_seen(known: Freshness | None) -> Json:
    at = known.last_seen_at if known else None
    return {"seen_at_least_until": timestamp(at)} if at is not None else {}


def _with_recheck(review: Json, recheck: Recheck | None, audience: str) -> Json:
    since = timestamp(recheck.raised_at) if recheck else None
    confirmed = recheck is not None and recheck.state == Recheck.State.CONFIRMED
    missing = recheck is None or any(cause in _WORDS_MISSING for cause in _causes_of(recheck, audience))
    return dict(with_citation(review, recheck_since=since, confirmed=confirmed, words_missing=missing))


_WORDS_MISSING = (Cause.ALTERED, Cause.GONE)


def _causes_of(recheck: Recheck, audience: str) -> set[str]:
    """The causes of the quotes that the audience may know of, else that of the re-check."""
    return {check.why for check in broken_checks(recheck, audience)} or {recheck.cause or Cause.ALTERED.value}


def _verification(reviews: Iterable[Json], rechecks: list[Recheck], audience: str) -> published.Verification:
    if not rechecks:
        return settled_verification(reviews)
    found: published.Verification = {
        "status": Verification.NEEDS_RECHECK.value,
        "since": timestamp(rechecks[0].raised_at),
        "seen_by_editor": all(
            recheck.seen_at is not None or recheck.state == Recheck.State.CONFIRMED for recheck in rechecks
        ),
        "because": [cause for recheck in rechecks for cause in _because(recheck, audience)],
    }
    if audience == Audience.NEWSROOMS and (letters := _source_requests(rechecks)):
        found["source_requests"] = letters
    return found


def told_letters(rechecks: Iterable[Recheck]) -> QuerySet[SourceRequest]:
    """The letters about these re-checks that went out and that newsrooms may know of, oldest first.

    A page on which only evidence rests that is described or confidential is named to nobody.
    """
    named = Evidence.objects.filter(
        version__review=OuterRef("recheck__review"), page=OuterRef("page"), visibility=Evidence.Visibility.PUBLIC
    )
    letters = SourceRequest.objects.filter(Exists(named), recheck__in=list(rechecks))
    return letters.exclude(state=SourceRequest.State.DRAFT).order_by("sent_at", "pk")


def _source_requests(rechecks: Iterable[Recheck]) -> list[published.SourceRequest]:
    """The letters about open re-checks: their dates, and no word of them."""
    return [
        {
            "recheck": each.recheck.public_id,
            "page": each.page.public_id,
            "asked_at": timestamp(each.sent_at or each.created_at),
            "answer_by": each.deadline.isoformat() if each.deadline else None,
            "answered_at": timestamp(each.ended_at) if each.state == SourceRequest.State.ANSWERED else None,
            "closed_at": timestamp(each.ended_at) if each.state == SourceRequest.State.CLOSED else None,
        }
        for each in told_letters(rechecks).select_related("recheck", "page")
    ]


def _merged(claim: Claim) -> published.Verification:
    decided = Merge.objects.filter(claim=claim, state=Merge.State.APPROVED).order_by("-decided_at", "-pk")
    since = timestamp(decided.values_list("decided_at", flat=True).first())
    return {"status": Verification.MERGED.value, "since": since, "seen_by_editor": None, "because": []}


def _because(recheck: Recheck, audience: str) -> list[published.Cause]:
    """The broken quotes behind the re-check, each as it was first found to be as it is now."""
    found: list[published.Cause] = []
    for check in broken_checks(recheck, audience):
        seen_at = check.change.detected_at if check.change else check.checked_at
        cause: published.Cause = {
            "recheck": recheck.public_id,
            "review": recheck.review.public_id,
            "evidence": check.evidence.public_id,
            "page": check.evidence.page.public_id if check.evidence.page else None,
            "result": check.result,
            "cause": check.why,
            "before": check.sought,
            "after": check.after or None,
            "surroundings": check.surroundings or None,
            "changed": check.kinds,
            "diff": check.diff,
            "detected_at": timestamp(seen_at),
            "wording": wording(check, seen_at),
        }
        if check.grade:
            cause["grade"] = check.grade
        if check.notice:
            cause["notice"] = check.notice
        if check.comes_and_goes:
            cause["comes_and_goes"] = True
        found.append(cause)
    return found
