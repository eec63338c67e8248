"""Give each statement that an earlier version attributed one attribution, on which its appearances hang.

In batches, each in a transaction of its own: a run that was broken off resumes where it stopped. Statements that imports
or newsrooms sent keep their own fields and get none.
"""

import json
import uuid
from typing import Any

from django.db import migrations, transaction

BATCH = 5_000  # ids of statements
UNSURE = "Read by an earlier version, which took every report for an assertion."
_CONTEXT = {"actor": "ingest", "actor_id": None, "reason": "upgrade"}
_ATTRIBUTED = """
    SELECT id, speaker_id, speaker_as_written, cue, content, quoted FROM claims_statement AS statement
    WHERE id > %s AND id <= %s AND (speaker_id IS NOT NULL OR speaker_as_written <> '' OR cue <> '')
        AND NOT EXISTS (SELECT FROM claims_attribution WHERE statement_id = statement.id)
        AND NOT EXISTS (
            SELECT FROM claims_statementevent
            WHERE pgh_obj_id = statement.id AND pgh_label = 'insert'
                AND pgh_context ->> 'reason' IN ('import', 'sent a statement by API')
        )
    ORDER BY id
"""


def attribute(apps: Any, schema_editor: Any) -> None:
    statements = apps.get_model("claims", "Statement").objects.using(schema_editor.connection.alias)
    last = statements.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in range(0, last, BATCH):
        _attribute_batch(apps, schema_editor.connection, start, start + BATCH)


def _attribute_batch(apps: Any, connection: Any, after: int, until: int) -> None:
    alias = connection.alias
    attributions = apps.get_model("claims", "Attribution").objects.using(alias)
    appearances = apps.get_model("claims", "Appearance").objects.using(alias)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
            [str(uuid.uuid4()), json.dumps(_CONTEXT)],
        )
        cursor.execute(_ATTRIBUTED, [after, until])
        rows = [
            attributions.model(
                statement_id=statement,
                speaker_id=speaker,
                speaker_as_written=as_written,
                cue=cue,
                content=json.loads(content) if isinstance(content, str) else content,
                quoted=quoted,
                polarity="asserted",
                unsure=UNSURE,
            )
            for statement, speaker, as_written, cue, content, quoted in cursor.fetchall()
        ]
        attributions.bulk_create(rows)
        of_statement = {row.statement_id: row.pk for row in rows}
        for appearance in appearances.filter(statement__in=of_statement, attribution__isnull=True):
            appearances.filter(pk=appearance.pk).update(attribution=of_statement[appearance.statement_id])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("claims", "0011_attributions")]

    operations = [migrations.RunPython(attribute, migrations.RunPython.noop, elidable=True)]
