"""Authentication of newsrooms by an API key in the Authorization header, and permission by scope.

no key       401, or public content if FACTCHECK_ANONYMOUS_READ is on
invalid key  401 always, with a sentence that says why
feed token   the two feeds for people, with what is public; 401 anywhere else
valid key    what its scopes allow: `read`, `write`, `tips`; else 403
"""

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from factcheck.newsrooms import client_identity
from factcheck.newsrooms.keys import BadKey
from factcheck.newsrooms.models import ApiKey, Newsroom, Scope

if TYPE_CHECKING:  # REST framework's views import this module while they load
    from rest_framework.views import APIView


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer fc_<prefix>_<secret>`. Sets `request.user` to the newsroom, `request.auth` to the key."""

    def authenticate(self, request: Request) -> tuple[Newsroom, ApiKey] | None:
        try:
            key = client_identity.key_of(request._request)
        except BadKey as error:
            raise AuthenticationFailed(str(error)) from error
        if key is None:
            return None
        return key.newsroom, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="factcheck"'


class HasScope(BasePermission):
    """Require the scope that the view names in `scope`: by default `read` for reads, `write` for the rest.

    Without a key only views with `anonymous = True` can be read, and only if the setting allows it; a view may be
    written to if the setting that it names in `anonymous_writes` allows that.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        key = cast("ApiKey | None", request.auth)
        # A view with `only_asks` takes by POST a query that is too long for a URL.
        safe = request.method in SAFE_METHODS or getattr(view, "only_asks", False)
        if key is None and client_identity.feed_token_of(request._request):
            return bool(safe and getattr(view, "takes_feed_token", False))
        if key is None and not safe and (name := getattr(view, "anonymous_writes", "")):
            return bool(getattr(settings, name)) and hasattr(view, str(request.method).lower())
        if key is None:
            return bool(settings.ANONYMOUS_READ and safe and getattr(view, "anonymous", False))
        if request.method == "OPTIONS" or not hasattr(view, str(request.method).lower()):
            return True  # the response will be 405, which needs no scope
        scope = getattr(view, "scope", Scope.READ if safe else Scope.WRITE)
        if scope not in key.scopes:
            raise PermissionDenied(f"This key lacks the scope {scope}; ask the desk for one that has it.")
        return True


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The security scheme of the API key in OpenAPI."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "fc_<prefix>_<secret>",
            "description": "A newsroom's API key. `manage.py newsroom NAME` prints one.",
        }
