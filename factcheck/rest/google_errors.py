"""Errors of the routes under /v1alpha1/ in Google's format, so that Google's own clients work there.

Views raise the same exceptions as elsewhere; the middleware converts the problem by `error_of`
(https://cloud.google.com/apis/design/errors).
"""

import re
from collections.abc import Mapping
from typing import Any

# HTTP status of a problem: Google's HTTP status and status name.
_STATUSES = {
    400: (400, "INVALID_ARGUMENT"),
    401: (401, "UNAUTHENTICATED"),
    403: (403, "PERMISSION_DENIED"),
    404: (404, "NOT_FOUND"),
    405: (405, "UNIMPLEMENTED"),
    409: (409, "ABORTED"),
    412: (409, "ABORTED"),
    413: (400, "INVALID_ARGUMENT"),
    415: (400, "INVALID_ARGUMENT"),
    422: (400, "INVALID_ARGUMENT"),
    429: (429, "RESOURCE_EXHAUSTED"),
    501: (501, "UNIMPLEMENTED"),
    503: (503, "UNAVAILABLE"),
}
# Google's more specific names of a conflict, by the problem's `reason`.
_REASONS = {"ALREADY_EXISTS": 409, "FAILED_PRECONDITION": 400}


def error_of(problem: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """Google's HTTP status and error body for a problem."""
    status, name = _STATUSES.get(problem["status"], (500, "INTERNAL"))
    if (reason := problem.get("reason")) in _REASONS:
        status, name = _REASONS[reason], reason
    error: dict[str, Any] = {"code": status, "message": problem["detail"], "status": name}
    violations = [
        {"field": _field(each["pointer"]), "description": each["detail"]} for each in problem.get("errors", [])
    ]
    if "parameter" in problem:
        violations.append({"field": problem["parameter"], "description": problem["detail"]})
    details: list[dict[str, Any]] = []
    if violations:
        details.append({"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations})
    if "request_id" in problem:
        details.append({"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": problem["request_id"]})
    if details:
        error["details"] = details
    return status, {"error": error}


def _field(pointer: str) -> str:
    """Convert a JSON Pointer to Google's notation: /claimReviewMarkups/0/url → claimReviewMarkups[0].url."""
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", pointer.removeprefix("/").replace("/", "."))
