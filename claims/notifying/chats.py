"""Add, test, pause, resume and remove the chat rooms that are told of notices."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import ChatWebhook, Notice
from claims.notifying import chat as sending
from claims.permissions import Facts, Refused, User, allowed, require, rights
from claims.visible_text import unreadable
from sources.database.audit import acting
from sources.http.addresses import AddressRefused, UrlRefused, address_and_port, target

MOST_ROOMS = 20
_MAY_NOT = gettext_noop("You may not manage chats; ask an administrator.")


def may_manage_chats(user: User) -> bool:
    """Add, test, pause and remove the chat rooms that are told of notices."""
    return allowed("manage chats", Facts(rights=rights(user)))


def add(*, name: str, url: str, shape: str, kinds: Sequence[str] = (), actor: User) -> ChatWebhook:
    """Tell a room of notices from now on, of these kinds or of all. Raises `Refused`."""
    require(may_manage_chats(actor), _MAY_NOT)
    name = " ".join(name.split())
    if not name or len(name) > 100 or unreadable(name):
        raise Refused(_("Give the room a name of up to 100 characters, by which you know it again."))
    if shape not in ChatWebhook.Shape.values or not set(kinds) <= set(Notice.Kind.values):
        raise Refused(_("Choose the program of the chat and the kinds of notices from the lists."))
    address = checked_url(url)
    with acting(actor, reason="added a chat"), transaction.atomic():
        rooms = list(ChatWebhook.objects.select_for_update())
        if len(rooms) >= MOST_ROOMS:
            raise Refused(_("There are %(number)s rooms already; remove one first.") % {"number": MOST_ROOMS})
        if any(room.name == name for room in rooms):
            raise Refused(_("There is a room of this name already; choose another name."))
        return ChatWebhook.objects.create(
            name=name, url=address, shown_url=cut_off(address), shape=shape, kinds=list(kinds), created_by=actor
        )


def try_out(room: ChatWebhook, *, actor: User) -> None:
    """Send the room a message that says it is a test. Raises `Refused` with the reason if it does not arrive."""
    require(may_manage_chats(actor), _MAY_NOT)
    if why := sending.send_trial(room):
        raise Refused(_("The test did not arrive. %(why)s") % {"why": why})


def pause(room: ChatWebhook, *, actor: User) -> None:
    """Tell the room of nothing until it is resumed; what happens meanwhile it is never told. Raises `Refused`."""
    require(may_manage_chats(actor), _MAY_NOT)
    with acting(actor, reason="paused a chat"):
        ChatWebhook.objects.filter(pk=room.pk).update(is_active=False)


def resume(room: ChatWebhook, *, actor: User) -> None:
    """Tell the room of what happens from now on. Raises `Refused`."""
    require(may_manage_chats(actor), _MAY_NOT)
    with acting(actor, reason="resumed a chat"):
        ChatWebhook.objects.filter(pk=room.pk).update(is_active=True, last_error="")


def remove(room: ChatWebhook, *, actor: User) -> None:
    """Forget the room and its address. Raises `Refused`."""
    require(may_manage_chats(actor), _MAY_NOT)
    with acting(actor, reason="removed a chat"):
        ChatWebhook.objects.filter(pk=room.pk).delete()


def checked_url(url: str) -> str:
    """The address, if messages may be sent to it. Raises `Refused`."""
    exception = address_and_port(settings.FETCH_ALLOWED_LOOPBACK or None)
    try:
        found = target(url.strip(), exception)
    except (UrlRefused, AddressRefused) as error:
        raise Refused(_("Nothing can be sent to this address. %(why)s") % {"why": error}) from error
    if found.scheme != "https" and (found.host, found.port) != exception:
        raise Refused(_("The address is a secret, so it has to begin with https://."))
    return found.url


def cut_off(url: str) -> str:
    """The address without its secret end, by which it can be recognised."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2][:200]}{parts.path[:4]}…"
