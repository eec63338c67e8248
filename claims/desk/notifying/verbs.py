"""The buttons of a chat that is told of notices."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.shell.verbs import Act, Verb, register
from claims.models import ChatWebhook
from claims.notifying import chats


def _try_out(act: Act) -> str:
    chats.try_out(act.row, actor=act.user)
    return _("The test arrived.")


def _pause(act: Act) -> str:
    chats.pause(act.row, actor=act.user)
    return _("“%(name)s” is told of nothing until you resume it.") % {"name": act.row.name}


def _resume(act: Act) -> str:
    chats.resume(act.row, actor=act.user)
    return _("“%(name)s” is told of notices from now on.") % {"name": act.row.name}


def _remove(act: Act) -> str:
    chats.remove(act.row, actor=act.user)
    return _("“%(name)s” is removed, and its address forgotten.") % {"name": act.row.name}


register(
    "chat",
    ChatWebhook,
    [
        Verb(
            "try-out",
            gettext_lazy("Send a test"),
            _try_out,
            rule="manage chats",
            outside=True,
            effect=gettext_lazy("The room sees one line"),
        ),
        Verb(
            "pause",
            gettext_lazy("Pause"),
            _pause,
            rule="manage chats",
            when=lambda room: room.is_active,
            effect=gettext_lazy("What happens meanwhile it is never told"),
        ),
        Verb(
            "resume",
            gettext_lazy("Resume"),
            _resume,
            rule="manage chats",
            when=lambda room: not room.is_active,
            effect=gettext_lazy("From now on"),
        ),
        Verb(
            "remove",
            gettext_lazy("Remove"),
            _remove,
            rule="manage chats",
            tone="danger",
            effect=gettext_lazy("Its address is forgotten"),
        ),
    ],
)
