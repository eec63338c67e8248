"""Gives the versions that are there their parts and steps, and with them the mentions. Can be run again."""

import orjson
from django.db import migrations

from claims.migrations import _frozen


def fill(apps, schema_editor):
    versions = apps.get_model("claims", "ClaimVersion").objects.using(schema_editor.connection.alias)
    # In order, so that the newest mention is the last one counted.
    rows = versions.filter(parts=[], publication__body__isnull=False).order_by("sequence_from")
    for pk, json in rows.values_list("pk", "publication__body__json").iterator(chunk_size=500):
        body = orjson.loads(bytes(json))
        versions.filter(pk=pk).update(parts=_frozen.parts(body), steps=_frozen.steps(body))


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_reading")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
