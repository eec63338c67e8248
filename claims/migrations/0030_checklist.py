"""Make rows of checklists that were texts, one item a line. The text stays where it was, unused."""

from typing import Any

from django.db import migrations

from sources.database.audit import acting_as

MOST, LONGEST = 40, 300


def make_items(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    items = apps.get_model("claims", "ChecklistItem").objects.using(alias)
    organisations = apps.get_model("claims", "Organisation").objects.using(alias)
    with acting_as("upgrade", reason="made rows of the checklist"):
        for organisation in organisations.exclude(checklist="").order_by("pk"):
            lines = [line.strip()[:LONGEST] for line in organisation.checklist.splitlines() if line.strip()]
            for position, line in enumerate(lines[:MOST], start=1):
                items.get_or_create(organisation=organisation, text=line, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("claims", "0029_desk")]

    operations = [migrations.RunPython(make_items, migrations.RunPython.noop, elidable=True)]
