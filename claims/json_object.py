"""The type of a JSON object."""

from typing import Any

Json = dict[str, Any]
"""A JSON object as Python holds it: members by name."""
