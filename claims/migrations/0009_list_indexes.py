"""An index for lists in a language that hardly any claim has: without it PostgreSQL reads every current version.

Built beside writes, so in no transaction.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("claims", "0008_fill_reading"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="claimversion",
            index=models.Index(
                condition=models.Q(("sequence_to__isnull", True)),
                fields=["audience", "language", "-sequence_from"],
                name="claim_version_language",
            ),
        ),
    ]
