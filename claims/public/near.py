"""Published claims that are near another, for its page: ids from the matcher, words from the index."""

from django.utils.translation import gettext as _

from claims.formats.suspended import shown_rating
from claims.json_object import Json
from claims.matching import client
from claims.public import wording
from claims.public.bodies import bodies, current

MOST = 4
_LEAST_SCORE = 0.3


def near_claims(body: Json) -> list[dict[str, str]]:
    """At most `MOST` claims that say something near, without those that are withdrawn or part of others."""
    answer = client.match([body["text"][:1_000]], body["language"], MOST * 2)
    wanted = [
        name
        for match in answer.results[0]
        if match.score >= _LEAST_SCORE
        for name in match.claims[:1]
        if name != body["id"]
    ]
    rows = current().standing_alone().exclude(verification="withdrawn").filter(claim_public_id__in=wanted)
    found = {each["id"]: each for each in bodies(rows)}
    return [_near(found[name]) for name in wanted if name in found][:MOST]


def _near(body: Json) -> dict[str, str]:
    reviews = [review for review in body["reviews"] if not review["withdrawn_at"]]
    ratings = list(dict.fromkeys(rating["label"] for review in reviews if (rating := shown_rating(review))))
    return {
        "id": body["id"],
        "text": body["text"],
        "language": body["language"],
        "verdict": " · ".join(ratings[:3]) or _("no verdict"),
        "on": wording.day(body["first_published_at"]),
    }
