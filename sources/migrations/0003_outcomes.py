from django.db import migrations, models

OUTCOMES = [('ok', 'read'), ('unchanged', 'read, not changed'), ('gone', 'gone (404 or 410)'), ('blocked', 'blocked'), ('paywall', 'behind a paywall'), ('disallowed', 'disallowed by robots.txt'), ('soft_404', 'an error page served as if it were the page'), ('error', 'error'), ('too_large', 'too large'), ('unsupported', 'not a kind of file we read'), ('parse_limited', 'read only in part'), ('empty', 'no text found'), ('shrunk', 'far shorter than before')]


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0002_keeping'),
    ]

    operations = [
        migrations.AddField(
            model_name='polling',
            name='text_length',
            field=models.PositiveIntegerField(default=0, help_text='Characters of the text read last.'),
        ),
        migrations.AlterField(
            model_name='polling',
            name='last_outcome',
            field=models.CharField(blank=True, choices=OUTCOMES, max_length=20),
        ),
        migrations.AlterField(
            model_name='change',
            name='outcome',
            field=models.CharField(choices=OUTCOMES, help_text='Of the poll that saw it.', max_length=20),
        ),
    ]
