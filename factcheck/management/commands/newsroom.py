"""`manage.py newsroom NAME` creates an API key or feed token, and prints it alone on standard output."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from claims.permissions import Refused
from factcheck.demo.rehearsal import require_demo_alone
from factcheck.newsrooms import feed_tokens, keys
from factcheck.newsrooms.models import ApiKey, FeedToken, Newsroom


class Command(BaseCommand):
    help = "Create an API key for a newsroom and print it. It cannot be shown again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="name of the newsroom, which is created if it is new")
        parser.add_argument("--scopes", default="read", help="one or more of read,write,tips (default: %(default)s)")
        parser.add_argument(
            "--test",
            action="store_true",
            help="create a test key fc_test…_…, which may also let things happen to the claims of the demo",
        )
        parser.add_argument("--expires", default="", metavar="WHEN", help="a date or a number of days (default: never)")
        parser.add_argument(
            "--per-minute", type=int, metavar="N", help="rate limit of the newsroom, in requests a minute"
        )
        parser.add_argument("--list", action="store_true", help="list its keys, feed tokens and their last use instead")
        parser.add_argument("--revoke", metavar="PREFIX", help="revoke the key fc_PREFIX_… instead")
        parser.add_argument(
            "--feed-token", metavar="LABEL", help="create a token for the feeds for people instead, for whom LABEL says"
        )
        parser.add_argument("--revoke-feed-token", metavar="PREFIX", help="revoke the feed token fct_PREFIX_… instead")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        try:
            if options["revoke"]:
                keys.revoke_key(name, options["revoke"])
                self.stderr.write(f"Revoked fc_{options['revoke']}_….")
            elif options["revoke_feed_token"]:
                feed_tokens.revoke_feed_token(name, options["revoke_feed_token"])
                self.stderr.write(f"Revoked fct_{options['revoke_feed_token']}_….")
            elif options["list"]:
                for key in keys.keys_of(name):
                    self.stdout.write(described(key))
                for token in feed_tokens.feed_tokens_of(name):
                    self.stdout.write(described_token(token))
            elif options["feed_token"] is not None:
                self.stdout.write(feed_tokens.create_feed_token(name, options["feed_token"]))
            else:
                self._make(name, options)
        except Refused as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(
                "The database does not answer or has no tables yet; start `manage.py up` first "
                f"({str(error).splitlines()[0]})."
            ) from error

    def _make(self, name: str, options: dict[str, Any]) -> None:
        scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
        with transaction.atomic():
            if options["test"]:
                require_demo_alone()
            test = bool(options["test"])
            expires_at = keys.expiry(options["expires"])
            key = keys.create_key(name, scopes, expires_at=expires_at, test=test, is_demo=test)
            if options["per_minute"] is not None:
                keys.set_limit(name, options["per_minute"])
        self.stdout.write(key)
        prefix = key.split("_")[1]
        others = [other.prefix for other in keys.live_keys(Newsroom.objects.get(name=name.strip()))]
        others.remove(prefix)
        if others:
            self.stderr.write(
                f"fc_{others[0]}_… is still valid. Switch to the new key, check with --list that the old one is no "
                f'longer used, then: manage.py newsroom "{name}" --revoke {others[0]}'
            )


def described(key: ApiKey) -> str:
    """One line: prefix, scopes, creation, state, last use."""
    now = timezone.now()
    state = "never expires"
    if key.revoked_at is not None:
        state = f"revoked {_minute(key.revoked_at)}"
    elif key.expires_at is not None:
        state = f"{'expired' if key.expires_at <= now else 'expires'} {_minute(key.expires_at)}"
    used = f"last used {_minute(key.last_used_at)}" if key.last_used_at else "never used"
    return f"fc_{key.prefix}_…  {','.join(key.scopes):<16}  created {_minute(key.created_at)}  {state}  {used}"


def described_token(token: FeedToken) -> str:
    """One line: prefix, for whom, creation, state, last use."""
    state = f"revoked {_minute(token.revoked_at)}" if token.revoked_at else "never expires"
    used = f"last used {_minute(token.last_used_at)}" if token.last_used_at else "never used"
    return f"fct_{token.prefix}_…  {token.label:<16}  created {_minute(token.created_at)}  {state}  {used}"


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
