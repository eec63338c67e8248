import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsrooms', '0002_watch_events'),
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
        # Rows that are overwritten several times a second: no WAL, room for the next version on the same page.
        migrations.RunSQL(
            sql='ALTER TABLE newsrooms_bucket SET UNLOGGED; ALTER TABLE newsrooms_bucket SET (fillfactor = 50)',
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name='KeyUse',
            fields=[
                ('api_key', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='use', serialize=False, to='newsrooms.apikey')),
                ('last_used_at', models.DateTimeField()),
            ],
        ),
        migrations.AlterField(
            model_name='newsroom',
            name='requests_per_minute',
            field=models.PositiveIntegerField(help_text='With all of its keys together. As many may come at once; then one at a time as the minute goes on.', validators=[django.core.validators.MinValueValidator(1)]),
        ),
        migrations.AlterField(
            model_name='newsroomevent',
            name='requests_per_minute',
            field=models.PositiveIntegerField(help_text='With all of its keys together. As many may come at once; then one at a time as the minute goes on.', validators=[django.core.validators.MinValueValidator(1)]),
        ),
        migrations.CreateModel(
            name='StoredAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idempotency_key', models.CharField(db_collation='C', max_length=255)),
                ('request_sha256', models.CharField(db_collation='C', max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('headers', models.JSONField()),
                ('body', models.BinaryField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('api_key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='newsrooms.apikey')),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='stored_answer_age')],
                'constraints': [models.UniqueConstraint(fields=('api_key', 'idempotency_key'), name='stored_answer_once')],
            },
        ),
    ]
