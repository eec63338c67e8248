"""Who may open a screen of the desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse

from claims.permissions import remembering

View = Callable[..., HttpResponseBase]


def desk_view(view: View, right: str = "claims.view_claim") -> View:
    """Ask for a log-in as the admin site does, then for the right; never cached.

    An empty `right` opens the screen to whoever may log in to the desk. Guests are kept out by their middleware.

    What the rights of a person rest on is collected once for a page that is read, its template included.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if right and not request.user.has_perm(right):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        with remembering():
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return admin.site.admin_view(checked)
