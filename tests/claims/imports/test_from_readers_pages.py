"""A ClaimReview that has its readers' page as its address goes in on another installation and out unchanged."""

from pathlib import Path

import pytest

from claims.formats import claimreview
from tests.claims.formats.test_claimreview import claim, review
from tests.claims.imports.test_importer import counts, published, take

pytestmark = pytest.mark.django_db
READERS = "https://checks.example"


def test_it_goes_out_as_it_came(tmp_path: Path) -> None:
    written = claimreview.claim_review(claim(), review(article=None, origin="own"), readers=READERS)
    assert written["url"] == "https://checks.example/claims/clm_0000000000000001#rev_0000000000000001"
    assert counts(take(tmp_path, written)) == (1, 0, 0, 0)
    (imported,) = published()["reviews"]
    again = claimreview.claim_review(
        published(), imported, readers="https://other.example", base="https://other.example"
    )
    assert again == written
    assert counts(take(tmp_path, again)) == (0, 0, 1, 0)
