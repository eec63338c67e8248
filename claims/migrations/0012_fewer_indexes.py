import django.db.models.deletion
from django.db import migrations, models

from sources.database.migration_indexes import DropForeignKeyIndexes, DropLikeIndexes


class Migration(migrations.Migration):

    dependencies = [
        ("claims", "0011_imports"),
    ]

    operations = [
        DropLikeIndexes(),
        migrations.RunSQL(
            "ALTER TABLE claims_publicationbody SET (toast_tuple_target = 4064)",
            "ALTER TABLE claims_publicationbody RESET (toast_tuple_target)",
        ),
        DropForeignKeyIndexes(
            {
                "appearance": ["claim"],
                "appearanceevent": ["claim", "created_by", "statement"],
                "articleevent": ["organisation"],
                "claimevent": ["created_by", "merged_into", "repeats"],
                "claimtopicsevent": ["claim", "topic"],
                "documentevent": ["created_by"],
                "evidencecheck": ["evidence"],
                "evidenceevent": ["copied_from", "page", "snapshot", "version"],
                "markuppageevent": ["sender"],
                "proposalevent": ["decided_by", "document"],
                "publication": ["claim"],
                "ratingevent": ["scale"],
                "ratingscaleevent": ["organisation"],
                "recheckevent": ["resolved_by", "review", "seen_by"],
                "reviewevent": ["article", "claim", "organisation"],
                "reviewversion": ["review"],
                "reviewversionevent": ["approver", "author", "rating", "review"],
                "senderevent": ["user"],
                "statement": ["document"],
                "statementevent": ["document", "speaker"],
                "submissionevent": [
                    "claim", "document", "evidence", "markup_page", "review", "sender", "statement",
                ],
                "tipevent": ["document"],
            }
        ),
        migrations.AlterField(
            model_name="claimversion",
            name="claim",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claim_versions",
                to="claims.claim",
            ),
        ),
    ]
