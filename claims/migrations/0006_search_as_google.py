import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import orjson
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from claims.migrations import _frozen

BATCH = 500


def fill(apps, schema_editor):
    """What stands now is found by the new columns as well. Can run again."""
    versions = apps.get_model("claims", "ClaimVersion").objects.using(schema_editor.connection.alias)
    rows = versions.filter(sequence_to__isnull=True, newest_on__isnull=True, publication__body__isnull=False)
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk").select_related("publication__body")[:BATCH]):
        last = found[-1].pk
        for version in found:
            body = orjson.loads(bytes(version.publication.body.json))
            version.sites = _frozen.sites(body)
            version.newest_on = _frozen.newest_on(body)
        versions.bulk_update(found, ["sites", "newest_on"])


class Migration(migrations.Migration):
    atomic = False  # so that writers go on while the index is built
    dependencies = [("claims", "0005_organisation_licence")]

    operations = [
        migrations.AddField(
            "claimversion",
            "sites",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=253), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField("claimversion", "newest_on", models.DateField(null=True)),
        AddIndexConcurrently(
            "claimversion",
            django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("sequence_to__isnull", True)), fields=["sites"], name="claim_version_sites"
            ),
        ),
        AddIndexConcurrently(
            "publication",
            models.Index(
                condition=models.Q(("event", "redacted")), fields=["sequence"], name="publication_redacted"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
