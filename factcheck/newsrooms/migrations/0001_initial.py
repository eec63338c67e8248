import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pghistory.utils
import pgtrigger.compiler
import sources.database.migration_indexes
import sources.database.migration_triggers
import sources.database.public_ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('claims', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bucket',
            fields=[
                ('name', models.CharField(db_collation='C', max_length=100, primary_key=True, serialize=False)),
                ('full_at', models.DateTimeField()),
                ('given', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Newsroom',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='nws', unique=True)),
                ('name', models.CharField(max_length=200, unique=True)),
                ('requests_per_minute', models.PositiveIntegerField(help_text='Rate limit, shared by all its keys.', validators=[django.core.validators.MinValueValidator(1)])),
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
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('newsroom', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='newsrooms.newsroom')),
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
                'constraints': [models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['read', 'write', 'tips'])), name='api_key_scopes'), models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('expires_at__gt', models.F('created_at')), _connector='OR'), name='api_key_expiry')],
            },
        ),
        migrations.CreateModel(
            name='ApiKeyEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsrooms.apikey')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('newsroom', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='newsrooms.newsroom')),
                ('prefix', models.CharField(db_collation='C', editable=False, max_length=12)),
                ('secret_sha256', models.CharField(db_collation='C', editable=False, max_length=64)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'read'), ('write', 'write drafts'), ('tips', 'send tips')], max_length=10), default=list, size=None)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='KeyUse',
            fields=[
                ('api_key', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='use', serialize=False, to='newsrooms.apikey')),
                ('last_used_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='NewsroomEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsrooms.newsroom')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='nws')),
                ('name', models.CharField(max_length=200)),
                ('requests_per_minute', models.PositiveIntegerField(help_text='Rate limit, shared by all its keys.', validators=[django.core.validators.MinValueValidator(1)])),
                ('is_active', models.BooleanField(default=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StoredAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('api_key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='newsrooms.apikey')),
                ('idempotency_key', models.CharField(db_collation='C', max_length=255)),
                ('request_sha256', models.CharField(db_collation='C', max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('headers', models.JSONField()),
                ('body', models.BinaryField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='stored_answer_age')],
                'constraints': [models.UniqueConstraint(fields=('api_key', 'idempotency_key'), name='stored_answer_once')],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='whk', unique=True)),
                ('newsroom', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='webhook_endpoints', to='newsrooms.newsroom')),
                ('url', models.URLField(max_length=2000)),
                ('event_filter', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('published', 'published'), ('updated', 'updated'), ('clarified', 'clarified'), ('corrected', 'corrected'), ('recheck_raised', 're-check raised'), ('recheck_confirmed', 're-check confirmed'), ('recheck_dismissed', 're-check dismissed'), ('reconfirmed', 're-confirmed'), ('watch_lost', 'page can no longer be looked at'), ('watch_resumed', 'page can be looked at again'), ('suspended', 'put under review'), ('resumed', 'no longer under review'), ('merged', 'merged'), ('unmerged', 'unmerged'), ('withdrawn', 'withdrawn'), ('redacted', 'redacted')], max_length=20), blank=True, default=list, help_text='Empty: all events.', size=None)),
                ('claims', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, help_text='clm_…; empty: all.', size=None)),
                ('speakers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, help_text='spk_…; empty: all.', size=None)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, help_text='Slugs; empty: all.', size=None)),
                ('hosts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list, help_text='Of quoted pages; empty: all.', size=None)),
                ('is_active', models.BooleanField(default=True)),
                ('disabled_by', models.CharField(blank=True, choices=[('newsroom', 'the newsroom'), ('desk', 'the desk'), ('gone', 'the response 410 Gone'), ('failing', 'too many failures')], editable=False, max_length=10)),
                ('disabled_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'verbose_name': 'webhook',
                'ordering': ['newsroom', 'url'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True)), fields=('newsroom', 'url'), name='webhook_endpoint_one_of_url'), models.CheckConstraint(condition=models.Q(models.Q(('disabled_at__isnull', True), ('disabled_by', ''), ('is_active', True)), models.Q(('disabled_at__isnull', False), ('is_active', False), models.Q(('disabled_by', ''), _negated=True)), _connector='OR'), name='webhook_endpoint_disabled_by_somebody'), models.CheckConstraint(condition=models.Q(('deleted_at__isnull', True), ('is_active', False), _connector='OR'), name='webhook_endpoint_deleted_is_silent')],
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='msg', unique=True)),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='newsrooms.webhookendpoint')),
                ('publication', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.publication')),
                ('state', models.CharField(choices=[('pending', 'pending'), ('delivered', 'delivered'), ('failed', 'given up')], default='pending', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(null=True)),
                ('first_attempt_at', models.DateTimeField(null=True)),
                ('last_attempt_at', models.DateTimeField(null=True)),
                ('last_status', models.PositiveSmallIntegerField(null=True)),
                ('last_detail', models.CharField(blank=True, max_length=500)),
                ('last_answer', models.CharField(blank=True, help_text='Start of the response body.', max_length=500, verbose_name='last response')),
                ('milliseconds', models.PositiveIntegerField(help_text='Duration of the last attempt.', null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name_plural': 'webhook deliveries',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['endpoint', 'next_attempt_at'], name='webhook_delivery_due'), models.Index(fields=['endpoint', '-created_at', '-public_id'], name='webhook_delivery_latest')],
                'constraints': [models.UniqueConstraint(fields=('endpoint', 'publication'), name='webhook_delivery_once'), models.CheckConstraint(condition=models.Q(models.Q(('next_attempt_at__isnull', False), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('next_attempt_at__isnull', True)), _connector='OR'), name='webhook_delivery_pending_is_due')],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpointEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsrooms.webhookendpoint')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='whk')),
                ('newsroom', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='newsrooms.newsroom')),
                ('url', models.URLField(max_length=2000)),
                ('event_filter', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('published', 'published'), ('updated', 'updated'), ('clarified', 'clarified'), ('corrected', 'corrected'), ('recheck_raised', 're-check raised'), ('recheck_confirmed', 're-check confirmed'), ('recheck_dismissed', 're-check dismissed'), ('reconfirmed', 're-confirmed'), ('watch_lost', 'page can no longer be looked at'), ('watch_resumed', 'page can be looked at again'), ('suspended', 'put under review'), ('resumed', 'no longer under review'), ('merged', 'merged'), ('unmerged', 'unmerged'), ('withdrawn', 'withdrawn'), ('redacted', 'redacted')], max_length=20), blank=True, default=list, help_text='Empty: all events.', size=None)),
                ('claims', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, help_text='clm_…; empty: all.', size=None)),
                ('speakers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, help_text='spk_…; empty: all.', size=None)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, help_text='Slugs; empty: all.', size=None)),
                ('hosts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list, help_text='Of quoted pages; empty: all.', size=None)),
                ('is_active', models.BooleanField(default=True)),
                ('disabled_by', models.CharField(blank=True, choices=[('newsroom', 'the newsroom'), ('desk', 'the desk'), ('gone', 'the response 410 Gone'), ('failing', 'too many failures')], editable=False, max_length=10)),
                ('disabled_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WebhookProgress',
            fields=[
                ('endpoint', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='progress', serialize=False, to='newsrooms.webhookendpoint')),
                ('cursor', models.BigIntegerField(help_text='Sequence of the log up to which deliveries were created.')),
                ('lease_token', models.BigIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('leased_by', models.CharField(blank=True, max_length=100)),
                ('rests_until', models.DateTimeField(help_text='After failures or a Retry-After.', null=True)),
                ('failures', models.PositiveIntegerField(default=0, help_text='In a row.')),
                ('failing_since', models.DateTimeField(null=True)),
                ('last_success_at', models.DateTimeField(null=True)),
                ('last_failure_at', models.DateTimeField(null=True)),
                ('last_detail', models.CharField(blank=True, help_text='The last failure, as a sentence.', max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name='WebhookSecret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secrets', to='newsrooms.webhookendpoint')),
                ('salt', models.CharField(db_collation='C', editable=False, max_length=64)),
                ('secret_sha256', models.CharField(db_collation='C', editable=False, max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('expires_at__isnull', True)), fields=('endpoint',), name='webhook_secret_one_current')],
            },
        ),
        migrations.CreateModel(
            name='WebhookSecretEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='newsrooms.webhooksecret')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('endpoint', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='newsrooms.webhookendpoint')),
                ('salt', models.CharField(db_collation='C', editable=False, max_length=64)),
                ('secret_sha256', models.CharField(db_collation='C', editable=False, max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        sources.database.migration_triggers.AddTriggers(
            triggers={'apikey': [pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_apikeyevent" ("created_at", "expires_at", "id", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "secret_sha256") VALUES (OLD."created_at", OLD."expires_at", OLD."id", OLD."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."prefix", OLD."revoked_at", OLD."scopes", OLD."secret_sha256"); RETURN NULL;', hash='84855dd8e503345d3ea085957d217d05d92a9668', operation='DELETE', pgid='pgtrigger_delete_delete_b2d0c', table='newsrooms_apikey', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_apikeyevent" ("created_at", "expires_at", "id", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "secret_sha256") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."prefix", NEW."revoked_at", NEW."scopes", NEW."secret_sha256"); RETURN NULL;', hash='020768ec63be2d6fc8b0c9a6a436ad98b8fe190d', operation='INSERT', pgid='pgtrigger_insert_insert_a29b7', table='newsrooms_apikey', when='AFTER')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='d88946572b3811666bb2ac5ecac51afe950fe6be', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d082e', table='newsrooms_apikey', when='BEFORE')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsrooms_apikeyevent" ("created_at", "expires_at", "id", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "secret_sha256") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."prefix", NEW."revoked_at", NEW."scopes", NEW."secret_sha256"); RETURN NULL;', hash='ee78184e6159f0e91bd30999113ab9d05ce37470', operation='UPDATE', pgid='pgtrigger_update_update_3d882', table='newsrooms_apikey', when='AFTER'))], 'apikeyevent': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e84878cb100485e2868c304e2fa9d2f255f94b09', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bceb9', table='newsrooms_apikeyevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='0854835bcfc450a6afb06dc03d58e147f4b9e043', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7cf4d', table='newsrooms_apikeyevent', when='BEFORE'))], 'newsroom': [pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_newsroomevent" ("created_at", "id", "is_active", "is_demo", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "requests_per_minute") VALUES (OLD."created_at", OLD."id", OLD."is_active", OLD."is_demo", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."requests_per_minute"); RETURN NULL;', hash='12d257ff5441c92d56366d7a090da81f7843d69a', operation='DELETE', pgid='pgtrigger_delete_delete_04329', table='newsrooms_newsroom', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_newsroomevent" ("created_at", "id", "is_active", "is_demo", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "requests_per_minute") VALUES (NEW."created_at", NEW."id", NEW."is_active", NEW."is_demo", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."requests_per_minute"); RETURN NULL;', hash='c6d2d8aba4bed74cce512d09ebe43c390f58e1f7', operation='INSERT', pgid='pgtrigger_insert_insert_8a47d', table='newsrooms_newsroom', when='AFTER')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='7be60c42e10a25786f54242031b7edcdd2ce54e6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_9e800', table='newsrooms_newsroom', when='BEFORE')), pgtrigger.compiler.Trigger(name='public_id_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))', func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='7ebd3f1c40ce39bb2f634aa8b9abab33eb29c987', operation='UPDATE OF "public_id"', pgid='pgtrigger_public_id_is_final_09516', table='newsrooms_newsroom', when='BEFORE')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsrooms_newsroomevent" ("created_at", "id", "is_active", "is_demo", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "requests_per_minute") VALUES (NEW."created_at", NEW."id", NEW."is_active", NEW."is_demo", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."requests_per_minute"); RETURN NULL;', hash='7f442c2db29d3aadbca5ef15b833bd1252e5885d', operation='UPDATE', pgid='pgtrigger_update_update_fc613', table='newsrooms_newsroom', when='AFTER'))], 'newsroomevent': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d7b49bfb6e364846c2cf81cec3e752c27101418a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c9c86', table='newsrooms_newsroomevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='5a6b2d202eda94a3e42d55a606ba8aa6e64dc7cc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_15ef6', table='newsrooms_newsroomevent', when='BEFORE'))], 'webhookendpoint': [pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_webhookendpointevent" ("claims", "created_at", "deleted_at", "disabled_at", "disabled_by", "event_filter", "hosts", "id", "is_active", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "speakers", "topics", "url") VALUES (OLD."claims", OLD."created_at", OLD."deleted_at", OLD."disabled_at", OLD."disabled_by", OLD."event_filter", OLD."hosts", OLD."id", OLD."is_active", OLD."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."speakers", OLD."topics", OLD."url"); RETURN NULL;', hash='23cd9e0d6455c785f637a386da170996dad3ec2d', operation='DELETE', pgid='pgtrigger_delete_delete_30429', table='newsrooms_webhookendpoint', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_webhookendpointevent" ("claims", "created_at", "deleted_at", "disabled_at", "disabled_by", "event_filter", "hosts", "id", "is_active", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "speakers", "topics", "url") VALUES (NEW."claims", NEW."created_at", NEW."deleted_at", NEW."disabled_at", NEW."disabled_by", NEW."event_filter", NEW."hosts", NEW."id", NEW."is_active", NEW."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."speakers", NEW."topics", NEW."url"); RETURN NULL;', hash='128cbc54a86f91ee8ee48e377121c2f826eaa7b9', operation='INSERT', pgid='pgtrigger_insert_insert_015e8', table='newsrooms_webhookendpoint', when='AFTER')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='ec712e544a6246cacecafac583b88709f7b6a0e0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_b5982', table='newsrooms_webhookendpoint', when='BEFORE')), pgtrigger.compiler.Trigger(name='public_id_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))', func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='1046fdea25fbc3a149fb0f374cc674a08ee49a5a', operation='UPDATE OF "public_id"', pgid='pgtrigger_public_id_is_final_7854d', table='newsrooms_webhookendpoint', when='BEFORE')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsrooms_webhookendpointevent" ("claims", "created_at", "deleted_at", "disabled_at", "disabled_by", "event_filter", "hosts", "id", "is_active", "newsroom_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "speakers", "topics", "url") VALUES (NEW."claims", NEW."created_at", NEW."deleted_at", NEW."disabled_at", NEW."disabled_by", NEW."event_filter", NEW."hosts", NEW."id", NEW."is_active", NEW."newsroom_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."speakers", NEW."topics", NEW."url"); RETURN NULL;', hash='76c7a173dc5ac97ee24e00d547cba925fdb4e410', operation='UPDATE', pgid='pgtrigger_update_update_68c56', table='newsrooms_webhookendpoint', when='AFTER'))], 'webhookendpointevent': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6e4bda1ee88a353595a09fda110ad44e303c1706', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_dd0dd', table='newsrooms_webhookendpointevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='52350aac5e0a43f80ffa67838066568487d7ecf2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c5994', table='newsrooms_webhookendpointevent', when='BEFORE'))], 'webhooksecret': [pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_webhooksecretevent" ("created_at", "endpoint_id", "expires_at", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "salt", "secret_sha256") VALUES (OLD."created_at", OLD."endpoint_id", OLD."expires_at", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."salt", OLD."secret_sha256"); RETURN NULL;', hash='157f49c11a5b51945584673598d65cc4aaac24b2', operation='DELETE', pgid='pgtrigger_delete_delete_fc9a7', table='newsrooms_webhooksecret', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "newsrooms_webhooksecretevent" ("created_at", "endpoint_id", "expires_at", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "salt", "secret_sha256") VALUES (NEW."created_at", NEW."endpoint_id", NEW."expires_at", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."salt", NEW."secret_sha256"); RETURN NULL;', hash='e7684fc477c7fd74f37df16d135d1ae5a72f811c', operation='INSERT', pgid='pgtrigger_insert_insert_eb6d5', table='newsrooms_webhooksecret', when='AFTER')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='6fb5b78061d151a9c67f4e665229a35eb0ca27a2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_45c06', table='newsrooms_webhooksecret', when='BEFORE')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "newsrooms_webhooksecretevent" ("created_at", "endpoint_id", "expires_at", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "salt", "secret_sha256") VALUES (NEW."created_at", NEW."endpoint_id", NEW."expires_at", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."salt", NEW."secret_sha256"); RETURN NULL;', hash='21ee396be544bbd74fff69ed57afb3bf910a4ad9', operation='UPDATE', pgid='pgtrigger_update_update_2d5b9', table='newsrooms_webhooksecret', when='AFTER'))], 'webhooksecretevent': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ad40328f0e763630bc0427e1860c7ea438c0fe9b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f92c5', table='newsrooms_webhooksecretevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='fd743b5f6eeaa1961741c29df2e37d3f3a5b7a01', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6b68a', table='newsrooms_webhooksecretevent', when='BEFORE'))]},
        ),
        sources.database.migration_indexes.DropLikeIndexes(
        ),
        migrations.RunSQL(
            sql='-- Rate limits may be lost in a crash. Free space in each page lets updates stay in it.\nALTER TABLE newsrooms_bucket SET UNLOGGED;\nALTER TABLE newsrooms_bucket SET (fillfactor = 50);\n',
            reverse_sql='',
        ),
        migrations.RunSQL(
            sql="-- Who made keys of the newsroom by which drafts can be written, and until when that counts: whoever made a key can write\n-- with it for as long as it lives, and what was written stays for 72 hours. A maker whom the audit does not name (null)\n-- counts for 72 hours, and not at all before anything was ever published. Asked by factcheck_makers of claims.\nCREATE OR REPLACE FUNCTION factcheck_key_makers(newsroom text) RETURNS TABLE (maker bigint, until timestamptz)\nLANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$\n    SELECT made.maker, max(made.until) FROM (\n        SELECT each.maker, CASE\n            WHEN each.maker IS NULL THEN each.at + interval '72 hours'\n            WHEN key.revoked_at IS NULL AND COALESCE(key.expires_at, 'infinity') > clock_timestamp() THEN 'infinity'\n            ELSE greatest(each.last, CASE WHEN key.revoked_at IS NULL THEN key.expires_at END) + interval '72 hours'\n        END AS until, each.at\n        FROM (\n            SELECT event.pgh_obj_id AS key_id, (event.pgh_context ->> 'actor_id')::bigint AS maker,\n                event.pgh_created_at AS at,\n                (SELECT max(pgh_created_at) FROM newsrooms_apikeyevent WHERE pgh_obj_id = event.pgh_obj_id) AS last\n            FROM newsrooms_apikeyevent AS event\n            WHERE event.newsroom_id IN (\n                SELECT id FROM newsrooms_newsroom WHERE public_id = factcheck_key_makers.newsroom\n            )\n            AND event.pgh_label <> 'delete'\n            AND EXISTS (\n                SELECT FROM newsrooms_apikeyevent AS able\n                WHERE able.pgh_obj_id = event.pgh_obj_id AND 'write' = ANY (able.scopes)\n            )\n            -- Whoever only revokes or prolongs a key does not know it.\n            AND NOT EXISTS (\n                SELECT FROM newsrooms_apikeyevent AS before\n                WHERE before.pgh_obj_id = event.pgh_obj_id AND before.pgh_id < event.pgh_id\n                    AND (before.newsroom_id, before.secret_sha256) = (event.newsroom_id, event.secret_sha256)\n            )\n        ) AS each LEFT JOIN newsrooms_apikey AS key ON key.id = each.key_id\n    ) AS made\n    WHERE made.until > clock_timestamp()\n        AND (made.maker IS NOT NULL OR made.at >= (SELECT min(at) FROM claims_publication))\n    GROUP BY made.maker\n$function$;\n",
            reverse_sql='',
        ),
    ]
