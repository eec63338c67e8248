from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('part', models.CharField(db_collation='C', max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='last sign of life')),
            ],
            options={
                'verbose_name': 'service status',
                'verbose_name_plural': 'service status',
            },
        ),
    ]
