"""The log of accounts: who was made, given a right, let in again or got a new password, by whom.

Triggers on Django's own tables write it (claims/models/accounts/triggers.py), so that SQL, a shell, the desk and
`createsuperuser` leave the same rows. No password and no hash of one is in it. For `HOURS` after a change an account
and its maker count as one person: see claims/accounts.py.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from sources.database.audit import append_only

HOURS = 72
SAME_HAND = "factcheck_same_hand"
"""SQL function of two users' ids: `member`, through whom one person may be behind both, null for somebody unknown, and
`until` when. Every rule that wants a second person asks it."""
MAKERS = "factcheck_makers"
"""SQL function of a user's id and a time: who made the account within 72 hours before, and until when it counts."""
UNREAD_UNTIL = "factcheck_unread_until"
"""SQL function of a reader's and a maker's id: until when the reader cannot mark as read what the maker did."""


@append_only
class AccountChange(models.Model):
    """One change of an account that bears on who can log in to it, or on what it may do."""

    class What(models.TextChoices):
        CREATED = "created", "account made"
        DELETED = "deleted", "account deleted"
        PASSWORD = "password", "password set"
        EMAIL = "email", "e-mail address changed"
        USERNAME = "username", "user name changed"
        ACTIVATED = "activated", "account activated"
        DEACTIVATED = "deactivated", "account deactivated"
        STAFF = "staff", "let into the desk"
        NO_STAFF = "no_staff", "no longer let into the desk"
        SUPERUSER = "superuser", "made a superuser"
        NO_SUPERUSER = "no_superuser", "no longer a superuser"
        GROUP = "group", "added to a group"
        NO_GROUP = "no_group", "taken out of a group"
        PERMISSION = "permission", "given a permission"
        NO_PERMISSION = "no_permission", "permission taken away"
        GUEST = "guest", "invited to approve one version"
        GROUP_PERMISSION = "group_permission", "a group of the account was given a permission"
        SECOND_FACTOR = "second_factor", "second factor set up"
        NO_SECOND_FACTOR = "no_second_factor", "second factor removed"
        SINGLE_SIGN_ON = "single_sign_on", "log-in by single sign-on linked"

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    username = models.CharField(max_length=150)
    what = models.CharField(max_length=20, choices=What)
    detail = models.TextField(blank=True, help_text="The group, the permission, or the name or address before.")
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    maker_name = models.TextField(blank=True, help_text="As the audit has it; empty if it names nobody.")
    reason = models.TextField(blank=True)
    makes = models.BooleanField(
        help_text="Whoever did it is a maker of the account: it can do more, or is let in anew."
    )
    may_approve = models.BooleanField(help_text="Whether the account may approve reviews after the change.")
    exempt = models.BooleanField(help_text="Nothing was ever published at the time.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        verbose_name = "change of an account"
        verbose_name_plural = "changes of accounts"
        indexes = [models.Index(fields=["account", "-at"], name="account_change_of")]
        triggers = [
            pgtrigger.Trigger(
                name="not_in_the_future",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.at > clock_timestamp() THEN
                        NEW.at := clock_timestamp();
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.username}: {self.get_what_display()}"


@append_only
class AccountChangeReading(models.Model):
    """That a chief has read of a change."""

    change = models.ForeignKey(AccountChange, on_delete=models.PROTECT, related_name="readings", db_index=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "reading of an account's change"
        constraints = [models.UniqueConstraint(fields=["change", "reader"], name="account_change_read_once")]
        triggers = [
            pgtrigger.Trigger(
                name="not_by_its_maker",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF EXISTS (
                        SELECT FROM claims_accountchange AS change
                        WHERE change.id = NEW.change_id
                            AND {UNREAD_UNTIL}(NEW.reader_id, change.maker_id) > clock_timestamp()
                    ) THEN
                        RAISE EXCEPTION 'Whoever made this change, or somebody unknown, let the reader in within'
                            ' 72 hours, so it stays unread.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.change_id} read by {self.reader_id}"
