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
        ('claims', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(db_collation='C', editable=False, max_length=12, unique=True)),
                ('secret_sha256', models.CharField(db_collation='C', editable=False, max_length=64)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'read'), ('write', 'write drafts'), ('tips', 'send tips')], max_length=10), default=list, size=None)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'API key',
                'ordering': ['newsroom', '-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Newsroom',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='nws', unique=True)),
                ('name', models.CharField(max_length=200, unique=True)),
                ('requests_per_minute', models.PositiveIntegerField(default=600)),
                ('is_active', models.BooleanField(default=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='newsroom_name_given')],
            },
        ),
        migrations.CreateModel(
            name='ApiKeyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('prefix', models.CharField(db_collation='C', editable=False, max_length=12)),
                ('secret_sha256', models.CharField(db_collation='C', editable=False, max_length=64)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'read'), ('write', 'write drafts'), ('tips', 'send tips')], max_length=10), default=list, size=None)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsrooms.apikey')),
                ('newsroom', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='newsrooms.newsroom')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='apikey',
            name='newsroom',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='newsrooms.newsroom'),
        ),
        migrations.CreateModel(
            name='NewsroomEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='nws')),
                ('name', models.CharField(max_length=200)),
                ('requests_per_minute', models.PositiveIntegerField(default=600)),
                ('is_active', models.BooleanField(default=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsrooms.newsroom')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='whk', unique=True)),
                ('url', models.URLField(max_length=2000)),
                ('event_filter', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('published', 'published'), ('updated', 'updated'), ('clarified', 'clarified'), ('corrected', 'corrected'), ('recheck_raised', 're-check raised'), ('recheck_confirmed', 're-check confirmed'), ('recheck_dismissed', 're-check dismissed'), ('reconfirmed', 're-confirmed'), ('merged', 'merged'), ('withdrawn', 'withdrawn'), ('redacted', 'redacted')], max_length=20), blank=True, default=list, help_text='Empty: all events.', size=None)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('newsroom', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='webhook_endpoints', to='newsrooms.newsroom')),
            ],
            options={
                'ordering': ['newsroom', 'url'],
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='msg', unique=True)),
                ('state', models.CharField(choices=[('pending', 'pending'), ('delivered', 'delivered'), ('failed', 'given up')], default='pending', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(null=True)),
                ('last_status', models.PositiveSmallIntegerField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.publication')),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='newsrooms.webhookendpoint')),
            ],
            options={
                'verbose_name_plural': 'webhook deliveries',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpointEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='whk')),
                ('url', models.URLField(max_length=2000)),
                ('event_filter', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('published', 'published'), ('updated', 'updated'), ('clarified', 'clarified'), ('corrected', 'corrected'), ('recheck_raised', 're-check raised'), ('recheck_confirmed', 're-check confirmed'), ('recheck_dismissed', 're-check dismissed'), ('reconfirmed', 're-confirmed'), ('merged', 'merged'), ('withdrawn', 'withdrawn'), ('redacted', 'redacted')], max_length=20), blank=True, default=list, help_text='Empty: all events.', size=None)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('newsroom', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='newsrooms.newsroom')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsrooms.webhookendpoint')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['read', 'write', 'tips'])), name='api_key_scopes'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('expires_at__gt', models.F('created_at')), _connector='OR'), name='api_key_expiry'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.UniqueConstraint(fields=('newsroom', 'url'), name='webhook_endpoint_unique'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.UniqueConstraint(fields=('endpoint', 'publication'), name='webhook_delivery_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsroom',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_newsroomevent" ("created_at", "id", "is_active", "is_demo", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "requests_per_minute") VALUES (NEW."created_at", NEW."id", NEW."is_active", NEW."is_demo", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."requests_per_minute"); RETURN NULL;', hash='c6d2d8aba4bed74cce512d09ebe43c390f58e1f7', operation='INSERT', pgid='pgtrigger_insert_insert_8a47d', table='newsrooms_newsroom', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsroom',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsrooms_newsroomevent" ("created_at", "id", "is_active", "is_demo", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "requests_per_minute") VALUES (NEW."created_at", NEW."id", NEW."is_active", NEW."is_demo", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."requests_per_minute"); RETURN NULL;', hash='7f442c2db29d3aadbca5ef15b833bd1252e5885d', operation='UPDATE', pgid='pgtrigger_update_update_fc613', table='newsrooms_newsroom', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsroom',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_newsroomevent" ("created_at", "id", "is_active", "is_demo", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "requests_per_minute") VALUES (OLD."created_at", OLD."id", OLD."is_active", OLD."is_demo", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."requests_per_minute"); RETURN NULL;', hash='12d257ff5441c92d56366d7a090da81f7843d69a', operation='DELETE', pgid='pgtrigger_delete_delete_04329', table='newsrooms_newsroom', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsroom',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='7be60c42e10a25786f54242031b7edcdd2ce54e6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_9e800', table='newsrooms_newsroom', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apikeyevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='0854835bcfc450a6afb06dc03d58e147f4b9e043', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7cf4d', table='newsrooms_apikeyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apikeyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e84878cb100485e2868c304e2fa9d2f255f94b09', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bceb9', table='newsrooms_apikeyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apikey',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_apikeyevent" ("created_at", "expires_at", "id", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "secret_sha256") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."prefix", NEW."revoked_at", NEW."scopes", NEW."secret_sha256"); RETURN NULL;', hash='020768ec63be2d6fc8b0c9a6a436ad98b8fe190d', operation='INSERT', pgid='pgtrigger_insert_insert_a29b7', table='newsrooms_apikey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apikey',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsrooms_apikeyevent" ("created_at", "expires_at", "id", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "secret_sha256") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."prefix", NEW."revoked_at", NEW."scopes", NEW."secret_sha256"); RETURN NULL;', hash='ee78184e6159f0e91bd30999113ab9d05ce37470', operation='UPDATE', pgid='pgtrigger_update_update_3d882', table='newsrooms_apikey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apikey',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_apikeyevent" ("created_at", "expires_at", "id", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "secret_sha256") VALUES (OLD."created_at", OLD."expires_at", OLD."id", OLD."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."prefix", OLD."revoked_at", OLD."scopes", OLD."secret_sha256"); RETURN NULL;', hash='84855dd8e503345d3ea085957d217d05d92a9668', operation='DELETE', pgid='pgtrigger_delete_delete_b2d0c', table='newsrooms_apikey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apikey',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='d88946572b3811666bb2ac5ecac51afe950fe6be', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d082e', table='newsrooms_apikey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsroomevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='5a6b2d202eda94a3e42d55a606ba8aa6e64dc7cc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_15ef6', table='newsrooms_newsroomevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='newsroomevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d7b49bfb6e364846c2cf81cec3e752c27101418a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c9c86', table='newsrooms_newsroomevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='webhookendpoint',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_webhookendpointevent" ("created_at", "event_filter", "id", "is_active", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "url") VALUES (NEW."created_at", NEW."event_filter", NEW."id", NEW."is_active", NEW."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."url"); RETURN NULL;', hash='0642dfaecb62d53284efdc05a3051162fd05ebdc', operation='INSERT', pgid='pgtrigger_insert_insert_015e8', table='newsrooms_webhookendpoint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='webhookendpoint',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsrooms_webhookendpointevent" ("created_at", "event_filter", "id", "is_active", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "url") VALUES (NEW."created_at", NEW."event_filter", NEW."id", NEW."is_active", NEW."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."url"); RETURN NULL;', hash='9259c37dd821e1ba2f56b61b8dee14ef7eaa72ad', operation='UPDATE', pgid='pgtrigger_update_update_68c56', table='newsrooms_webhookendpoint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='webhookendpoint',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_webhookendpointevent" ("created_at", "event_filter", "id", "is_active", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "url") VALUES (OLD."created_at", OLD."event_filter", OLD."id", OLD."is_active", OLD."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."url"); RETURN NULL;', hash='39e88d209a0ce50ddc5611399c725d40b8686ba4', operation='DELETE', pgid='pgtrigger_delete_delete_30429', table='newsrooms_webhookendpoint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='webhookendpoint',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='ec712e544a6246cacecafac583b88709f7b6a0e0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_b5982', table='newsrooms_webhookendpoint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='webhookendpointevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='52350aac5e0a43f80ffa67838066568487d7ecf2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c5994', table='newsrooms_webhookendpointevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='webhookendpointevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6e4bda1ee88a353595a09fda110ad44e303c1706', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_dd0dd', table='newsrooms_webhookendpointevent', when='BEFORE')),
        ),
    ]
