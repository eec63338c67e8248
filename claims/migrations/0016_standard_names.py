"""Rename `Mention`, `parts` and `steps` in the models alone: tables, columns, indexes and triggers keep their names."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


_INDEX = django.contrib.postgres.indexes.GinIndex(
    condition=models.Q(('sequence_to__isnull', True)),
    fields=['contained_ids', 'organisations'],
    name='claim_version_parts',
)


def _array(length, **options):
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(db_collation='C', max_length=length),
        db_default=[],
        default=list,
        size=None,
        **options,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0015_one_version_for_everyone'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name='claimversion', name='claim_version_parts'),
                migrations.AlterField(
                    model_name='claimversion', name='parts', field=_array(24, db_column='parts')
                ),
                migrations.RenameField(model_name='claimversion', old_name='parts', new_name='contained_ids'),
                migrations.AlterField(
                    model_name='claimversion', name='steps', field=_array(30, db_column='steps')
                ),
                migrations.RenameField(model_name='claimversion', old_name='steps', new_name='rating_steps'),
                migrations.AddIndex(model_name='claimversion', index=_INDEX),
                migrations.AlterModelTable(name='mention', table='claims_mention'),
            ],
        ),
        # Not within the other: its content type is renamed with it. The table has its name already.
        migrations.RenameModel(old_name='Mention', new_name='FacetCount'),
    ]
