"""Who may open a screen of the desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def desk_view(view: View, right: str = "claims.view_claim") -> View:
    """Ask for a log-in as the admin site does, then for the right; never cached.

    An empty `right` opens the screen to whoever may log in to the desk. Guests are kept out by their middleware.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if right and not request.user.has_perm(right):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(checked)
