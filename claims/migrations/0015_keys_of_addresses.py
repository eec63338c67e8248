"""Make the keys of all stored addresses, of imported records and of the index, and index those that are looked up.

In batches, each in a transaction of its own: a run that was broken off resumes where it stopped. The keys are those of
the installed version, whatever this migration knew (claims/imports/stored_keys.py).
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from claims.imports import stored_keys


def make_keys(apps: Any, schema_editor: Any) -> None:
    stored_keys.make_all(using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("claims", "0014_url_keys"), ("sources", "0007_page_url_key")]

    operations = [
        migrations.RunPython(make_keys, migrations.RunPython.noop, elidable=True),
        AddIndexConcurrently(
            model_name="article",
            index=models.Index(fields=["url_key"], name="article_url_key"),
        ),
        AddIndexConcurrently(
            model_name="document",
            index=models.Index(
                condition=models.Q(("url_key", ""), _negated=True), fields=["url_key"], name="document_url_key"
            ),
        ),
        AddIndexConcurrently(
            model_name="markuppage",
            index=models.Index(fields=["key", "url_key"], name="markup_page_url_key"),
        ),
        AddIndexConcurrently(
            model_name="proposal",
            index=models.Index(fields=["url_key"], name="proposal_url_key"),
        ),
    ]
