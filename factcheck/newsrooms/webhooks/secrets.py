"""Derive signing secrets `whsec_…` from SECRET_KEY and a stored salt, and sign webhook messages with them.

A secret is HMAC-SHA256(derived key, salt); the derived key comes from SECRET_KEY by HKDF (RFC 5869). The table has the
salt and the sha256 of the secret, which reveals a changed SECRET_KEY before anything is signed wrongly. See
docs/decisions/.
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
    """This secret was derived from another SECRET_KEY. The message is a sentence."""


def create(endpoint: WebhookEndpoint) -> str:
    """Create the endpoint's current secret and return it; it is shown only now."""
    salt = secrets.token_hex(32)
    secret = _derive(salt)
    WebhookSecret.objects.create(endpoint=endpoint, salt=salt, secret_sha256=hashlib.sha256(secret).hexdigest())
    return "whsec_" + base64.b64encode(secret).decode()


def sign(rows: Iterable[WebhookSecret], *, message_id: str, at: datetime, payload: bytes) -> dict[str, str]:
    """The headers of a message, with one signature per secret. Raises `SecretLost`."""
    text = payload.decode()
    signatures = [Webhook(_secret(row)).sign(message_id, at, text) for row in rows]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _secret(row: WebhookSecret) -> bytes:
    secret = _derive(row.salt)
    if not hmac.compare_digest(hashlib.sha256(secret).hexdigest(), row.secret_sha256):
        raise SecretLost(
            "The secret of this webhook was derived from another SECRET_KEY: restore that key in every process, "
            "or rotate the secret."
        )
    return secret


def _derive(salt: str) -> bytes:
    return hmac.digest(_key(settings.SECRET_KEY), salt.encode(), "sha256")


@functools.lru_cache(maxsize=2)
def _key(master: str) -> bytes:
    """HKDF-SHA256 without salt, one block."""
    extracted = hmac.digest(b"\0" * 32, master.encode(), "sha256")
    return hmac.digest(extracted, _PURPOSE + b"\x01", "sha256")
