"""What somebody who is about to publish may have overlooked: the rating against the evidence it is given with.

A remark holds nobody up: evidence that gives context alone can carry a verdict, and people decide.
"""

from django.utils.translation import gettext as _

from claims.models import Evidence, ReviewVersion, Verdict

_STANCE = {Verdict.TRUE: Evidence.Stance.SUPPORTS, Verdict.FALSE: Evidence.Stance.REFUTES}


def remarks(version: ReviewVersion) -> list[str]:
    """The remarks on a version that is not published yet, a sentence each."""
    if version.kind == ReviewVersion.Kind.WITHDRAWAL or version.rating is None:
        return []
    evidence = list(version.evidence.select_related("copied_from"))
    found = [_unlike(version, evidence), _turned(version, evidence)]
    return [each for each in found if each]


def _unlike(version: ReviewVersion, evidence: list[Evidence]) -> str:
    """The evidence says the contrary of the rating, and nothing says the same."""
    verdict = version.rating.verdict if version.rating else ""
    if verdict not in _STANCE:
        return ""
    stances = {each.stance for each in evidence} - {Evidence.Stance.CONTEXT}
    if not stances or _STANCE[Verdict(verdict)] in stances:
        return ""
    if verdict == Verdict.TRUE:
        return _("The rating says that the claim is true; all evidence that takes a side refutes it.")
    return _("The rating says that the claim is false; all evidence that takes a side supports it.")


def _turned(version: ReviewVersion, evidence: list[Evidence]) -> str:
    """The verdict was turned round, and the evidence is the same with the same stances."""
    before = (
        version.review.versions.filter(state=ReviewVersion.State.PUBLISHED, number__lt=version.number)
        .exclude(rating=None)
        .select_related("rating")
        .order_by("number")
        .last()
    )
    if before is None or before.rating is None or version.rating is None:
        return ""
    if {before.rating.verdict, version.rating.verdict} != {Verdict.TRUE, Verdict.FALSE}:
        return ""
    same = all(each.copied_from is not None and each.copied_from.stance == each.stance for each in evidence)
    if not evidence or not same or len(evidence) != before.evidence.count():
        return ""
    return _(
        "The verdict turns round from “%(before)s” to “%(after)s”, and each piece of evidence is the same and takes the"
        " same side as before."
    ) % {"before": before.rating.label, "after": version.rating.label}
