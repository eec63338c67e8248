"""Which pages ask for the password or a code again, and whether this session gave one lately.

A page stands in the table by the name of its route. `GET` asks before the form is shown, so that nobody fills in a form
in vain; whatever is sent in later than FACTCHECK_REAUTHENTICATE_MINUTES is not done, and has to be sent again.
"""

import time
from collections.abc import Mapping

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

_FORM = frozenset({"GET", "POST"})
_SENT = frozenset({"POST"})

ASKED_AGAIN: Mapping[str, frozenset[str]] = {
    # accounts, roles, second factors and links
    "admin:auth_user_add": _FORM,
    "admin:auth_user_change": _SENT,
    "admin:auth_user_password_change": _FORM,
    "admin:auth_user_log_in_link": _SENT,
    "admin:auth_user_second_factor": _SENT,
    "admin:auth_user_changelist": _SENT,
    "admin:auth_group_add": _FORM,
    "admin:auth_group_change": _SENT,
    "admin:auth_group_delete": _FORM,
    "admin:auth_group_changelist": _SENT,
    "set_up:step": _SENT,
    # newsrooms' keys, and what is sent to them
    "admin:newsrooms_newsroom_add": _FORM,
    "admin:newsrooms_newsroom_change": _SENT,
    "admin:newsrooms_newsroom_verb": _SENT,
    "admin:newsrooms_newsroom_changelist": _SENT,
    "admin:newsrooms_apikey_change": _SENT,
    "admin:newsrooms_apikey_verb": _SENT,
    "admin:newsrooms_apikey_changelist": _SENT,
    "admin:newsrooms_webhookendpoint_add": _FORM,
    "admin:newsrooms_webhookendpoint_change": _SENT,
    "admin:newsrooms_webhookendpoint_verb": _SENT,
    "admin:newsrooms_webhookendpoint_changelist": _SENT,
    # restrictions, guests and erasures
    "desk:restriction": _SENT,
    "desk:guests": _SENT,
    "admin:claims_tipcontact_delete": _FORM,
    "admin:claims_tip_delete": _FORM,
}
"""The methods of each page that are asked for again."""


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session logged in, or confirmed that it is her, within the last minutes."""
    records = get_authentication_records(request, request.user)
    last = max((each.get("at", 0.0) for each in records), default=0.0)
    return bool(time.time() - last < settings.REAUTHENTICATE_AFTER.total_seconds())


def is_asked_again(view_name: str, method: str) -> bool:
    """Whether this request changes something for which the last log-in must be fresh."""
    methods = ASKED_AGAIN.get(view_name, frozenset())
    return ("GET" if method == "HEAD" else method) in methods
