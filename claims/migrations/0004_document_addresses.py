"""Gives the documents that are there their canonical addresses. Can be run again."""

from django.db import migrations

from claims.migrations._frozen import canonical


def fill(apps, schema_editor):
    documents = apps.get_model("claims", "Document").objects.using(schema_editor.connection.alias)
    rows = documents.filter(canonical_url="").exclude(url="").order_by("pk")
    for pk, url in rows.values_list("pk", "url").iterator(chunk_size=1000):
        try:
            address = canonical(url)
        except ValueError:
            continue  # noted by an editor as it was given; no feed lists it
        documents.filter(pk=pk).update(canonical_url=address)


class Migration(migrations.Migration):

    dependencies = [("claims", "0003_proposals")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
