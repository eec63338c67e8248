"""Index the keys of addresses that are looked up, and note that they are still to be made.

`manage.py migrate` makes them afterwards, by the rules of the version that is installed then
(claims/imports/stored_keys.py).
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

NOTE = """
INSERT INTO claims_indexstate (id, epoch, claims, rows, started_at, finished_at, url_key_version)
VALUES (1, gen_random_uuid(), 0, 0, now(), now(), 0)
ON CONFLICT (id) DO UPDATE SET url_key_version = 0
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("claims", "0014_url_keys"), ("sources", "0007_page_url_key")]

    operations = [
        migrations.RunSQL(NOTE, migrations.RunSQL.noop, elidable=True),
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
