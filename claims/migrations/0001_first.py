import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import sources.database.public_ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
        ('sources', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='art', unique=True)),
                ('url', models.URLField(help_text='The canonical URL, often in your CMS.', max_length=2000, unique=True)),
                ('title', models.CharField(max_length=500)),
                ('language', models.CharField(default='en', max_length=35)),
            ],
            options={
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('sequence', models.BigIntegerField(primary_key=True, serialize=False)),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='pub', unique=True)),
                ('at', models.DateTimeField()),
                ('event', models.CharField(choices=[('published', 'published'), ('updated', 'updated'), ('clarified', 'clarified'), ('corrected', 'corrected'), ('recheck_raised', 're-check raised'), ('recheck_confirmed', 're-check confirmed'), ('recheck_dismissed', 're-check dismissed'), ('reconfirmed', 're-confirmed'), ('merged', 'merged'), ('withdrawn', 'withdrawn'), ('redacted', 'redacted')], max_length=20)),
                ('audience', models.CharField(choices=[('newsrooms', 'newsrooms'), ('public', 'public')], max_length=10)),
                ('version', models.PositiveIntegerField(help_text='Of the claim: 1 for its first event.')),
                ('body_sha256', models.CharField(db_collation='C', max_length=64)),
                ('previous_hash', models.CharField(blank=True, db_collation='C', max_length=64)),
                ('hash', models.CharField(blank=True, db_collation='C', max_length=64)),
            ],
            options={
                'ordering': ['sequence'],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(help_text='As readers see it, for example Mostly false.', max_length=100)),
                ('value', models.SmallIntegerField()),
                ('verdict', models.CharField(choices=[('true', 'true'), ('false', 'false'), ('mixed', 'mixed'), ('unproven', 'unproven')], max_length=10)),
            ],
            options={
                'ordering': ['scale', 'value'],
            },
        ),
        migrations.CreateModel(
            name='Sweep',
            fields=[
                ('change', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sweep', serialize=False, to='sources.change')),
                ('swept_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('checks', models.PositiveIntegerField(help_text='How many quotes were looked for.')),
            ],
        ),
        migrations.CreateModel(
            name='Tip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='tip', unique=True)),
                ('text', models.TextField()),
                ('url', models.URLField(blank=True, max_length=2000)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('state', models.CharField(choices=[('new', 'new'), ('taken', 'taken up'), ('set_aside', 'set aside')], default='new', max_length=10)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'ordering': ['-received_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='clm', unique=True)),
                ('text', models.TextField()),
                ('language', models.CharField(default='en', help_text='BCP 47, for example en or pt-BR.', max_length=35)),
                ('period_start', models.DateField(blank=True, help_text='First day of the period it is about.', null=True)),
                ('period_end', models.DateField(blank=True, help_text='Last day of that period.', null=True)),
                ('place', models.CharField(blank=True, max_length=300)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='claims.claim')),
                ('repeats', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeated_by', to='claims.claim')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Appearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appearances', to='claims.claim')),
            ],
        ),
        migrations.CreateModel(
            name='ClaimEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='clm')),
                ('text', models.TextField()),
                ('language', models.CharField(default='en', help_text='BCP 47, for example en or pt-BR.', max_length=35)),
                ('period_start', models.DateField(blank=True, help_text='First day of the period it is about.', null=True)),
                ('period_end', models.DateField(blank=True, help_text='Last day of that period.', null=True)),
                ('place', models.CharField(blank=True, max_length=300)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.claim')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.claim')),
                ('repeats', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.claim')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='doc', unique=True)),
                ('kind', models.CharField(choices=[('article', 'article'), ('speech', 'speech'), ('post', 'post'), ('transcript', 'transcript'), ('release', 'press release'), ('tip', 'tip'), ('other', 'other')], default='article', max_length=12)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('text', models.TextField()),
                ('text_sha256', models.CharField(db_collation='C', editable=False, max_length=64)),
                ('url', models.URLField(blank=True, max_length=2000)),
                ('publisher', models.CharField(blank=True, max_length=300)),
                ('published_on', models.DateField(blank=True, null=True)),
                ('language', models.CharField(default='en', help_text='BCP 47, for example en or pt-BR.', max_length=35)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DocumentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='doc')),
                ('kind', models.CharField(choices=[('article', 'article'), ('speech', 'speech'), ('post', 'post'), ('transcript', 'transcript'), ('release', 'press release'), ('tip', 'tip'), ('other', 'other')], default='article', max_length=12)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('text', models.TextField()),
                ('text_sha256', models.CharField(db_collation='C', editable=False, max_length=64)),
                ('url', models.URLField(blank=True, max_length=2000)),
                ('publisher', models.CharField(blank=True, max_length=300)),
                ('published_on', models.DateField(blank=True, null=True)),
                ('language', models.CharField(default='en', help_text='BCP 47, for example en or pt-BR.', max_length=35)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.document')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='evd', unique=True)),
                ('kind', models.CharField(choices=[('page_quote', 'quote of a page'), ('file', 'file'), ('dataset', 'dataset value'), ('interview', 'interview or letter'), ('broadcast', 'broadcast'), ('analysis', 'our own analysis')], default='page_quote', max_length=12)),
                ('stance', models.CharField(choices=[('supports', 'supports the claim'), ('refutes', 'refutes the claim'), ('context', 'gives context')], max_length=8)),
                ('visibility', models.CharField(choices=[('public', 'public'), ('described', 'described only, for example “a hospital doctor”'), ('confidential', 'confidential: never leaves the desk')], default='public', max_length=12)),
                ('note', models.TextField(blank=True, help_text='What it shows. Readers see it while the evidence is public.')),
                ('description', models.CharField(blank=True, help_text='The public words for a source that is not named.', max_length=300)),
                ('exact', models.TextField(blank=True)),
                ('prefix', models.CharField(blank=True, max_length=200)),
                ('suffix', models.CharField(blank=True, max_length=200)),
                ('file_name', models.CharField(blank=True, max_length=300)),
                ('file_sha256', models.CharField(blank=True, db_collation='C', max_length=64)),
                ('dataset', models.CharField(blank=True, help_text='Name and publisher of the data.', max_length=500)),
                ('release', models.CharField(blank=True, max_length=200)),
                ('cell', models.CharField(blank=True, help_text='Table, row and column.', max_length=300)),
                ('value', models.CharField(blank=True, max_length=200)),
                ('unit', models.CharField(blank=True, max_length=100)),
                ('who', models.CharField(blank=True, max_length=300)),
                ('happened_at', models.DateTimeField(blank=True, null=True, verbose_name='when')),
                ('how', models.CharField(blank=True, help_text='Telephone, letter, e-mail, in person.', max_length=200)),
                ('programme', models.CharField(blank=True, max_length=300)),
                ('timecode', models.CharField(blank=True, help_text='hh:mm:ss', max_length=20)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('copied_from', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.evidence')),
                ('page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.page')),
                ('snapshot', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
            ],
            options={
                'verbose_name_plural': 'evidence',
                'ordering': ['version', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='org', unique=True)),
                ('name', models.CharField(max_length=300, unique=True)),
                ('site', models.URLField(blank=True, max_length=2000)),
                ('is_ours', models.BooleanField(default=False)),
                ('checklist', models.TextField(blank=True, help_text='What must be done before approval, a line each.')),
                ('is_demo', models.BooleanField(default=False, editable=False)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='organisation_name_given')],
            },
        ),
        migrations.CreateModel(
            name='ArticleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='art')),
                ('url', models.URLField(help_text='The canonical URL, often in your CMS.', max_length=2000)),
                ('title', models.CharField(max_length=500)),
                ('language', models.CharField(default='en', max_length=35)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.article')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='article',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='claims.organisation'),
        ),
        migrations.CreateModel(
            name='OrganisationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='org')),
                ('name', models.CharField(max_length=300)),
                ('site', models.URLField(blank=True, max_length=2000)),
                ('is_ours', models.BooleanField(default=False)),
                ('checklist', models.TextField(blank=True, help_text='What must be done before approval, a line each.')),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PublicationBody',
            fields=[
                ('publication', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='body', serialize=False, to='claims.publication')),
                ('json', models.BinaryField(help_text='UTF-8 JSON of the claim after this event.')),
            ],
        ),
        migrations.AddField(
            model_name='publication',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='claims.claim'),
        ),
        migrations.CreateModel(
            name='ClaimVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claim_public_id', models.CharField(db_collation='C', max_length=24)),
                ('audience', models.CharField(choices=[('newsrooms', 'newsrooms'), ('public', 'public')], max_length=10)),
                ('sequence_from', models.BigIntegerField()),
                ('sequence_to', models.BigIntegerField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('first_published_at', models.DateTimeField()),
                ('verification', models.CharField(choices=[('unchecked', 'unchecked'), ('being_checked', 'being checked'), ('checked', 'checked'), ('needs_recheck', 'needs re-check'), ('withdrawn', 'withdrawn')], max_length=14)),
                ('language', models.CharField(max_length=35)),
                ('verdicts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('ratings', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), default=list, size=None)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('speakers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ('organisations', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ('sources', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ('pages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ('hosts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), default=list, size=None)),
                ('search', django.contrib.postgres.search.SearchVectorField()),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claim_versions', to='claims.claim')),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.publication')),
            ],
        ),
        migrations.CreateModel(
            name='RatingScale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='scl', unique=True)),
                ('name', models.CharField(max_length=200)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scales', to='claims.organisation')),
            ],
            options={
                'ordering': ['organisation', 'name'],
            },
        ),
        migrations.CreateModel(
            name='RatingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('label', models.CharField(help_text='As readers see it, for example Mostly false.', max_length=100)),
                ('value', models.SmallIntegerField()),
                ('verdict', models.CharField(choices=[('true', 'true'), ('false', 'false'), ('mixed', 'mixed'), ('unproven', 'unproven')], max_length=10)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.rating')),
                ('scale', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.ratingscale')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='rating',
            name='scale',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='claims.ratingscale'),
        ),
        migrations.CreateModel(
            name='RatingScaleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='scl')),
                ('name', models.CharField(max_length=200)),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.organisation')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.ratingscale')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Recheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='rck', unique=True)),
                ('state', models.CharField(choices=[('raised', 'raised'), ('confirmed', 'confirmed'), ('dismissed', 'dismissed'), ('reconfirmed', 'still stands'), ('updated', 'updated'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn')], default='raised', editable=False, max_length=12)),
                ('raised_at', models.DateTimeField(editable=False)),
                ('seen_at', models.DateTimeField(editable=False, help_text='When an editor first opened it.', null=True)),
                ('confirmed_at', models.DateTimeField(editable=False, null=True)),
                ('resolved_at', models.DateTimeField(editable=False, null=True)),
                ('note', models.TextField(blank=True, help_text='Why it was dismissed, or why the verdict still stands.')),
                ('resolved_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seen_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 're-check',
                'ordering': ['-raised_at', '-id'],
                'permissions': [('decide_recheck', 'Can confirm, dismiss and resolve re-checks')],
            },
        ),
        migrations.CreateModel(
            name='EvidenceCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('change', 'the page changed'), ('published', 'the review was published')], max_length=10)),
                ('result', models.CharField(choices=[('intact', 'intact'), ('moved', 'moved within the page'), ('altered', 'altered'), ('gone', 'no longer found'), ('unverifiable', 'could not look')], max_length=12)),
                ('found', models.TextField(blank=True, help_text='The sentence that stands there now, if altered.')),
                ('surroundings', models.TextField(blank=True, help_text='What was found with some 200 characters either side.')),
                ('diff', models.JSONField(default=list, help_text='Word diff: [operation, words] with =, - or +.')),
                ('kinds', models.JSONField(default=list, help_text='What changed: number, negation, name, date.')),
                ('checked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('change', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.change')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='claims.evidence')),
                ('snapshot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
                ('recheck', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='claims.recheck')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='rev', unique=True)),
                ('origin', models.CharField(choices=[('own', 'our own'), ('imported', 'imported')], default='own', editable=False, max_length=8)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='claims.article')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='claims.claim')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='claims.organisation')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='RecheckEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='rck')),
                ('state', models.CharField(choices=[('raised', 'raised'), ('confirmed', 'confirmed'), ('dismissed', 'dismissed'), ('reconfirmed', 'still stands'), ('updated', 'updated'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn')], default='raised', editable=False, max_length=12)),
                ('raised_at', models.DateTimeField(editable=False)),
                ('seen_at', models.DateTimeField(editable=False, help_text='When an editor first opened it.', null=True)),
                ('confirmed_at', models.DateTimeField(editable=False, null=True)),
                ('resolved_at', models.DateTimeField(editable=False, null=True)),
                ('note', models.TextField(blank=True, help_text='Why it was dismissed, or why the verdict still stands.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.recheck')),
                ('resolved_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('seen_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.review')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='recheck',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rechecks', to='claims.review'),
        ),
        migrations.AddField(
            model_name='publication',
            name='review',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='claims.review'),
        ),
        migrations.CreateModel(
            name='ReviewEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='rev')),
                ('origin', models.CharField(choices=[('own', 'our own'), ('imported', 'imported')], default='own', editable=False, max_length=8)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('article', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.article')),
                ('claim', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.claim')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.organisation')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.review')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReviewVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('approved', 'approved'), ('published', 'published')], default='draft', editable=False, max_length=10)),
                ('kind', models.CharField(choices=[('original', 'first publication'), ('update', 'update: facts moved on, it was right on its date'), ('clarification', 'clarification'), ('correction', 'correction'), ('withdrawal', 'withdrawal')], default='original', max_length=14)),
                ('correction_kind', models.CharField(blank=True, choices=[('rating', 'the rating was wrong'), ('substantive', 'a fact was wrong'), ('typo', 'a typing error')], max_length=12)),
                ('rating_as_given', models.CharField(blank=True, editable=False, help_text='An imported rating, as it came.', max_length=300)),
                ('summary', models.TextField(blank=True, help_text='The finding in a sentence or two, for readers.')),
                ('body', models.TextField(blank=True, help_text='How it was checked.')),
                ('true_as_of', models.DateField(blank=True, help_text='The day for which the finding holds.', null=True)),
                ('public_note', models.TextField(blank=True, help_text='What changed and why; readers see it.')),
                ('embargo_until', models.DateTimeField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(editable=False, null=True)),
                ('approved_sha256', models.CharField(blank=True, editable=False, help_text='Of the version and its evidence as approved.', max_length=64)),
                ('published_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('approver', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rating', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.rating')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='claims.review')),
            ],
            options={
                'ordering': ['review', 'number'],
                'permissions': [('approve_review', 'Can approve reviews that others wrote'), ('publish_review', 'Can publish approved reviews')],
            },
        ),
        migrations.CreateModel(
            name='EvidenceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='evd')),
                ('kind', models.CharField(choices=[('page_quote', 'quote of a page'), ('file', 'file'), ('dataset', 'dataset value'), ('interview', 'interview or letter'), ('broadcast', 'broadcast'), ('analysis', 'our own analysis')], default='page_quote', max_length=12)),
                ('stance', models.CharField(choices=[('supports', 'supports the claim'), ('refutes', 'refutes the claim'), ('context', 'gives context')], max_length=8)),
                ('visibility', models.CharField(choices=[('public', 'public'), ('described', 'described only, for example “a hospital doctor”'), ('confidential', 'confidential: never leaves the desk')], default='public', max_length=12)),
                ('note', models.TextField(blank=True, help_text='What it shows. Readers see it while the evidence is public.')),
                ('description', models.CharField(blank=True, help_text='The public words for a source that is not named.', max_length=300)),
                ('exact', models.TextField(blank=True)),
                ('prefix', models.CharField(blank=True, max_length=200)),
                ('suffix', models.CharField(blank=True, max_length=200)),
                ('file_name', models.CharField(blank=True, max_length=300)),
                ('file_sha256', models.CharField(blank=True, db_collation='C', max_length=64)),
                ('dataset', models.CharField(blank=True, help_text='Name and publisher of the data.', max_length=500)),
                ('release', models.CharField(blank=True, max_length=200)),
                ('cell', models.CharField(blank=True, help_text='Table, row and column.', max_length=300)),
                ('value', models.CharField(blank=True, max_length=200)),
                ('unit', models.CharField(blank=True, max_length=100)),
                ('who', models.CharField(blank=True, max_length=300)),
                ('happened_at', models.DateTimeField(blank=True, null=True, verbose_name='when')),
                ('how', models.CharField(blank=True, help_text='Telephone, letter, e-mail, in person.', max_length=200)),
                ('programme', models.CharField(blank=True, max_length=300)),
                ('timecode', models.CharField(blank=True, help_text='hh:mm:ss', max_length=20)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('copied_from', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.evidence')),
                ('page', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sources.page')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.evidence')),
                ('snapshot', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sources.snapshot')),
                ('version', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.reviewversion')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='evidence',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='claims.reviewversion'),
        ),
        migrations.CreateModel(
            name='ReviewVersionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('number', models.PositiveIntegerField(editable=False)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('approved', 'approved'), ('published', 'published')], default='draft', editable=False, max_length=10)),
                ('kind', models.CharField(choices=[('original', 'first publication'), ('update', 'update: facts moved on, it was right on its date'), ('clarification', 'clarification'), ('correction', 'correction'), ('withdrawal', 'withdrawal')], default='original', max_length=14)),
                ('correction_kind', models.CharField(blank=True, choices=[('rating', 'the rating was wrong'), ('substantive', 'a fact was wrong'), ('typo', 'a typing error')], max_length=12)),
                ('rating_as_given', models.CharField(blank=True, editable=False, help_text='An imported rating, as it came.', max_length=300)),
                ('summary', models.TextField(blank=True, help_text='The finding in a sentence or two, for readers.')),
                ('body', models.TextField(blank=True, help_text='How it was checked.')),
                ('true_as_of', models.DateField(blank=True, help_text='The day for which the finding holds.', null=True)),
                ('public_note', models.TextField(blank=True, help_text='What changed and why; readers see it.')),
                ('embargo_until', models.DateTimeField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(editable=False, null=True)),
                ('approved_sha256', models.CharField(blank=True, editable=False, help_text='Of the version and its evidence as approved.', max_length=64)),
                ('published_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('approver', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('author', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.reviewversion')),
                ('rating', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.rating')),
                ('review', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.review')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Speaker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='spk', unique=True)),
                ('name', models.CharField(max_length=300)),
                ('kind', models.CharField(choices=[('person', 'person'), ('organisation', 'organisation'), ('unknown', 'not known')], default='unknown', max_length=12)),
                ('role', models.CharField(blank=True, help_text='For example: Chief Justice.', max_length=300)),
                ('wikidata_id', models.CharField(blank=True, help_text='For example Q42.', max_length=20)),
                ('aliases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, size=None)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'ordering': ['name'],
                'indexes': [models.Index(fields=['name'], name='speaker_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='speaker_name_given'), models.CheckConstraint(condition=models.Q(('wikidata_id', ''), ('wikidata_id__regex', '^Q[1-9][0-9]*$'), _connector='OR'), name='speaker_wikidata_id', violation_error_message='A Wikidata id is Q and digits, for example Q42.'), models.UniqueConstraint(condition=models.Q(('wikidata_id', ''), _negated=True), fields=('wikidata_id',), name='speaker_wikidata_unique')],
            },
        ),
        migrations.CreateModel(
            name='SpeakerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='spk')),
                ('name', models.CharField(max_length=300)),
                ('kind', models.CharField(choices=[('person', 'person'), ('organisation', 'organisation'), ('unknown', 'not known')], default='unknown', max_length=12)),
                ('role', models.CharField(blank=True, help_text='For example: Chief Justice.', max_length=300)),
                ('wikidata_id', models.CharField(blank=True, help_text='For example Q42.', max_length=20)),
                ('aliases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, size=None)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.speaker')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='stm', unique=True)),
                ('text', models.TextField()),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('content', models.JSONField(blank=True, default=list)),
                ('speaker_as_written', models.CharField(blank=True, max_length=300)),
                ('cue', models.CharField(blank=True, help_text='The word that reports it: said, told.', max_length=100)),
                ('quoted', models.BooleanField(default=False, help_text='Direct quote, or else a paraphrase.')),
                ('figures', models.JSONField(blank=True, default=list)),
                ('checkworthy', models.BooleanField(default=False)),
                ('checkworthy_reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='claims.document')),
                ('speaker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='claims.speaker')),
            ],
            options={
                'ordering': ['document', 'start'],
            },
        ),
        migrations.AddField(
            model_name='claim',
            name='statements',
            field=models.ManyToManyField(related_name='claims', through='claims.Appearance', to='claims.statement'),
        ),
        migrations.CreateModel(
            name='AppearanceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.appearance')),
                ('claim', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.claim')),
                ('statement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.statement')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='appearance',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appearances', to='claims.statement'),
        ),
        migrations.CreateModel(
            name='StatementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='stm')),
                ('text', models.TextField()),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('content', models.JSONField(blank=True, default=list)),
                ('speaker_as_written', models.CharField(blank=True, max_length=300)),
                ('cue', models.CharField(blank=True, help_text='The word that reports it: said, told.', max_length=100)),
                ('quoted', models.BooleanField(default=False, help_text='Direct quote, or else a paraphrase.')),
                ('figures', models.JSONField(blank=True, default=list)),
                ('checkworthy', models.BooleanField(default=False)),
                ('checkworthy_reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('document', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.document')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.statement')),
                ('speaker', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.speaker')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TipContact',
            fields=[
                ('tip', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='contact', serialize=False, to='claims.tip')),
                ('name', models.CharField(blank=True, max_length=200)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('delete_after', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='tip',
            name='document',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tips', to='claims.document'),
        ),
        migrations.CreateModel(
            name='TipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='tip')),
                ('text', models.TextField()),
                ('url', models.URLField(blank=True, max_length=2000)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('state', models.CharField(choices=[('new', 'new'), ('taken', 'taken up'), ('set_aside', 'set aside')], default='new', max_length=10)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('document', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.document')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.tip')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='topic_name_given')],
            },
        ),
        migrations.CreateModel(
            name='ClaimTopicsEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('claim', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.claim')),
                ('topic', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='claims.topic')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='claim',
            name='topics',
            field=models.ManyToManyField(blank=True, related_name='claims', to='claims.topic'),
        ),
        migrations.CreateModel(
            name='TopicEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=80)),
                ('name', models.CharField(max_length=200)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.topic')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='document_text_given'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('text_sha256', 'url'), name='document_unique'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(condition=models.Q(('sequence_to__isnull', True)), fields=['audience', '-sequence_from'], name='claim_version_list'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(condition=models.Q(('sequence_to__isnull', True)), fields=['audience', 'verification', '-sequence_from'], name='claim_version_verification'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(fields=['claim_public_id', 'audience'], name='claim_version_by_id'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('sequence_to__isnull', True)), fields=['verdicts', 'ratings', 'topics', 'speakers', 'sources', 'pages', 'hosts'], name='claim_version_filters'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('sequence_to__isnull', True)), fields=['search'], name='claim_version_search'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.UniqueConstraint(condition=models.Q(('sequence_to__isnull', True)), fields=('claim', 'audience'), name='claim_version_one_current'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.UniqueConstraint(fields=('audience', 'claim', 'sequence_from'), name='claim_version_unique'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.CheckConstraint(condition=models.Q(('sequence_to__isnull', True), ('sequence_to__gt', models.F('sequence_from')), _connector='OR'), name='claim_version_span'),
        ),
        migrations.AddConstraint(
            model_name='ratingscale',
            constraint=models.UniqueConstraint(fields=('organisation', 'name'), name='rating_scale_unique'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(fields=('scale', 'label'), name='rating_label_unique'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(fields=('scale', 'value'), name='rating_value_unique'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['true', 'false', 'mixed', 'unproven'])), name='rating_verdict'),
        ),
        migrations.AddIndex(
            model_name='evidencecheck',
            index=models.Index(fields=['evidence', '-id'], name='evidence_check_latest'),
        ),
        migrations.AddConstraint(
            model_name='evidencecheck',
            constraint=models.UniqueConstraint(condition=models.Q(('change__isnull', False)), fields=('evidence', 'change'), name='evidence_check_once'),
        ),
        migrations.AddConstraint(
            model_name='evidencecheck',
            constraint=models.CheckConstraint(condition=models.Q(('result', 'unverifiable'), ('snapshot__isnull', False), _connector='OR'), name='evidence_check_looked_at_text'),
        ),
        migrations.AddConstraint(
            model_name='recheck',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['raised', 'confirmed'])), fields=('review',), name='recheck_one_open'),
        ),
        migrations.AddConstraint(
            model_name='recheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('state__in', ['raised', 'confirmed'])), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False), ('state__in', ['dismissed', 'reconfirmed', 'updated', 'corrected', 'withdrawn'])), _connector='OR'), name='recheck_resolved_by_a_person'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('claim', 'version'), name='publication_version_unique'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['newsrooms', 'public'])), name='publication_audience'),
        ),
        migrations.AddConstraint(
            model_name='reviewversion',
            constraint=models.UniqueConstraint(fields=('review', 'number'), name='review_version_unique'),
        ),
        migrations.AddConstraint(
            model_name='reviewversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published'), _negated=True), fields=('review',), name='review_one_open_version'),
        ),
        migrations.AddConstraint(
            model_name='reviewversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'approved', 'published'])), name='review_version_state'),
        ),
        migrations.AddConstraint(
            model_name='reviewversion',
            constraint=models.CheckConstraint(condition=models.Q(('approver__isnull', True), models.Q(('approver', models.F('author')), _negated=True), _connector='OR'), name='review_two_persons', violation_error_message='The author cannot approve her own review; ask a colleague.'),
        ),
        migrations.AddConstraint(
            model_name='reviewversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approver__isnull', True), ('state__in', ['draft', 'in_review'])), models.Q(('approved_at__isnull', False), ('approved_sha256__regex', '^[0-9a-f]{64}$'), ('approver__isnull', False), ('state__in', ['approved', 'published'])), models.Q(models.Q(('rating_as_given', ''), _negated=True), ('state', 'published')), _connector='OR'), name='review_approval_complete'),
        ),
        migrations.AddConstraint(
            model_name='reviewversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='review_published_at'),
        ),
        migrations.AddConstraint(
            model_name='reviewversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('kind', 'original'), models.Q(('public_note', ''), _negated=True), _connector='OR'), name='review_note_given'),
        ),
        migrations.AddConstraint(
            model_name='reviewversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'correction'), _negated=True), models.Q(('correction_kind', ''), _negated=True), models.Q(('state', 'published'), _negated=True), _connector='OR'), name='review_correction_kind'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'page_quote'), _negated=True), models.Q(('page__isnull', False), ('snapshot__isnull', False), models.Q(('exact', ''), _negated=True)), _connector='OR'), name='evidence_quote_complete', violation_error_message='A quote of a page needs the page and the quoted words.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'page_quote'), models.Q(('exact', ''), ('page__isnull', True), ('snapshot__isnull', True)), _connector='OR'), name='evidence_only_quotes_have_pages', violation_error_message='Only a quote of a page names a page.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'file'), _negated=True), ('file_sha256__regex', '^[0-9a-f]{64}$'), _connector='OR'), name='evidence_file_complete', violation_error_message='A file needs its sha256: 64 hexadecimal digits.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'dataset'), _negated=True), models.Q(models.Q(('dataset', ''), _negated=True), models.Q(('cell', ''), _negated=True), models.Q(('value', ''), _negated=True)), _connector='OR'), name='evidence_dataset_complete', violation_error_message='A dataset value needs the dataset, the cell and the value.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'interview'), _negated=True), models.Q(models.Q(('who', ''), _negated=True), ('happened_at__isnull', False), models.Q(('how', ''), _negated=True)), _connector='OR'), name='evidence_interview_complete', violation_error_message='An interview or letter needs who, when and how.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'broadcast'), _negated=True), models.Q(models.Q(('programme', ''), _negated=True), ('timecode__regex', '^\\d{1,2}:\\d{2}:\\d{2}$')), _connector='OR'), name='evidence_broadcast_complete', violation_error_message='A broadcast needs the programme and a time code such as 00:12:30.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'analysis'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='evidence_analysis_complete', violation_error_message='Say in the note what the analysis found.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('visibility', 'described'), _negated=True), models.Q(('description', ''), _negated=True), _connector='OR'), name='evidence_description_given', violation_error_message='Say the public words for this source, for example “a hospital doctor”.'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='statement_span'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('document', 'start', 'end'), name='statement_unique'),
        ),
        migrations.AddConstraint(
            model_name='appearance',
            constraint=models.UniqueConstraint(fields=('claim', 'statement'), name='appearance_unique'),
        ),
        migrations.AddConstraint(
            model_name='tip',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='tip_text_given'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='claim_text_given'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('period_start__isnull', True), ('period_end__isnull', True), ('period_end__gte', models.F('period_start')), _connector='OR'), name='claim_period', violation_error_message='The period ends before it starts.'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='claim_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('repeats', models.F('id')), _negated=True), name='claim_not_repeating_itself'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_organisationevent" ("checklist", "id", "is_demo", "is_ours", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "site") VALUES (NEW."checklist", NEW."id", NEW."is_demo", NEW."is_ours", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."site"); RETURN NULL;', hash='c0d2d8207361817f539db47f6b9f355806e10fa5', operation='INSERT', pgid='pgtrigger_insert_insert_9ff47', table='claims_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_organisationevent" ("checklist", "id", "is_demo", "is_ours", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "site") VALUES (NEW."checklist", NEW."id", NEW."is_demo", NEW."is_ours", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."site"); RETURN NULL;', hash='2b94dbbad7fb254bcb21399a13e8d5da9a227415', operation='UPDATE', pgid='pgtrigger_update_update_61db3', table='claims_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_organisationevent" ("checklist", "id", "is_demo", "is_ours", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "site") VALUES (OLD."checklist", OLD."id", OLD."is_demo", OLD."is_ours", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."site"); RETURN NULL;', hash='252754d3809e01fe99632a54365c37cf38acb93b', operation='DELETE', pgid='pgtrigger_delete_delete_e89e7', table='claims_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='511ae2d38f390bb47aed64e46e285ea4e3fa4d82', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_ff614', table='claims_organisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='speaker',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_speakerevent" ("aliases", "created_at", "id", "is_demo", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "role", "wikidata_id") VALUES (NEW."aliases", NEW."created_at", NEW."id", NEW."is_demo", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."role", NEW."wikidata_id"); RETURN NULL;', hash='c8d4448c01196a9b24132ba980c69316dc44ac16', operation='INSERT', pgid='pgtrigger_insert_insert_7cf94', table='claims_speaker', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='speaker',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_speakerevent" ("aliases", "created_at", "id", "is_demo", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "role", "wikidata_id") VALUES (NEW."aliases", NEW."created_at", NEW."id", NEW."is_demo", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."role", NEW."wikidata_id"); RETURN NULL;', hash='8b905dc54e5ec08fb721c91c42d8f2ad32137e59', operation='UPDATE', pgid='pgtrigger_update_update_d9d7a', table='claims_speaker', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='speaker',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_speakerevent" ("aliases", "created_at", "id", "is_demo", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "role", "wikidata_id") VALUES (OLD."aliases", OLD."created_at", OLD."id", OLD."is_demo", OLD."kind", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."role", OLD."wikidata_id"); RETURN NULL;', hash='fe442990c055e8b42c6a4ab8924171a9cdeb0e30', operation='DELETE', pgid='pgtrigger_delete_delete_b8590', table='claims_speaker', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='speaker',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='1b7d3a6e679f3f3640504f49466d052458e011d7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_8b129', table='claims_speaker', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sweep',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='63e99930e8888520a8a788c5176f928be74b5f2c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_331d3', table='claims_sweep', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sweep',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='0bba74391e30aa25c10d6f69b9c2b404607560c0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_4c020', table='claims_sweep', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topic',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_topicevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."slug"); RETURN NULL;', hash='2d06f4c63d248734c8bbe90e15065a1cc6fd6ce2', operation='INSERT', pgid='pgtrigger_insert_insert_5f998', table='claims_topic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topic',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_topicevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."slug"); RETURN NULL;', hash='e3d19789d5807bff795661767428c4504f00e32c', operation='UPDATE', pgid='pgtrigger_update_update_010ac', table='claims_topic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topic',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_topicevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."slug"); RETURN NULL;', hash='67f6dbc187c16b4970379f54af7e41c231ad092d', operation='DELETE', pgid='pgtrigger_delete_delete_a32b8', table='claims_topic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topic',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='cd7059da6d1a5807c7ec97c5df33ff9910e1fe7d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_db5b8', table='claims_topic', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='320019034b5e441f55c5dae16dee0422c18cce60', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_b860b', table='claims_claimevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0342f9354d975fc258a2169f5a68f2fcb6b672f7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_aeef3', table='claims_claimevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_documentevent" ("created_at", "created_by_id", "id", "is_demo", "kind", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_on", "publisher", "text", "text_sha256", "title", "url") VALUES (NEW."created_at", NEW."created_by_id", NEW."id", NEW."is_demo", NEW."kind", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."published_on", NEW."publisher", NEW."text", NEW."text_sha256", NEW."title", NEW."url"); RETURN NULL;', hash='a81204effb80223ba3202d0db8c36699c6f3199d', operation='INSERT', pgid='pgtrigger_insert_insert_a80a0', table='claims_document', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_documentevent" ("created_at", "created_by_id", "id", "is_demo", "kind", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_on", "publisher", "text", "text_sha256", "title", "url") VALUES (NEW."created_at", NEW."created_by_id", NEW."id", NEW."is_demo", NEW."kind", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."published_on", NEW."publisher", NEW."text", NEW."text_sha256", NEW."title", NEW."url"); RETURN NULL;', hash='1e870f33e80f47a0f5830fbd4e061d593f060839', operation='UPDATE', pgid='pgtrigger_update_update_6d835', table='claims_document', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_documentevent" ("created_at", "created_by_id", "id", "is_demo", "kind", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_on", "publisher", "text", "text_sha256", "title", "url") VALUES (OLD."created_at", OLD."created_by_id", OLD."id", OLD."is_demo", OLD."kind", OLD."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."published_on", OLD."publisher", OLD."text", OLD."text_sha256", OLD."title", OLD."url"); RETURN NULL;', hash='f0f0b6150dbf98f16cca1815c6e8bd0f831c104a', operation='DELETE', pgid='pgtrigger_delete_delete_de5da', table='claims_document', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='87f84abcef75ba78fb1dcad1b19da1a1f441c28f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_715ba', table='claims_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='documentevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='bb18223fe3722ed147ea8ce526f39c8ece617e64', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_99479', table='claims_documentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='documentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4bbf41cd0347cea6f03a9773b5502ad46029c24d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_821af', table='claims_documentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='articleevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='75e019eae0eab5801d04f24527e6894386a90db3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_5c4dc', table='claims_articleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='articleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0e023ee976bbcdbdcec8bdf853814cbd4721963f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_49e1f', table='claims_articleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='article',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_articleevent" ("id", "language", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "title", "url") VALUES (NEW."id", NEW."language", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."title", NEW."url"); RETURN NULL;', hash='3a0bfe70f59111ba857c4495c628869071f5ef4e', operation='INSERT', pgid='pgtrigger_insert_insert_b08cf', table='claims_article', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='article',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_articleevent" ("id", "language", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "title", "url") VALUES (NEW."id", NEW."language", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."title", NEW."url"); RETURN NULL;', hash='454eb4aace4840e0b64cc94571f36e673679168c', operation='UPDATE', pgid='pgtrigger_update_update_500a2', table='claims_article', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='article',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_articleevent" ("id", "language", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "title", "url") VALUES (OLD."id", OLD."language", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."title", OLD."url"); RETURN NULL;', hash='4f5d5ca4445dbe8c5ba5ac0304cbb27d6b06d699', operation='DELETE', pgid='pgtrigger_delete_delete_94a4e', table='claims_article', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='article',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='19ad4cf833108b8abee0c3ad83ab131cb4a00e77', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_8c333', table='claims_article', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='339d547cd3c192c7dd625168464562e7011faf04', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_df9f0', table='claims_organisationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='488c210be3d670b42a51bd08010cd4500e54ccea', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_eec57', table='claims_organisationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicationbody',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d46d6874dc106f3bb23e2d58866af6470b3cef0b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_04b41', table='claims_publicationbody', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicationbody',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='bb61ac744660cdddd5cc051a30e4f90d59713128', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d610d', table='claims_publicationbody', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratingscale',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_ratingscaleevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id"); RETURN NULL;', hash='f208295c806519143ade1d677ddbcf178dadbcef', operation='INSERT', pgid='pgtrigger_insert_insert_cee2b', table='claims_ratingscale', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratingscale',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_ratingscaleevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id"); RETURN NULL;', hash='c73aaa34a45941fb02a5560e38cfe3897534af00', operation='UPDATE', pgid='pgtrigger_update_update_0bfc9', table='claims_ratingscale', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratingscale',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_ratingscaleevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id"); RETURN NULL;', hash='597e9d3da7ed9d1db6ecb946a9f38f396da95c80', operation='DELETE', pgid='pgtrigger_delete_delete_fef73', table='claims_ratingscale', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratingscale',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='b042f095cc0dc0a2ce0cd98aaa2d48fa607612c9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_8dd80', table='claims_ratingscale', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratingevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='78755a61a716c41cffe0faf3587acf86040ac029', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_27e70', table='claims_ratingevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratingevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1c35b8d2c3b52cf853d21e9f99594e44290224d1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_88473', table='claims_ratingevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_ratingevent" ("id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scale_id", "value", "verdict") VALUES (NEW."id", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."scale_id", NEW."value", NEW."verdict"); RETURN NULL;', hash='0b648ac9ba1865c508ab714239b8a788d427f477', operation='INSERT', pgid='pgtrigger_insert_insert_49e43', table='claims_rating', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_ratingevent" ("id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scale_id", "value", "verdict") VALUES (NEW."id", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."scale_id", NEW."value", NEW."verdict"); RETURN NULL;', hash='29d95a2e7bd3c03d41402450935d53017d0e167a', operation='UPDATE', pgid='pgtrigger_update_update_40dc3', table='claims_rating', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_ratingevent" ("id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scale_id", "value", "verdict") VALUES (OLD."id", OLD."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."scale_id", OLD."value", OLD."verdict"); RETURN NULL;', hash='25dad927f53cb93c9a042fba685356e0c2486c67', operation='DELETE', pgid='pgtrigger_delete_delete_eea28', table='claims_rating', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='d619c943e916e249e243b936a3f50ebaf31b4e15', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_4a47b', table='claims_rating', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratingscaleevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='463da6a3a3956b7dcef02bdbef7562df4b680290', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c062f', table='claims_ratingscaleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratingscaleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='695575176b78228a1675df26eab83ed6815c90a2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f0d3d', table='claims_ratingscaleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencecheck',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4406e42dc7ced146138ad9014ff5fb147465471d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0ab29', table='claims_evidencecheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencecheck',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='7b6945afbaed15d93a2f41d094970d9c3706525a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_02262', table='claims_evidencecheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_reviewevent" ("article_id", "claim_id", "created_at", "id", "organisation_id", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "withdrawn_at") VALUES (NEW."article_id", NEW."claim_id", NEW."created_at", NEW."id", NEW."organisation_id", NEW."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."withdrawn_at"); RETURN NULL;', hash='3b69f63a90efd6400faabe0ce855c99904f74060', operation='INSERT', pgid='pgtrigger_insert_insert_8009a', table='claims_review', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_reviewevent" ("article_id", "claim_id", "created_at", "id", "organisation_id", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "withdrawn_at") VALUES (NEW."article_id", NEW."claim_id", NEW."created_at", NEW."id", NEW."organisation_id", NEW."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."withdrawn_at"); RETURN NULL;', hash='e55591f74b48e5363167568848297f2b4f73cfd9', operation='UPDATE', pgid='pgtrigger_update_update_b7b96', table='claims_review', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_reviewevent" ("article_id", "claim_id", "created_at", "id", "organisation_id", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "withdrawn_at") VALUES (OLD."article_id", OLD."claim_id", OLD."created_at", OLD."id", OLD."organisation_id", OLD."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."withdrawn_at"); RETURN NULL;', hash='24117c09f0c7e54252cff9da1762b94d7f992659', operation='DELETE', pgid='pgtrigger_delete_delete_c19fa', table='claims_review', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='ced79ec36110709258ebf4ee893790f1e665cafb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d922e', table='claims_review', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recheckevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='2687e452e7fbb35f78473b373998d80768a56327', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_73013', table='claims_recheckevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recheckevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ee12376f71aebddc9d5c14d95a9c0f53f74f5835', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c758f', table='claims_recheckevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recheck',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_recheckevent" ("confirmed_at", "id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "raised_at", "resolved_at", "resolved_by_id", "review_id", "seen_at", "seen_by_id", "state") VALUES (NEW."confirmed_at", NEW."id", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."raised_at", NEW."resolved_at", NEW."resolved_by_id", NEW."review_id", NEW."seen_at", NEW."seen_by_id", NEW."state"); RETURN NULL;', hash='9236e675a8f8ccee8d0c027403c6d8fa23e98ec9', operation='INSERT', pgid='pgtrigger_insert_insert_0aa0e', table='claims_recheck', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recheck',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_recheckevent" ("confirmed_at", "id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "raised_at", "resolved_at", "resolved_by_id", "review_id", "seen_at", "seen_by_id", "state") VALUES (NEW."confirmed_at", NEW."id", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."raised_at", NEW."resolved_at", NEW."resolved_by_id", NEW."review_id", NEW."seen_at", NEW."seen_by_id", NEW."state"); RETURN NULL;', hash='767ec952242e6717ec7e1fddb6fd73841d15bd42', operation='UPDATE', pgid='pgtrigger_update_update_6804e', table='claims_recheck', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recheck',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_recheckevent" ("confirmed_at", "id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "raised_at", "resolved_at", "resolved_by_id", "review_id", "seen_at", "seen_by_id", "state") VALUES (OLD."confirmed_at", OLD."id", OLD."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."raised_at", OLD."resolved_at", OLD."resolved_by_id", OLD."review_id", OLD."seen_at", OLD."seen_by_id", OLD."state"); RETURN NULL;', hash='e1cf712a18ebad9f1f4058b5cda31a31bf1030cb', operation='DELETE', pgid='pgtrigger_delete_delete_5679e', table='claims_recheck', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recheck',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='484e5f4a1f7b8097f4ac70cf6a89613bf0d0484d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_f9658', table='claims_recheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE head RECORD;', func='\n    PERFORM pg_advisory_xact_lock(7361402911);\n    SELECT sequence, at, hash INTO head FROM claims_publication ORDER BY sequence DESC LIMIT 1;\n    IF NEW.sequence <> COALESCE(head.sequence, 0) + 1 THEN\n        RAISE EXCEPTION \'publication % does not follow %\', NEW.sequence, COALESCE(head.sequence, 0)\n            USING ERRCODE = \'check_violation\';\n    END IF;\n    IF NEW.at < head.at THEN\n        RAISE EXCEPTION \'publication % is dated before the one it follows\', NEW.sequence\n            USING ERRCODE = \'check_violation\';\n    END IF;\n    NEW.previous_hash := COALESCE(head.hash, repeat(\'0\', 64));\n    NEW.hash := encode(sha256(convert_to(concat_ws(E\'\\n\',\n        NEW.previous_hash, NEW.sequence, to_char(NEW.at AT TIME ZONE \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\'),\n        NEW.event, NEW.audience, NEW.claim_id, COALESCE(NEW.review_id, 0), NEW.version, NEW.body_sha256\n    ), \'UTF8\')), \'hex\');\n    RETURN NEW;\n', hash='340f994a7bf547eaa57ebd3c35c352f751b493ca', operation='INSERT', pgid='pgtrigger_chain_d25f1', table='claims_publication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='465622903f83e869f8bf5c29d193df08a4c0b571', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_65083', table='claims_publication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='372ef7a0a222dd3f182a5e5ad987a915168d1378', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_b8642', table='claims_publication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='341328cd1982f0070f87c957d67ea33444ac47c7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_73c2b', table='claims_reviewevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='83616e335d14ce36f3efe7bff2911fd5ff91c5b1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7b2e7', table='claims_reviewevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewversion',
            trigger=pgtrigger.compiler.Trigger(name='published_is_locked', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'published\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='166bf1a685953ed7a6f4a80dcd721b400ebe07f6', operation='UPDATE OR DELETE', pgid='pgtrigger_published_is_locked_b6e87', table='claims_reviewversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewversion',
            trigger=pgtrigger.compiler.Trigger(name='edit_voids_approval', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'approved\')', func="\n                    IF NEW.kind IS DISTINCT FROM OLD.kind OR NEW.correction_kind IS DISTINCT FROM OLD.correction_kind OR NEW.rating_id IS DISTINCT FROM OLD.rating_id OR NEW.rating_as_given IS DISTINCT FROM OLD.rating_as_given OR NEW.summary IS DISTINCT FROM OLD.summary OR NEW.body IS DISTINCT FROM OLD.body OR NEW.public_note IS DISTINCT FROM OLD.public_note OR NEW.true_as_of IS DISTINCT FROM OLD.true_as_of OR NEW.embargo_until IS DISTINCT FROM OLD.embargo_until OR NEW.author_id IS DISTINCT FROM OLD.author_id THEN\n                        NEW.state := 'in_review';\n                        NEW.approver_id := NULL;\n                        NEW.approved_at := NULL;\n                        NEW.approved_sha256 := '';\n                    END IF;\n                    RETURN NEW;\n                ", hash='501004740e5a19e5a32101397e3a5796ae8f3751', operation='UPDATE', pgid='pgtrigger_edit_voids_approval_9d33b', table='claims_reviewversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewversion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_reviewversionevent" ("approved_at", "approved_sha256", "approver_id", "author_id", "body", "correction_kind", "created_at", "embargo_until", "id", "kind", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_note", "published_at", "rating_as_given", "rating_id", "review_id", "state", "summary", "true_as_of") VALUES (NEW."approved_at", NEW."approved_sha256", NEW."approver_id", NEW."author_id", NEW."body", NEW."correction_kind", NEW."created_at", NEW."embargo_until", NEW."id", NEW."kind", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_note", NEW."published_at", NEW."rating_as_given", NEW."rating_id", NEW."review_id", NEW."state", NEW."summary", NEW."true_as_of"); RETURN NULL;', hash='b0fc076d26230c1fd7adc511f5cb5ae8f8a89831', operation='INSERT', pgid='pgtrigger_insert_insert_8d50c', table='claims_reviewversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewversion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_reviewversionevent" ("approved_at", "approved_sha256", "approver_id", "author_id", "body", "correction_kind", "created_at", "embargo_until", "id", "kind", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_note", "published_at", "rating_as_given", "rating_id", "review_id", "state", "summary", "true_as_of") VALUES (NEW."approved_at", NEW."approved_sha256", NEW."approver_id", NEW."author_id", NEW."body", NEW."correction_kind", NEW."created_at", NEW."embargo_until", NEW."id", NEW."kind", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_note", NEW."published_at", NEW."rating_as_given", NEW."rating_id", NEW."review_id", NEW."state", NEW."summary", NEW."true_as_of"); RETURN NULL;', hash='ec9aad8839e5b4fe1776c3d25f3dbac0c40e3206', operation='UPDATE', pgid='pgtrigger_update_update_c3791', table='claims_reviewversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewversion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_reviewversionevent" ("approved_at", "approved_sha256", "approver_id", "author_id", "body", "correction_kind", "created_at", "embargo_until", "id", "kind", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_note", "published_at", "rating_as_given", "rating_id", "review_id", "state", "summary", "true_as_of") VALUES (OLD."approved_at", OLD."approved_sha256", OLD."approver_id", OLD."author_id", OLD."body", OLD."correction_kind", OLD."created_at", OLD."embargo_until", OLD."id", OLD."kind", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_note", OLD."published_at", OLD."rating_as_given", OLD."rating_id", OLD."review_id", OLD."state", OLD."summary", OLD."true_as_of"); RETURN NULL;', hash='f7bca2c08760447380a106302cc4fe0d47a70e6c', operation='DELETE', pgid='pgtrigger_delete_delete_7ce6b', table='claims_reviewversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewversion',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='290e5c13f99a4853457ba965c2833b798a2fc7c2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_09a41', table='claims_reviewversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='21fe643ec5d5ecb0a6f8b6ff42ece1343dffe0c6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a9fb9', table='claims_evidenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9b156cb2ce3ac82360d6f20539a0292c4af11367', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3fd72', table='claims_evidenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='locked_with_version', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (\n                        SELECT 1 FROM claims_reviewversion\n                        WHERE id IN (NEW.version_id, OLD.version_id) AND state = 'published'\n                    ) THEN\n                        RAISE EXCEPTION 'The evidence of a published version is locked; start a new version.'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    UPDATE claims_reviewversion\n                    SET state = 'in_review', approver_id = NULL, approved_at = NULL, approved_sha256 = ''\n                    WHERE id IN (NEW.version_id, OLD.version_id) AND state = 'approved';\n                    IF TG_OP = 'DELETE' THEN\n                        RETURN OLD;\n                    END IF;\n                    RETURN NEW;\n                ", hash='7b665dcf35bfebc9ef692e7cd41ff43ba97b8831', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_locked_with_version_36d7b', table='claims_evidence', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_evidenceevent" ("cell", "copied_from_id", "created_at", "dataset", "description", "exact", "file_name", "file_sha256", "happened_at", "how", "id", "kind", "note", "page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "programme", "public_id", "release", "snapshot_id", "stance", "suffix", "timecode", "unit", "value", "version_id", "visibility", "who") VALUES (NEW."cell", NEW."copied_from_id", NEW."created_at", NEW."dataset", NEW."description", NEW."exact", NEW."file_name", NEW."file_sha256", NEW."happened_at", NEW."how", NEW."id", NEW."kind", NEW."note", NEW."page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."prefix", NEW."programme", NEW."public_id", NEW."release", NEW."snapshot_id", NEW."stance", NEW."suffix", NEW."timecode", NEW."unit", NEW."value", NEW."version_id", NEW."visibility", NEW."who"); RETURN NULL;', hash='5a07b739e4deddd8cf2efab36eb36531ee9ba9f9', operation='INSERT', pgid='pgtrigger_insert_insert_d2960', table='claims_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_evidenceevent" ("cell", "copied_from_id", "created_at", "dataset", "description", "exact", "file_name", "file_sha256", "happened_at", "how", "id", "kind", "note", "page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "programme", "public_id", "release", "snapshot_id", "stance", "suffix", "timecode", "unit", "value", "version_id", "visibility", "who") VALUES (NEW."cell", NEW."copied_from_id", NEW."created_at", NEW."dataset", NEW."description", NEW."exact", NEW."file_name", NEW."file_sha256", NEW."happened_at", NEW."how", NEW."id", NEW."kind", NEW."note", NEW."page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."prefix", NEW."programme", NEW."public_id", NEW."release", NEW."snapshot_id", NEW."stance", NEW."suffix", NEW."timecode", NEW."unit", NEW."value", NEW."version_id", NEW."visibility", NEW."who"); RETURN NULL;', hash='d01190c8ec00036f58da06624ddbe8e4ffd7e04b', operation='UPDATE', pgid='pgtrigger_update_update_0cf54', table='claims_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_evidenceevent" ("cell", "copied_from_id", "created_at", "dataset", "description", "exact", "file_name", "file_sha256", "happened_at", "how", "id", "kind", "note", "page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "programme", "public_id", "release", "snapshot_id", "stance", "suffix", "timecode", "unit", "value", "version_id", "visibility", "who") VALUES (OLD."cell", OLD."copied_from_id", OLD."created_at", OLD."dataset", OLD."description", OLD."exact", OLD."file_name", OLD."file_sha256", OLD."happened_at", OLD."how", OLD."id", OLD."kind", OLD."note", OLD."page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."prefix", OLD."programme", OLD."public_id", OLD."release", OLD."snapshot_id", OLD."stance", OLD."suffix", OLD."timecode", OLD."unit", OLD."value", OLD."version_id", OLD."visibility", OLD."who"); RETURN NULL;', hash='e4a9c0215e797d3ffd22ec5125f72be398bdf0f9', operation='DELETE', pgid='pgtrigger_delete_delete_26a0f', table='claims_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='9eb563173a696199f5a03658c99272df3c61f683', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_4049f', table='claims_evidence', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewversionevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='b94cd1a4791cdc57ba3b9e8309c509ef7b4286f7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d4ff6', table='claims_reviewversionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewversionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='974766e52a6b5ec02dcd3c966f95b2831d70649c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_edbda', table='claims_reviewversionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='speakerevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='81d074ebdca63f110895a17224610032f2e5e93e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_650e5', table='claims_speakerevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='speakerevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4c9d2e5edff8cca0700490bf7be500f6b256b177', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9c114', table='claims_speakerevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_statementevent" ("checkworthy", "checkworthy_reasons", "content", "created_at", "cue", "document_id", "end", "figures", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "quoted", "speaker_as_written", "speaker_id", "start", "text") VALUES (NEW."checkworthy", NEW."checkworthy_reasons", NEW."content", NEW."created_at", NEW."cue", NEW."document_id", NEW."end", NEW."figures", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."quoted", NEW."speaker_as_written", NEW."speaker_id", NEW."start", NEW."text"); RETURN NULL;', hash='641c3b140ce764758960f46d67c5150bde736358', operation='INSERT', pgid='pgtrigger_insert_insert_ec354', table='claims_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_statementevent" ("checkworthy", "checkworthy_reasons", "content", "created_at", "cue", "document_id", "end", "figures", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "quoted", "speaker_as_written", "speaker_id", "start", "text") VALUES (NEW."checkworthy", NEW."checkworthy_reasons", NEW."content", NEW."created_at", NEW."cue", NEW."document_id", NEW."end", NEW."figures", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."quoted", NEW."speaker_as_written", NEW."speaker_id", NEW."start", NEW."text"); RETURN NULL;', hash='65cf5f3d529907545fbb5fd99ab40d906b5e1c5b', operation='UPDATE', pgid='pgtrigger_update_update_eabae', table='claims_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_statementevent" ("checkworthy", "checkworthy_reasons", "content", "created_at", "cue", "document_id", "end", "figures", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "quoted", "speaker_as_written", "speaker_id", "start", "text") VALUES (OLD."checkworthy", OLD."checkworthy_reasons", OLD."content", OLD."created_at", OLD."cue", OLD."document_id", OLD."end", OLD."figures", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."quoted", OLD."speaker_as_written", OLD."speaker_id", OLD."start", OLD."text"); RETURN NULL;', hash='1ec110d675cd841187a1572c7923986f4549f5fb', operation='DELETE', pgid='pgtrigger_delete_delete_aae0e', table='claims_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='1c05d60dc1aa5509d53f31f71579d2825a587ea6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_98e38', table='claims_statement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appearanceevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='c13f91668154935a53fcdb6ebfc0d8d7556d4728', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7a09e', table='claims_appearanceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appearanceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f82950611f7e6ac8f0d9cc78931ca4f308bc1fdf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f7c78', table='claims_appearanceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appearance',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_appearanceevent" ("claim_id", "created_at", "created_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id") VALUES (NEW."claim_id", NEW."created_at", NEW."created_by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."statement_id"); RETURN NULL;', hash='bae42e193cbd5ee919f9474f915eef86b813f898', operation='INSERT', pgid='pgtrigger_insert_insert_58226', table='claims_appearance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appearance',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_appearanceevent" ("claim_id", "created_at", "created_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id") VALUES (NEW."claim_id", NEW."created_at", NEW."created_by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."statement_id"); RETURN NULL;', hash='8313169810332de4f220f50bdbf30df2aaa779fd', operation='UPDATE', pgid='pgtrigger_update_update_cdcd1', table='claims_appearance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appearance',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_appearanceevent" ("claim_id", "created_at", "created_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id") VALUES (OLD."claim_id", OLD."created_at", OLD."created_by_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."statement_id"); RETURN NULL;', hash='24c401541b89321e5f3209e3eea9a08d312ffd61', operation='DELETE', pgid='pgtrigger_delete_delete_2b6e2', table='claims_appearance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appearance',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='430e4a2294ba8c51308fc73d5f7cc281bcdc5fca', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_dbd21', table='claims_appearance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='791a658831b8e742a5e06b4c3a29906f316c601b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7ac57', table='claims_statementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c7eddb168d025cd315c6a16dd8024aa365caf5c6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a2cf2', table='claims_statementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tip',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_tipevent" ("document_id", "id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "received_at", "state", "text", "url") VALUES (NEW."document_id", NEW."id", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."received_at", NEW."state", NEW."text", NEW."url"); RETURN NULL;', hash='2c8df43161dba110d1517005882341d5b3b676eb', operation='INSERT', pgid='pgtrigger_insert_insert_24919', table='claims_tip', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tip',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_tipevent" ("document_id", "id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "received_at", "state", "text", "url") VALUES (NEW."document_id", NEW."id", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."received_at", NEW."state", NEW."text", NEW."url"); RETURN NULL;', hash='d5af731a68f2ab569708b19b038b009619233420', operation='UPDATE', pgid='pgtrigger_update_update_bc299', table='claims_tip', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tip',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_tipevent" ("document_id", "id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "received_at", "state", "text", "url") VALUES (OLD."document_id", OLD."id", OLD."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."received_at", OLD."state", OLD."text", OLD."url"); RETURN NULL;', hash='c0dd834d25f13fc0e0b46444d53c449f47486fb8', operation='DELETE', pgid='pgtrigger_delete_delete_0bf63', table='claims_tip', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tip',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='a2633b0f193d595f53a1f20017a96a160ced8fc7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_9f0cf', table='claims_tip', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tipevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='533f9d261b69be8608c9443a10a38499c5e6864a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_4551f', table='claims_tipevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tipevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='806240ea1a6cb9d532ca746803c395645dd6d80c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b0e04', table='claims_tipevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimtopicsevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='f68ad8a284683d1dd8b708987c059fa74caefbf3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_974e0', table='claims_claimtopicsevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimtopicsevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1fc838bcf936c80087e65e22079a75406619857c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c1c48', table='claims_claimtopicsevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_claimevent" ("created_at", "created_by_id", "id", "is_demo", "language", "merged_into_id", "period_end", "period_start", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "public_id", "repeats_id", "text") VALUES (NEW."created_at", NEW."created_by_id", NEW."id", NEW."is_demo", NEW."language", NEW."merged_into_id", NEW."period_end", NEW."period_start", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place", NEW."public_id", NEW."repeats_id", NEW."text"); RETURN NULL;', hash='36b2a1442f88ac201db5649ae9da952d9b479924', operation='INSERT', pgid='pgtrigger_insert_insert_df8fa', table='claims_claim', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_claimevent" ("created_at", "created_by_id", "id", "is_demo", "language", "merged_into_id", "period_end", "period_start", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "public_id", "repeats_id", "text") VALUES (NEW."created_at", NEW."created_by_id", NEW."id", NEW."is_demo", NEW."language", NEW."merged_into_id", NEW."period_end", NEW."period_start", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place", NEW."public_id", NEW."repeats_id", NEW."text"); RETURN NULL;', hash='5d2aa85264c4ba2efe571fce93c673ca82a93403', operation='UPDATE', pgid='pgtrigger_update_update_fe4ba', table='claims_claim', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_claimevent" ("created_at", "created_by_id", "id", "is_demo", "language", "merged_into_id", "period_end", "period_start", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "public_id", "repeats_id", "text") VALUES (OLD."created_at", OLD."created_by_id", OLD."id", OLD."is_demo", OLD."language", OLD."merged_into_id", OLD."period_end", OLD."period_start", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place", OLD."public_id", OLD."repeats_id", OLD."text"); RETURN NULL;', hash='73b98881718f29095195767c5cfc8518d382f16a', operation='DELETE', pgid='pgtrigger_delete_delete_dbf31', table='claims_claim', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='e27af06f315207990f5c2f9b28620cd3d0373c88', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_59b54', table='claims_claim', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topicevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='310356f4c57633ba56e05960f80fcbd367df7710', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_40377', table='claims_topicevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topicevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='23bb4601503dae76b9c311784eb4dceb19884a7e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7eb88', table='claims_topicevent', when='BEFORE')),
        ),
    ]
