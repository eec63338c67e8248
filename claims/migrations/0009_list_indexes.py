"""Indexes for lists that few claims answer: what changed since a moment ago, and a language that hardly any claim has.

Without them PostgreSQL reads every current version. Built beside writes, so in no transaction.
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
                fields=["audience", "changed_at"],
                name="claim_version_changed",
            ),
        ),
        AddIndexConcurrently(
            model_name="claimversion",
            index=models.Index(
                condition=models.Q(("sequence_to__isnull", True)),
                fields=["audience", "language", "-sequence_from"],
                name="claim_version_language",
            ),
        ),
    ]
