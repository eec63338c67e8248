from django.db import migrations

from sources.database.migration_indexes import DropForeignKeyIndexes, DropLikeIndexes


class Migration(migrations.Migration):

    dependencies = [
        ("sources", "0010_text_storage"),
    ]

    operations = [
        DropLikeIndexes(),
        DropForeignKeyIndexes(
            {
                "change": ["page"],
                "feedevent": ["page", "source"],
                "pageevent": ["source"],
                "snapshot": ["page"],
            }
        ),
    ]
