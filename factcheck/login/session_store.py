"""Django's sessions in the database, with hashed keys, an idle and an absolute end, and the account they belong to."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import url_str_to_user_pk
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from factcheck.login.models import Session

STARTED, SEEN, ADDRESS, BROWSER = "started_at", "seen_at", "address", "browser"
"""Keys in the session: times in seconds since 1970, and whence the log-in came."""


def stored_key(session_key: str) -> str:
    """What the table has of a cookie's key: 160 bits of its sha256, as many as the key is worth."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """The store that `SESSION_ENGINE` names. What is past its idle or absolute end is not found any more."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = None
        if self.session_key is not None:
            found = Session.objects.filter(
                session_key=stored_key(self.session_key), expire_date__gt=timezone.now()
            ).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=stored_key(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        account = data.get(SESSION_KEY) or _half_in(data)
        return Session(
            session_key=stored_key(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=timezone.now() + timedelta(seconds=_left(data)),
            account_id=int(account) if account is not None else None,
            started_at=_moment(data.get(STARTED)),
            seen_at=_moment(data.get(SEEN)),
            address=data.get(ADDRESS, ""),
            browser=data.get(BROWSER, ""),
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=stored_key(key)).delete()

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds until the session ends if nothing more is asked: of the cookie too."""
        return int(_left(self._session))  # type: ignore[attr-defined]


def _half_in(data: dict[str, Any]) -> int | None:
    """The account whose password was given and whose code is waited for: what ends its sessions ends this, too."""
    key = (data.get(LOGIN_SESSION_KEY) or {}).get("user_pk")
    return int(url_str_to_user_pk(key)) if key else None


def _left(data: dict[str, Any]) -> float:
    idle = settings.SESSION_IDLE.total_seconds()
    if STARTED not in data:
        return float(idle)
    ends: float = data[STARTED] + settings.SESSION_ABSOLUTE.total_seconds()
    return max(0.0, min(idle, ends - timezone.now().timestamp()))


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
