"""Rebuild the two indexes by which a claim has one current version, with the verdicts in them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0031_reminders_write_nothing"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="claimversion",
            name="claim_version_one_newsrooms",
        ),
        migrations.RemoveConstraint(
            model_name="claimversion",
            name="claim_version_one_public",
        ),
        migrations.AddConstraint(
            model_name="claimversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sequence_to__isnull", True), models.Q(("audience", "public"), _negated=True)),
                fields=("claim",),
                include=("all_verdicts",),
                name="claim_version_one_newsrooms",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sequence_to__isnull", True), models.Q(("audience", "newsrooms"), _negated=True)),
                fields=("claim",),
                include=("all_verdicts",),
                name="claim_version_one_public",
            ),
        ),
    ]
