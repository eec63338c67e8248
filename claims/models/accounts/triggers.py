"""Triggers on Django's own tables of accounts, which write the log of accounts (claims/models/accounts/change.py).

They call `factcheck_log_account` (claims/sql/accounts.sql). Migrations of ours cannot hold them, since the tables are
another app's: they are installed after each migration (factcheck/embedded/trigger_functions.py), and compared like all
others.
"""

from typing import Any

import pgtrigger
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType

from sources.database.audit import ACTOR_ID

_BY_ANOTHER = f"{ACTOR_ID} IS DISTINCT FROM NEW.id"
_USER = f"""
    IF TG_OP = 'INSERT' THEN
        PERFORM factcheck_log_account(NEW.id, NEW.username, 'created', '', true);
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM factcheck_log_account(OLD.id, OLD.username, 'deleted', '', false);
        RETURN NULL;
    END IF;
    IF NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'the id of an account stays' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.username <> OLD.username THEN
        PERFORM factcheck_log_account(NEW.id, NEW.username, 'username', OLD.username, {_BY_ANOTHER});
    END IF;
    IF NEW.password <> OLD.password THEN
        PERFORM factcheck_log_account(NEW.id, NEW.username, 'password', '', {_BY_ANOTHER});
    END IF;
    IF NEW.email <> OLD.email THEN
        PERFORM factcheck_log_account(NEW.id, NEW.username, 'email', OLD.email, {_BY_ANOTHER});
    END IF;
    IF NEW.is_active <> OLD.is_active THEN
        PERFORM factcheck_log_account(
            NEW.id, NEW.username, CASE WHEN NEW.is_active THEN 'activated' ELSE 'deactivated' END, '', NEW.is_active
        );
    END IF;
    IF NEW.is_staff <> OLD.is_staff THEN
        PERFORM factcheck_log_account(
            NEW.id, NEW.username, CASE WHEN NEW.is_staff THEN 'staff' ELSE 'no_staff' END, '', NEW.is_staff
        );
    END IF;
    IF NEW.is_superuser <> OLD.is_superuser THEN
        PERFORM factcheck_log_account(
            NEW.id, NEW.username, CASE WHEN NEW.is_superuser THEN 'superuser' ELSE 'no_superuser' END, '',
            NEW.is_superuser
        );
    END IF;
    RETURN NULL;
"""
_GROUP_OF_USER = """
    IF TG_OP <> 'INSERT' THEN
        PERFORM factcheck_log_account(OLD.user_id, auth_user.username, 'no_group', COALESCE(auth_group.name, ''), false)
        FROM auth_user LEFT JOIN auth_group ON auth_group.id = OLD.group_id WHERE auth_user.id = OLD.user_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM factcheck_log_account(NEW.user_id, auth_user.username, 'group', COALESCE(auth_group.name, ''), true)
        FROM auth_user LEFT JOIN auth_group ON auth_group.id = NEW.group_id WHERE auth_user.id = NEW.user_id;
    END IF;
    RETURN NULL;
"""
_PERMISSION_OF_USER = """
    IF TG_OP <> 'INSERT' THEN
        PERFORM factcheck_log_account(
            OLD.user_id, auth_user.username, 'no_permission', COALESCE(auth_permission.codename, ''), false
        )
        FROM auth_user LEFT JOIN auth_permission ON auth_permission.id = OLD.permission_id
        WHERE auth_user.id = OLD.user_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM factcheck_log_account(
            NEW.user_id, auth_user.username, 'permission', COALESCE(auth_permission.codename, ''), true
        )
        FROM auth_user LEFT JOIN auth_permission ON auth_permission.id = NEW.permission_id
        WHERE auth_user.id = NEW.user_id;
    END IF;
    RETURN NULL;
"""
# Of the permissions of groups, those alone by which people approve, or manage accounts.
_PERMISSION_OF_GROUP = """
    PERFORM factcheck_log_account(
        member.user_id, auth_user.username, 'group_permission',
        auth_group.name || ': ' || auth_permission.codename, true
    )
    FROM auth_user_groups AS member
    JOIN auth_user ON auth_user.id = member.user_id
    JOIN auth_group ON auth_group.id = member.group_id
    JOIN auth_permission ON auth_permission.id = NEW.permission_id
    JOIN django_content_type AS model ON model.id = auth_permission.content_type_id
    WHERE member.group_id = NEW.group_id AND (codename = 'approve_review' OR model.app_label = 'auth');
    RETURN NULL;
"""
# A permission that became another, or took its id, would be given to all who have it, without a row.
_PERMISSION_STAYS = """
    IF NOT pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION 'permissions are changed by migrations alone' USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


def _register(model: Any, func: str, operation: Any, *, when: pgtrigger.When = pgtrigger.After) -> None:
    name = "account_log" if when is pgtrigger.After else "permission_stays"
    pgtrigger.register(pgtrigger.Trigger(name=name, when=when, operation=operation, func=func))(model)
    # Else Django would want a migration in its own app.
    model._meta.triggers = []
    model._meta.original_attrs.pop("triggers", None)


_ANY = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
_register(User, _USER, _ANY)
_register(User.groups.through, _GROUP_OF_USER, _ANY)
_register(User.user_permissions.through, _PERMISSION_OF_USER, _ANY)
_register(Group.permissions.through, _PERMISSION_OF_GROUP, pgtrigger.Insert | pgtrigger.Update)
_register(Permission, _PERMISSION_STAYS, _ANY, when=pgtrigger.Before)
_register(ContentType, _PERMISSION_STAYS, _ANY, when=pgtrigger.Before)
