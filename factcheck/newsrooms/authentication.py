"""Who asks: a newsroom with a key in the Authorization header, or nobody.

no key   → 401, or what the public may read if FACTCHECK_ANONYMOUS_READ is on
bad key  → 401 always, with a sentence that says why
good key → what its scopes allow: `read`, `write`, `tips`; else 403
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from factcheck.newsrooms import keys
from factcheck.newsrooms.models import ApiKey, Newsroom, Scope

if TYPE_CHECKING:  # REST framework's views import this module while they load
    from rest_framework.views import APIView

_NAMES_OF_KEYS = frozenset({"key", "api_key", "apikey", "api-key", "token", "access_token"})


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer fc_<prefix>_<secret>`. Sets `request.user` to the newsroom, `request.auth` to the key."""

    def authenticate(self, request: Request) -> tuple[Newsroom, ApiKey] | None:
        for name, values in request.query_params.lists():
            if name.lower() in _NAMES_OF_KEYS or any(keys.looks_like_a_key(value) for value in [name, *values]):
                raise AuthenticationFailed(
                    "Send the key in the header “Authorization: Bearer KEY”, never in the address: addresses "
                    "end up in logs. If this was a real key, ask the desk for a new one."
                )
        return self.from_header(request)

    def from_header(self, request: Request) -> tuple[Newsroom, ApiKey] | None:
        """Whom the Authorization header names. Raises `AuthenticationFailed` for a key that opens nothing."""
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _, given = header.partition(" ")
        if scheme.lower() != "bearer":
            raise AuthenticationFailed("Send the key as “Authorization: Bearer KEY”.")
        try:
            key = keys.find_key(given.strip())
        except keys.BadKey as error:
            raise AuthenticationFailed(str(error)) from error
        return key.newsroom, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="factcheck"'


class HasScope(BasePermission):
    """The key has the scope that the view names in `scope`: by default `read` for reads, `write` for the rest.

    Without a key only views with `anonymous = True` can be read, and only if the setting allows it.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        key: ApiKey | None = request.auth  # type: ignore[assignment]
        safe = request.method in SAFE_METHODS
        if key is None:
            return bool(settings.ANONYMOUS_READ and safe and getattr(view, "anonymous", False))
        if request.method == "OPTIONS" or not hasattr(view, str(request.method).lower()):
            return True  # the answer will be 405, which needs no scope
        scope = getattr(view, "scope", Scope.READ if safe else Scope.WRITE)
        if scope not in key.scopes:
            raise PermissionDenied(f"This key lacks the scope {scope}; ask the desk for one that has it.")
        return True


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How OpenAPI names the key."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "fc_<prefix>_<secret>",
            "description": "A newsroom's API key. `manage.py newsroom NAME` prints one.",
        }
