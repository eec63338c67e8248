"""A model field for the key of an address that stands in the same row (sources/http/url_key.py)."""

from typing import Any

from django.db import models

from sources.http.url_key import MAX_KEY_LENGTH, stored_key


class UrlKeyField(models.CharField):  # type: ignore[type-arg]
    """The key of the address in the field `of`, by which rows are found; empty for what is no web address.

    Made whenever the row is saved or created in bulk. `QuerySet.update` and COPY have to write it themselves, and
    `save(update_fields=…)` has to name both fields.
    """

    def __init__(self, *args: Any, of: str = "url", **kwargs: Any) -> None:
        self.of = of
        defaults = {
            "max_length": MAX_KEY_LENGTH,
            "blank": True,
            "default": "",
            "editable": False,
            "db_collation": "C",
            "help_text": "What all addresses of the page share; it is found by this.",
        }
        super().__init__(*args, **{**defaults, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """As the plain column that it is to migrations, which must not change when this class does."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = stored_key(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, key)
        return key
