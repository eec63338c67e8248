"""Make rows of checklists that were texts, one item a line. The text stays where it was, unused."""

import json
import uuid
from typing import Any

from django.db import migrations, transaction

MOST, LONGEST = 40, 300
_CONTEXT = {"actor": "upgrade", "actor_id": None, "reason": "made rows of the checklist"}


def make_items(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    items = apps.get_model("claims", "ChecklistItem").objects.using(alias)
    organisations = apps.get_model("claims", "Organisation").objects.using(alias)
    with transaction.atomic(using=alias), schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
            [str(uuid.uuid4()), json.dumps(_CONTEXT)],
        )
        for organisation in organisations.exclude(checklist="").order_by("pk"):
            lines = [line.strip()[:LONGEST] for line in organisation.checklist.splitlines() if line.strip()]
            for position, line in enumerate(lines[:MOST], start=1):
                items.get_or_create(organisation=organisation, text=line, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("claims", "0029_desk")]

    operations = [migrations.RunPython(make_items, migrations.RunPython.noop, elidable=True)]
