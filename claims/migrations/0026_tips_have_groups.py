"""Give each tip of an earlier version a group, one for those with the same words, address and state.

The task `forget_senders` makes their fingerprints, by which later tips find them (claims/tips/).
"""

import json
import uuid
from typing import Any

from django.db import migrations

_CONTEXT = {"actor": "ingest", "actor_id": None, "reason": "upgrade"}


def group(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    tips = apps.get_model("claims", "Tip").objects.using(alias)
    groups = apps.get_model("claims", "TipGroup").objects.using(alias)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
            [str(uuid.uuid4()), json.dumps(_CONTEXT)],
        )
    found: dict[tuple[str, str, str], list[int]] = {}
    rows = tips.filter(group__isnull=True).order_by("pk").values_list("pk", "text", "url", "state")
    for pk, text, url, state in rows.iterator():
        found.setdefault((" ".join(text.split()).casefold(), url, state), []).append(pk)
    for (_, _, state), members in found.items():
        tips.filter(pk__in=members).update(group=groups.create(state=state))


class Migration(migrations.Migration):
    dependencies = [("claims", "0025_tip_groups")]

    operations = [migrations.RunPython(group, migrations.RunPython.noop, elidable=True)]
