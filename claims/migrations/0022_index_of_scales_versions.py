from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made while others write

    dependencies = [("claims", "0021_claims_that_meet")]

    operations = [
        AddIndexConcurrently(
            model_name="claimversion",
            index=models.Index(
                condition=models.Q(("sequence_to__isnull", True)),
                fields=["scales_version"],
                name="claim_version_scales",
            ),
        ),
    ]
