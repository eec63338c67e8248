"""One-time links, sessions, counts of wrong passwords, the cache of codes, and the log of log-ins."""

from importlib import import_module

import pgtrigger
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sources.database.audit import append_only, audited

_SHA256 = "^[0-9a-f]{64}$"


@audited
class LogInLink(models.Model):
    """A link that lets its holder set the password of one account, once. Only the token's sha256 is stored.

    The rules of when it can be used are in factcheck/login/links.py.
    """

    class Purpose(models.TextChoices):
        FIRST_ADMINISTRATOR = "first_administrator", "first administrator"
        INVITATION = "invitation", "invitation"
        RESET = "reset", "new password"
        BY_MAIL = "by_mail", "new password by mail"

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="log_in_links")
    purpose = models.CharField(max_length=20, choices=Purpose)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False, db_collation="C")
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        help_text="Who can have read it; empty for the server's console.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "log-in link"
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="log_in_link_expires"),
            models.CheckConstraint(condition=Q(token_sha256__regex=_SHA256), name="log_in_link_hashed"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="used_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.used_at IS NOT NULL OR NEW.used_at IS NULL
                        OR to_jsonb(NEW) - 'used_at' IS DISTINCT FROM to_jsonb(OLD) - 'used_at' THEN
                        RAISE EXCEPTION 'A log-in link is used once, and nothing else of it changes.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} of {self.account_id}"


class Session(AbstractBaseSession):
    """One session of a browser. The key is stored as a hash, so that neither this table nor a backup of it logs in."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions", editable=False
    )
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=50, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store

    def __str__(self) -> str:
        return f"session of {self.account_id}"


class Throttle(models.Model):
    """How often something was tried since a time: wrong passwords of an account, of an address, of a browser."""

    name = models.CharField(max_length=100, primary_key=True, db_collation="C")
    tries = models.IntegerField()
    until = models.DateTimeField()
    """When the tries are forgotten."""

    def __str__(self) -> str:
        return self.name


class CacheEntry(models.Model):
    """A row of Django's cache in the database: used codes of second factors, and how often others were tried."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "login_cache"

    def __str__(self) -> str:
        return self.cache_key


@append_only
class LogInEvent(models.Model):
    """A log-in, a failure, a log-out, or an event of a second factor. No password and no code is in it."""

    class Kind(models.TextChoices):
        IN = "in", "logged in"
        OUT = "out", "logged out"
        WRONG_PASSWORD = "wrong_password", "wrong password or user name"
        LOCKED = "locked", "locked for a while after wrong passwords"
        WRONG_CODE = "wrong_code", "wrong code of the second factor"
        FACTOR_ADDED = "factor_added", "second factor set up"
        FACTOR_REMOVED = "factor_removed", "second factor removed"
        RECOVERY = "recovery", "recovery code used"
        CONFIRMED = "confirmed", "confirmed again that it is her"
        ENDED = "ended", "session ended from another"
        REFUSED = "refused", "single sign-on refused"

    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=20, choices=Kind)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    username = models.CharField(
        max_length=150,
        blank=True,
        help_text="Empty if no account has the name that was typed, since people type passwords there.",
    )
    address = models.CharField(max_length=50, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "log-in"
        indexes = [
            models.Index(fields=["account", "-at"], name="log_in_of"),
            models.Index(fields=["-at"], name="log_in_locked", condition=models.Q(kind="locked")),
        ]

    def __str__(self) -> str:
        return f"{self.username or 'unknown'}: {self.get_kind_display()}"
