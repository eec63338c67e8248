"""The field of a list in a request body."""

from typing import Any

from rest_framework import serializers


class Items(serializers.ListField):
    """A list that is refused for its length before any item is read: a megabyte holds 300,000, which take a minute."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list) and self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)
