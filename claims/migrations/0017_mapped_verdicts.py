import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0016_import_conflicts")]

    operations = [
        migrations.AddField(
            model_name="claimversion",
            name="all_verdicts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10),
                db_default=[],
                default=list,
                help_text="Verdicts of its ratings, and those that shipped scales map labels of other publishers to.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="claimversion",
            name="verdict_mapped",
            field=models.JSONField(
                help_text="By the id of a review what its label is mapped to: verdict, scale, version.", null=True
            ),
        ),
        migrations.AddField(
            model_name="claimversion",
            name="scales_version",
            field=models.SmallIntegerField(
                db_default=0, default=0, help_text="The version of the shipped scales by which it was mapped."
            ),
        ),
        migrations.AddField(
            model_name="indexstate",
            name="desk_labels_event",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="The last audit row of a step of a scale that the index has heeded."
            ),
        ),
    ]
