import datetime
import django.contrib.postgres.fields
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
    ]

    operations = [
        migrations.CreateModel(
            name='ArchiveService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=500, unique=True)),
                ('day', models.DateField(null=True, verbose_name='day (UTC)')),
                ('asked', models.PositiveIntegerField(default=0, help_text='On that day, including requests whose response was lost.', verbose_name='captures requested')),
                ('rests_until', models.DateTimeField(help_text='No request is sent before this time.', null=True, verbose_name='paused until')),
                ('full_until', models.DateTimeField(help_text='No capture is requested before this time.', null=True, verbose_name='quota used up until')),
                ('detail', models.CharField(blank=True, max_length=500, verbose_name='last problem')),
            ],
            options={
                'verbose_name': 'archive',
            },
        ),
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
            name='Host',
            fields=[
                ('name', models.CharField(db_collation='C', max_length=253, primary_key=True, serialize=False)),
                ('ready_at', models.DateTimeField(help_text='When its next page may be leased. Empty: never.', null=True)),
                ('rests_until', models.DateTimeField(help_text='None of its pages is requested before this time.', null=True)),
                ('failures', models.PositiveIntegerField(default=0, help_text='Attempts in a row without a response.')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ready_at__isnull', False)), fields=['ready_at'], name='host_ready')],
            },
        ),
        migrations.CreateModel(
            name='PollingPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price', models.FloatField()),
                ('set_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('fetches', models.PositiveBigIntegerField(default=0, help_text='Attempts of all pages by then.')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='polling_price_is_one_row'), models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='polling_price_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='Scrub',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('finished_at', models.DateTimeField(help_text='Empty: interrupted; the next run resumes this check.', null=True)),
                ('reached', models.CharField(blank=True, db_collation='C', help_text='A sha256.', max_length=64, verbose_name='last checked')),
                ('checked', models.PositiveBigIntegerField(default=0, verbose_name='snapshots checked')),
                ('size', models.PositiveBigIntegerField(default=0, help_text='Uncompressed.', verbose_name='bytes read')),
            ],
            options={
                'verbose_name': 'integrity check',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ScrubFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scrub', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='sources.scrub', verbose_name='integrity check')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.blob', verbose_name='sha256')),
                ('kind', models.CharField(choices=[('missing', 'missing'), ('damaged', 'damaged')], max_length=8, verbose_name='problem')),
                ('sentence', models.CharField(max_length=500, verbose_name='description')),
                ('found_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'missing or damaged snapshot',
                'ordering': ['-id'],
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
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='pag', unique=True)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='sources.source')),
                ('url', models.URLField(max_length=2000)),
                ('given_url', models.URLField(blank=True, editable=False, max_length=2000)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('watch', models.CharField(choices=[('not_watched', 'not watched'), ('watched', 'watched')], default='not_watched', editable=False, max_length=12)),
                ('watched_since', models.DateTimeField(editable=False, null=True)),
                ('pinned_interval', models.DurationField(blank=True, help_text='Fixed time between two polls, at most 7 days; overrides the schedule.', null=True)),
                ('render', models.BooleanField(default=False, help_text="Let a browser run the page's scripts before its text is read. Slow; only for pages that need it.", verbose_name='read with a browser')),
                ('confirm_after', models.DurationField(blank=True, help_text='How long text must be missing before it counts as gone, at most one day. Empty: the setting for all pages.', null=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'ordering': ['url'],
                'constraints': [models.UniqueConstraint(fields=('url',), name='page_url_unique'), models.CheckConstraint(condition=models.Q(('url__startswith', 'http://'), ('url__startswith', 'https://'), _connector='OR'), name='page_url_is_http'), models.CheckConstraint(condition=models.Q(('watch', 'not_watched'), ('watched_since__isnull', False), _connector='OR'), name='page_watched_since'), models.CheckConstraint(condition=models.Q(('pinned_interval__isnull', True), models.Q(('pinned_interval__gte', datetime.timedelta(seconds=1)), ('pinned_interval__lte', datetime.timedelta(days=7))), _connector='OR'), name='page_interval_from_a_second_to_a_week'), models.CheckConstraint(condition=models.Q(('confirm_after__isnull', True), models.Q(('confirm_after__gte', datetime.timedelta(seconds=1)), ('confirm_after__lte', datetime.timedelta(days=1))), _connector='OR'), name='page_confirmed_within_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='fed', unique=True)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to='sources.source')),
                ('page', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='feed', to='sources.page')),
                ('active', models.BooleanField(default=True, editable=False)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='Pages listed by this time count as known, not as new.')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='FeedEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sources.feed')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='fed')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sources.source')),
                ('page', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sources.page')),
                ('active', models.BooleanField(default=True, editable=False)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='Pages listed by this time count as known, not as new.')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FeedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('feed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='sources.feed')),
                ('url', models.URLField(help_text='The canonical URL.', max_length=2000)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('published', models.CharField(blank=True, help_text='The date as the feed writes it.', max_length=100)),
                ('baseline', models.BooleanField(help_text='Listed when the feed was first read, so not new.')),
                ('first_seen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('baseline', False)), fields=['feed'], name='feed_item_new')],
                'constraints': [models.UniqueConstraint(fields=('feed', 'url'), name='feed_item_once')],
            },
        ),
        migrations.CreateModel(
            name='PageEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sources.page')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='pag')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sources.source')),
                ('url', models.URLField(max_length=2000)),
                ('given_url', models.URLField(blank=True, editable=False, max_length=2000)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('watch', models.CharField(choices=[('not_watched', 'not watched'), ('watched', 'watched')], default='not_watched', editable=False, max_length=12)),
                ('watched_since', models.DateTimeField(editable=False, null=True)),
                ('pinned_interval', models.DurationField(blank=True, help_text='Fixed time between two polls, at most 7 days; overrides the schedule.', null=True)),
                ('render', models.BooleanField(default=False, help_text="Let a browser run the page's scripts before its text is read. Slow; only for pages that need it.", verbose_name='read with a browser')),
                ('confirm_after', models.DurationField(blank=True, help_text='How long text must be missing before it counts as gone, at most one day. Empty: the setting for all pages.', null=True)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SourceEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sources.source')),
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
            ],
            options={
                'abstract': False,
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
                ('page', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='sources.page')),
                ('taken_at', models.DateTimeField()),
                ('origin', models.CharField(choices=[('poll', 'a poll'), ('attached', 'fetched when an editor attached the page'), ('uploaded', 'a private copy that an editor uploaded')], default='poll', max_length=10)),
                ('status', models.PositiveSmallIntegerField(help_text='HTTP status.', null=True)),
                ('final_url', models.URLField(blank=True, max_length=2000)),
                ('canonical_url', models.URLField(blank=True, help_text="The page's own canonical link (RFC 6596).", max_length=2000)),
                ('headers', models.JSONField(default=list, help_text='Pairs of name and value, as received.')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.blob', verbose_name='sha256 of the bytes')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.text', verbose_name='sha256 of the text')),
                ('title', models.CharField(blank=True, max_length=500)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('extractor', models.CharField(max_length=60)),
                ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
            ],
            options={
                'ordering': ['-taken_at', '-id'],
                'indexes': [models.Index(fields=['page', '-taken_at', '-id'], name='snapshot_latest')],
            },
        ),
        migrations.CreateModel(
            name='ArchiveCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='archive_copies', to='sources.page')),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='archive_copies', to='sources.snapshot')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='sources.archiveservice', verbose_name='archive')),
                ('quotes', models.JSONField(default=list, help_text='Quotes the copy should contain: exact, prefix, suffix.')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('submitted', 'requested'), ('succeeded', 'made according to the archive, not confirmed'), ('confirmed', 'confirmed'), ('failed', 'differs from our snapshot'), ('refused', 'refused'), ('dropped', 'cancelled')], default='waiting', max_length=10)),
                ('chosen_by', models.CharField(blank=True, db_default='', help_text='The editor who requested it before publication. Empty: requested by publication.', max_length=150, verbose_name='requested by')),
                ('job', models.CharField(blank=True, max_length=200)),
                ('memento_url', models.CharField(blank=True, max_length=2600)),
                ('memento_at', models.DateTimeField(null=True, verbose_name='captured at')),
                ('asked_at', models.DateTimeField(null=True, verbose_name='requested at')),
                ('next_try_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='next attempt at')),
                ('tries', models.PositiveIntegerField(default=0, help_text='Since the state last changed.', verbose_name='attempts')),
                ('detail', models.CharField(blank=True, max_length=500)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('confirmed_by', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, help_text='The comparisons that matched.', size=None)),
                ('lease_token', models.BigIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('wanted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='Later than the creation time if the request was repeated. No older capture is accepted.', verbose_name='needed since')),
            ],
            options={
                'verbose_name_plural': 'archive copies',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'submitted', 'succeeded'])), fields=['next_try_at'], name='archive_copy_due')],
                'constraints': [models.UniqueConstraint(fields=('page', 'snapshot', 'service'), name='archive_copy_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('confirmed_at__isnull', False), ('memento_at__isnull', False), models.Q(('memento_url', ''), _negated=True)), _connector='OR'), name='archive_copy_confirmed')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', sources.database.public_ids.PublicIdField(db_collation='C', editable=False, max_length=24, prefix='chg', unique=True)),
                ('page', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='sources.page')),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
                ('after', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
                ('kind', models.CharField(choices=[('text', 'text changed'), ('gone', 'page gone'), ('blocked', 'page cannot be read'), ('back', 'page can be read again'), ('moved', 'page moved to another address')], max_length=20)),
                ('certainty', models.CharField(choices=[('suspected', 'seen once'), ('confirmed', 'confirmed by a later poll')], max_length=10)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, help_text='How the text differs, as far as a machine can tell: see sources/changes/change_kinds.py.', size=None)),
                ('outcome', models.CharField(choices=[('ok', 'read'), ('unchanged', 'read, not changed'), ('gone', 'gone (404 or 410)'), ('blocked', 'blocked'), ('paywall', 'behind a paywall'), ('disallowed', 'disallowed by robots.txt'), ('soft_404', 'error page instead of the page'), ('error', 'error'), ('too_large', 'too large'), ('unsupported', 'unsupported file type'), ('parse_limited', 'read only in part'), ('empty', 'no text found'), ('shrunk', 'much shorter than before'), ('redirected', 'redirects to another page')], help_text='Outcome of the poll that detected it.', max_length=20)),
                ('detected_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-detected_at', '-id'],
                'indexes': [models.Index(fields=['page', '-detected_at'], name='change_of_page'), models.Index(fields=['-detected_at', '-public_id'], name='change_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('before__isnull', True), models.Q(('before', models.F('after')), _negated=True), ('certainty', 'confirmed'), ('kind', 'back'), _connector='OR'), name='change_differs')],
            },
        ),
        migrations.CreateModel(
            name='FeedReading',
            fields=[
                ('feed', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='reading', serialize=False, to='sources.feed')),
                ('snapshot', models.ForeignKey(help_text='The last one processed.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
                ('kind', models.CharField(blank=True, choices=[('rss', 'RSS'), ('atom', 'Atom'), ('json', 'JSON Feed'), ('sitemap', 'sitemap'), ('sitemap_index', 'sitemap index')], max_length=15)),
                ('first_read_at', models.DateTimeField(null=True)),
                ('last_read_at', models.DateTimeField(null=True)),
                ('problem', models.TextField(blank=True, help_text='Why the last snapshot could not be read as a feed.')),
            ],
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
                ('last_outcome', models.CharField(blank=True, choices=[('ok', 'read'), ('unchanged', 'read, not changed'), ('gone', 'gone (404 or 410)'), ('blocked', 'blocked'), ('paywall', 'behind a paywall'), ('disallowed', 'disallowed by robots.txt'), ('soft_404', 'error page instead of the page'), ('error', 'error'), ('too_large', 'too large'), ('unsupported', 'unsupported file type'), ('parse_limited', 'read only in part'), ('empty', 'no text found'), ('shrunk', 'much shorter than before'), ('redirected', 'redirects to another page')], max_length=20)),
                ('text_length', models.PositiveIntegerField(default=0, help_text='Characters of the last text read.')),
                ('last_detail', models.CharField(blank=True, max_length=500)),
                ('last_attempt_at', models.DateTimeField(null=True)),
                ('last_success_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0, help_text='Failed attempts in a row.')),
                ('fetches', models.PositiveBigIntegerField(default=0, help_text='Attempts so far.')),
                ('belief', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), default=list, help_text="The schedule's belief about how often the page changes.", size=None)),
                ('weight', models.PositiveIntegerField(default=0, help_text='Published reviews that rest on the page.')),
                ('suspected_since', models.DateTimeField(null=True)),
                ('latest_snapshot', models.ForeignKey(help_text='The last one taken.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
                ('confirmed_snapshot', models.ForeignKey(help_text='The last confirmed one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.snapshot')),
            ],
            options={
                'verbose_name_plural': 'polling',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='polling_due'), models.Index(condition=models.Q(('due_at__isnull', False)), fields=['host', 'due_at'], name='polling_host_due')],
            },
        ),
        sources.database.migration_triggers.AddTriggers(
            triggers={'change': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b55064437671952526136f8bb021627320a375aa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_14c95', table='sources_change', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='1015d26de6e10910958588cb8ccab03bb3050f98', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6c82b', table='sources_change', when='BEFORE'))], 'feed': [pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_feedevent" ("active", "id", "page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "since", "source_id") VALUES (OLD."active", OLD."id", OLD."page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."since", OLD."source_id"); RETURN NULL;', hash='7e1bfb8898b9122f7ee17b0918410ef3f7af8e81', operation='DELETE', pgid='pgtrigger_delete_delete_fa9e8', table='sources_feed', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_feedevent" ("active", "id", "page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "since", "source_id") VALUES (NEW."active", NEW."id", NEW."page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."since", NEW."source_id"); RETURN NULL;', hash='f77316a310fedf9ca53b083cf4b14e9740b469b9', operation='INSERT', pgid='pgtrigger_insert_insert_52b0b', table='sources_feed', when='AFTER')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='a5c95f4c03b24893fa4d3f5f24627792279e6472', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_ae306', table='sources_feed', when='BEFORE')), pgtrigger.compiler.Trigger(name='public_id_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))', func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='e2a8bbed30c08982ff7fec2a80839f07e4ba7610', operation='UPDATE OF "public_id"', pgid='pgtrigger_public_id_is_final_3a53c', table='sources_feed', when='BEFORE')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "sources_feedevent" ("active", "id", "page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "since", "source_id") VALUES (NEW."active", NEW."id", NEW."page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."since", NEW."source_id"); RETURN NULL;', hash='1fa30eda3914b95e56315df18263b2d38ec037b7', operation='UPDATE', pgid='pgtrigger_update_update_707bd', table='sources_feed', when='AFTER'))], 'feedevent': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fbb9d1402fe17cb920c788917e6978b7ed9c5bf6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d3028', table='sources_feedevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='1431196ee94ea06ac1e208b29ea39a5c87ecebf3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a9f52', table='sources_feedevent', when='BEFORE'))], 'feeditem': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='14b935f90cca3fd407eca2864e7c0b52f0555dfc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_074f8', table='sources_feeditem', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='2aa6a8b1f885b687d337ab26f8a78304b1f626ad', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_535e1', table='sources_feeditem', when='BEFORE'))], 'page': [pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_pageevent" ("confirm_after", "created_at", "given_url", "id", "is_demo", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned_interval", "public_id", "render", "source_id", "title", "url", "watch", "watched_since") VALUES (OLD."confirm_after", OLD."created_at", OLD."given_url", OLD."id", OLD."is_demo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."pinned_interval", OLD."public_id", OLD."render", OLD."source_id", OLD."title", OLD."url", OLD."watch", OLD."watched_since"); RETURN NULL;', hash='8fcd3e0cbc71126a89b907d128ac43411b385bda', operation='DELETE', pgid='pgtrigger_delete_delete_7f046', table='sources_page', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_pageevent" ("confirm_after", "created_at", "given_url", "id", "is_demo", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned_interval", "public_id", "render", "source_id", "title", "url", "watch", "watched_since") VALUES (NEW."confirm_after", NEW."created_at", NEW."given_url", NEW."id", NEW."is_demo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."pinned_interval", NEW."public_id", NEW."render", NEW."source_id", NEW."title", NEW."url", NEW."watch", NEW."watched_since"); RETURN NULL;', hash='56593f749d67f4d3692f939b80b7b0eedc794393', operation='INSERT', pgid='pgtrigger_insert_insert_bdf7b', table='sources_page', when='AFTER')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='4fcc357213d92ef53763f84f070a359f740e02c9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a0967', table='sources_page', when='BEFORE')), pgtrigger.compiler.Trigger(name='public_id_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))', func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='1049fae1404e7ab26d6e540cafb7b0bf816d6cb8', operation='UPDATE OF "public_id"', pgid='pgtrigger_public_id_is_final_469ea', table='sources_page', when='BEFORE')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "sources_pageevent" ("confirm_after", "created_at", "given_url", "id", "is_demo", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned_interval", "public_id", "render", "source_id", "title", "url", "watch", "watched_since") VALUES (NEW."confirm_after", NEW."created_at", NEW."given_url", NEW."id", NEW."is_demo", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."pinned_interval", NEW."public_id", NEW."render", NEW."source_id", NEW."title", NEW."url", NEW."watch", NEW."watched_since"); RETURN NULL;', hash='e118d8e20b8f6f647048ea239af44d7363c76e73', operation='UPDATE', pgid='pgtrigger_update_update_04ad2', table='sources_page', when='AFTER')), pgtrigger.compiler.Trigger(name='url_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."url" IS DISTINCT FROM (NEW."url"))', func="RAISE EXCEPTION 'the address of a page never changes; add another page' USING ERRCODE = 'check_violation';", hash='b36ddaed73c97be7a96f3341b6f96b12b3063dbf', operation='UPDATE OF "url"', pgid='pgtrigger_url_is_final_2ba79', table='sources_page', when='BEFORE'))], 'pageevent': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c2d93988cb7faa767886738f84126e871cf309d7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7cd7a', table='sources_pageevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='dff74e071d3f4fd8ebd510246c850b063fbcc494', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c6130', table='sources_pageevent', when='BEFORE'))], 'scrubfinding': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2c95e3e2c38dba22038a466a33df9070b20f056d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5149a', table='sources_scrubfinding', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='f8199c3260be0c2786de055e27600bfd0fa2e904', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_0cd54', table='sources_scrubfinding', when='BEFORE'))], 'snapshot': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='13f3b3d1df9f7f0229b9a227387f36d57ed9e7e9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_19bb3', table='sources_snapshot', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='af1b414694f921c09e213f911ff45c98b251879a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_27a81', table='sources_snapshot', when='BEFORE'))], 'source': [pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_sourceevent" ("created_at", "homepage", "id", "is_demo", "kind", "language", "name", "notes", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (OLD."created_at", OLD."homepage", OLD."id", OLD."is_demo", OLD."kind", OLD."language", OLD."name", OLD."notes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id"); RETURN NULL;', hash='bbe25831703837e00223eebcb79f014156a244c9', operation='DELETE', pgid='pgtrigger_delete_delete_fde77', table='sources_source', when='AFTER')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sources_sourceevent" ("created_at", "homepage", "id", "is_demo", "kind", "language", "name", "notes", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."created_at", NEW."homepage", NEW."id", NEW."is_demo", NEW."kind", NEW."language", NEW."name", NEW."notes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id"); RETURN NULL;', hash='0f275ab96c5a6223b9f0747c7caa0d998e91cda1', operation='INSERT', pgid='pgtrigger_insert_insert_c3ed3', table='sources_source', when='AFTER')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='a2d58d4ed88a5f2287c0565fd81e772028f12786', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_057b0', table='sources_source', when='BEFORE')), pgtrigger.compiler.Trigger(name='public_id_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))', func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='1a74d9e2d755c50f04044fd9759c0deae391233b', operation='UPDATE OF "public_id"', pgid='pgtrigger_public_id_is_final_3600b', table='sources_source', when='BEFORE')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "sources_sourceevent" ("created_at", "homepage", "id", "is_demo", "kind", "language", "name", "notes", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."created_at", NEW."homepage", NEW."id", NEW."is_demo", NEW."kind", NEW."language", NEW."name", NEW."notes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id"); RETURN NULL;', hash='504e93a7d4123cd248eba054d9758648c3effa19', operation='UPDATE', pgid='pgtrigger_update_update_e6185', table='sources_source', when='AFTER'))], 'sourceevent': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f130dee5c0afd9f03250b1f9000e554b81c5c4ae', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_add2d', table='sources_sourceevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='90fe0f1ea01bb0e0cd9e7594124d5cfd7992b8bc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6f084', table='sources_sourceevent', when='BEFORE'))], 'text': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0e88ea6fb95644ae3434f6df51de7213f1c6d922', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_01a00', table='sources_text', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';", hash='4a2e234e997c8477797401a462e158bf3d68a90a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_0bec9', table='sources_text', when='BEFORE'))]},
        ),
        sources.database.migration_indexes.DropLikeIndexes(
        ),
        migrations.RunSQL(
            sql="-- PostgreSQL's own compression of a text takes longer than everything else in recording a poll. lz4 takes a tenth of\n-- that, but not every server was built with it; there texts are stored uncompressed, in some three times the space.\nDO $$\nBEGIN\n    IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN\n        ALTER TABLE sources_text ALTER COLUMN text SET COMPRESSION lz4;\n    ELSE\n        ALTER TABLE sources_text ALTER COLUMN text SET STORAGE EXTERNAL;\n    END IF;\nEND\n$$;\n",
            reverse_sql='',
        ),
    ]
