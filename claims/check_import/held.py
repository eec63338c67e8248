"""Find the claims of this desk that say what items of Check say, in the same words."""

from collections.abc import Iterable

from claims.imports.joining.same_claim import SameWords, normalized
from claims.models import Claim
from claims.permissions import User
from claims.visibility import visible_claims


class HeldClaims:
    """The claims that a person may see and that say one of these texts; new ones are added as they are made."""

    def __init__(self, user: User, texts: Iterable[tuple[str, str]]) -> None:
        """`texts` are pairs of a text and its language."""
        told = set(texts)
        hashes = {
            SameWords.of(text, language=language, period_start=None, period_end=None, place="").fingerprint
            for text, language in told
        }
        claims = visible_claims(user).filter(merged_into=None, period_start=None, period_end=None, place="")
        exact = claims.filter(text__in={text for text, _ in told})
        hashed = claims.filter(fingerprint__fingerprint__in=hashes)
        unhashed = claims.filter(fingerprint__fingerprint__isnull=True)
        self._keys: dict[str, int] = {}
        for found in (exact, hashed, unhashed):
            for pk, text in found.order_by("pk").values_list("pk", "text"):
                self._keys.setdefault(normalized(text), pk)

    def find(self, text: str) -> int | None:
        return self._keys.get(normalized(text))

    def add(self, claim: Claim) -> None:
        self._keys.setdefault(normalized(claim.text), claim.pk)
