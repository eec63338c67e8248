"""Proposals: versions of the site's own pages that one person submits and another approves.

submitted ──approve, by somebody else──> approved: an entry of the site's log, from which readers' pages are made
    └──decline──> declined: nothing leaves
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from claims.models.accounts.change import SAME_HAND
from claims.models.site.site_publication import SitePublication
from claims.models.statement import user_field
from sources.database.audit import ACTOR_ID, audited

_BEGINS = f"""
    IF NEW.state <> 'submitted' OR {ACTOR_ID} IS DISTINCT FROM NEW.submitted_by_id THEN
        RAISE EXCEPTION 'a version of a page begins submitted, by whoever acts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_DECIDED = f"""
    IF OLD.state <> 'submitted' OR NEW.state = 'submitted'
        OR (NEW.page, NEW.text, NEW.note, NEW.submitted_at, NEW.submitted_by_id)
            IS DISTINCT FROM (OLD.page, OLD.text, OLD.note, OLD.submitted_at, OLD.submitted_by_id)
    THEN
        RAISE EXCEPTION 'a version of a page is decided once, and what it says stays' USING ERRCODE = 'check_violation';
    END IF;
    IF {ACTOR_ID} IS DISTINCT FROM NEW.decided_by_id THEN
        RAISE EXCEPTION 'a version of a page is decided by whoever acts' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'approved' AND EXISTS (SELECT FROM {SAME_HAND}(NEW.decided_by_id, NEW.submitted_by_id)) THEN
        RAISE EXCEPTION 'One person may be behind whoever submitted and whoever approves: an account was made, given a'
            ' right or given a new password by the other, or both by a third or by somebody unknown, within 72 hours.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@audited
class PageProposal(models.Model):
    """A version of a page of the site, in Markdown."""

    class Page(models.TextChoices):
        METHOD = "method", "how we check"
        POLICY = "policy", "corrections policy"
        ABOUT = "about", "who we are"

    class State(models.TextChoices):
        SUBMITTED = "submitted", "waits for a second person"
        APPROVED = "approved", "approved and published"
        DECLINED = "declined", "declined"

    page = models.CharField(max_length=10, choices=Page)
    text = models.TextField(help_text="Markdown.")
    note = models.TextField(blank=True, help_text="Why, for colleagues. Readers do not see it.")
    state = models.CharField(max_length=9, choices=State, default=State.SUBMITTED)
    submitted_at = models.DateTimeField()
    submitted_by = user_field(blank=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = user_field()
    publication = models.OneToOneField(SitePublication, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_by__isnull=False) & ~Q(text=""), name="page_proposal_by_a_person"
            ),
            models.CheckConstraint(condition=Q(page__in=["method", "policy", "about"]), name="page_proposal_page"),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_by=None, decided_at=None, publication=None)
                | Q(state="declined", decided_by__isnull=False, decided_at__isnull=False, publication=None)
                | Q(
                    state="approved",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    publication__isnull=False,
                ),
                name="page_proposal_decision_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("submitted_by")),
                name="page_proposal_two_persons",
                violation_error_message="Whoever submitted this version cannot approve it; ask a colleague.",
            ),
            models.UniqueConstraint(
                fields=["page"], condition=Q(state="submitted"), name="page_proposal_one_waits_a_page"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="begins_submitted", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_BEGINS),
            pgtrigger.Trigger(name="decided_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=_DECIDED),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_page_display()}, {self.submitted_at:%Y-%m-%d %H:%M} UTC"
