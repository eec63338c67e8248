"""Triggers on tables of other apps: what is done to somebody's second factor stands in the log of accounts, and what is
done to an account ends its sessions; a disabled one also ends the API keys that it made.

Migrations of ours cannot hold them: they are installed after each migration (factcheck/embedded/trigger_functions.py),
and compared like all others.
"""

from typing import Any

import pgtrigger
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from claims.models import AccountChange
from sources.database.audit import ACTOR_ID

# A recovery code that is used up, and the mark that the codes were shown, are no change of the factor.
_FACTOR = f"""
    IF TG_OP = 'UPDATE' AND (NEW.user_id, NEW.type) = (OLD.user_id, OLD.type)
        AND NEW.data - 'used_mask' - 'viewed_at' = OLD.data - 'used_mask' - 'viewed_at' THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM factcheck_log_account(
            OLD.user_id, auth_user.username, 'no_second_factor', OLD.type, {ACTOR_ID} IS DISTINCT FROM OLD.user_id
        ) FROM auth_user WHERE auth_user.id = OLD.user_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM factcheck_log_account(
            NEW.user_id, auth_user.username, 'second_factor', NEW.type, {ACTOR_ID} IS DISTINCT FROM NEW.user_id
        ) FROM auth_user WHERE auth_user.id = NEW.user_id;
    END IF;
    RETURN NULL;
"""
_SINGLE_SIGN_ON = f"""
    PERFORM factcheck_log_account(
        NEW.user_id, auth_user.username, 'single_sign_on', left(NEW.provider || ': ' || NEW.uid, 200),
        {ACTOR_ID} IS DISTINCT FROM NEW.user_id
    ) FROM auth_user WHERE auth_user.id = NEW.user_id;
    RETURN NULL;
"""
# Her own changes end no session of hers here: a new password ends the others by itself.
_END_SESSIONS = """
    IF NEW.what IN ('deactivated', 'no_staff') OR (
        NEW.maker_id IS DISTINCT FROM NEW.account_id AND NEW.what IN (
            'password', 'username', 'superuser', 'no_superuser', 'group', 'no_group', 'permission', 'no_permission',
            'no_second_factor'
        )
    ) THEN
        DELETE FROM login_session WHERE account_id = NEW.account_id;
    END IF;
    -- Whoever left knows the keys that she made.
    IF NEW.what = 'deactivated' THEN
        UPDATE newsrooms_apikey SET revoked_at = clock_timestamp()
        WHERE revoked_at IS NULL AND id IN (
            SELECT pgh_obj_id FROM newsrooms_apikeyevent
            WHERE pgh_label = 'insert' AND (pgh_context ->> 'actor_id')::bigint = NEW.account_id
        );
    END IF;
    RETURN NULL;
"""


def _register(model: Any, name: str, func: str, operation: Any) -> None:
    before, given = getattr(model._meta, "triggers", []), model._meta.original_attrs.get("triggers")
    before = list(before) if before else []
    pgtrigger.register(pgtrigger.Trigger(name=name, when=pgtrigger.After, operation=operation, func=func))(model)
    # Else Django would want a migration in the app that the model is from.
    model._meta.triggers = before
    if given is None:
        model._meta.original_attrs.pop("triggers", None)
    else:
        model._meta.original_attrs["triggers"] = given


_register(Authenticator, "account_log", _FACTOR, pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete)
_register(SocialAccount, "account_log", _SINGLE_SIGN_ON, pgtrigger.Insert | pgtrigger.Update)
_register(AccountChange, "end_sessions", _END_SESSIONS, pgtrigger.Insert)
