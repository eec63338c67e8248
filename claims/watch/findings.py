"""What a sweep finds: a quote with its earlier checks, and the result of one quote after one change of its page."""

from dataclasses import dataclass

from claims import causes
from claims.models import Evidence, EvidenceCheck, Recheck, Review
from claims.watch.quote_check import QuoteResult
from claims.watch.watched_passages import Watched
from sources.models import Change


@dataclass
class WatchedQuote:
    """A quote with its earlier checks."""

    evidence: Evidence
    sought: Watched
    latest: EvidenceCheck | None
    last_seen: EvidenceCheck | None
    """The latest check that says something of the quote: repeating it after an unreadable page is no news."""
    stood: EvidenceCheck | None
    """The latest check of a snapshot in which it stood."""
    shown: EvidenceCheck | None
    """The check that newsrooms are shown."""
    letter_waits: bool = False
    """Whether the source of its page was asked about the review, and has not answered."""

    @property
    def review(self) -> Review:
        return self.evidence.version.review

    @property
    def shown_broken(self) -> bool:
        return self.shown is not None and self.shown.broke


@dataclass(frozen=True)
class Finding:
    """The result of one quote after one change, and whether it raises a re-check."""

    watched: WatchedQuote
    change: Change
    outcome: QuoteResult
    recheck: Recheck | None
    raises: bool = False
    kept: bool = False
    """Whether the review was published with the quote broken in this very way."""
    comes_and_goes: bool = False
    """Whether the same was found at some looks and not at others."""

    @property
    def reason(self) -> EvidenceCheck.Reason:
        if self.kept:
            return EvidenceCheck.Reason.KEPT
        return EvidenceCheck.Reason.RECURRING if self.comes_and_goes else EvidenceCheck.Reason.CHANGE

    @property
    def decided(self) -> bool:
        """Whether editors have decided on this very finding before."""
        return self.kept or (self.outcome.broke and self.recheck is not None and not self.recheck.is_open)

    @property
    def is_news(self) -> bool:
        """Whether newsrooms may read something new of it; `append_news` compares what they read in the end."""
        last, recheck = self.watched.last_seen, self.recheck
        if self.raises:
            return True
        if self.outcome.result == EvidenceCheck.Result.UNVERIFIABLE and not self.outcome.broke:
            return False
        if recheck is None and not self.kept:  # stands, or waits for a second look
            return not self.outcome.broke and self.watched.shown_broken
        if self.decided and not self.watched.shown_broken:
            return True
        outcome = self.outcome
        return last is None or (
            (last.result, last.why, last.grade, last.comes_and_goes, last.recheck_id)
            != (outcome.result, outcome.cause, outcome.grade, self.comes_and_goes, recheck.pk if recheck else None)
            or causes.without_dates(last.why, last.found) != causes.without_dates(outcome.cause, outcome.found)
        )
