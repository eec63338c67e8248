"""Signing secrets `whsec_…`: made of SECRET_KEY and a salt, so that the database holds none.

A secret is HMAC-SHA256(key of this purpose, salt), and the key of this purpose is made of SECRET_KEY as in RFC 5869
(HKDF). The table keeps the salt, and the sha256 of the secret, by which a SECRET_KEY that is another one is noticed
before anything is signed wrongly. See docs/decisions/.
"""

import base64
import functools
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from standardwebhooks import Webhook

from factcheck.newsrooms.models import WebhookEndpoint, WebhookSecret

_PURPOSE = b"factcheck webhook secrets 1"


class SecretLost(Exception):
    """SECRET_KEY is not the one under which this secret was made. The message is a sentence."""


def make(endpoint: WebhookEndpoint) -> str:
    """Make the endpoint's current secret and return it. This is the only time it is shown."""
    salt = secrets.token_hex(32)
    secret = _derive(salt)
    WebhookSecret.objects.create(endpoint=endpoint, salt=salt, secret_sha256=hashlib.sha256(secret).hexdigest())
    return "whsec_" + base64.b64encode(secret).decode()


def sign(made: Iterable[WebhookSecret], *, message_id: str, at: datetime, payload: bytes) -> dict[str, str]:
    """The headers of a message, with a signature by each of the secrets. Raises `SecretLost`."""
    text = payload.decode()
    signatures = [Webhook(_known(secret)).sign(message_id, at, text) for secret in made]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _known(row: WebhookSecret) -> bytes:
    secret = _derive(row.salt)
    if not hmac.compare_digest(hashlib.sha256(secret).hexdigest(), row.secret_sha256):
        raise SecretLost(
            "SECRET_KEY is not the one under which the secret of this webhook was made: give every part of the "
            "installation that key again, or rotate the secret."
        )
    return secret


def _derive(salt: str) -> bytes:
    return hmac.digest(_key(settings.SECRET_KEY), salt.encode(), "sha256")


@functools.lru_cache(maxsize=2)
def _key(master: str) -> bytes:
    """HKDF-SHA256 without salt, one block long."""
    extracted = hmac.digest(b"\0" * 32, master.encode(), "sha256")
    return hmac.digest(extracted, _PURPOSE + b"\x01", "sha256")
