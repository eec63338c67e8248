"""The steps of the set-up, and which are done: read from what there is, so that each can be done anywhere."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse

from claims.models import Organisation, Rating
from factcheck.login.links import MANAGES
from factcheck.newsrooms.models import ApiKey
from factcheck.set_up import colleagues
from factcheck.set_up.administrators import FIRST


@dataclass(frozen=True)
class Step:
    """A step on the set-up page."""

    key: str
    title: str
    why: str
    done: bool

    @property
    def address(self) -> str:
        return reverse("set_up:step", args=[self.key])


def our_organisation() -> Organisation | None:
    """The organisation whose reviews this desk publishes."""
    return Organisation.objects.filter(is_ours=True).order_by("pk").first()


def _account(user: User) -> bool:
    return not user.username.startswith(FIRST) or bool(user.first_name or user.last_name)


def _organisation(user: User) -> bool:
    return our_organisation() is not None


def _scale(user: User) -> bool:
    return Rating.objects.offered().filter(scale__organisation__is_ours=True).exists()


def _colleagues(user: User) -> bool:
    return colleagues.two_can_publish()


def _key(user: User) -> bool:
    return ApiKey.objects.exists()


_STEPS: dict[str, tuple[str, str, Callable[[User], bool]]] = {
    "account": ("Your account", "The name under which the desk and its history show what you do.", _account),
    "organisation": ("Organisation", "Who publishes: its name stands on every review.", _organisation),
    "scale": ("Rating scale", "The ratings that a review can give.", _scale),
    "colleagues": (
        "Colleagues",
        "Two people publish: one writes a review, another approves it. Alone you can publish nothing.",
        _colleagues,
    ),
    "key": (
        "API key",
        "With it a website or a newsroom reads what you publish. The first start printed one in its terminal.",
        _key,
    ),
}


def steps(user: User) -> list[Step]:
    """All steps in order, for this administrator."""
    return [Step(key, title, why, done(user)) for key, (title, why, done) in _STEPS.items()]


def unfinished(user: User) -> list[Step]:
    """The steps, if this person may do them and not all are done; else an empty list."""
    if not user.has_perm(MANAGES):
        return []
    found = steps(user)
    return [] if all(step.done for step in found) else found
