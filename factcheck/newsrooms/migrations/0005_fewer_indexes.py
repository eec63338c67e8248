from django.db import migrations

from sources.database.migration_indexes import DropForeignKeyIndexes, DropLikeIndexes


class Migration(migrations.Migration):

    dependencies = [
        ("newsrooms", "0004_webhooks"),
    ]

    operations = [
        DropLikeIndexes(),
        DropForeignKeyIndexes(
            {
                "apikeyevent": ["newsroom"],
                "webhookendpointevent": ["newsroom"],
                "webhooksecretevent": ["endpoint"],
            }
        ),
    ]
