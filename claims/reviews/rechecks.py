"""Decide on re-checks: confirm, dismiss, say that the verdict still stands, start the next version, ask a colleague.

A machine raises a re-check and people settle it. The states are drawn in claims/models/watch/recheck.py. Confirming,
dismissing and upholding change machine fields of what is published, never a word that people wrote. Looking at a
re-check changes nothing; the first act of an editor tells newsrooms that an editor has seen it.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC

from django.db import transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.causes import OF_STANCE
from claims.models import Anchoring, Evidence, EvidenceCheck, Publication, Recheck, Review, ReviewVersion
from claims.models.publication import Audience
from claims.models.watch.evidence_check import BROKE
from claims.notices import notify
from claims.people import name_of
from claims.permissions import Refused, User, may_decide, remembered, require
from claims.publication import append
from claims.publication.quote_state import finding, visible_checks
from claims.reviews import workflow
from claims.reviews.claim_lock import lock_claim_of
from claims.reviews.drafts.requoted import requote
from claims.reviews.evidence import record_check
from claims.watch.quote_check import check_quote
from claims.watch.quotes_now import QuoteNow, latest_snapshot
from claims.watch.watched_passages import Watched, sync_watched
from sources.database.audit import acting
from sources.passages import last_seen, register
from sources.passages.chosen_copy import choose
from sources.quotes.exact_match import TextQuote
from sources.quotes.locate import QuoteNotFound
from sources.quotes.nearest_sentence import sentences
from sources.quotes.surroundings import CONTEXT

_DECIDE = gettext_noop("You may not decide on re-checks; ask an administrator for the role of an editor.")


@dataclass(frozen=True)
class BrokenQuote:
    """A quote that is broken under an open re-check. `check` found it so, looking for `sought`."""

    evidence: Evidence
    check: EvidenceCheck

    @property
    def sought(self) -> str:
        return self.check.sought

    @property
    def proposed(self) -> str | None:
        """The words that may stand in its place: those of the page that were found; None if there are none."""
        return self.sought if self.check.why in OF_STANCE else self.check.after or None

    def beside(self, words: str) -> tuple[str, str]:
        """What stood before and after these words where the program found them; nothing for other words."""
        sought = " ".join(words.split())
        before, found, after = self.check.surroundings.partition(sought) if sought else ("", "", "")
        return (before[-CONTEXT:], after[:CONTEXT]) if found else ("", "")


def broken_quotes(recheck: Recheck) -> list[BrokenQuote]:
    """The quotes of the review that are broken now and wait for the decision on this re-check.

    A quote that came back is not among them, unless it comes and goes, nor one that was replaced or decided on before.
    """
    quotes = list(Evidence.objects.watched().filter(version__review=recheck.review_id).order_by("pk"))
    visible = visible_checks(EvidenceCheck.objects.all(), Audience.NEWSROOMS)
    last = _newest(visible.exclude(~BROKE, result=EvidenceCheck.Result.UNVERIFIABLE), quotes)
    stood = [each for each in quotes if each.pk in last and not last[each.pk].broke]
    recurring = recheck.checks.filter(reason=EvidenceCheck.Reason.RECURRING)
    last = {key: check for key, check in last.items() if check.broke} | _newest(recurring, stood)
    found = ((evidence, last.get(evidence.pk)) for evidence in quotes)
    return [
        BrokenQuote(evidence, check)
        for evidence, check in found
        if check is not None and check.broke and check.recheck_id == recheck.pk
    ]


def broken_on_page(recheck: Recheck) -> list[BrokenQuote]:
    """What `broken_quotes` finds, looked for once for a page of the desk that shows them in several places."""
    return list(remembered(("broken quotes", recheck.pk), lambda: broken_quotes(recheck)))


def _newest(checks: QuerySet[EvidenceCheck], quotes: Collection[Evidence]) -> dict[int, EvidenceCheck]:
    """The newest of the checks of each quote, by the key of the quote, with what comes with it."""
    if not quotes:
        return {}
    newest = checks.filter(evidence=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    rows = Evidence.objects.filter(pk__in=[each.pk for each in quotes]).annotate(newest=Subquery(newest))
    keys = [key for key in rows.values_list("newest", flat=True) if key is not None]
    found = EvidenceCheck.objects.select_related("evidence", "anchoring", "snapshot").filter(pk__in=keys)
    return {check.evidence_id: check for check in found}


def shown(recheck: Recheck) -> str:
    """A hash of what an editor is shown before deciding: the state, the findings, and what is published of the claim.

    Pass it back with the decision, which is refused if any of it changed meanwhile.
    """
    log = Publication.objects.filter(claim=recheck.review.claim_id).aggregate(last=Max("sequence"))
    state = Recheck.objects.values_list("state", flat=True).get(pk=recheck.pk)
    found = [(each.evidence.pk, finding(each.check)) for each in broken_quotes(recheck)]
    return hashlib.sha256(repr((state, log["last"], found)).encode()).hexdigest()


def confirm(recheck: Recheck, *, actor: User, seen: str = "") -> Recheck:
    """Confirm that the page no longer has the quote. The public sees it from now on. Raises `Refused`.

    `seen` is what `shown` gave when the editor looked.
    """
    require(may_decide(actor, recheck.review.claim), _DECIDE)
    with acting(actor, reason="confirmed the re-check"), transaction.atomic():
        locked = lock_open(recheck, seen)
        if locked.state == Recheck.State.CONFIRMED:
            raise Refused(_("This re-check is confirmed already."))
        if not broken_quotes(locked):
            raise Refused(
                _(
                    "Every quote is on its page again, as last read. Say that the verdict still stands, or dismiss "
                    "the re-check as a false alarm."
                )
            )
        locked.state = Recheck.State.CONFIRMED
        locked.confirmed_at = timezone.now()
        note_seen(locked, actor)
        locked.save(update_fields=["state", "confirmed_at", "seen_at", "seen_by"])
        _append(locked, Publication.Event.RECHECK_CONFIRMED, Audience.PUBLIC)
        return locked


def dismiss(recheck: Recheck, *, actor: User, note: str, seen: str = "") -> Recheck:
    """Dismiss an unconfirmed re-check as a false alarm, with a note. The public never sees it. Raises `Refused`.

    Newsrooms read that the quote is kept, not that it stands: what the machine found stays in the record.
    """
    if recheck.state == Recheck.State.CONFIRMED:
        raise Refused(
            _("A confirmed re-check is public, so it cannot be dismissed; say that the verdict still stands.")
        )
    require(may_decide(actor, recheck.review.claim), _DECIDE)
    with acting(actor, reason="dismissed the re-check as a false alarm"), transaction.atomic():
        locked = lock_open(recheck, seen)
        if locked.state == Recheck.State.CONFIRMED:
            raise Refused(_("A colleague has just confirmed it; say that the verdict still stands instead."))
        _settle(locked, Recheck.State.DISMISSED, actor=actor, note=note)
        _append(locked, Publication.Event.RECHECK_DISMISSED, Audience.NEWSROOMS)
        return locked


def reconfirm(
    recheck: Recheck,
    *,
    actor: User,
    note: str,
    places: Mapping[int, str | None] | None = None,
    copies: Mapping[int, int] | None = None,
    seen: str = "",
) -> Recheck:
    """Uphold the verdict although the page changed, with a note (“Still stands” on screen). Readers are told.

    `places` says for each broken quote, by the primary key of its evidence, in which words of the page it stands now;
    None if the page no longer has it and the verdict stands without it. A quote that is not named stands in the
    similar sentence that was found, if one was. `copies` says which copy of the words is meant (1 for the first) where
    they stand several times. The watch looks for those words from then on. Raises `Refused`, also if the words are
    not on the page as last read.
    """
    require(may_decide(actor, recheck.review.claim), _DECIDE)
    with acting(actor, reason="said that the verdict still stands"), transaction.atomic():
        locked = lock_open(recheck, seen)
        _settle(locked, Recheck.State.RECONFIRMED, actor=actor, note=note)
        chosen = dict(places or {})
        for quote in sorted(broken_quotes(locked), key=lambda each: (each.evidence.page_id or 0, each.evidence.pk)):
            words = chosen.pop(quote.evidence.pk, quote.proposed)
            if words is not None:
                _anchor(
                    quote, words, (copies or {}).get(quote.evidence.pk), recheck=locked, why=note.strip(), actor=actor
                )
        if chosen:
            raise Refused(_("One of these quotes is not broken, or is decided on already. Reload the page."))
        _append(locked, Publication.Event.RECONFIRMED, Audience.PUBLIC)
        return locked


def proposed_note(recheck: Recheck) -> str:
    """A note that proposes to re-confirm, if every broken quote is back word for word; otherwise empty.

    Empty for a settled re-check too, and where a quote comes and goes. An editor decides whether to re-confirm.
    """
    broke = recheck.checks.broken()
    if recheck.resolved_at is not None or broke.filter(reason=EvidenceCheck.Reason.RECURRING).exists():
        return ""
    quotes = set(broke.values_list("evidence__page", "evidence__exact"))
    # Of any re-check or none: the first check that misses a quote belongs to no re-check yet.
    checks = EvidenceCheck.objects.filter(evidence__version__review=recheck.review_id).select_related("snapshot")
    back = [checks.filter(evidence__page=page, evidence__exact=exact).latest("pk") for page, exact in quotes]
    # An unreadable page proves nothing, and an editor has to read a quote that moved in its new place.
    if not back or any(
        check.broke or check.result != EvidenceCheck.Result.INTACT or check.snapshot is None for check in back
    ):
        return ""
    since = max(check.snapshot.taken_at for check in back if check.snapshot is not None).astimezone(UTC)
    subject = "The quote is" if len(back) == 1 else f"The {len(back)} quotes are"
    return f"{subject} on the page again word for word, as read on {since:%-d %B %Y at %H:%M} UTC."


def correct(
    recheck: Recheck,
    *,
    actor: User,
    kind: str = ReviewVersion.Kind.CORRECTION,
    correction_kind: str = "",
    note: str = "",
    requoted: Collection[int] = (),
    seen: str = "",
) -> ReviewVersion:
    """Start the next version of the review, or return the open one. Publishing it settles the re-check.

    `kind` is update, clarification, correction or withdrawal, `note` what readers are told of it. The broken quotes
    with these keys of evidence are quoted in the words that the page has instead. Of an open version, which may hold
    a colleague's work, nothing is changed. `seen` is what `shown` gave when the editor looked. Raises `Refused`.
    """
    require(may_decide(actor, recheck.review.claim), _DECIDE)
    with acting(actor, reason="started the next version after the re-check"), transaction.atomic():
        locked = lock_open(recheck, seen)
        version = locked.review.open_version()
        if version is not None and version.kind != kind:
            raise Refused(
                _("A version of this review is open already (%(kind)s). Finish or discard that one.")
                % {"kind": version.get_kind_display()}
            )
        if version is not None and (requoted or note.strip() not in ("", version.public_note.strip())):
            raise Refused(
                _(
                    "This version is open already, so nothing of what you wrote or ticked here was put into it. Open it"
                    " from the claim, and write it there."
                )
            )
        if version is None:
            version = workflow.start_version(
                locked.review, kind=kind, actor=actor, correction_kind=correction_kind, public_note=note.strip()
            )
            for quote in broken_quotes(locked) if requoted else ():
                words = quote.proposed
                if quote.evidence.pk in requoted and words and words != quote.sought:
                    prefix, suffix = quote.beside(words)
                    requote(version, quote.evidence, words, prefix=prefix, suffix=suffix)
        _tell_that_seen(locked, actor)
        return version


def ask(recheck: Recheck, *, actor: User, colleague: User, question: str, path: str = "") -> None:
    """Ask a colleague about the re-check: a notice on the colleague's home. Raises `Refused`.

    `path` is the address of the re-check on this site.
    """
    require(may_decide(actor, recheck.review.claim), _DECIDE)
    if not question.strip():
        raise Refused(_("Write the question; the colleague will read it."))
    if colleague.pk == actor.pk:
        raise Refused(_("Choose a colleague rather than yourself."))
    if not may_decide(colleague, recheck.review.claim):
        raise Refused(
            _("%(person)s may not decide on re-checks; ask somebody who may.") % {"person": name_of(colleague)}
        )
    with acting(actor, reason="asked a colleague about the re-check"), transaction.atomic():
        locked = lock_open(recheck)
        notify(
            [colleague],
            "asked",
            claim=locked.review.claim,
            by=actor,
            path=path,
            question=question.strip(),
            recheck=locked.pk,
        )
        _tell_that_seen(locked, actor)


def _anchor(quote: BrokenQuote, words: str, copy: int | None, *, recheck: Recheck, why: str, actor: User) -> None:
    """Anchor the quote in these words of its page as last read, and record that they stand there.

    Readers are given words that one editor chose. So these have to be whole sentences, unless the program found them:
    a part can say the opposite.
    """
    evidence = quote.evidence
    prefix, suffix = quote.beside(words) if copy is None else ("", "")
    snapshot = latest_snapshot(evidence, lock=True)
    if snapshot is None:
        raise Refused(_("The page %(page)s was never read.") % {"page": evidence.page})
    try:
        place = choose(words, snapshot.text.text, prefix=prefix, suffix=suffix, copy=copy)
    except QuoteNotFound as error:
        raise Refused(_("“%(list)s”: %(error)s") % {"list": " ".join(words.split())[:80], "error": error}) from error
    if words != quote.proposed and not _is_whole(place, snapshot.text.text):
        raise Refused(
            _(
                "“%(list)s” is cut out of a sentence. Readers will be given these words in place of the quote, "
                "so choose whole sentences of the page."
            )
            % {"list": " ".join(words.split())[:80]}
        )
    passage = register.register(snapshot, place)
    anchoring = Anchoring.objects.create(
        evidence=evidence,
        recheck=recheck,
        passage=passage,
        snapshot=snapshot,
        exact=place.exact,
        prefix=place.prefix,
        suffix=place.suffix,
        why=why,
        anchored_at=timezone.now(),
        anchored_by=actor,
    )
    outcome = check_quote(passage or place, snapshot)
    if outcome.broke:
        raise Refused(_("These words stand in a notice or in a reader's words. Choose those of the page itself."))
    now = QuoteNow(evidence, Watched(anchoring, passage, place), snapshot, outcome)
    record_check(now, reason=EvidenceCheck.Reason.ANCHORED, recheck=recheck)
    sync_watched([snapshot.page_id])
    if passage is not None:
        last_seen.mark(passage.pk, snapshot.requested_at)


def _is_whole(place: TextQuote, text: str) -> bool:
    """Whether the words begin and end where a sentence or a line of the text does."""
    start = text.find(place.prefix + place.exact) + len(place.prefix)
    end = start + len(place.exact)
    around = [each for each in sentences(text) if each.start < end and each.end > start]
    return bool(around) and not text[around[0].start : start].strip() and not text[end : around[-1].end].strip()


def _settle(recheck: Recheck, state: Recheck.State, *, actor: User, note: str) -> None:
    if not note.strip():
        raise Refused(_("Say why in the note; colleagues will read it."))
    recheck.state = state
    recheck.note = note.strip()
    recheck.resolved_at = timezone.now()
    recheck.resolved_by = actor
    note_seen(recheck, actor)
    recheck.save(update_fields=["state", "note", "resolved_at", "resolved_by", "seen_at", "seen_by"])


def note_seen(recheck: Recheck, by: User) -> bool:
    """Note the editor who acts first. Returns whether this is the one."""
    if recheck.seen_at is not None:
        return False
    recheck.seen_at = timezone.now()
    recheck.seen_by = by
    return True


def _tell_that_seen(recheck: Recheck, actor: User) -> None:
    """Tell newsrooms that an editor has seen the re-check, after an act that appends no event of its own."""
    if note_seen(recheck, actor):
        recheck.save(update_fields=["seen_at", "seen_by"])
        _append(recheck, Publication.Event.RECHECK_OPEN, Audience.NEWSROOMS)


def lock(recheck: Recheck) -> Recheck:
    """Lock the re-check with its claim and review until commit, and return it as it is now."""
    # Claim, review, re-check: publishing and the sweep lock in the same order.
    lock_claim_of(recheck.review_id)
    Review.objects.select_for_update().get(pk=recheck.review_id)
    return Recheck.objects.select_for_update(of=("self",)).select_related("review__claim").get(pk=recheck.pk)


def lock_open(recheck: Recheck, seen: str = "") -> Recheck:
    """`lock` for a decision. Raises `Refused` if it is settled, or changed since `seen` was shown."""
    locked = lock(recheck)
    if locked.resolved_at is not None:
        raise Refused(_("This re-check is settled already (%(state)s).") % {"state": locked.get_state_display()})
    if seen and seen != shown(locked):
        raise Refused(_("Something changed while you were reading: nothing was sent. Look at it as it is now."))
    return locked


def _append(recheck: Recheck, event: str, audience: str) -> None:
    append.append(recheck.review.claim, event=event, audience=audience, review=recheck.review)
