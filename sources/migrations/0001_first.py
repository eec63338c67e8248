import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import sources.database.public_ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('sha256', models.CharField(db_collation='C', max_length=64, primary_key=True, serialize=False)),
                ('size', models.PositiveBigIntegerField(help_text='Bytes, before compression.')),
                ('media_type', models.CharField(blank=True, max_length=200)),
                ('stored_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='pag', unique=True)),
                ('url', models.URLField(max_length=2000)),
                ('given_url', models.URLField(blank=True, editable=False, max_length=2000)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('watch', models.CharField(choices=[('not_watched', 'not watched'), ('watched', 'watched')], default='not_watched', editable=False, max_length=12)),
                ('watched_since', models.DateTimeField(editable=False, null=True)),
                ('pinned_interval', models.DurationField(blank=True, help_text='Poll this often, whatever the schedule would say.', null=True)),
                ('confirm_after', models.DurationField(blank=True, help_text='How long text must stay away before it counts as gone. Empty: the setting for all pages.', null=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'ordering': ['url'],
            },
        ),
        migrations.CreateModel(
            name='Text',
            fields=[
                ('sha256', models.CharField(db_collation='C', max_length=64, primary_key=True, serialize=False)),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='snp', unique=True)),
                ('taken_at', models.DateTimeField()),
                ('origin', models.CharField(choices=[('poll', 'a poll'), ('attached', 'fetched when an editor attached the page'), ('uploaded', 'a private copy that an editor uploaded')], default='poll', max_length=10)),
                ('status', models.PositiveSmallIntegerField(help_text='HTTP status.', null=True)),
                ('final_url', models.URLField(blank=True, max_length=2000)),
                ('headers', models.JSONField(default=list, help_text='Pairs of name and value, as they came.')),
                ('title', models.CharField(blank=True, max_length=500)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('extractor', models.CharField(max_length=60)),
                ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.blob')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='sources.page')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.text')),
            ],
            options={
                'ordering': ['-taken_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='src', unique=True)),
                ('name', models.CharField(max_length=300)),
                ('kind', models.CharField(choices=[('government', 'government'), ('statistics', 'statistics office'), ('court', 'court or parliament'), ('academic', 'research'), ('news', 'news'), ('company', 'company'), ('organisation', 'organisation'), ('social', 'social network'), ('other', 'other')], default='other', max_length=20)),
                ('homepage', models.URLField(blank=True, max_length=2000)),
                ('language', models.CharField(blank=True, help_text='BCP 47, for example en or pt-BR.', max_length=35)),
                ('notes', models.TextField(blank=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='source_name_given'), models.UniqueConstraint(fields=('name', 'homepage'), name='source_unique')],
            },
        ),
        migrations.CreateModel(
            name='PageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='pag')),
                ('url', models.URLField(max_length=2000)),
                ('given_url', models.URLField(blank=True, editable=False, max_length=2000)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('watch', models.CharField(choices=[('not_watched', 'not watched'), ('watched', 'watched')], default='not_watched', editable=False, max_length=12)),
                ('watched_since', models.DateTimeField(editable=False, null=True)),
                ('pinned_interval', models.DurationField(blank=True, help_text='Poll this often, whatever the schedule would say.', null=True)),
                ('confirm_after', models.DurationField(blank=True, help_text='How long text must stay away before it counts as gone. Empty: the setting for all pages.', null=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sources.page')),
                ('source', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sources.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='page',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='sources.source'),
        ),
        migrations.CreateModel(
            name='SourceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='src')),
                ('name', models.CharField(max_length=300)),
                ('kind', models.CharField(choices=[('government', 'government'), ('statistics', 'statistics office'), ('court', 'court or parliament'), ('academic', 'research'), ('news', 'news'), ('company', 'company'), ('organisation', 'organisation'), ('social', 'social network'), ('other', 'other')], default='other', max_length=20)),
                ('homepage', models.URLField(blank=True, max_length=2000)),
                ('language', models.CharField(blank=True, help_text='BCP 47, for example en or pt-BR.', max_length=35)),
                ('notes', models.TextField(blank=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sources.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Polling',
            fields=[
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='polling', serialize=False, to='sources.page')),
                ('host', models.CharField(db_collation='C', max_length=253)),
                ('due_at', models.DateTimeField(help_text='Empty while the page is not watched.', null=True)),
                ('lease_token', models.BigIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('leased_by', models.CharField(blank=True, max_length=100)),
                ('etag', models.CharField(blank=True, max_length=1000)),
                ('last_modified', models.CharField(blank=True, max_length=200)),
                ('last_outcome', models.CharField(blank=True, choices=[('ok', 'read'), ('unchanged', 'read, not changed'), ('gone', 'gone (404 or 410)'), ('blocked', 'blocked'), ('paywall', 'behind a paywall'), ('disallowed', 'disallowed by robots.txt'), ('soft_404', 'an error page served as if it were the page'), ('error', 'error'), ('too_large', 'too large'), ('unsupported', 'not a kind of file we read'), ('parse_limited', 'read only in part'), ('empty', 'no text found')], max_length=20)),
                ('last_detail', models.CharField(blank=True, max_length=500)),
                ('last_attempt_at', models.DateTimeField(null=True)),
                ('last_success_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0, help_text='Failed attempts in a row.')),
                ('suspected_since', models.DateTimeField(null=True)),
                ('confirmed_snapshot', models.ForeignKey(help_text='The last settled one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
                ('latest_snapshot', models.ForeignKey(help_text='The last one read.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
            ],
            options={
                'verbose_name_plural': 'polling',
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='chg', unique=True)),
                ('kind', models.CharField(choices=[('text', 'text changed'), ('gone', 'page gone'), ('blocked', 'page cannot be read'), ('back', 'page can be read again')], max_length=20)),
                ('certainty', models.CharField(choices=[('suspected', 'seen once'), ('confirmed', 'confirmed by a later poll')], max_length=10)),
                ('outcome', models.CharField(choices=[('ok', 'read'), ('unchanged', 'read, not changed'), ('gone', 'gone (404 or 410)'), ('blocked', 'blocked'), ('paywall', 'behind a paywall'), ('disallowed', 'disallowed by robots.txt'), ('soft_404', 'an error page served as if it were the page'), ('error', 'error'), ('too_large', 'too large'), ('unsupported', 'not a kind of file we read'), ('parse_limited', 'read only in part'), ('empty', 'no text found')], help_text='Of the poll that saw it.', max_length=20)),
                ('detected_at', models.DateTimeField()),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='sources.page')),
                ('after', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
            ],
            options={
                'ordering': ['-detected_at', '-id'],
                'indexes': [models.Index(fields=['page', '-detected_at'], name='change_of_page'), models.Index(fields=['-detected_at', '-public_id'], name='change_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('before__isnull', True), models.Q(('before', models.F('after')), _negated=True), ('certainty', 'confirmed'), ('kind', 'back'), _connector='OR'), name='change_differs')],
            },
        ),
        migrations.AddConstraint(
            model_name='page',
            constraint=models.UniqueConstraint(fields=('url',), name='page_url_unique'),
        ),
        migrations.AddConstraint(
            model_name='page',
            constraint=models.CheckConstraint(condition=models.Q(('url__startswith', 'http://'), ('url__startswith', 'https://'), _connector='OR'), name='page_url_is_http'),
        ),
        migrations.AddConstraint(
            model_name='page',
            constraint=models.CheckConstraint(condition=models.Q(('watch', 'not_watched'), ('watched_since__isnull', False), _connector='OR'), name='page_watched_since'),
        ),
        migrations.AddConstraint(
            model_name='page',
            constraint=models.CheckConstraint(condition=models.Q(('pinned_interval__isnull', True), ('pinned_interval__gte', datetime.timedelta(seconds=1)), _connector='OR'), name='page_interval_at_least_a_second'),
        ),
        migrations.AddIndex(
            model_name='snapshot',
            index=models.Index(fields=['page', '-taken_at', '-id'], name='snapshot_latest'),
        ),
        migrations.AddIndex(
            model_name='polling',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='polling_due'),
        ),
        migrations.AddIndex(
            model_name='polling',
            index=models.Index(fields=['host'], name='polling_host'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_sourceevent" ("created_at", "homepage", "id", "is_demo", "kind", "language", "name", "notes", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."created_at", NEW."homepage", NEW."id", NEW."is_demo", NEW."kind", NEW."language", NEW."name", NEW."notes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id"); RETURN NULL;', hash='0f275ab96c5a6223b9f0747c7caa0d998e91cda1', operation='INSERT', pgid='pgtrigger_insert_insert_c3ed3', table='sources_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "sources_sourceevent" ("created_at", "homepage", "id", "is_demo", "kind", "language", "name", "notes", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."created_at", NEW."homepage", NEW."id", NEW."is_demo", NEW."kind", NEW."language", NEW."name", NEW."notes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id"); RETURN NULL;', hash='504e93a7d4123cd248eba054d9758648c3effa19', operation='UPDATE', pgid='pgtrigger_update_update_e6185', table='sources_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_sourceevent" ("created_at", "homepage", "id", "is_demo", "kind", "language", "name", "notes", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (OLD."created_at", OLD."homepage", OLD."id", OLD."is_demo", OLD."kind", OLD."language", OLD."name", OLD."notes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id"); RETURN NULL;', hash='bbe25831703837e00223eebcb79f014156a244c9', operation='DELETE', pgid='pgtrigger_delete_delete_fde77', table='sources_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='a2d58d4ed88a5f2287c0565fd81e772028f12786', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_057b0', table='sources_source', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='text',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0e88ea6fb95644ae3434f6df51de7213f1c6d922', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_01a00', table='sources_text', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='text',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='4a2e234e997c8477797401a462e158bf3d68a90a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_0bec9', table='sources_text', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='change',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b55064437671952526136f8bb021627320a375aa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_14c95', table='sources_change', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='change',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='1015d26de6e10910958588cb8ccab03bb3050f98', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6c82b', table='sources_change', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pageevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='dff74e071d3f4fd8ebd510246c850b063fbcc494', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c6130', table='sources_pageevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pageevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c2d93988cb7faa767886738f84126e871cf309d7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7cd7a', table='sources_pageevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='page',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_pageevent" ("confirm_after", "created_at", "given_url", "id", "is_demo", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned_interval", "public_id", "source_id", "title", "url", "watch", "watched_since") VALUES (NEW."confirm_after", NEW."created_at", NEW."given_url", NEW."id", NEW."is_demo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."pinned_interval", NEW."public_id", NEW."source_id", NEW."title", NEW."url", NEW."watch", NEW."watched_since"); RETURN NULL;', hash='39272f58ff08368828e39dc73430e253cfc84227', operation='INSERT', pgid='pgtrigger_insert_insert_bdf7b', table='sources_page', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='page',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "sources_pageevent" ("confirm_after", "created_at", "given_url", "id", "is_demo", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned_interval", "public_id", "source_id", "title", "url", "watch", "watched_since") VALUES (NEW."confirm_after", NEW."created_at", NEW."given_url", NEW."id", NEW."is_demo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."pinned_interval", NEW."public_id", NEW."source_id", NEW."title", NEW."url", NEW."watch", NEW."watched_since"); RETURN NULL;', hash='05f24c1e40a0f91817387c01613cafb40fc6aada', operation='UPDATE', pgid='pgtrigger_update_update_04ad2', table='sources_page', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='page',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_pageevent" ("confirm_after", "created_at", "given_url", "id", "is_demo", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned_interval", "public_id", "source_id", "title", "url", "watch", "watched_since") VALUES (OLD."confirm_after", OLD."created_at", OLD."given_url", OLD."id", OLD."is_demo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."pinned_interval", OLD."public_id", OLD."source_id", OLD."title", OLD."url", OLD."watch", OLD."watched_since"); RETURN NULL;', hash='ab184ed65c648e187da827a9512be3124d3c6d4b', operation='DELETE', pgid='pgtrigger_delete_delete_7f046', table='sources_page', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='page',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='4fcc357213d92ef53763f84f070a359f740e02c9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a0967', table='sources_page', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sourceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='90fe0f1ea01bb0e0cd9e7594124d5cfd7992b8bc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6f084', table='sources_sourceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sourceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f130dee5c0afd9f03250b1f9000e554b81c5c4ae', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_add2d', table='sources_sourceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='snapshot',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='13f3b3d1df9f7f0229b9a227387f36d57ed9e7e9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_19bb3', table='sources_snapshot', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='snapshot',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='af1b414694f921c09e213f911ff45c98b251879a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_27a81', table='sources_snapshot', when='BEFORE')),
        ),
    ]
