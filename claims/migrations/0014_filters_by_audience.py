"""An index of what lists are filtered by for each audience. Built beside writes, so in no transaction."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

_FIELDS = ["verdicts", "ratings", "topics", "speakers", "sources", "pages", "hosts"]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("claims", "0013_count_mentions"),
    ]

    operations = [
        *(
            AddIndexConcurrently(
                model_name="claimversion",
                index=GinIndex(
                    condition=models.Q(("audience", audience), ("sequence_to__isnull", True)),
                    fields=_FIELDS,
                    name=f"claim_version_{audience}",
                ),
            )
            for audience in ("newsrooms", "public")
        ),
        RemoveIndexConcurrently(model_name="claimversion", name="claim_version_filters"),
    ]
