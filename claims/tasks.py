"""Celery tasks of claims, a call each: sweep, propose, read, archive copies, contacts, labels, dump, checkpoint."""

import logging
import math

from celery import shared_task

from claims import daily_counts, embargo
from claims.check_import import drafts, take_over
from claims.complaints import desk as complaints
from claims.complaints import receive
from claims.exports import dumps
from claims.imports.joining import merge_candidates
from claims.notifying import chat, kept, mail
from claims.proof import checkpoints, outside
from claims.proof.keys import KeyProblem
from claims.publication import rebuild
from claims.requests import source_requests
from claims.reviews.drafts import discarded, unsaved
from claims.statements import long_documents, proposals
from claims.teamwork import assignments, presence
from claims.tips import grouping, inbox
from claims.watch import archive_copies, review_days
from claims.watch.register_passages import register_missing
from claims.watch.sweep import sweep as sweep_changes
from sources.tick_guard import TickGuard

logger = logging.getLogger(__name__)
_timers = TickGuard(seconds=math.inf)  # a process fires timers in one run at a time, which may wait for the next
_reading = TickGuard(seconds=math.inf)  # a process reads one long document at a time
_mailing, _chatting, _taking_over = TickGuard(), TickGuard(), TickGuard()


@shared_task
def sweep() -> int:
    """Check the quotes of changed pages. Returns the number of changes swept."""
    return sweep_changes()


@shared_task
def register_passages() -> int:
    """Give quotes of earlier versions their passages. Returns the number registered."""
    return register_missing()


@shared_task
def propose() -> int:
    """Propose new feed items as documents. Returns the number of items processed."""
    return proposals.propose()


@shared_task
def propose_merges() -> int:
    """Propose merges of claims of this desk with others that say the same. Returns the number of new proposals."""
    return merge_candidates.propose_merges()


@shared_task
def read_long_documents() -> int:
    """Extract the statements of documents that wait for it. Returns the number finished."""
    with _reading.tick() as may_continue:
        return long_documents.read_waiting(may_continue)


@shared_task
def request_archive_copies() -> int:
    """Request archive copies of pages that published reviews quote. Returns the number of new requests."""
    return archive_copies.request_copies()


@shared_task
def process_archive_copies() -> int:
    """Advance the requested archive copies that are due. Returns the number advanced; 0 when archiving is off."""
    return archive_copies.process_copies()


@shared_task
def delete_expired_contacts() -> int:
    """Delete expired contact data of tips and complaints. Returns the number of rows deleted."""
    return inbox.delete_expired_contacts() + receive.delete_expired_contacts()


@shared_task
def forget_senders() -> int:
    """Delete the hashes of senders of tips and complaints after an hour, and index groups of tips that are not."""
    grouping.index_stale()
    return inbox.forget_senders() + receive.forget_senders()


@shared_task
def heed_desk_labels() -> int:
    """Map labels anew where the desk changed its scale of a publisher. Returns the number of index rows replaced."""
    return rebuild.heed_desk_labels()


@shared_task
def map_by_these_scales() -> int:
    """Map labels anew after an upgrade, some claims at a time. Returns the number of index rows replaced."""
    return rebuild.map_by_these_scales()


@shared_task
def remind_of_days() -> int:
    """Tell people of letters and complaints without an answer and of reviews whose day has come; how many these are."""
    return source_requests.remind() + review_days.remind() + complaints.remind()


@shared_task
def publish_by_timers() -> int:
    """Publish versions whose timers are due, at their second. Returns the number published."""
    with _timers.tick() as may_continue:
        return embargo.run(may_continue)


@shared_task
def warn_of_timers() -> int:
    """Tell people of timers within the hour that could not publish. Returns the number told of."""
    return embargo.warn()


@shared_task
def remind_of_assignments() -> int:
    """Remind of claims that are due, and forget who had one open. Returns the number reminded of."""
    presence.forget()
    return assignments.remind_due()


@shared_task
def count_days() -> int:
    """Count for the desk's charts what happened each day. Returns how many numbers were written."""
    return daily_counts.count()


@shared_task
def dump() -> str | None:
    """Write today's dump unless there is one. Returns its folder, or None if nothing was written."""
    folder = dumps.write_daily()
    return None if folder is None else str(folder)


@shared_task
def tell_people() -> int:
    """Mail the notices that are due, and tell chats of theirs. Returns the number of mails and messages."""
    with _mailing.tick() as may_continue:
        mails = mail.send_due(may_continue=may_continue)
    with _chatting.tick() as may_continue:
        return mails + chat.send_due(may_continue=may_continue)


@shared_task
def delete_old_notice_deliveries() -> int:
    """Delete deliveries of notices a week after they ended. Returns how many."""
    return kept.delete_old()


@shared_task
def take_over_from_check() -> int:
    """Take over items of Check that wait, and start the drafts that were asked for. Returns the number of items."""
    with _taking_over.tick() as may_continue:
        return take_over.take_over_waiting(may_continue=may_continue) + drafts.make_drafts(may_continue=may_continue)


@shared_task
def delete_what_was_discarded() -> int:
    """Delete drafts that were discarded 30 days ago, and unsaved forms of versions that are public or gone."""
    return discarded.delete_over() + unsaved.delete_over()


@shared_task
def checkpoint() -> int:
    """Seal the logs and sign a checkpoint, once an hour; send what has not arrived outside. Returns how many did.

    A failure is logged and tried again by the next tick; `/healthz` tells when it lasts.
    """
    try:
        checkpoints.write_due()
        return outside.send_due()
    except (KeyProblem, outside.OutsideError) as error:
        logger.error("No checkpoint: %s", error)
        return 0
