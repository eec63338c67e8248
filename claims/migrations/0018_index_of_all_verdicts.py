from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made while others write

    dependencies = [("claims", "0017_mapped_verdicts")]

    operations = [
        AddIndexConcurrently(
            model_name="claimversion",
            index=GinIndex(
                condition=models.Q(("sequence_to__isnull", True)),
                fields=["all_verdicts"],
                name="claim_version_all_verdicts",
            ),
        ),
    ]
