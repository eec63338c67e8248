"""What the routes under /v1alpha1/ share, so that Google's own clients work there: the error envelope.

Views raise what they raise elsewhere; `error_of` turns the problem into Google's words at the boundary
(https://cloud.google.com/apis/design/errors).
"""

import re
from collections.abc import Mapping
from typing import Any

# HTTP status of a problem: Google's status, and Google's name for it.
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
# What a conflict may be more exactly, by the problem's `reason`.
_REASONS = {"ALREADY_EXISTS": 409, "FAILED_PRECONDITION": 400}


def error_of(problem: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """Google's HTTP status and error for a problem of ours."""
    status, name = _STATUSES.get(problem["status"], (500, "INTERNAL"))
    if (reason := problem.get("reason")) in _REASONS:
        status, name = _REASONS[reason], reason
    error: dict[str, Any] = {"code": status, "message": problem["detail"], "status": name}
    violations = [
        {"field": _field(each["pointer"]), "description": each["detail"]} for each in problem.get("errors", [])
    ]
    if "parameter" in problem:
        violations.append({"field": problem["parameter"], "description": problem["detail"]})
    if violations:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}]
    return status, {"error": error}


def _field(pointer: str) -> str:
    """/claimReviewMarkups/0/url as Google writes it: claimReviewMarkups[0].url"""
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", pointer.removeprefix("/").replace("/", "."))
