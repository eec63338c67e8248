"""One row of `ClaimVersion` where newsrooms and the public are told the same. Takes two minutes for 758,000 claims."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


_MERGE = """
    DELETE FROM claims_claimversion AS told USING claims_claimversion AS same
    WHERE told.audience = 'public' AND same.audience = 'newsrooms' AND same.publication_id = told.publication_id
        AND same.sequence_to IS NOT DISTINCT FROM told.sequence_to;
    UPDATE claims_claimversion AS version SET audience = 'everyone'
    FROM claims_publication AS publication
    WHERE publication.sequence = version.publication_id AND version.audience = 'newsrooms'
        AND publication.audience = 'public' AND NOT EXISTS (
            SELECT FROM claims_claimversion AS other
            WHERE other.publication_id = version.publication_id AND other.audience = 'public'
        );
"""


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0014_filters_by_audience'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='claimversion',
            name='mentions_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='claimversion',
            name='mentions_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='claimversion',
            name='mentions_delete',
        ),
        migrations.RemoveConstraint(
            model_name='claimversion',
            name='claim_version_one_current',
        ),
        migrations.RemoveConstraint(
            model_name='claimversion',
            name='claim_version_unique',
        ),
        migrations.RemoveIndex(
            model_name='claimversion',
            name='claim_version_list',
        ),
        migrations.RemoveIndex(
            model_name='claimversion',
            name='claim_version_verification',
        ),
        migrations.RemoveIndex(
            model_name='claimversion',
            name='claim_version_by_id',
        ),
        migrations.RemoveIndex(
            model_name='claimversion',
            name='claim_version_changed',
        ),
        migrations.RemoveIndex(
            model_name='claimversion',
            name='claim_version_language',
        ),
        migrations.RemoveIndex(
            model_name='claimversion',
            name='claim_version_newsrooms',
        ),
        migrations.RemoveIndex(
            model_name='claimversion',
            name='claim_version_public',
        ),
        migrations.AlterField(
            model_name='claimversion',
            name='audience',
            field=models.CharField(choices=[('newsrooms', 'newsrooms'), ('public', 'public'), ('everyone', 'everyone')], max_length=10),
        ),
        migrations.RunSQL(_MERGE),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(condition=models.Q(('sequence_to__isnull', True), models.Q(('audience', 'public'), _negated=True)), fields=['-sequence_from'], name='claim_version_list_newsrooms'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(condition=models.Q(('sequence_to__isnull', True), models.Q(('audience', 'public'), _negated=True)), fields=['verification', '-sequence_from'], name='claim_version_verif_newsrooms'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(condition=models.Q(('sequence_to__isnull', True), models.Q(('audience', 'public'), _negated=True)), fields=['language', '-sequence_from'], name='claim_version_lang_newsrooms'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(condition=models.Q(('sequence_to__isnull', True), models.Q(('audience', 'newsrooms'), _negated=True)), fields=['-sequence_from'], name='claim_version_list_public'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(condition=models.Q(('sequence_to__isnull', True), models.Q(('audience', 'newsrooms'), _negated=True)), fields=['verification', '-sequence_from'], name='claim_version_verif_public'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(condition=models.Q(('sequence_to__isnull', True), models.Q(('audience', 'newsrooms'), _negated=True)), fields=['language', '-sequence_from'], name='claim_version_lang_public'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(condition=models.Q(('sequence_to__isnull', True)), fields=['changed_at'], name='claim_version_changed'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(fields=['claim_public_id'], name='claim_version_by_id'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=GinIndex(condition=models.Q(('sequence_to__isnull', True)), fields=['verdicts', 'ratings', 'topics', 'speakers', 'sources', 'pages', 'hosts'], name='claim_version_filters'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimversion',
            trigger=pgtrigger.compiler.Trigger(name='mentions_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    INSERT INTO claims_mention (audience, kind, name, bodies, newest) \n    WITH version AS (\n        SELECT told.audience, sequence_from, speakers, organisations, topics, steps\n        FROM new_rows AS row\n        JOIN (VALUES ('newsrooms'), ('public')) AS told (audience) ON row.audience IN (told.audience, 'everyone')\n        WHERE sequence_to IS NULL\n    )\n    SELECT audience, kind, name, count(*) AS bodies, max(sequence_from) AS newest\n    FROM (\n        SELECT audience, sequence_from, 'speaker' AS kind, unnest(speakers) AS name FROM version\n        UNION ALL SELECT audience, sequence_from, 'organisation', unnest(organisations) FROM version\n        UNION ALL SELECT audience, sequence_from, 'topic', unnest(topics) FROM version\n        UNION ALL SELECT audience, sequence_from, 'step', unnest(steps) FROM version\n        UNION ALL SELECT audience, sequence_from, 'scale', name FROM (\n            SELECT DISTINCT audience, sequence_from, split_part(unnest(steps), ':', 1) AS name FROM version\n        ) AS scale\n    ) AS thing\n    GROUP BY audience, kind, name\n    ORDER BY audience, kind, name\n\n    ON CONFLICT (audience, kind, name) DO UPDATE\n    SET bodies = claims_mention.bodies + excluded.bodies,\n        newest = greatest(claims_mention.newest, excluded.newest);\n RETURN NULL;", hash='59fe15dd00bc60663e4e5bef2839ac9f4c091088', level='STATEMENT', operation='INSERT', pgid='pgtrigger_mentions_insert_c48a4', referencing='REFERENCING NEW TABLE AS new_rows ', table='claims_claimversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimversion',
            trigger=pgtrigger.compiler.Trigger(name='mentions_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE claims_mention AS mention\n    SET bodies = mention.bodies - gone.bodies,\n        newest = CASE WHEN mention.bodies > gone.bodies THEN nullif(mention.newest, gone.newest) END\n    FROM (\n    WITH version AS (\n        SELECT told.audience, sequence_from, speakers, organisations, topics, steps\n        FROM old_rows AS row\n        JOIN (VALUES ('newsrooms'), ('public')) AS told (audience) ON row.audience IN (told.audience, 'everyone')\n        WHERE sequence_to IS NULL\n    )\n    SELECT audience, kind, name, count(*) AS bodies, max(sequence_from) AS newest\n    FROM (\n        SELECT audience, sequence_from, 'speaker' AS kind, unnest(speakers) AS name FROM version\n        UNION ALL SELECT audience, sequence_from, 'organisation', unnest(organisations) FROM version\n        UNION ALL SELECT audience, sequence_from, 'topic', unnest(topics) FROM version\n        UNION ALL SELECT audience, sequence_from, 'step', unnest(steps) FROM version\n        UNION ALL SELECT audience, sequence_from, 'scale', name FROM (\n            SELECT DISTINCT audience, sequence_from, split_part(unnest(steps), ':', 1) AS name FROM version\n        ) AS scale\n    ) AS thing\n    GROUP BY audience, kind, name\n    ORDER BY audience, kind, name\n) AS gone\n    WHERE (mention.audience, mention.kind, mention.name) = (gone.audience, gone.kind, gone.name);\n\n    INSERT INTO claims_mention (audience, kind, name, bodies, newest) \n    WITH version AS (\n        SELECT told.audience, sequence_from, speakers, organisations, topics, steps\n        FROM new_rows AS row\n        JOIN (VALUES ('newsrooms'), ('public')) AS told (audience) ON row.audience IN (told.audience, 'everyone')\n        WHERE sequence_to IS NULL\n    )\n    SELECT audience, kind, name, count(*) AS bodies, max(sequence_from) AS newest\n    FROM (\n        SELECT audience, sequence_from, 'speaker' AS kind, unnest(speakers) AS name FROM version\n        UNION ALL SELECT audience, sequence_from, 'organisation', unnest(organisations) FROM version\n        UNION ALL SELECT audience, sequence_from, 'topic', unnest(topics) FROM version\n        UNION ALL SELECT audience, sequence_from, 'step', unnest(steps) FROM version\n        UNION ALL SELECT audience, sequence_from, 'scale', name FROM (\n            SELECT DISTINCT audience, sequence_from, split_part(unnest(steps), ':', 1) AS name FROM version\n        ) AS scale\n    ) AS thing\n    GROUP BY audience, kind, name\n    ORDER BY audience, kind, name\n\n    ON CONFLICT (audience, kind, name) DO UPDATE\n    SET bodies = claims_mention.bodies + excluded.bodies,\n        newest = greatest(claims_mention.newest, excluded.newest);\n RETURN NULL;", hash='c1f93c57d2207d2f3e3fce9879dc5aa002243eba', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_mentions_update_67122', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='claims_claimversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimversion',
            trigger=pgtrigger.compiler.Trigger(name='mentions_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    UPDATE claims_mention AS mention\n    SET bodies = mention.bodies - gone.bodies,\n        newest = CASE WHEN mention.bodies > gone.bodies THEN nullif(mention.newest, gone.newest) END\n    FROM (\n    WITH version AS (\n        SELECT told.audience, sequence_from, speakers, organisations, topics, steps\n        FROM old_rows AS row\n        JOIN (VALUES ('newsrooms'), ('public')) AS told (audience) ON row.audience IN (told.audience, 'everyone')\n        WHERE sequence_to IS NULL\n    )\n    SELECT audience, kind, name, count(*) AS bodies, max(sequence_from) AS newest\n    FROM (\n        SELECT audience, sequence_from, 'speaker' AS kind, unnest(speakers) AS name FROM version\n        UNION ALL SELECT audience, sequence_from, 'organisation', unnest(organisations) FROM version\n        UNION ALL SELECT audience, sequence_from, 'topic', unnest(topics) FROM version\n        UNION ALL SELECT audience, sequence_from, 'step', unnest(steps) FROM version\n        UNION ALL SELECT audience, sequence_from, 'scale', name FROM (\n            SELECT DISTINCT audience, sequence_from, split_part(unnest(steps), ':', 1) AS name FROM version\n        ) AS scale\n    ) AS thing\n    GROUP BY audience, kind, name\n    ORDER BY audience, kind, name\n) AS gone\n    WHERE (mention.audience, mention.kind, mention.name) = (gone.audience, gone.kind, gone.name);\n RETURN NULL;", hash='9864488b405a823c8f8e652965669de225c53fda', level='STATEMENT', operation='DELETE', pgid='pgtrigger_mentions_delete_c69a3', referencing='REFERENCING OLD TABLE AS old_rows ', table='claims_claimversion', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.UniqueConstraint(condition=models.Q(('sequence_to__isnull', True), models.Q(('audience', 'public'), _negated=True)), fields=('claim',), name='claim_version_one_newsrooms'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.UniqueConstraint(condition=models.Q(('sequence_to__isnull', True), models.Q(('audience', 'newsrooms'), _negated=True)), fields=('claim',), name='claim_version_one_public'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.UniqueConstraint(fields=('claim', 'sequence_from', 'audience'), name='claim_version_unique'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['newsrooms', 'public', 'everyone'])), name='claim_version_audience'),
        ),
    ]
