import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.lookups
import pghistory.utils
import pgtrigger.compiler
import sources.database.migration_indexes
import sources.database.migration_triggers
import sources.database.public_ids
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("sources", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("username", models.CharField(max_length=150)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("created", "account made"),
                            ("deleted", "account deleted"),
                            ("password", "password set"),
                            ("email", "e-mail address changed"),
                            ("username", "user name changed"),
                            ("activated", "account activated"),
                            ("deactivated", "account deactivated"),
                            ("staff", "let into the desk"),
                            ("no_staff", "no longer let into the desk"),
                            ("superuser", "made a superuser"),
                            ("no_superuser", "no longer a superuser"),
                            ("group", "added to a group"),
                            ("no_group", "taken out of a group"),
                            ("permission", "given a permission"),
                            ("no_permission", "permission taken away"),
                            ("guest", "invited to approve one version"),
                            ("group_permission", "a group of the account was given a permission"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "detail",
                    models.TextField(blank=True, help_text="The group, the permission, or the name or address before."),
                ),
                (
                    "maker",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "maker_name",
                    models.TextField(blank=True, help_text="As the audit has it; empty if it names nobody."),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "makes",
                    models.BooleanField(
                        help_text="Whoever did it is a maker of the account: it can do more, or is let in anew."
                    ),
                ),
                (
                    "may_approve",
                    models.BooleanField(help_text="Whether the account may approve reviews after the change."),
                ),
                ("exempt", models.BooleanField(help_text="Nothing was ever published at the time.")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "change of an account",
                "verbose_name_plural": "changes of accounts",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["account", "-at"], name="account_change_of")],
            },
        ),
        migrations.CreateModel(
            name="AccountChangeReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "change",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="claims.accountchange",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "reading of an account's change",
                "constraints": [models.UniqueConstraint(fields=("change", "reader"), name="account_change_read_once")],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("edits", "edits of published words"), ("appearances", "new appearances")],
                        max_length=11,
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Why, for colleagues. Readers do not see it.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "waits for a second person"),
                            ("approved", "approved and published"),
                            ("declined", "declined"),
                        ],
                        default="submitted",
                        max_length=9,
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                (
                    "submitted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-submitted_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("submitted_by__isnull", False)), name="amendment_by_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "submitted")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["approved", "declined"]),
                            ),
                            _connector="OR",
                        ),
                        name="amendment_decision_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("decided_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="amendment_two_persons",
                        violation_error_message="Whoever submitted these edits cannot approve them; ask a colleague.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AmendmentEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.amendment",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("edits", "edits of published words"), ("appearances", "new appearances")],
                        max_length=11,
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Why, for colleagues. Readers do not see it.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "waits for a second person"),
                            ("approved", "approved and published"),
                            ("declined", "declined"),
                        ],
                        default="submitted",
                        max_length=9,
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                (
                    "submitted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="doc", unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "article"),
                            ("speech", "speech"),
                            ("post", "post"),
                            ("transcript", "transcript"),
                            ("release", "press release"),
                            ("tip", "tip"),
                            ("other", "other"),
                        ],
                        default="article",
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=500)),
                ("text", models.TextField()),
                ("text_sha256", models.CharField(db_collation="C", editable=False, max_length=64)),
                ("url", models.URLField(blank=True, max_length=2000)),
                (
                    "canonical_url",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="The canonical form of the URL, by which the document is found.",
                        max_length=2000,
                    ),
                ),
                ("publisher", models.CharField(blank=True, max_length=300)),
                ("published_on", models.DateField(blank=True, null=True)),
                (
                    "language",
                    models.CharField(default="en", help_text="BCP 47, for example en or pt-BR.", max_length=35),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("canonical_url", ""), _negated=True),
                        fields=["canonical_url"],
                        name="document_address",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="document_text_given"),
                    models.UniqueConstraint(fields=("text_sha256", "url"), name="document_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.document",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="doc"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "article"),
                            ("speech", "speech"),
                            ("post", "post"),
                            ("transcript", "transcript"),
                            ("release", "press release"),
                            ("tip", "tip"),
                            ("other", "other"),
                        ],
                        default="article",
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=500)),
                ("text", models.TextField()),
                ("text_sha256", models.CharField(db_collation="C", editable=False, max_length=64)),
                ("url", models.URLField(blank=True, max_length=2000)),
                (
                    "canonical_url",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="The canonical form of the URL, by which the document is found.",
                        max_length=2000,
                    ),
                ),
                ("publisher", models.CharField(blank=True, max_length=300)),
                ("published_on", models.DateField(blank=True, null=True)),
                (
                    "language",
                    models.CharField(default="en", help_text="BCP 47, for example en or pt-BR.", max_length=35),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FacetCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("audience", models.CharField(max_length=10)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("speaker", "speaker"),
                            ("organisation", "organisation"),
                            ("topic", "topic"),
                            ("scale", "rating scale"),
                            ("step", "step of a rating scale"),
                            ("source", "source"),
                            ("page", "page of a source"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "name",
                    models.CharField(db_collation="C", help_text="Public id, slug, or scale and value.", max_length=80),
                ),
                ("bodies", models.PositiveIntegerField(help_text="Number of current bodies that name it.")),
                (
                    "newest",
                    models.BigIntegerField(
                        help_text="Sequence of the latest of them; empty when that one no longer names it.", null=True
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("audience", "kind", "name"), name="facet_count_unique"),
                    models.CheckConstraint(condition=models.Q(("bodies__gte", 0)), name="facet_count_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.TextField(help_text="A file or a URL.")),
                (
                    "fingerprint",
                    models.CharField(db_collation="C", help_text="Hash of the source at that time.", max_length=64),
                ),
                ("position", models.BigIntegerField(default=0, help_text="Records processed.")),
                ("cursor", models.TextField(blank=True, help_text="Cursor of the next page of an API.")),
                ("created", models.BigIntegerField(default=0)),
                ("updated", models.BigIntegerField(default=0)),
                ("unchanged", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("repaired", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("source", "fingerprint"),
                        name="import_one_unfinished",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.UUIDField(default=uuid.uuid4)),
                (
                    "position",
                    models.BigIntegerField(help_text="Id of the last claim that the rebuild has compared.", null=True),
                ),
                ("claims", models.BigIntegerField(default=0, help_text="Claims compared.")),
                ("rows", models.BigIntegerField(default=0, help_text="Rows replaced.")),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="index_state_is_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("approval_voided", "an approval was voided"),
                            ("sent_back", "a version was sent back"),
                            ("suggestion", "a change was suggested"),
                            ("question", "a colleague asks"),
                            ("suspension", "a review was suspended or resumed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("sentence", models.TextField()),
                (
                    "path",
                    models.CharField(
                        blank=True, help_text="Address on this site of what the notice is about.", max_length=500
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["recipient", "-created_at"],
                        name="notice_unread",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sentence", ""), _negated=True), name="notice_sentence_given"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("path__regex", "^(/([^/\\\\].*)?)?$")), name="notice_path_on_this_site"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.notice",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("approval_voided", "an approval was voided"),
                            ("sent_back", "a version was sent back"),
                            ("suggestion", "a change was suggested"),
                            ("question", "a colleague asks"),
                            ("suspension", "a review was suspended or resumed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("sentence", models.TextField()),
                (
                    "path",
                    models.CharField(
                        blank=True, help_text="Address on this site of what the notice is about.", max_length=500
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="org", unique=True
                    ),
                ),
                ("name", models.CharField(max_length=300, unique=True)),
                ("site", models.URLField(blank=True, max_length=2000)),
                (
                    "licence",
                    models.URLField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="URL of the licence under which others may reuse its reviews.",
                        max_length=2000,
                    ),
                ),
                ("is_ours", models.BooleanField(default=False)),
                (
                    "checklist",
                    models.TextField(blank=True, help_text="What must be done before approval, one item a line."),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="organisation_name_given"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="art", unique=True
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="articles", to="claims.organisation"
                    ),
                ),
                (
                    "url",
                    models.URLField(help_text="The canonical URL, often in your CMS.", max_length=2000, unique=True),
                ),
                ("title", models.CharField(max_length=500)),
                ("language", models.CharField(default="en", max_length=35)),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="ArticleEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.article",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="art"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.organisation",
                    ),
                ),
                ("url", models.URLField(help_text="The canonical URL, often in your CMS.", max_length=2000)),
                ("title", models.CharField(max_length=500)),
                ("language", models.CharField(default="en", max_length=35)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OrganisationEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.organisation",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="org"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("site", models.URLField(blank=True, max_length=2000)),
                (
                    "licence",
                    models.URLField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="URL of the licence under which others may reuse its reviews.",
                        max_length=2000,
                    ),
                ),
                ("is_ours", models.BooleanField(default=False)),
                (
                    "checklist",
                    models.TextField(blank=True, help_text="What must be done before approval, one item a line."),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="prp", unique=True
                    ),
                ),
                ("url", models.URLField(help_text="The canonical URL of the page.", max_length=2000)),
                ("title", models.CharField(blank=True, help_text="The title in the feed.", max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("accepted", "accepted"), ("dismissed", "dismissed")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="claims.document",
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "proposed")), fields=["-id"], name="proposal_waiting")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("url",), name="proposal_url_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document__isnull", False), ("state", "accepted")),
                            models.Q(("document__isnull", True), ("state__in", ["proposed", "dismissed"])),
                            _connector="OR",
                        ),
                        name="proposal_accepted_with_its_document",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "proposed")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["accepted", "dismissed"]),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_by_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="sources.feeditem",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="claims.proposal",
                    ),
                ),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "processed feed item",
            },
        ),
        migrations.CreateModel(
            name="ProposalEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.proposal",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="prp"
                    ),
                ),
                ("url", models.URLField(help_text="The canonical URL of the page.", max_length=2000)),
                ("title", models.CharField(blank=True, help_text="The title in the feed.", max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("accepted", "accepted"), ("dismissed", "dismissed")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.document",
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RatingScale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="scl", unique=True
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scales", to="claims.organisation"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["organisation", "name"],
                "constraints": [models.UniqueConstraint(fields=("organisation", "name"), name="rating_scale_unique")],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="claims.ratingscale"
                    ),
                ),
                ("label", models.CharField(help_text="As readers see it, for example Mostly false.", max_length=100)),
                ("value", models.SmallIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[("true", "true"), ("false", "false"), ("mixed", "mixed"), ("unproven", "unproven")],
                        max_length=10,
                    ),
                ),
                (
                    "retired_at",
                    models.DateTimeField(
                        editable=False, help_text="Since when no review can be rated by it.", null=True
                    ),
                ),
            ],
            options={
                "ordering": ["scale", "value"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("scale", "label"),
                        name="rating_label_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("scale", "value"),
                        name="rating_value_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["true", "false", "mixed", "unproven"])),
                        name="rating_verdict",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.rating",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "scale",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.ratingscale",
                    ),
                ),
                ("label", models.CharField(help_text="As readers see it, for example Mostly false.", max_length=100)),
                ("value", models.SmallIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[("true", "true"), ("false", "false"), ("mixed", "mixed"), ("unproven", "unproven")],
                        max_length=10,
                    ),
                ),
                (
                    "retired_at",
                    models.DateTimeField(
                        editable=False, help_text="Since when no review can be rated by it.", null=True
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RatingScaleEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.ratingscale",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="scl"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.organisation",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Sender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "newsroom",
                    models.CharField(
                        db_collation="C", editable=False, help_text="Id of the newsroom.", max_length=24, unique=True
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=200)),
                (
                    "user",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sender",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "verbose_name": "sending newsroom",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="MarkupPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="mkp", unique=True
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="markup_pages",
                        to="claims.sender",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        db_collation="C", editable=False, help_text="Prefix of the API key.", max_length=12
                    ),
                ),
                ("page_url", models.CharField(editable=False, max_length=2000)),
                ("host", models.CharField(editable=False, max_length=253)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("as_sent", models.JSONField(default=dict, editable=False)),
                ("sent_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                "verbose_name": "fact-check page",
                "ordering": ["-sent_at", "-id"],
                "constraints": [models.UniqueConstraint(fields=("key", "page_url"), name="markup_page_unique")],
            },
        ),
        migrations.CreateModel(
            name="MarkupPageEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.markuppage",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="mkp"
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.sender",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        db_collation="C", editable=False, help_text="Prefix of the API key.", max_length=12
                    ),
                ),
                ("page_url", models.CharField(editable=False, max_length=2000)),
                ("host", models.CharField(editable=False, max_length=253)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("as_sent", models.JSONField(default=dict, editable=False)),
                ("sent_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SenderEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.sender",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "newsroom",
                    models.CharField(db_collation="C", editable=False, help_text="Id of the newsroom.", max_length=24),
                ),
                ("name", models.CharField(editable=False, max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Speaker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="spk", unique=True
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "person"), ("organisation", "organisation"), ("unknown", "not known")],
                        default="unknown",
                        max_length=12,
                    ),
                ),
                ("role", models.CharField(blank=True, help_text="For example: Chief Justice.", max_length=300)),
                ("wikidata_id", models.CharField(blank=True, help_text="For example Q42.", max_length=20)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), blank=True, default=list, size=None
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "ordering": ["name"],
                "indexes": [models.Index(fields=["name"], name="speaker_name")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="speaker_name_given"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("wikidata_id", ""), ("wikidata_id__regex", "^Q[1-9][0-9]*$"), _connector="OR"
                        ),
                        name="speaker_wikidata_id",
                        violation_error_message="A Wikidata id is Q and digits, for example Q42.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("wikidata_id", ""), _negated=True),
                        fields=("wikidata_id",),
                        name="speaker_wikidata_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpeakerEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.speaker",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="spk"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "person"), ("organisation", "organisation"), ("unknown", "not known")],
                        default="unknown",
                        max_length=12,
                    ),
                ),
                ("role", models.CharField(blank=True, help_text="For example: Chief Justice.", max_length=300)),
                ("wikidata_id", models.CharField(blank=True, help_text="For example Q42.", max_length=20)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), blank=True, default=list, size=None
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="stm", unique=True
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="claims.document",
                    ),
                ),
                ("text", models.TextField()),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("content", models.JSONField(blank=True, default=list)),
                (
                    "speaker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="claims.speaker",
                    ),
                ),
                ("speaker_as_written", models.CharField(blank=True, max_length=300)),
                (
                    "cue",
                    models.CharField(
                        blank=True, help_text="The reporting verb, for example said or told.", max_length=100
                    ),
                ),
                ("quoted", models.BooleanField(default=False, help_text="A direct quote; otherwise a paraphrase.")),
                ("figures", models.JSONField(blank=True, default=list)),
                ("checkworthy", models.BooleanField(default=False)),
                (
                    "checkworthy_reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), blank=True, default=list, size=None
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "ordering": ["document", "start"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("end__gt", models.F("start"))), name="statement_span"),
                    models.UniqueConstraint(fields=("document", "start", "end"), name="statement_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.statement",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="stm"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.document",
                    ),
                ),
                ("text", models.TextField()),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("content", models.JSONField(blank=True, default=list)),
                (
                    "speaker",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.speaker",
                    ),
                ),
                ("speaker_as_written", models.CharField(blank=True, max_length=300)),
                (
                    "cue",
                    models.CharField(
                        blank=True, help_text="The reporting verb, for example said or told.", max_length=100
                    ),
                ),
                ("quoted", models.BooleanField(default=False, help_text="A direct quote; otherwise a paraphrase.")),
                ("figures", models.JSONField(blank=True, default=list)),
                ("checkworthy", models.BooleanField(default=False)),
                (
                    "checkworthy_reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), blank=True, default=list, size=None
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="sweep",
                        serialize=False,
                        to="sources.change",
                    ),
                ),
                ("swept_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("checks", models.PositiveIntegerField(help_text="Number of quotes checked.")),
            ],
            options={
                "verbose_name": "processed change",
            },
        ),
        migrations.CreateModel(
            name="Tip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="tip", unique=True
                    ),
                ),
                ("text", models.TextField()),
                ("url", models.URLField(blank=True, max_length=2000)),
                ("language", models.CharField(blank=True, max_length=35)),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "new"), ("taken", "taken up"), ("set_aside", "set aside")],
                        default="new",
                        max_length=10,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tips",
                        to="claims.document",
                    ),
                ),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "ordering": ["-received_at", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="tip_text_given")
                ],
            },
        ),
        migrations.CreateModel(
            name="TipContact",
            fields=[
                (
                    "tip",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="contact",
                        serialize=False,
                        to="claims.tip",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("delete_after", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="TipEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.tip",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="tip"
                    ),
                ),
                ("text", models.TextField()),
                ("url", models.URLField(blank=True, max_length=2000)),
                ("language", models.CharField(blank=True, max_length=35)),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "new"), ("taken", "taken up"), ("set_aside", "set aside")],
                        default="new",
                        max_length=10,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.document",
                    ),
                ),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="topic_name_given")
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.topic",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="clm", unique=True
                    ),
                ),
                ("text", models.TextField()),
                (
                    "language",
                    models.CharField(default="en", help_text="BCP 47, for example en or pt-BR.", max_length=35),
                ),
                (
                    "period_start",
                    models.DateField(blank=True, help_text="First day of the period it is about.", null=True),
                ),
                ("period_end", models.DateField(blank=True, help_text="Last day of that period.", null=True)),
                ("place", models.CharField(blank=True, max_length=300)),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated_by",
                        to="claims.claim",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="claims.claim",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("topics", models.ManyToManyField(blank=True, related_name="claims", to="claims.topic")),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="claim_text_given"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period_start__isnull", True),
                            ("period_end__isnull", True),
                            ("period_end__gte", models.F("period_start")),
                            _connector="OR",
                        ),
                        name="claim_period",
                        violation_error_message="The period ends before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="claim_not_merged_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("repeats", models.F("id")), _negated=True),
                        name="claim_not_repeating_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appearances",
                        to="claims.claim",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appearances", to="claims.statement"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("claim", "statement"), name="appearance_unique")],
            },
        ),
        migrations.CreateModel(
            name="AppearanceEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.appearance",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.statement",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("pgh_label", "insert"), _negated=True),
                        fields=["claim"],
                        name="appearance_event_unlinked",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.claim",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="clm"
                    ),
                ),
                ("text", models.TextField()),
                (
                    "language",
                    models.CharField(default="en", help_text="BCP 47, for example en or pt-BR.", max_length=35),
                ),
                (
                    "period_start",
                    models.DateField(blank=True, help_text="First day of the period it is about.", null=True),
                ),
                ("period_end", models.DateField(blank=True, help_text="Last day of that period.", null=True)),
                ("place", models.CharField(blank=True, max_length=300)),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.claim",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClaimTopicsEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.topic",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["claim"], name="claim_topics_event_claim")],
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="restriction", to="claims.claim"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("members", models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "restricted claim",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RestrictionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.restriction",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RestrictionMembersEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "restriction",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.restriction",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="rev", unique=True
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="claims.claim"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="claims.organisation"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="claims.article",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("own", "our own"), ("imported", "imported")],
                        default="own",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "suspended_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="Since when it is under review; set by the rows of `Suspension`.",
                        null=True,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suspended_at__isnull", True),
                            models.Q(("origin", "own"), ("withdrawn_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="review_suspended_is_ours",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedRecord",
            fields=[
                ("key", models.CharField(db_collation="C", max_length=32, primary_key=True, serialize=False)),
                ("digest", models.CharField(db_collation="C", max_length=32)),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imported", to="claims.review"
                    ),
                ),
                (
                    "modified_at",
                    models.DateTimeField(help_text="When the publisher last changed it, if known.", null=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="pub", unique=True
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("published", "published"),
                            ("updated", "updated"),
                            ("clarified", "clarified"),
                            ("corrected", "corrected"),
                            ("recheck_raised", "re-check raised"),
                            ("recheck_confirmed", "re-check confirmed"),
                            ("recheck_dismissed", "re-check dismissed"),
                            ("reconfirmed", "re-confirmed"),
                            ("watch_lost", "page can no longer be looked at"),
                            ("watch_resumed", "page can be looked at again"),
                            ("suspended", "put under review"),
                            ("resumed", "no longer under review"),
                            ("merged", "merged"),
                            ("unmerged", "unmerged"),
                            ("withdrawn", "withdrawn"),
                            ("redacted", "redacted"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "audience",
                    models.CharField(choices=[("newsrooms", "newsrooms"), ("public", "public")], max_length=10),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="claims.claim",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="claims.review",
                    ),
                ),
                ("version", models.PositiveIntegerField(help_text="Version of the claim; 1 for its first event.")),
                ("commitment", models.CharField(db_collation="C", help_text="sha256 of salt and body.", max_length=64)),
                ("line_sha256", models.CharField(blank=True, db_collation="C", max_length=64)),
                ("hash", models.CharField(blank=True, db_collation="C", max_length=64)),
            ],
            options={
                "verbose_name": "log entry",
                "verbose_name_plural": "log entries",
                "ordering": ["sequence"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("event", "redacted")), fields=["sequence"], name="publication_redacted"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("claim", "version"), name="publication_version_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["newsrooms", "public"])), name="publication_audience"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("event__regex", "^[a-z_]+$"),
                            ("public_id__regex", "^pub_[0-9a-z]{16}$"),
                            ("commitment__regex", "^[0-9a-f]{64}$"),
                        ),
                        name="publication_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AmendmentItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "amendment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="claims.amendment",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="claims.claim"
                    ),
                ),
                (
                    "words",
                    models.JSONField(
                        help_text="The words of people that are approved (claims/publication/amended.py)."
                    ),
                ),
                ("sha256", models.CharField(db_collation="C", max_length=64)),
                (
                    "publication",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.publication",
                    ),
                ),
            ],
            options={
                "ordering": ["amendment", "claim"],
                "constraints": [
                    models.UniqueConstraint(fields=("amendment", "claim"), name="amendment_item_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="amendment_item_sha256"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AmendmentItemEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.amendmentitem",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "amendment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.amendment",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "words",
                    models.JSONField(
                        help_text="The words of people that are approved (claims/publication/amended.py)."
                    ),
                ),
                ("sha256", models.CharField(db_collation="C", max_length=64)),
                (
                    "publication",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.publication",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClaimVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claim_versions",
                        to="claims.claim",
                    ),
                ),
                ("claim_public_id", models.CharField(db_collation="C", max_length=24)),
                (
                    "audience",
                    models.CharField(
                        choices=[("newsrooms", "newsrooms"), ("public", "public"), ("everyone", "everyone")],
                        max_length=10,
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.publication"
                    ),
                ),
                ("sequence_from", models.BigIntegerField()),
                ("sequence_to", models.BigIntegerField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("first_published_at", models.DateTimeField()),
                (
                    "verification",
                    models.CharField(
                        choices=[
                            ("unchecked", "unchecked"),
                            ("being_checked", "being checked"),
                            ("checked", "checked"),
                            ("needs_recheck", "needs re-check"),
                            ("suspended", "under review"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=14,
                    ),
                ),
                ("language", models.CharField(max_length=35)),
                (
                    "verdicts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), default=list, size=None
                    ),
                ),
                (
                    "ratings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), default=list, size=None
                    ),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                (
                    "speakers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), default=list, size=None
                    ),
                ),
                (
                    "organisations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), default=list, size=None
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), default=list, size=None
                    ),
                ),
                (
                    "pages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), default=list, size=None
                    ),
                ),
                (
                    "hosts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253), default=list, size=None
                    ),
                ),
                (
                    "rating_steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(db_collation="C", max_length=30),
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "contained_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(db_collation="C", max_length=24),
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "sites",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253), db_default=[], default=list, size=None
                    ),
                ),
                ("newest_on", models.DateField(null=True)),
                ("search", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "published claim",
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("sequence_to__isnull", True), models.Q(("audience", "public"), _negated=True)
                        ),
                        fields=["-sequence_from"],
                        name="claim_version_list_newsrooms",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("sequence_to__isnull", True), models.Q(("audience", "public"), _negated=True)
                        ),
                        fields=["verification", "-sequence_from"],
                        name="claim_version_verif_newsrooms",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("sequence_to__isnull", True), models.Q(("audience", "public"), _negated=True)
                        ),
                        fields=["language", "-sequence_from"],
                        name="claim_version_lang_newsrooms",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("sequence_to__isnull", True), models.Q(("audience", "newsrooms"), _negated=True)
                        ),
                        fields=["-sequence_from"],
                        name="claim_version_list_public",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("sequence_to__isnull", True), models.Q(("audience", "newsrooms"), _negated=True)
                        ),
                        fields=["verification", "-sequence_from"],
                        name="claim_version_verif_public",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("sequence_to__isnull", True), models.Q(("audience", "newsrooms"), _negated=True)
                        ),
                        fields=["language", "-sequence_from"],
                        name="claim_version_lang_public",
                    ),
                    models.Index(
                        condition=models.Q(("sequence_to__isnull", True)),
                        fields=["changed_at"],
                        name="claim_version_changed",
                    ),
                    models.Index(fields=["claim_public_id"], name="claim_version_by_id"),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("sequence_to__isnull", True)),
                        fields=["verdicts", "ratings", "topics", "speakers", "sources", "pages", "hosts"],
                        name="claim_version_filters",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("sequence_to__isnull", True)),
                        fields=["contained_ids", "organisations"],
                        name="claim_version_contained",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("sequence_to__isnull", True)), fields=["sites"], name="claim_version_sites"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("sequence_to__isnull", True)),
                        fields=["search"],
                        name="claim_version_search",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("sequence_to__isnull", True), models.Q(("audience", "public"), _negated=True)
                        ),
                        fields=("claim",),
                        name="claim_version_one_newsrooms",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("sequence_to__isnull", True), models.Q(("audience", "newsrooms"), _negated=True)
                        ),
                        fields=("claim",),
                        name="claim_version_one_public",
                    ),
                    models.UniqueConstraint(fields=("claim", "sequence_from", "audience"), name="claim_version_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["newsrooms", "public", "everyone"])),
                        name="claim_version_audience",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sequence_to__isnull", True),
                            ("sequence_to__gt", models.F("sequence_from")),
                            _connector="OR",
                        ),
                        name="claim_version_span",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicationBody",
            fields=[
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="body",
                        serialize=False,
                        to="claims.publication",
                    ),
                ),
                ("json", models.BinaryField(help_text="UTF-8 JSON of the claim after this event.")),
                ("salt", models.BinaryField(help_text="32 random bytes: the commitment is sha256 of salt and body.")),
                (
                    "words_salt",
                    models.BinaryField(help_text="Salt of the hash of the words; the same for all bodies of a claim."),
                ),
                (
                    "words_sha256",
                    models.BinaryField(
                        help_text="Salted hash of what stays as long as nobody publishes other words (claims/publication/words.py)."
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(models.F("salt"), function="octet_length", output_field=models.IntegerField()),
                            32,
                        ),
                        name="publication_body_salt",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="rck", unique=True
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rechecks", to="claims.review"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "raised"),
                            ("confirmed", "confirmed"),
                            ("dismissed", "dismissed"),
                            ("reconfirmed", "still stands"),
                            ("updated", "updated"),
                            ("corrected", "corrected"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="raised",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("raised_at", models.DateTimeField(editable=False)),
                (
                    "seen_at",
                    models.DateTimeField(editable=False, help_text="When an editor first acted on it.", null=True),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                ("resolved_at", models.DateTimeField(editable=False, null=True)),
                (
                    "resolved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "note",
                    models.TextField(blank=True, help_text="Why it was dismissed, or why the verdict still stands."),
                ),
            ],
            options={
                "verbose_name": "re-check",
                "ordering": ["-raised_at", "-id"],
                "permissions": [("decide_recheck", "Can confirm, dismiss and resolve re-checks")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["raised", "confirmed"])),
                        fields=("review",),
                        name="recheck_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", True), ("state__in", ["raised", "confirmed"])),
                            models.Q(
                                ("resolved_at__isnull", False),
                                ("resolved_by__isnull", False),
                                ("state__in", ["dismissed", "reconfirmed", "updated", "corrected", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="recheck_resolved_by_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecheckEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.recheck",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="rck"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.review",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "raised"),
                            ("confirmed", "confirmed"),
                            ("dismissed", "dismissed"),
                            ("reconfirmed", "still stands"),
                            ("updated", "updated"),
                            ("corrected", "corrected"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="raised",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("raised_at", models.DateTimeField(editable=False)),
                (
                    "seen_at",
                    models.DateTimeField(editable=False, help_text="When an editor first acted on it.", null=True),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                ("resolved_at", models.DateTimeField(editable=False, null=True)),
                (
                    "resolved_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "note",
                    models.TextField(blank=True, help_text="Why it was dismissed, or why the verdict still stands."),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReviewEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.review",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="rev"
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.organisation",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.article",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("own", "our own"), ("imported", "imported")],
                        default="own",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "suspended_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="Since when it is under review; set by the rows of `Suspension`.",
                        null=True,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReviewVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="claims.review",
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("approved", "approved"),
                            ("published", "published"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("original", "first publication"),
                            ("update", "update: the facts changed; it was right on its date"),
                            ("clarification", "clarification"),
                            ("correction", "correction"),
                            ("withdrawal", "withdrawal"),
                        ],
                        default="original",
                        max_length=14,
                    ),
                ),
                (
                    "correction_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rating", "the rating was wrong"),
                            ("substantive", "a fact was wrong"),
                            ("typo", "a typing error"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.rating",
                    ),
                ),
                (
                    "rating_as_given",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="The imported rating as its publisher wrote it.",
                        max_length=300,
                    ),
                ),
                (
                    "rating_numbers",
                    models.JSONField(
                        editable=False,
                        help_text="Value, worst and best of the imported rating, in that order.",
                        null=True,
                    ),
                ),
                ("summary", models.TextField(blank=True, help_text="The finding in a sentence or two, for readers.")),
                ("body", models.TextField(blank=True, help_text="How it was checked.")),
                (
                    "true_as_of",
                    models.DateField(blank=True, help_text="The day for which the finding holds.", null=True),
                ),
                ("public_note", models.TextField(blank=True, help_text="What changed and why. Readers see it.")),
                ("embargo_until", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        help_text="Empty for an imported review.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                (
                    "approved_sha256",
                    models.CharField(
                        blank=True, editable=False, help_text="Hash of the words that were approved.", max_length=64
                    ),
                ),
                (
                    "approved_words",
                    models.JSONField(
                        editable=False,
                        help_text="The words that were approved, of the claim and of this review.",
                        null=True,
                    ),
                ),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "ordering": ["review", "number"],
                "permissions": [
                    ("approve_review", "Can approve reviews that others wrote"),
                    ("publish_review", "Can publish approved reviews"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "number"), name="review_version_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published"), _negated=True),
                        fields=("review",),
                        name="review_one_open_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "in_review", "approved", "published"])),
                        name="review_version_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approver__isnull", True), ("state__in", ["draft", "in_review"])),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_sha256__regex", "^[0-9a-f]{64}$"),
                                ("approved_words__isnull", False),
                                ("approver__isnull", False),
                                ("state__in", ["approved", "published"]),
                            ),
                            models.Q(("author__isnull", True), ("state", "published")),
                            _connector="OR",
                        ),
                        name="review_approval_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("author__isnull", False),
                            models.Q(("approver__isnull", True), ("state", "published")),
                            _connector="OR",
                        ),
                        name="review_author_given",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="review_published_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("kind", "original"),
                            models.Q(("public_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="review_note_given",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "correction"), _negated=True),
                            models.Q(("correction_kind", ""), _negated=True),
                            models.Q(("state", "published"), _negated=True),
                            ("author__isnull", True),
                            _connector="OR",
                        ),
                        name="review_correction_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="evd", unique=True
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="claims.reviewversion"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("page_quote", "quote of a page"),
                            ("file", "file"),
                            ("dataset", "dataset value"),
                            ("interview", "interview or letter"),
                            ("broadcast", "broadcast"),
                            ("analysis", "our own analysis"),
                        ],
                        default="page_quote",
                        max_length=12,
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("supports", "supports the claim"),
                            ("refutes", "refutes the claim"),
                            ("context", "gives context"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("described", "described only, for example “a hospital doctor”"),
                            ("confidential", "confidential: never published"),
                        ],
                        default="public",
                        max_length=12,
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="What it shows. Readers see it while the evidence is public."
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True, help_text="What readers see in place of a source that is not named.", max_length=300
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.page",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.snapshot",
                    ),
                ),
                ("exact", models.TextField(blank=True)),
                ("prefix", models.CharField(blank=True, max_length=200)),
                ("suffix", models.CharField(blank=True, max_length=200)),
                ("file_name", models.CharField(blank=True, max_length=300)),
                ("file_sha256", models.CharField(blank=True, db_collation="C", max_length=64)),
                ("dataset", models.CharField(blank=True, help_text="Name and publisher of the data.", max_length=500)),
                ("release", models.CharField(blank=True, max_length=200)),
                ("cell", models.CharField(blank=True, help_text="Table, row and column.", max_length=300)),
                ("value", models.CharField(blank=True, max_length=200)),
                ("unit", models.CharField(blank=True, max_length=100)),
                ("who", models.CharField(blank=True, max_length=300)),
                ("happened_at", models.DateTimeField(blank=True, null=True, verbose_name="when")),
                (
                    "how",
                    models.CharField(blank=True, help_text="Telephone, letter, e-mail, in person.", max_length=200),
                ),
                ("programme", models.CharField(blank=True, max_length=300)),
                ("timecode", models.CharField(blank=True, help_text="hh:mm:ss", max_length=20)),
                (
                    "kept_because",
                    models.TextField(
                        blank=True,
                        help_text="Why the review keeps a quote that its page no longer has. Readers see it.",
                        verbose_name="kept because",
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.evidence",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["version", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "page_quote"), _negated=True),
                            models.Q(
                                ("page__isnull", False),
                                ("snapshot__isnull", False),
                                models.Q(("exact", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_quote_complete",
                        violation_error_message="A quote of a page needs the page and the quoted words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "page_quote"),
                            models.Q(("exact", ""), ("page__isnull", True), ("snapshot__isnull", True)),
                            _connector="OR",
                        ),
                        name="evidence_only_quotes_have_pages",
                        violation_error_message="Only a quote of a page names a page.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "page_quote"), ("kept_because", ""), _connector="OR"),
                        name="evidence_only_quotes_are_kept",
                        violation_error_message="Only a quote of a page can be kept although it broke.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "file"), _negated=True),
                            ("file_sha256__regex", "^[0-9a-f]{64}$"),
                            _connector="OR",
                        ),
                        name="evidence_file_complete",
                        violation_error_message="A file needs its sha256: 64 hexadecimal digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "dataset"), _negated=True),
                            models.Q(
                                models.Q(("dataset", ""), _negated=True),
                                models.Q(("cell", ""), _negated=True),
                                models.Q(("value", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_dataset_complete",
                        violation_error_message="A dataset value needs the dataset, the cell and the value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "interview"), _negated=True),
                            models.Q(
                                models.Q(("who", ""), _negated=True),
                                ("happened_at__isnull", False),
                                models.Q(("how", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_interview_complete",
                        violation_error_message="An interview or letter needs who, when and how.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "broadcast"), _negated=True),
                            models.Q(
                                models.Q(("programme", ""), _negated=True),
                                ("timecode__regex", "^\\d{1,2}:\\d{2}:\\d{2}$"),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_broadcast_complete",
                        violation_error_message="A broadcast needs the programme and a time code such as 00:12:30.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "analysis"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="evidence_analysis_complete",
                        violation_error_message="Say in the note what the analysis found.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("visibility", "described"), _negated=True),
                            models.Q(("description", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="evidence_description_given",
                        violation_error_message="Say the public words for this source, for example “a hospital doctor”.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Anchoring",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="anchorings", to="claims.evidence"
                    ),
                ),
                (
                    "recheck",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="anchorings", to="claims.recheck"
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sources.snapshot"
                    ),
                ),
                ("exact", models.TextField()),
                ("prefix", models.CharField(blank=True, max_length=200)),
                ("suffix", models.CharField(blank=True, max_length=200)),
                ("why", models.TextField(help_text="Why the verdict still stands.")),
                ("anchored_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "anchored_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("exact", ""), _negated=True), models.Q(("why", ""), _negated=True)
                        ),
                        name="anchoring_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("anchored_by__isnull", False)), name="anchoring_by_a_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evidence",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="claims.evidence",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("change", "the page changed"),
                            ("published", "the review was published"),
                            ("anchored", "an editor accepted other words"),
                            ("kept", "the page changed; broken as the review keeps it"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sources.change"
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sources.snapshot"
                    ),
                ),
                (
                    "recheck",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="claims.recheck",
                    ),
                ),
                (
                    "anchoring",
                    models.ForeignKey(
                        help_text="Whose words were looked for; empty for the quote's own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.anchoring",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("intact", "intact"),
                            ("moved", "moved within the page"),
                            ("altered", "altered"),
                            ("gone", "no longer found"),
                            ("unverifiable", "page could not be read"),
                        ],
                        max_length=12,
                    ),
                ),
                ("found", models.TextField(blank=True, help_text="The sentence on the page now, if altered.")),
                (
                    "surroundings",
                    models.TextField(
                        blank=True, help_text="The sentence found, with some 200 characters on either side."
                    ),
                ),
                ("diff", models.JSONField(default=list, help_text="Word diff: [operation, words] with =, - or +.")),
                ("kinds", models.JSONField(default=list, help_text="What changed: number, negation, name, date.")),
                ("checked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["evidence", "-id"], name="evidence_check_latest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("change__isnull", False)),
                        fields=("evidence", "change"),
                        name="evidence_check_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("result", "unverifiable"), ("snapshot__isnull", False), _connector="OR"),
                        name="evidence_check_looked_at_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.evidence",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="evd"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.reviewversion",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("page_quote", "quote of a page"),
                            ("file", "file"),
                            ("dataset", "dataset value"),
                            ("interview", "interview or letter"),
                            ("broadcast", "broadcast"),
                            ("analysis", "our own analysis"),
                        ],
                        default="page_quote",
                        max_length=12,
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("supports", "supports the claim"),
                            ("refutes", "refutes the claim"),
                            ("context", "gives context"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("described", "described only, for example “a hospital doctor”"),
                            ("confidential", "confidential: never published"),
                        ],
                        default="public",
                        max_length=12,
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="What it shows. Readers see it while the evidence is public."
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True, help_text="What readers see in place of a source that is not named.", max_length=300
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="sources.page",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="sources.snapshot",
                    ),
                ),
                ("exact", models.TextField(blank=True)),
                ("prefix", models.CharField(blank=True, max_length=200)),
                ("suffix", models.CharField(blank=True, max_length=200)),
                ("file_name", models.CharField(blank=True, max_length=300)),
                ("file_sha256", models.CharField(blank=True, db_collation="C", max_length=64)),
                ("dataset", models.CharField(blank=True, help_text="Name and publisher of the data.", max_length=500)),
                ("release", models.CharField(blank=True, max_length=200)),
                ("cell", models.CharField(blank=True, help_text="Table, row and column.", max_length=300)),
                ("value", models.CharField(blank=True, max_length=200)),
                ("unit", models.CharField(blank=True, max_length=100)),
                ("who", models.CharField(blank=True, max_length=300)),
                ("happened_at", models.DateTimeField(blank=True, null=True, verbose_name="when")),
                (
                    "how",
                    models.CharField(blank=True, help_text="Telephone, letter, e-mail, in person.", max_length=200),
                ),
                ("programme", models.CharField(blank=True, max_length=300)),
                ("timecode", models.CharField(blank=True, help_text="hh:mm:ss", max_length=20)),
                (
                    "kept_because",
                    models.TextField(
                        blank=True,
                        help_text="Why the review keeps a quote that its page no longer has. Readers see it.",
                        verbose_name="kept because",
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.evidence",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["version"], name="evidence_event_version")],
            },
        ),
        migrations.CreateModel(
            name="GuestApproval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guests", to="claims.reviewversion"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guest_approvals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "invited_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "guest approver",
                "ordering": ["-invited_at", "-id"],
                "constraints": [models.UniqueConstraint(fields=("version", "user"), name="guest_approval_unique")],
            },
        ),
        migrations.CreateModel(
            name="GuestApprovalEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.guestapproval",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.reviewversion",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReviewVersionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.reviewversion",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "review",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.review",
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("approved", "approved"),
                            ("published", "published"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("original", "first publication"),
                            ("update", "update: the facts changed; it was right on its date"),
                            ("clarification", "clarification"),
                            ("correction", "correction"),
                            ("withdrawal", "withdrawal"),
                        ],
                        default="original",
                        max_length=14,
                    ),
                ),
                (
                    "correction_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rating", "the rating was wrong"),
                            ("substantive", "a fact was wrong"),
                            ("typo", "a typing error"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.rating",
                    ),
                ),
                (
                    "rating_as_given",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="The imported rating as its publisher wrote it.",
                        max_length=300,
                    ),
                ),
                (
                    "rating_numbers",
                    models.JSONField(
                        editable=False,
                        help_text="Value, worst and best of the imported rating, in that order.",
                        null=True,
                    ),
                ),
                ("summary", models.TextField(blank=True, help_text="The finding in a sentence or two, for readers.")),
                ("body", models.TextField(blank=True, help_text="How it was checked.")),
                (
                    "true_as_of",
                    models.DateField(blank=True, help_text="The day for which the finding holds.", null=True),
                ),
                ("public_note", models.TextField(blank=True, help_text="What changed and why. Readers see it.")),
                ("embargo_until", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="Empty for an imported review.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                (
                    "approved_sha256",
                    models.CharField(
                        blank=True, editable=False, help_text="Hash of the words that were approved.", max_length=64
                    ),
                ),
                (
                    "approved_words",
                    models.JSONField(
                        editable=False,
                        help_text="The words that were approved, of the claim and of this review.",
                        null=True,
                    ),
                ),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="sub", unique=True
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="claims.sender",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        db_collation="C", editable=False, help_text="Prefix of the API key.", max_length=12
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="claims.document",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="claims.statement",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="claims.claim",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="claims.review",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="claims.evidence",
                    ),
                ),
                (
                    "markup_page",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="claims.markuppage",
                    ),
                ),
                ("as_sent", models.JSONField(default=dict, editable=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("sent_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                (
                    "taken_at",
                    models.DateTimeField(editable=False, help_text="When an editor began to work on it.", null=True),
                ),
            ],
            options={
                "verbose_name": "newsroom draft",
                "ordering": ["-sent_at", "-public_id"],
                "indexes": [models.Index(fields=["key", "-sent_at", "-public_id"], name="submission_of_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("claim__isnull", True),
                                ("document__isnull", False),
                                ("evidence__isnull", True),
                                ("review__isnull", True),
                                ("statement__isnull", True),
                            ),
                            models.Q(
                                ("claim__isnull", True),
                                ("document__isnull", True),
                                ("evidence__isnull", True),
                                ("review__isnull", True),
                                ("statement__isnull", False),
                            ),
                            models.Q(
                                ("claim__isnull", False),
                                ("document__isnull", True),
                                ("evidence__isnull", True),
                                ("review__isnull", True),
                                ("statement__isnull", True),
                            ),
                            models.Q(
                                ("claim__isnull", True),
                                ("document__isnull", True),
                                ("evidence__isnull", True),
                                ("review__isnull", False),
                                ("statement__isnull", True),
                            ),
                            models.Q(
                                ("claim__isnull", True),
                                ("document__isnull", True),
                                ("evidence__isnull", False),
                                ("review__isnull", True),
                                ("statement__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="submission_of_one_row",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("document__isnull", False)),
                        fields=("key", "document"),
                        name="submission_document",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("statement__isnull", False)),
                        fields=("key", "statement"),
                        name="submission_statement",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("claim__isnull", False)), fields=("key", "claim"), name="submission_claim"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("review__isnull", False)),
                        fields=("key", "review"),
                        name="submission_review",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("evidence__isnull", False)),
                        fields=("key", "evidence"),
                        name="submission_evidence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.submission",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    sources.database.public_ids.PublicIdField(
                        db_collation="C", editable=False, max_length=24, prefix="sub"
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.sender",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        db_collation="C", editable=False, help_text="Prefix of the API key.", max_length=12
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.document",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.statement",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.review",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.evidence",
                    ),
                ),
                (
                    "markup_page",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.markuppage",
                    ),
                ),
                ("as_sent", models.JSONField(default=dict, editable=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("sent_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                (
                    "taken_at",
                    models.DateTimeField(editable=False, help_text="When an editor began to work on it.", null=True),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="claims.reviewversion",
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("summary", "summary"),
                            ("body", "text"),
                            ("public_note", "public note"),
                            ("true_as_of", "date of the finding"),
                            ("rating", "rating"),
                            ("correction_kind", "correction kind"),
                            ("claim_text", "text of the claim"),
                        ],
                        max_length=20,
                    ),
                ),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True, help_text="Of a rating, its id.")),
                ("is_weighty", models.BooleanField(help_text="It touches the rating, the claim's text or a figure.")),
                (
                    "suggested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("suggested_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("accepted", "accepted"), ("declined", "declined")],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True, help_text="Why it was declined.")),
            ],
            options={
                "ordering": ["suggested_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True),
                        name="suggestion_changes_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "open")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["accepted", "declined"]),
                            ),
                            _connector="OR",
                        ),
                        name="suggestion_decided_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            models.Q(("decided_by", models.F("suggested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="suggestion_accepted_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuggestionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.suggestion",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.reviewversion",
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("summary", "summary"),
                            ("body", "text"),
                            ("public_note", "public note"),
                            ("true_as_of", "date of the finding"),
                            ("rating", "rating"),
                            ("correction_kind", "correction kind"),
                            ("claim_text", "text of the claim"),
                        ],
                        max_length=20,
                    ),
                ),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True, help_text="Of a rating, its id.")),
                ("is_weighty", models.BooleanField(help_text="It touches the rating, the claim's text or a figure.")),
                (
                    "suggested_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("suggested_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("accepted", "accepted"), ("declined", "declined")],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True, help_text="Why it was declined.")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suspensions", to="claims.review"
                    ),
                ),
                ("reason", models.TextField(help_text="Why, for colleagues. Readers do not see it.")),
                ("suspended_at", models.DateTimeField()),
                (
                    "suspended_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("resume_requested_at", models.DateTimeField(null=True)),
                (
                    "resume_requested_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resume_note",
                    models.TextField(blank=True, help_text="Why the verdict may stand again, for colleagues."),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "resumed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.reviewversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-suspended_at", "-id"],
                "permissions": [("suspend_review", "Can put published reviews under review")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("review",), name="suspension_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="suspension_reason_given"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("suspended_by__isnull", False)), name="suspension_by_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("resume_note", ""),
                                ("resume_requested_at__isnull", True),
                                ("resume_requested_by__isnull", True),
                            ),
                            models.Q(
                                ("resume_requested_at__isnull", False),
                                ("resume_requested_by__isnull", False),
                                models.Q(("resume_note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="suspension_request_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resumed_by__isnull", True),
                            models.Q(
                                ("resume_requested_by__isnull", False),
                                models.Q(("resumed_by", models.F("resume_requested_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="suspension_two_persons",
                        violation_error_message="Whoever asked to resume a review cannot resume it; ask a colleague.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("ended_by_version__isnull", True),
                                ("resumed_by__isnull", True),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by_version__isnull", True),
                                ("resumed_by__isnull", False),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by_version__isnull", False),
                                ("resumed_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="suspension_end_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuspensionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="claims.suspension",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "review",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.review",
                    ),
                ),
                ("reason", models.TextField(help_text="Why, for colleagues. Readers do not see it.")),
                ("suspended_at", models.DateTimeField()),
                (
                    "suspended_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("resume_requested_at", models.DateTimeField(null=True)),
                (
                    "resume_requested_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resume_note",
                    models.TextField(blank=True, help_text="Why the verdict may stand again, for colleagues."),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "resumed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by_version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="claims.reviewversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnpublishedEdit",
            fields=[
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="unpublished_edit",
                        serialize=False,
                        to="claims.claim",
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("edits", "edits of published words"), ("appearances", "new appearances")],
                        max_length=11,
                    ),
                ),
            ],
            options={
                "ordering": ["changed_at", "claim"],
            },
        ),
        migrations.AddField(
            model_name="Claim",
            name="statements",
            field=models.ManyToManyField(related_name="claims", through="claims.Appearance", to="claims.statement"),
        ),
        sources.database.migration_triggers.AddTriggers(
            triggers={
                "accountchange": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0046081cb4b82635b40ce21d26a7f1592baa724a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_97bb5",
                            table="claims_accountchange",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="0793b9855d0c863204ea9902ffb1f807b94b4ce2",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_48733",
                            table="claims_accountchange",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="not_in_the_future",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NEW.at > clock_timestamp() THEN\n                        NEW.at := clock_timestamp();\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="cdb8518ae727a71df1a9a10171d7ca5eed239390",
                            operation="INSERT",
                            pgid="pgtrigger_not_in_the_future_7d329",
                            table="claims_accountchange",
                            when="BEFORE",
                        ),
                    ),
                ],
                "accountchangereading": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0e588b5deb611939cce41c7785dc1346754828b4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0e4e3",
                            table="claims_accountchangereading",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="cf036738e53d6cc9b3350f7ded8e30acdd1b1a1a",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_91677",
                            table="claims_accountchangereading",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="not_by_its_maker",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (\n                        SELECT FROM claims_accountchange AS change\n                        WHERE change.id = NEW.change_id\n                            AND factcheck_unread_until(NEW.reader_id, change.maker_id) > clock_timestamp()\n                    ) THEN\n                        RAISE EXCEPTION 'Whoever made this change, or somebody unknown, let the reader in within'\n                            ' 72 hours, so it stays unread.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="6764549b1b83746b6005ec4d45ae36695d9480f3",
                            operation="INSERT",
                            pgid="pgtrigger_not_by_its_maker_274b3",
                            table="claims_accountchangereading",
                            when="BEFORE",
                        ),
                    ),
                ],
                "amendment": [
                    pgtrigger.compiler.Trigger(
                        name="begins_submitted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF NEW.state <> 'submitted' OR (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'actor_id')::bigint IS DISTINCT FROM NEW.submitted_by_id THEN\n        RAISE EXCEPTION 'an amendment begins submitted, by whoever acts' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="05d9395501df067b0dd3a9b901c355829341b6a3",
                            operation="INSERT",
                            pgid="pgtrigger_begins_submitted_60da9",
                            table="claims_amendment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="decided_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF OLD.state <> 'submitted' OR NEW.state = 'submitted'\n        OR (NEW.kind, NEW.note, NEW.submitted_at, NEW.submitted_by_id)\n            IS DISTINCT FROM (OLD.kind, OLD.note, OLD.submitted_at, OLD.submitted_by_id)\n    THEN\n        RAISE EXCEPTION 'an amendment is decided once, and what it says stays' USING ERRCODE = 'check_violation';\n    END IF;\n    IF (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'actor_id')::bigint IS DISTINCT FROM NEW.decided_by_id THEN\n        RAISE EXCEPTION 'an amendment is decided by whoever acts' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.state = 'approved' AND EXISTS (SELECT FROM factcheck_same_hand(NEW.decided_by_id, NEW.submitted_by_id)) THEN\n        RAISE EXCEPTION 'One person may be behind whoever submitted and whoever approves: an account was made, given a'\n            ' right or given a new password by the other, or both by a third or by somebody unknown, within 72 hours.'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="bc9119274c2fc183c70a63e57f40ec31cfb8aefd",
                            operation="UPDATE",
                            pgid="pgtrigger_decided_once_ac600",
                            table="claims_amendment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_amendmentevent" ("decided_at", "decided_by_id", "id", "kind", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "submitted_at", "submitted_by_id") VALUES (OLD."decided_at", OLD."decided_by_id", OLD."id", OLD."kind", OLD."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."state", OLD."submitted_at", OLD."submitted_by_id"); RETURN NULL;',
                            hash="963b5c592a8429e9128d994ed0c90cf84bdc8e30",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_93982",
                            table="claims_amendment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_amendmentevent" ("decided_at", "decided_by_id", "id", "kind", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "submitted_at", "submitted_by_id") VALUES (NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."kind", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."state", NEW."submitted_at", NEW."submitted_by_id"); RETURN NULL;',
                            hash="38179886e2b369df3c6a116ad44bca5dc75c9668",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_756fd",
                            table="claims_amendment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="b424d98d9c6c4a0a196e9a7d2d9b3cf3fd390089",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_e14ee",
                            table="claims_amendment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="1f0b07ef4d5a54a6deddcb45fc0f7e99049e34f2",
                            operation="DELETE",
                            pgid="pgtrigger_stays_bad7a",
                            table="claims_amendment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_amendmentevent" ("decided_at", "decided_by_id", "id", "kind", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "submitted_at", "submitted_by_id") VALUES (NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."kind", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."state", NEW."submitted_at", NEW."submitted_by_id"); RETURN NULL;',
                            hash="9908f6b4be1f69ef16888c76c41be643b11543fa",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ec380",
                            table="claims_amendment",
                            when="AFTER",
                        ),
                    ),
                ],
                "amendmentevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3f68ec7ed102bb0b41c6f24a5eebe96234fd1d60",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_89f5f",
                            table="claims_amendmentevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="e0c58829476de8acd4518d9889d48421a36f4c1c",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_51971",
                            table="claims_amendmentevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "amendmentitem": [
                    pgtrigger.compiler.Trigger(
                        name="added_first",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF NEW.publication_id IS NOT NULL OR NOT EXISTS (\n        SELECT FROM claims_amendment\n        WHERE id = NEW.amendment_id AND state = 'submitted' AND submitted_by_id = (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'actor_id')::bigint\n    ) THEN\n        RAISE EXCEPTION 'only whoever submits an amendment puts words into it' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="dd2752598a8ca963ab7334ad6c89beb9c9a27506",
                            operation="INSERT",
                            pgid="pgtrigger_added_first_6ac15",
                            table="claims_amendmentitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_amendmentitemevent" ("amendment_id", "claim_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publication_id", "sha256", "words") VALUES (OLD."amendment_id", OLD."claim_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."publication_id", OLD."sha256", OLD."words"); RETURN NULL;',
                            hash="53160e74911682a422044277908f0ebfb0e65c20",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_e6ce0",
                            table="claims_amendmentitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_amendmentitemevent" ("amendment_id", "claim_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publication_id", "sha256", "words") VALUES (NEW."amendment_id", NEW."claim_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."publication_id", NEW."sha256", NEW."words"); RETURN NULL;',
                            hash="b1f84ad3aa8ff16ab17b8690b2aa78ac6785fc01",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_9e03b",
                            table="claims_amendmentitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="0ca65dee6015f7c3ea3004c4cb2cdf0913c33501",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_afb37",
                            table="claims_amendmentitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="only_leaves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF OLD.publication_id IS NOT NULL OR (NEW.amendment_id, NEW.claim_id, NEW.words, NEW.sha256)\n        IS DISTINCT FROM (OLD.amendment_id, OLD.claim_id, OLD.words, OLD.sha256)\n        OR NOT EXISTS (SELECT FROM claims_amendment WHERE id = NEW.amendment_id AND state = 'approved')\n        OR NOT EXISTS (\n            SELECT FROM claims_publication WHERE sequence = NEW.publication_id AND claim_id = NEW.claim_id\n        )\n    THEN\n        RAISE EXCEPTION 'what an amendment says stays; only its events are added' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="c12b122504e98b36f0877838995659a6d4f6153a",
                            operation="UPDATE",
                            pgid="pgtrigger_only_leaves_3b358",
                            table="claims_amendmentitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="71e7406682120996e37a9b14fcc8f4c00d8f1845",
                            operation="DELETE",
                            pgid="pgtrigger_stays_5063d",
                            table="claims_amendmentitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_amendmentitemevent" ("amendment_id", "claim_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publication_id", "sha256", "words") VALUES (NEW."amendment_id", NEW."claim_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."publication_id", NEW."sha256", NEW."words"); RETURN NULL;',
                            hash="7dea386cbaaced4e6bf496937b3de7015355bbdf",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_1eeb6",
                            table="claims_amendmentitem",
                            when="AFTER",
                        ),
                    ),
                ],
                "amendmentitemevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a467f0c4f4ca4e0410bc5306c4dbffbf22b91020",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_95666",
                            table="claims_amendmentitemevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="5083f9464938c4781b8511f598f78369188bb717",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_83167",
                            table="claims_amendmentitemevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "anchoring": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f73adf3be947eb52c9e46e9e89ce407522de2923",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2f363",
                            table="claims_anchoring",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="f2057a1980ceed24383616524790023cf1955191",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_439a7",
                            table="claims_anchoring",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="of_its_page",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NOT EXISTS (\n                        SELECT FROM claims_evidence AS evidence\n                        JOIN sources_snapshot AS snapshot ON snapshot.page_id = evidence.page_id\n                        WHERE evidence.id = NEW.evidence_id AND snapshot.id = NEW.snapshot_id\n                    ) THEN\n                        RAISE EXCEPTION 'A quote can only be anchored on a snapshot of its own page.'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="a1e880ee42e858f5f2e398067e61f826b846ab4a",
                            operation="INSERT",
                            pgid="pgtrigger_of_its_page_43326",
                            table="claims_anchoring",
                            when="BEFORE",
                        ),
                    ),
                ],
                "appearance": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_appearanceevent" ("claim_id", "created_at", "created_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id") VALUES (OLD."claim_id", OLD."created_at", OLD."created_by_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."statement_id"); RETURN NULL;',
                            hash="24c401541b89321e5f3209e3eea9a08d312ffd61",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2b6e2",
                            table="claims_appearance",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="ended_links_are_noted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)\n        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM (SELECT OLD.claim_id) AS found) AS edited\n        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)\n        ORDER BY claim_id\n        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';\n        RETURN NULL;\n    ",
                            hash="00580d694c18ca07bfecd1e4a7a1fdcca9e36305",
                            operation="DELETE OR UPDATE",
                            pgid="pgtrigger_ended_links_are_noted_d4ee4",
                            table="claims_appearance",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_appearanceevent" ("claim_id", "created_at", "created_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id") SELECT new_values."claim_id", new_values."created_at", new_values."created_by_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."statement_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                            hash="4191f113f90d644ba0d7539991a88394aeb8c968",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_58226",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_appearance",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="new_links_are_noted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                IF NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason' = 'import' THEN\n                    RETURN NULL;\n                END IF;\n                \n        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)\n        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM (SELECT claim_id FROM new_values) AS found) AS edited\n        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)\n        ORDER BY claim_id\n        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';\n        RETURN NULL;\n    \n            ",
                            hash="739af47e8fc75d7b883553a6065df537740bad49",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_new_links_are_noted_e1bb9",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_appearance",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="430e4a2294ba8c51308fc73d5f7cc281bcdc5fca",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_dbd21",
                            table="claims_appearance",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_appearanceevent" ("claim_id", "created_at", "created_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id") VALUES (NEW."claim_id", NEW."created_at", NEW."created_by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."statement_id"); RETURN NULL;',
                            hash="8313169810332de4f220f50bdbf30df2aaa779fd",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_cdcd1",
                            table="claims_appearance",
                            when="AFTER",
                        ),
                    ),
                ],
                "appearanceevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f82950611f7e6ac8f0d9cc78931ca4f308bc1fdf",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f7c78",
                            table="claims_appearanceevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="c13f91668154935a53fcdb6ebfc0d8d7556d4728",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_7a09e",
                            table="claims_appearanceevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "article": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_articleevent" ("id", "language", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "title", "url") VALUES (OLD."id", OLD."language", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."title", OLD."url"); RETURN NULL;',
                            hash="4f5d5ca4445dbe8c5ba5ac0304cbb27d6b06d699",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_94a4e",
                            table="claims_article",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="edit_is_noted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF ROW(NEW.url, NEW.title, NEW.language) IS NOT DISTINCT FROM ROW(OLD.url, OLD.title, OLD.language) THEN\n                RETURN NULL;\n            END IF;\n            \n        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)\n        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM (SELECT claim_id FROM claims_review WHERE article_id = NEW.id AND origin = 'own') AS found) AS edited\n        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)\n        ORDER BY claim_id\n        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';\n        RETURN NULL;\n    \n        ",
                            hash="6f95a8272722706fb2693cf877eb44a3f83f753d",
                            operation="UPDATE",
                            pgid="pgtrigger_edit_is_noted_f8f18",
                            table="claims_article",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_articleevent" ("id", "language", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "title", "url") SELECT new_values."id", new_values."language", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."public_id", new_values."title", new_values."url" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                            hash="35e74edcbe62bdf186444826f74f6cd41030873a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_b08cf",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_article",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="kept_while_published",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone varchar[];",
                            func="\n            gone := ARRAY(SELECT public_id FROM old_values);\n            IF cardinality(gone) > 0 AND (EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NULL AND contained_ids && gone) OR EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NOT NULL AND contained_ids && gone)) THEN\n                RAISE EXCEPTION 'This article is part of what is published or was, so it stays. Take it from its reviews.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="49e125b773a7e65956edcbe3dacf3140928c85ea",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_kept_while_published_3f94a",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="claims_article",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="19ad4cf833108b8abee0c3ad83ab131cb4a00e77",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_8c333",
                            table="claims_article",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="dbdf505e6b80f9e60f4b75fc69d3710afaff4a69",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_cc583",
                            table="claims_article",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_articleevent" ("id", "language", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "title", "url") VALUES (NEW."id", NEW."language", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."title", NEW."url"); RETURN NULL;',
                            hash="454eb4aace4840e0b64cc94571f36e673679168c",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_500a2",
                            table="claims_article",
                            when="AFTER",
                        ),
                    ),
                ],
                "articleevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0e023ee976bbcdbdcec8bdf853814cbd4721963f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_49e1f",
                            table="claims_articleevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="75e019eae0eab5801d04f24527e6894386a90db3",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_5c4dc",
                            table="claims_articleevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "claim": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_claimevent" ("created_at", "created_by_id", "id", "is_demo", "language", "merged_into_id", "period_end", "period_start", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "public_id", "repeats_id", "text") VALUES (OLD."created_at", OLD."created_by_id", OLD."id", OLD."is_demo", OLD."language", OLD."merged_into_id", OLD."period_end", OLD."period_start", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place", OLD."public_id", OLD."repeats_id", OLD."text"); RETURN NULL;',
                            hash="73b98881718f29095195767c5cfc8518d382f16a",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_dbf31",
                            table="claims_claim",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="edit_is_noted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF ROW(NEW.text, NEW.language, NEW.period_start, NEW.period_end, NEW.place, NEW.repeats_id) IS NOT DISTINCT FROM ROW(OLD.text, OLD.language, OLD.period_start, OLD.period_end, OLD.place, OLD.repeats_id) THEN\n                RETURN NULL;\n            END IF;\n            \n        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)\n        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM (SELECT NEW.id AS claim_id) AS found) AS edited\n        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)\n        ORDER BY claim_id\n        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';\n        RETURN NULL;\n    \n        ",
                            hash="32f055f7fb44f8c59b72337fa8a61697f855b0e0",
                            operation="UPDATE",
                            pgid="pgtrigger_edit_is_noted_4f0f7",
                            table="claims_claim",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="edit_voids_approvals",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF (NEW.text, NEW.language, NEW.period_start, NEW.period_end, NEW.place, NEW.repeats_id) IS DISTINCT FROM (OLD.text, OLD.language, OLD.period_start, OLD.period_end, OLD.place, OLD.repeats_id) THEN\n                        UPDATE claims_reviewversion AS version\n                        SET state = 'draft', approver_id = NULL, approved_at = NULL, approved_sha256 = '',\n                            approved_words = NULL\n                        FROM claims_review AS review\n                        WHERE review.claim_id = NEW.id AND version.review_id = review.id\n                            AND version.state IN ('in_review', 'approved');\n                    END IF;\n                    RETURN NULL;\n                ",
                            hash="54b6d3c6c15e8d9b0dcc51375fd5e645a54c73eb",
                            operation="UPDATE",
                            pgid="pgtrigger_edit_voids_approvals_2edee",
                            table="claims_claim",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_claimevent" ("created_at", "created_by_id", "id", "is_demo", "language", "merged_into_id", "period_end", "period_start", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "public_id", "repeats_id", "text") SELECT new_values."created_at", new_values."created_by_id", new_values."id", new_values."is_demo", new_values."language", new_values."merged_into_id", new_values."period_end", new_values."period_start", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."place", new_values."public_id", new_values."repeats_id", new_values."text" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                            hash="e27cb34a5571f3048ac1e7780e3aca7325efdb85",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_df8fa",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_claim",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="kept_while_published",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone varchar[];",
                            func="\n            gone := ARRAY(SELECT public_id FROM old_values);\n            IF cardinality(gone) > 0 AND (EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NULL AND claim_public_id = ANY (gone)) OR EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NOT NULL AND claim_public_id = ANY (gone))) THEN\n                RAISE EXCEPTION 'This claim is part of what is published or was, so it stays. Withdraw its reviews.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="b39a4aae03341a3e2c20cccba48a0a165fa940cb",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_kept_while_published_6b93d",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="claims_claim",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="e27af06f315207990f5c2f9b28620cd3d0373c88",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_59b54",
                            table="claims_claim",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="37829e0763c777efe94d6a3b3a0621acbe9d6315",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_0b03e",
                            table="claims_claim",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_claimevent" ("created_at", "created_by_id", "id", "is_demo", "language", "merged_into_id", "period_end", "period_start", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "public_id", "repeats_id", "text") VALUES (NEW."created_at", NEW."created_by_id", NEW."id", NEW."is_demo", NEW."language", NEW."merged_into_id", NEW."period_end", NEW."period_start", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place", NEW."public_id", NEW."repeats_id", NEW."text"); RETURN NULL;',
                            hash="5d2aa85264c4ba2efe571fce93c673ca82a93403",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_fe4ba",
                            table="claims_claim",
                            when="AFTER",
                        ),
                    ),
                ],
                "claimevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0342f9354d975fc258a2169f5a68f2fcb6b672f7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_aeef3",
                            table="claims_claimevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="320019034b5e441f55c5dae16dee0422c18cce60",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_b860b",
                            table="claims_claimevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "claimtopicsevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1fc838bcf936c80087e65e22079a75406619857c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c1c48",
                            table="claims_claimtopicsevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="f68ad8a284683d1dd8b708987c059fa74caefbf3",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_974e0",
                            table="claims_claimtopicsevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "claimversion": [
                    pgtrigger.compiler.Trigger(
                        name="facet_counts_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE claims_facetcount AS facet\n    SET bodies = facet.bodies - gone.bodies,\n        newest = CASE WHEN facet.bodies > gone.bodies THEN nullif(facet.newest, gone.newest) END\n    FROM (\n    WITH version AS (\n        SELECT told.audience, sequence_from, speakers, organisations, topics, rating_steps, sources, pages\n        FROM old_rows AS row\n        JOIN (VALUES ('newsrooms'), ('public')) AS told (audience) ON row.audience IN (told.audience, 'everyone')\n        WHERE sequence_to IS NULL\n    )\n    SELECT audience, kind, name, count(*) AS bodies, max(sequence_from) AS newest\n    FROM (\n        SELECT audience, sequence_from, 'speaker' AS kind, unnest(speakers) AS name FROM version\n        UNION ALL SELECT audience, sequence_from, 'organisation', unnest(organisations) FROM version\n        UNION ALL SELECT audience, sequence_from, 'topic', unnest(topics) FROM version\n        UNION ALL SELECT audience, sequence_from, 'step', unnest(rating_steps) FROM version\n        UNION ALL SELECT audience, sequence_from, 'source', unnest(sources) FROM version\n        UNION ALL SELECT audience, sequence_from, 'page', unnest(pages) FROM version\n        UNION ALL SELECT audience, sequence_from, 'scale', name FROM (\n            SELECT DISTINCT audience, sequence_from, split_part(unnest(rating_steps), ':', 1) AS name FROM version\n        ) AS scale\n    ) AS thing\n    GROUP BY audience, kind, name\n    ORDER BY audience, kind, name\n) AS gone\n    WHERE (facet.audience, facet.kind, facet.name) = (gone.audience, gone.kind, gone.name);\n RETURN NULL;",
                            hash="1d879c5301492e46a70b130d209feee7e4a8abc5",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_facet_counts_delete_e449d",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="claims_claimversion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="facet_counts_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    INSERT INTO claims_facetcount (audience, kind, name, bodies, newest) \n    WITH version AS (\n        SELECT told.audience, sequence_from, speakers, organisations, topics, rating_steps, sources, pages\n        FROM new_rows AS row\n        JOIN (VALUES ('newsrooms'), ('public')) AS told (audience) ON row.audience IN (told.audience, 'everyone')\n        WHERE sequence_to IS NULL\n    )\n    SELECT audience, kind, name, count(*) AS bodies, max(sequence_from) AS newest\n    FROM (\n        SELECT audience, sequence_from, 'speaker' AS kind, unnest(speakers) AS name FROM version\n        UNION ALL SELECT audience, sequence_from, 'organisation', unnest(organisations) FROM version\n        UNION ALL SELECT audience, sequence_from, 'topic', unnest(topics) FROM version\n        UNION ALL SELECT audience, sequence_from, 'step', unnest(rating_steps) FROM version\n        UNION ALL SELECT audience, sequence_from, 'source', unnest(sources) FROM version\n        UNION ALL SELECT audience, sequence_from, 'page', unnest(pages) FROM version\n        UNION ALL SELECT audience, sequence_from, 'scale', name FROM (\n            SELECT DISTINCT audience, sequence_from, split_part(unnest(rating_steps), ':', 1) AS name FROM version\n        ) AS scale\n    ) AS thing\n    GROUP BY audience, kind, name\n    ORDER BY audience, kind, name\n\n    ON CONFLICT (audience, kind, name) DO UPDATE\n    SET bodies = claims_facetcount.bodies + excluded.bodies,\n        newest = greatest(claims_facetcount.newest, excluded.newest);\n RETURN NULL;",
                            hash="3d53b4dada4b4d58f0ad6864f5ddc3f397888076",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_facet_counts_insert_b0abd",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="claims_claimversion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="facet_counts_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE claims_facetcount AS facet\n    SET bodies = facet.bodies - gone.bodies,\n        newest = CASE WHEN facet.bodies > gone.bodies THEN nullif(facet.newest, gone.newest) END\n    FROM (\n    WITH version AS (\n        SELECT told.audience, sequence_from, speakers, organisations, topics, rating_steps, sources, pages\n        FROM old_rows AS row\n        JOIN (VALUES ('newsrooms'), ('public')) AS told (audience) ON row.audience IN (told.audience, 'everyone')\n        WHERE sequence_to IS NULL\n    )\n    SELECT audience, kind, name, count(*) AS bodies, max(sequence_from) AS newest\n    FROM (\n        SELECT audience, sequence_from, 'speaker' AS kind, unnest(speakers) AS name FROM version\n        UNION ALL SELECT audience, sequence_from, 'organisation', unnest(organisations) FROM version\n        UNION ALL SELECT audience, sequence_from, 'topic', unnest(topics) FROM version\n        UNION ALL SELECT audience, sequence_from, 'step', unnest(rating_steps) FROM version\n        UNION ALL SELECT audience, sequence_from, 'source', unnest(sources) FROM version\n        UNION ALL SELECT audience, sequence_from, 'page', unnest(pages) FROM version\n        UNION ALL SELECT audience, sequence_from, 'scale', name FROM (\n            SELECT DISTINCT audience, sequence_from, split_part(unnest(rating_steps), ':', 1) AS name FROM version\n        ) AS scale\n    ) AS thing\n    GROUP BY audience, kind, name\n    ORDER BY audience, kind, name\n) AS gone\n    WHERE (facet.audience, facet.kind, facet.name) = (gone.audience, gone.kind, gone.name);\n\n    INSERT INTO claims_facetcount (audience, kind, name, bodies, newest) \n    WITH version AS (\n        SELECT told.audience, sequence_from, speakers, organisations, topics, rating_steps, sources, pages\n        FROM new_rows AS row\n        JOIN (VALUES ('newsrooms'), ('public')) AS told (audience) ON row.audience IN (told.audience, 'everyone')\n        WHERE sequence_to IS NULL\n    )\n    SELECT audience, kind, name, count(*) AS bodies, max(sequence_from) AS newest\n    FROM (\n        SELECT audience, sequence_from, 'speaker' AS kind, unnest(speakers) AS name FROM version\n        UNION ALL SELECT audience, sequence_from, 'organisation', unnest(organisations) FROM version\n        UNION ALL SELECT audience, sequence_from, 'topic', unnest(topics) FROM version\n        UNION ALL SELECT audience, sequence_from, 'step', unnest(rating_steps) FROM version\n        UNION ALL SELECT audience, sequence_from, 'source', unnest(sources) FROM version\n        UNION ALL SELECT audience, sequence_from, 'page', unnest(pages) FROM version\n        UNION ALL SELECT audience, sequence_from, 'scale', name FROM (\n            SELECT DISTINCT audience, sequence_from, split_part(unnest(rating_steps), ':', 1) AS name FROM version\n        ) AS scale\n    ) AS thing\n    GROUP BY audience, kind, name\n    ORDER BY audience, kind, name\n\n    ON CONFLICT (audience, kind, name) DO UPDATE\n    SET bodies = claims_facetcount.bodies + excluded.bodies,\n        newest = greatest(claims_facetcount.newest, excluded.newest);\n RETURN NULL;",
                            hash="e1ef9e76713ee24fb5e9299fcbd2ddcd38c5004b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_facet_counts_update_0f66e",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="claims_claimversion",
                            when="AFTER",
                        ),
                    ),
                ],
                "document": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_documentevent" ("canonical_url", "created_at", "created_by_id", "id", "is_demo", "kind", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_on", "publisher", "text", "text_sha256", "title", "url") VALUES (OLD."canonical_url", OLD."created_at", OLD."created_by_id", OLD."id", OLD."is_demo", OLD."kind", OLD."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."published_on", OLD."publisher", OLD."text", OLD."text_sha256", OLD."title", OLD."url"); RETURN NULL;',
                            hash="c57d6d509f5315860c2e14e49ff07cf08b52c029",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_de5da",
                            table="claims_document",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="edit_is_noted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF ROW(NEW.kind, NEW.title, NEW.url, NEW.publisher, NEW.published_on, NEW.language) IS NOT DISTINCT FROM ROW(OLD.kind, OLD.title, OLD.url, OLD.publisher, OLD.published_on, OLD.language) THEN\n                RETURN NULL;\n            END IF;\n            \n        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)\n        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM (\n                SELECT link.claim_id FROM claims_statement AS statement\n                JOIN claims_appearance AS link ON link.statement_id = statement.id WHERE statement.document_id = NEW.id\n                ) AS found) AS edited\n        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)\n        ORDER BY claim_id\n        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';\n        RETURN NULL;\n    \n        ",
                            hash="6bdc7938d15d54a11486404653830a3b99ab8431",
                            operation="UPDATE",
                            pgid="pgtrigger_edit_is_noted_33c9e",
                            table="claims_document",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_documentevent" ("canonical_url", "created_at", "created_by_id", "id", "is_demo", "kind", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_on", "publisher", "text", "text_sha256", "title", "url") SELECT new_values."canonical_url", new_values."created_at", new_values."created_by_id", new_values."id", new_values."is_demo", new_values."kind", new_values."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."public_id", new_values."published_on", new_values."publisher", new_values."text", new_values."text_sha256", new_values."title", new_values."url" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                            hash="334a2e1ba0a55c32ecf706bc2046409be1272607",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a80a0",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_document",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="kept_while_published",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone varchar[];",
                            func="\n            gone := ARRAY(SELECT public_id FROM old_values);\n            IF cardinality(gone) > 0 AND (EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NULL AND contained_ids && gone) OR EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NOT NULL AND contained_ids && gone)) THEN\n                RAISE EXCEPTION 'This document is part of what is published or was, so it stays. Unlink its statements.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="c82817c9cf0746ee89e6d26f8f3f2367b5a73add",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_kept_while_published_1c711",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="claims_document",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="87f84abcef75ba78fb1dcad1b19da1a1f441c28f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_715ba",
                            table="claims_document",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="24bdad3d0aba4cd7cc94a093aebf82d3e501348a",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_b82a5",
                            table="claims_document",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_documentevent" ("canonical_url", "created_at", "created_by_id", "id", "is_demo", "kind", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_on", "publisher", "text", "text_sha256", "title", "url") VALUES (NEW."canonical_url", NEW."created_at", NEW."created_by_id", NEW."id", NEW."is_demo", NEW."kind", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."published_on", NEW."publisher", NEW."text", NEW."text_sha256", NEW."title", NEW."url"); RETURN NULL;',
                            hash="ba93ccc4261a94f332c259253a2ff4e0634e928f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6d835",
                            table="claims_document",
                            when="AFTER",
                        ),
                    ),
                ],
                "documentevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4bbf41cd0347cea6f03a9773b5502ad46029c24d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_821af",
                            table="claims_documentevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="bb18223fe3722ed147ea8ce526f39c8ece617e64",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_99479",
                            table="claims_documentevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "evidence": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_evidenceevent" ("cell", "copied_from_id", "created_at", "dataset", "description", "exact", "file_name", "file_sha256", "happened_at", "how", "id", "kept_because", "kind", "note", "page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "programme", "public_id", "release", "snapshot_id", "stance", "suffix", "timecode", "unit", "value", "version_id", "visibility", "who") VALUES (OLD."cell", OLD."copied_from_id", OLD."created_at", OLD."dataset", OLD."description", OLD."exact", OLD."file_name", OLD."file_sha256", OLD."happened_at", OLD."how", OLD."id", OLD."kept_because", OLD."kind", OLD."note", OLD."page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."prefix", OLD."programme", OLD."public_id", OLD."release", OLD."snapshot_id", OLD."stance", OLD."suffix", OLD."timecode", OLD."unit", OLD."value", OLD."version_id", OLD."visibility", OLD."who"); RETURN NULL;',
                            hash="b55cc471a368159944a306dff3c695d4c929a1c9",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_26a0f",
                            table="claims_evidence",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_evidenceevent" ("cell", "copied_from_id", "created_at", "dataset", "description", "exact", "file_name", "file_sha256", "happened_at", "how", "id", "kept_because", "kind", "note", "page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "programme", "public_id", "release", "snapshot_id", "stance", "suffix", "timecode", "unit", "value", "version_id", "visibility", "who") VALUES (NEW."cell", NEW."copied_from_id", NEW."created_at", NEW."dataset", NEW."description", NEW."exact", NEW."file_name", NEW."file_sha256", NEW."happened_at", NEW."how", NEW."id", NEW."kept_because", NEW."kind", NEW."note", NEW."page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."prefix", NEW."programme", NEW."public_id", NEW."release", NEW."snapshot_id", NEW."stance", NEW."suffix", NEW."timecode", NEW."unit", NEW."value", NEW."version_id", NEW."visibility", NEW."who"); RETURN NULL;',
                            hash="d2b1d37ff5677889ecec36a1bc52114a381f44db",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d2960",
                            table="claims_evidence",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="locked_with_version",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (\n                        SELECT 1 FROM claims_reviewversion\n                        WHERE id IN (NEW.version_id, OLD.version_id) AND state = 'published'\n                    ) THEN\n                        RAISE EXCEPTION 'The evidence of a published version is locked; start a new version.'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    UPDATE claims_reviewversion\n                    SET state = 'draft', approver_id = NULL, approved_at = NULL, approved_sha256 = '',\n                        approved_words = NULL\n                    WHERE id IN (NEW.version_id, OLD.version_id) AND state IN ('in_review', 'approved');\n                    IF TG_OP = 'DELETE' THEN\n                        RETURN OLD;\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="ec1c698df2371b94155083bba3f2d2ededdad66f",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_locked_with_version_36d7b",
                            table="claims_evidence",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="9eb563173a696199f5a03658c99272df3c61f683",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_4049f",
                            table="claims_evidence",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="ba4e182d9bba72c76af66a3a2f5e44d08eb64a50",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_6a6be",
                            table="claims_evidence",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_evidenceevent" ("cell", "copied_from_id", "created_at", "dataset", "description", "exact", "file_name", "file_sha256", "happened_at", "how", "id", "kept_because", "kind", "note", "page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "programme", "public_id", "release", "snapshot_id", "stance", "suffix", "timecode", "unit", "value", "version_id", "visibility", "who") VALUES (NEW."cell", NEW."copied_from_id", NEW."created_at", NEW."dataset", NEW."description", NEW."exact", NEW."file_name", NEW."file_sha256", NEW."happened_at", NEW."how", NEW."id", NEW."kept_because", NEW."kind", NEW."note", NEW."page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."prefix", NEW."programme", NEW."public_id", NEW."release", NEW."snapshot_id", NEW."stance", NEW."suffix", NEW."timecode", NEW."unit", NEW."value", NEW."version_id", NEW."visibility", NEW."who"); RETURN NULL;',
                            hash="831fea64bd519d8e12ed3f03f7cb9f77fb839897",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0cf54",
                            table="claims_evidence",
                            when="AFTER",
                        ),
                    ),
                ],
                "evidencecheck": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4406e42dc7ced146138ad9014ff5fb147465471d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0ab29",
                            table="claims_evidencecheck",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="7b6945afbaed15d93a2f41d094970d9c3706525a",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_02262",
                            table="claims_evidencecheck",
                            when="BEFORE",
                        ),
                    ),
                ],
                "evidenceevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="9b156cb2ce3ac82360d6f20539a0292c4af11367",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3fd72",
                            table="claims_evidenceevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="21fe643ec5d5ecb0a6f8b6ff42ece1343dffe0c6",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_a9fb9",
                            table="claims_evidenceevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "guestapproval": [
                    pgtrigger.compiler.Trigger(
                        name="account_log",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NEW.revoked_at IS NULL AND (\n                        TG_OP = 'INSERT' OR OLD.revoked_at IS NOT NULL\n                        OR (NEW.version_id, NEW.user_id) IS DISTINCT FROM (OLD.version_id, OLD.user_id)\n                    ) THEN\n                        PERFORM factcheck_log_account(\n                            NEW.user_id, auth_user.username, 'guest', 'version ' || NEW.version_id, true\n                        )\n                        FROM auth_user WHERE id = NEW.user_id;\n                    END IF;\n                    RETURN NULL;\n                ",
                            hash="908d442d593c8ac7b18643e7219ebb32cc245cf6",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_account_log_7ba58",
                            table="claims_guestapproval",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_guestapprovalevent" ("id", "invited_at", "invited_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "user_id", "version_id") VALUES (OLD."id", OLD."invited_at", OLD."invited_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."revoked_at", OLD."user_id", OLD."version_id"); RETURN NULL;',
                            hash="fd2b9998b5c09c0ead892d7d3ff8c256365ba866",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f87a4",
                            table="claims_guestapproval",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_guestapprovalevent" ("id", "invited_at", "invited_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "user_id", "version_id") VALUES (NEW."id", NEW."invited_at", NEW."invited_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."user_id", NEW."version_id"); RETURN NULL;',
                            hash="667cddeafddd79b512407026172bbae0084e38b2",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_5ecf7",
                            table="claims_guestapproval",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="65a6884fb4b672751c7c1a7b0dd3256e5bc75e66",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_15554",
                            table="claims_guestapproval",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_guestapprovalevent" ("id", "invited_at", "invited_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "user_id", "version_id") VALUES (NEW."id", NEW."invited_at", NEW."invited_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."user_id", NEW."version_id"); RETURN NULL;',
                            hash="2620510719ae75da4275001a2e85c5046304280f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_89d48",
                            table="claims_guestapproval",
                            when="AFTER",
                        ),
                    ),
                ],
                "guestapprovalevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="20c448eb2053986026e4f9e47944fce60e9c533b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4a2c1",
                            table="claims_guestapprovalevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="370629484732ce174c1c07d281fa5850697a4e30",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_40b14",
                            table="claims_guestapprovalevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "listing": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6be80c95d38914fee28ce9d04032c97164a6252c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_88870",
                            table="claims_listing",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="0738dc28502cdfa7ac3d6a17044eb9954bf7132e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_11a71",
                            table="claims_listing",
                            when="BEFORE",
                        ),
                    ),
                ],
                "markuppage": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_markuppageevent" ("as_sent", "host", "id", "key", "page_url", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "sender_id", "sent_at", "version") VALUES (OLD."as_sent", OLD."host", OLD."id", OLD."key", OLD."page_url", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."sender_id", OLD."sent_at", OLD."version"); RETURN NULL;',
                            hash="852e69602f9610d4b8930d0dc090f8366eacf74a",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_ddbba",
                            table="claims_markuppage",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_markuppageevent" ("as_sent", "host", "id", "key", "page_url", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "sender_id", "sent_at", "version") VALUES (NEW."as_sent", NEW."host", NEW."id", NEW."key", NEW."page_url", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."sender_id", NEW."sent_at", NEW."version"); RETURN NULL;',
                            hash="48c9fd9f71c47544dffa13f854717e87827577d1",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_46186",
                            table="claims_markuppage",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="29cefec5467f77e607fcc872dcd85eae63b3fc0a",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_010ab",
                            table="claims_markuppage",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="106c0d21a539b9e7f9804a30e2132f7db1e58d91",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_1faa3",
                            table="claims_markuppage",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_markuppageevent" ("as_sent", "host", "id", "key", "page_url", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "sender_id", "sent_at", "version") VALUES (NEW."as_sent", NEW."host", NEW."id", NEW."key", NEW."page_url", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."sender_id", NEW."sent_at", NEW."version"); RETURN NULL;',
                            hash="44a9fc308e9366f7ce517fd8670ae0683d0c94ed",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ab30e",
                            table="claims_markuppage",
                            when="AFTER",
                        ),
                    ),
                ],
                "markuppageevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f9a6a351c4ac0757de85e3a50f3dfe1cc584e5ec",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_175f2",
                            table="claims_markuppageevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="f819b9d55ffc54b3038f9452490b50e4824266dc",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_d353b",
                            table="claims_markuppageevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "notice": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_noticeevent" ("created_at", "id", "kind", "path", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_at", "recipient_id", "sentence") VALUES (OLD."created_at", OLD."id", OLD."kind", OLD."path", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."read_at", OLD."recipient_id", OLD."sentence"); RETURN NULL;',
                            hash="7526f642333552db92d39c59e705f51de186da57",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_9c50d",
                            table="claims_notice",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_noticeevent" ("created_at", "id", "kind", "path", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_at", "recipient_id", "sentence") VALUES (NEW."created_at", NEW."id", NEW."kind", NEW."path", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."read_at", NEW."recipient_id", NEW."sentence"); RETURN NULL;',
                            hash="fb54337846d70263b2cd8dea2c093a1637bca155",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e3bce",
                            table="claims_notice",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="fa5b399dc266142e014e6daffdbe381be30d1e62",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_34431",
                            table="claims_notice",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_noticeevent" ("created_at", "id", "kind", "path", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_at", "recipient_id", "sentence") VALUES (NEW."created_at", NEW."id", NEW."kind", NEW."path", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."read_at", NEW."recipient_id", NEW."sentence"); RETURN NULL;',
                            hash="644f3eb6744b83c57bb317baaff61b3e22d986f5",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_740e3",
                            table="claims_notice",
                            when="AFTER",
                        ),
                    ),
                ],
                "noticeevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="adab05630eb01fbeca4c87e2a14780363578831d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_dd2a3",
                            table="claims_noticeevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="cd56b1ea7d9ab2c24f9a3fd87ad4c661f5650e78",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_91369",
                            table="claims_noticeevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "organisation": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_organisationevent" ("checklist", "id", "is_demo", "is_ours", "licence", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "site") VALUES (OLD."checklist", OLD."id", OLD."is_demo", OLD."is_ours", OLD."licence", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."site"); RETURN NULL;',
                            hash="a453e35aa7d810ca6c2502dcd3f4b667ada4b513",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_e89e7",
                            table="claims_organisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="edit_is_noted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF ROW(NEW.name, NEW.site, NEW.licence) IS NOT DISTINCT FROM ROW(OLD.name, OLD.site, OLD.licence) THEN\n                RETURN NULL;\n            END IF;\n            \n        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)\n        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM (SELECT claim_id FROM claims_review WHERE organisation_id = NEW.id AND origin = 'own') AS found) AS edited\n        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)\n        ORDER BY claim_id\n        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';\n        RETURN NULL;\n    \n        ",
                            hash="05847d3e5949e90594b27e99df582b240c0ba832",
                            operation="UPDATE",
                            pgid="pgtrigger_edit_is_noted_9322b",
                            table="claims_organisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_organisationevent" ("checklist", "id", "is_demo", "is_ours", "licence", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "site") VALUES (NEW."checklist", NEW."id", NEW."is_demo", NEW."is_ours", NEW."licence", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."site"); RETURN NULL;',
                            hash="0bea336b727692f840c53c328dae026b31bcf531",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_9ff47",
                            table="claims_organisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="kept_while_published",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone varchar[];",
                            func="\n            gone := ARRAY(SELECT public_id FROM old_values);\n            IF cardinality(gone) > 0 AND (EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NULL AND organisations && gone) OR EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NOT NULL AND organisations && gone)) THEN\n                RAISE EXCEPTION 'This organisation is part of what is published or was, so it stays. Correct its name instead.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="3d18d553949b44bc1e99a60b3d7a15259c7c9dbf",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_kept_while_published_b26a7",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="claims_organisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="511ae2d38f390bb47aed64e46e285ea4e3fa4d82",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_ff614",
                            table="claims_organisation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="caaaf1ff6a9a65b214cc0efd33d9c369ec3280ef",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_ef790",
                            table="claims_organisation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_organisationevent" ("checklist", "id", "is_demo", "is_ours", "licence", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "site") VALUES (NEW."checklist", NEW."id", NEW."is_demo", NEW."is_ours", NEW."licence", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."site"); RETURN NULL;',
                            hash="287b5df3d0320e319ffb36a52cd7e175d0630d65",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_61db3",
                            table="claims_organisation",
                            when="AFTER",
                        ),
                    ),
                ],
                "organisationevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="488c210be3d670b42a51bd08010cd4500e54ccea",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_eec57",
                            table="claims_organisationevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="339d547cd3c192c7dd625168464562e7011faf04",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_df9f0",
                            table="claims_organisationevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "proposal": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_proposalevent" ("created_at", "decided_at", "decided_by_id", "document_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "state", "title", "url") VALUES (OLD."created_at", OLD."decided_at", OLD."decided_by_id", OLD."document_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."state", OLD."title", OLD."url"); RETURN NULL;',
                            hash="d89b6787e290cb1adf21d23d78971da9d4cf4154",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c9481",
                            table="claims_proposal",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_proposalevent" ("created_at", "decided_at", "decided_by_id", "document_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "state", "title", "url") VALUES (NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."document_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."state", NEW."title", NEW."url"); RETURN NULL;',
                            hash="20fa836b0a6247968a7a2d05452c2139db9fd625",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_3e2fe",
                            table="claims_proposal",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="58a22ec4621992801799460b4fece1fce2574c1a",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_752e1",
                            table="claims_proposal",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="af351853fb057b0a1c4e843ba5c305fe3f7dcd1d",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_902d7",
                            table="claims_proposal",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_proposalevent" ("created_at", "decided_at", "decided_by_id", "document_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "state", "title", "url") VALUES (NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."document_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."state", NEW."title", NEW."url"); RETURN NULL;',
                            hash="baec12a458eb47495d8ea1a5f2356715bad1a504",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_cbd2b",
                            table="claims_proposal",
                            when="AFTER",
                        ),
                    ),
                ],
                "proposalevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="51686165af049ad0226aefafc07f03a804438b4a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9deaa",
                            table="claims_proposalevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="b93a7e03d9957e3f607618b4a6cb55b145de7809",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_b4d6c",
                            table="claims_proposalevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "publication": [
                    pgtrigger.compiler.Trigger(
                        name="a_lock",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM pg_advisory_xact_lock(7361402911); RETURN NULL;",
                            hash="23a62ed07207da0c48223381ed51e169ceabdf11",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_a_lock_09be4",
                            table="claims_publication",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="465622903f83e869f8bf5c29d193df08a4c0b571",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_65083",
                            table="claims_publication",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="chain",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"hash\" = '')",
                            declare="DECLARE head RECORD; digest BYTEA;",
                            func="\n    SELECT sequence, at, hash INTO head FROM claims_publication ORDER BY sequence DESC LIMIT 1;\n    IF NEW.sequence <> COALESCE(head.sequence, 0) + 1 THEN\n        RAISE EXCEPTION 'publication % does not follow %', NEW.sequence, COALESCE(head.sequence, 0)\n            USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.at < head.at THEN\n        RAISE EXCEPTION 'publication % is dated before the one it follows', NEW.sequence\n            USING ERRCODE = 'check_violation';\n    ELSIF NEW.at > greatest(head.at, clock_timestamp() + interval '1 minute') THEN\n        RAISE EXCEPTION 'publication % is dated in the future', NEW.sequence USING ERRCODE = 'check_violation';\n    END IF;\n    digest := sha256(convert_to(concat_ws(E'\\n',\n        'factcheck-log/1', NEW.sequence, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),\n        NEW.event, NEW.audience, NEW.public_id,\n        COALESCE((SELECT claim.public_id FROM claims_claim AS claim WHERE claim.id = NEW.claim_id), ''),\n        COALESCE((SELECT review.public_id FROM claims_review AS review WHERE review.id = NEW.review_id), ''),\n        NEW.version, NEW.commitment\n    ), 'UTF8'));\n    NEW.line_sha256 := encode(digest, 'hex');\n    NEW.hash := encode(sha256(decode(COALESCE(head.hash, repeat('0', 64)), 'hex') || digest), 'hex');\n    RETURN NEW;\n",
                            hash="45a161b55eae93c968c26f0ea7732bb3520d1f63",
                            operation="INSERT",
                            pgid="pgtrigger_chain_d25f1",
                            table="claims_publication",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="chain_holds",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE head RECORD; wrong RECORD;",
                            func="\n    SELECT sequence, at, hash INTO head FROM claims_publication\n        WHERE sequence < (SELECT min(sequence) FROM new_values) ORDER BY sequence DESC LIMIT 1;\n    SELECT row.sequence, row.before, row.follows, row.in_time INTO wrong FROM (\n        SELECT sequence, COALESCE(lag(sequence, 1, head.sequence) OVER log, 0) AS before,\n            sequence = COALESCE(lag(sequence, 1, head.sequence) OVER log, 0) + 1 AS follows,\n            at >= COALESCE(lag(at, 1, head.at) OVER log, at)\n                AND at <= greatest(head.at, clock_timestamp() + interval '1 minute') AS in_time,\n            line_sha256 = encode(digest, 'hex')\n                AND hash = encode(sha256(decode(COALESCE(lag(hash, 1, head.hash::text) OVER log, repeat('0', 64)), 'hex') || digest), 'hex') AS hashed\n        FROM (SELECT *, sha256(convert_to(concat_ws(E'\\n',\n        'factcheck-log/1', new_values.sequence, to_char(new_values.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),\n        new_values.event, new_values.audience, new_values.public_id,\n        COALESCE((SELECT claim.public_id FROM claims_claim AS claim WHERE claim.id = new_values.claim_id), ''),\n        COALESCE((SELECT review.public_id FROM claims_review AS review WHERE review.id = new_values.review_id), ''),\n        new_values.version, new_values.commitment\n    ), 'UTF8')) AS digest FROM new_values) AS brought\n        WINDOW log AS (ORDER BY sequence)\n    ) AS row WHERE NOT (follows AND in_time AND hashed) ORDER BY row.sequence LIMIT 1;\n    IF wrong.sequence IS NOT NULL THEN\n        IF NOT wrong.follows THEN\n            RAISE EXCEPTION 'publication % does not follow %', wrong.sequence, wrong.before\n                USING ERRCODE = 'check_violation';\n        ELSIF NOT wrong.in_time THEN\n            RAISE EXCEPTION 'publication % is dated before the one it follows, or in the future', wrong.sequence\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RAISE EXCEPTION 'publication % does not continue the chain of hashes', wrong.sequence\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n",
                            hash="6f993b968140a3957f84cf0534fafd09f52bfb94",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_chain_holds_13c3a",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_publication",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="372ef7a0a222dd3f182a5e5ad987a915168d1378",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_b8642",
                            table="claims_publication",
                            when="BEFORE",
                        ),
                    ),
                ],
                "publicationbody": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d46d6874dc106f3bb23e2d58866af6470b3cef0b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_04b41",
                            table="claims_publicationbody",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="commitment_holds",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE wrong BIGINT;",
                            func="\n    SELECT min(body.publication_id) INTO wrong FROM new_values AS body\n    JOIN claims_publication AS row ON row.sequence = body.publication_id\n    WHERE row.commitment <> encode(sha256(body.salt || body.json), 'hex');\n    IF wrong IS NOT NULL THEN\n        RAISE EXCEPTION 'the body of publication % is not the one that it commits to', wrong\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n",
                            hash="c558809d5f4b76002a0deb35b2127b8076c77e20",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_commitment_holds_abad3",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_publicationbody",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="bb61ac744660cdddd5cc051a30e4f90d59713128",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_d610d",
                            table="claims_publicationbody",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="own_words_are_approved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE wrong BIGINT;",
                            func="\n    SELECT min(publication.sequence) INTO wrong\n    FROM new_values JOIN claims_publication AS publication ON publication.sequence = new_values.publication_id\n    JOIN claims_review AS review ON review.claim_id = publication.claim_id AND review.origin = 'own'\n    CROSS JOIN LATERAL (\n        SELECT number, summary, body, public_note, rating_id FROM claims_reviewversion\n        WHERE review_id = review.id AND state = 'published' ORDER BY number DESC LIMIT 1\n    ) AS version\n    LEFT JOIN claims_rating AS rating ON rating.id = version.rating_id\n    LEFT JOIN LATERAL (\n        SELECT each FROM jsonb_array_elements(convert_from(new_values.json, 'UTF8')::jsonb -> 'reviews') AS each\n        WHERE each ->> 'id' = review.public_id\n    ) AS said ON true\n    WHERE publication.event <> 'redacted' AND (\n        (said.each ->> 'version')::integer IS DISTINCT FROM version.number\n        OR said.each ->> 'summary' IS DISTINCT FROM version.summary\n        OR said.each ->> 'body' IS DISTINCT FROM version.body\n        OR COALESCE(said.each ->> 'public_note', '') <> version.public_note\n        OR said.each #>> '{rating,label}' IS DISTINCT FROM rating.label\n        OR said.each #>> '{rating,verdict}' IS DISTINCT FROM rating.verdict\n    );\n    IF wrong IS NOT NULL THEN\n        RAISE EXCEPTION 'publication % says of a review what none of its published versions says', wrong\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n",
                            hash="1f1486a5d1c1b0a8ffe54ce53d680a28cac2e7e9",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_own_words_are_approved_6ae38",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_publicationbody",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="words_stay",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE wrong BIGINT;",
                            func="\n    SELECT min(publication.sequence) INTO wrong\n    FROM new_values JOIN claims_publication AS publication ON publication.sequence = new_values.publication_id\n    CROSS JOIN LATERAL (\n        SELECT body.words_sha256 FROM claims_publication AS earlier\n        JOIN claims_publicationbody AS body ON body.publication_id = earlier.sequence\n        WHERE earlier.claim_id = publication.claim_id AND earlier.version < publication.version\n        ORDER BY earlier.version DESC LIMIT 1\n    ) AS before\n    WHERE publication.event NOT IN ('published', 'updated', 'clarified', 'corrected', 'withdrawn', 'merged', 'unmerged', 'redacted')\n        AND before.words_sha256 IS DISTINCT FROM new_values.words_sha256;\n    IF wrong IS NOT NULL THEN\n        RAISE EXCEPTION 'publication % changes words that two people approved, and publishes none', wrong\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n",
                            hash="97cda7b5d6563dfbedf0984c86e1bcf10c670a95",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_words_stay_18124",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_publicationbody",
                            when="AFTER",
                        ),
                    ),
                ],
                "rating": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_ratingevent" ("id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "scale_id", "value", "verdict") VALUES (OLD."id", OLD."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."retired_at", OLD."scale_id", OLD."value", OLD."verdict"); RETURN NULL;',
                            hash="113b3458149602cbb36772813db8c5703c4d7472",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_eea28",
                            table="claims_rating",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_ratingevent" ("id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "scale_id", "value", "verdict") VALUES (NEW."id", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."retired_at", NEW."scale_id", NEW."value", NEW."verdict"); RETURN NULL;',
                            hash="ec44c0302376149ec2f5b8d65b5d334bb8f06246",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_49e43",
                            table="claims_rating",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="d619c943e916e249e243b936a3f50ebaf31b4e15",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_4a47b",
                            table="claims_rating",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_ratingevent" ("id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "scale_id", "value", "verdict") VALUES (NEW."id", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."retired_at", NEW."scale_id", NEW."value", NEW."verdict"); RETURN NULL;',
                            hash="b6b9f431006c0b22f54c6bb7ef5b60eb6b37f097",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_40dc3",
                            table="claims_rating",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="used_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF TG_OP = 'UPDATE' THEN\n                        IF (NEW.label, NEW.value, NEW.verdict, NEW.scale_id)\n                            IS NOT DISTINCT FROM (OLD.label, OLD.value, OLD.verdict, OLD.scale_id)\n                        THEN\n                            RETURN NEW;\n                        END IF;\n                    END IF;\n                    IF EXISTS (\n        SELECT FROM claims_reviewversion WHERE rating_id = OLD.id AND state IN ('approved', 'published')\n    ) THEN\n                        RAISE EXCEPTION 'Reviews were approved by the step “%”, so it stays as it is. Retire it, or retire and replace it.', OLD.label USING ERRCODE = 'check_violation';\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN\n                        RETURN OLD;\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="a30a403394949b8416518ce9e3bb4b6d5f763b7b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_used_stays_c2e8a",
                            table="claims_rating",
                            when="BEFORE",
                        ),
                    ),
                ],
                "ratingevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1c35b8d2c3b52cf853d21e9f99594e44290224d1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_88473",
                            table="claims_ratingevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="78755a61a716c41cffe0faf3587acf86040ac029",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_27e70",
                            table="claims_ratingevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "ratingscale": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_ratingscaleevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id"); RETURN NULL;',
                            hash="597e9d3da7ed9d1db6ecb946a9f38f396da95c80",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_fef73",
                            table="claims_ratingscale",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_ratingscaleevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id"); RETURN NULL;',
                            hash="f208295c806519143ade1d677ddbcf178dadbcef",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_cee2b",
                            table="claims_ratingscale",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="b042f095cc0dc0a2ce0cd98aaa2d48fa607612c9",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_8dd80",
                            table="claims_ratingscale",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="30cf094b3efac525193010c5049e657173c480e7",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_07f8c",
                            table="claims_ratingscale",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_ratingscaleevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id"); RETURN NULL;',
                            hash="c73aaa34a45941fb02a5560e38cfe3897534af00",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0bfc9",
                            table="claims_ratingscale",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="used_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF (NEW.name, NEW.organisation_id) IS DISTINCT FROM (OLD.name, OLD.organisation_id) AND EXISTS (\n                        SELECT FROM claims_rating AS step WHERE step.scale_id = OLD.id AND EXISTS (\n        SELECT FROM claims_reviewversion WHERE rating_id = step.id AND state IN ('approved', 'published')\n    )\n                    ) THEN\n                        RAISE EXCEPTION 'Reviews were approved by this scale, so its name stays. Define another scale, and retire the steps of this one.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="f76cae9fb852e517850da30ec6cbea9c65accf35",
                            operation="UPDATE",
                            pgid="pgtrigger_used_stays_c7909",
                            table="claims_ratingscale",
                            when="BEFORE",
                        ),
                    ),
                ],
                "ratingscaleevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="695575176b78228a1675df26eab83ed6815c90a2",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f0d3d",
                            table="claims_ratingscaleevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="463da6a3a3956b7dcef02bdbef7562df4b680290",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_c062f",
                            table="claims_ratingscaleevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "recheck": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_recheckevent" ("confirmed_at", "id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "raised_at", "resolved_at", "resolved_by_id", "review_id", "seen_at", "seen_by_id", "state") VALUES (OLD."confirmed_at", OLD."id", OLD."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."raised_at", OLD."resolved_at", OLD."resolved_by_id", OLD."review_id", OLD."seen_at", OLD."seen_by_id", OLD."state"); RETURN NULL;',
                            hash="e1cf712a18ebad9f1f4058b5cda31a31bf1030cb",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_5679e",
                            table="claims_recheck",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_recheckevent" ("confirmed_at", "id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "raised_at", "resolved_at", "resolved_by_id", "review_id", "seen_at", "seen_by_id", "state") VALUES (NEW."confirmed_at", NEW."id", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."raised_at", NEW."resolved_at", NEW."resolved_by_id", NEW."review_id", NEW."seen_at", NEW."seen_by_id", NEW."state"); RETURN NULL;',
                            hash="9236e675a8f8ccee8d0c027403c6d8fa23e98ec9",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_0aa0e",
                            table="claims_recheck",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="484e5f4a1f7b8097f4ac70cf6a89613bf0d0484d",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_f9658",
                            table="claims_recheck",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="160352610eb8772d2788e9caf4a8707a87ba5f28",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_aaaa6",
                            table="claims_recheck",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_recheckevent" ("confirmed_at", "id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "raised_at", "resolved_at", "resolved_by_id", "review_id", "seen_at", "seen_by_id", "state") VALUES (NEW."confirmed_at", NEW."id", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."raised_at", NEW."resolved_at", NEW."resolved_by_id", NEW."review_id", NEW."seen_at", NEW."seen_by_id", NEW."state"); RETURN NULL;',
                            hash="767ec952242e6717ec7e1fddb6fd73841d15bd42",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6804e",
                            table="claims_recheck",
                            when="AFTER",
                        ),
                    ),
                ],
                "recheckevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ee12376f71aebddc9d5c14d95a9c0f53f74f5835",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c758f",
                            table="claims_recheckevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="2687e452e7fbb35f78473b373998d80768a56327",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_73013",
                            table="claims_recheckevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "restriction": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_restrictionevent" ("claim_id", "created_at", "created_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."claim_id", OLD."created_at", OLD."created_by_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="4db050fb2365b0d6fc7bba372b697523aa3e5071",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_e1603",
                            table="claims_restriction",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_restrictionevent" ("claim_id", "created_at", "created_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."claim_id", NEW."created_at", NEW."created_by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="69625dabe726522609b89509f8002f60ba7eae88",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_18ca4",
                            table="claims_restriction",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="5fb3fe2af54ea95abba2758f6260ae4d1e1b653c",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_1c2a0",
                            table="claims_restriction",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_restrictionevent" ("claim_id", "created_at", "created_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."claim_id", NEW."created_at", NEW."created_by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="68e31b05ebe1f0b11eb92cc87f605b9422a44a4b",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9be3a",
                            table="claims_restriction",
                            when="AFTER",
                        ),
                    ),
                ],
                "restrictionevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="19e7ab6dda0edc91251bd0558ca07ce915d547a7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1f679",
                            table="claims_restrictionevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="24209e07f5fd2e6da3877b4bf0e24ee5e79b0aeb",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_548ae",
                            table="claims_restrictionevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "restrictionmembersevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ac76a6b1c6671a9542b226bed7272a3fffe7da17",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4c332",
                            table="claims_restrictionmembersevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="f46171e6b8437f1f4bdea6946c0fcb80b74cc314",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_d5024",
                            table="claims_restrictionmembersevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "review": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_reviewevent" ("article_id", "claim_id", "created_at", "id", "organisation_id", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "suspended_at", "withdrawn_at") VALUES (OLD."article_id", OLD."claim_id", OLD."created_at", OLD."id", OLD."organisation_id", OLD."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."suspended_at", OLD."withdrawn_at"); RETURN NULL;',
                            hash="f94a60d0764621ab159c53993228a44db43d43b0",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c19fa",
                            table="claims_review",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="edit_is_noted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF ROW(NEW.organisation_id, NEW.article_id) IS NOT DISTINCT FROM ROW(OLD.organisation_id, OLD.article_id) THEN\n                RETURN NULL;\n            END IF;\n            \n        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)\n        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM (SELECT NEW.claim_id) AS found) AS edited\n        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)\n        ORDER BY claim_id\n        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';\n        RETURN NULL;\n    \n        ",
                            hash="10f92936122f097fae441a35666291130054aaea",
                            operation="UPDATE",
                            pgid="pgtrigger_edit_is_noted_6ba51",
                            table="claims_review",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="imported_is_not_ours",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (\n                        SELECT FROM new_values JOIN claims_organisation AS organisation\n                            ON organisation.id = new_values.organisation_id\n                        WHERE new_values.origin = 'imported' AND organisation.is_ours\n                    ) THEN\n                        RAISE EXCEPTION 'A review of our own organisation is never an imported one.'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ",
                            hash="6981296cfc1a7c1dde07c7a0a9e0908164b075ed",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_imported_is_not_ours_d064d",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_review",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_reviewevent" ("article_id", "claim_id", "created_at", "id", "organisation_id", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "suspended_at", "withdrawn_at") SELECT new_values."article_id", new_values."claim_id", new_values."created_at", new_values."id", new_values."organisation_id", new_values."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."public_id", new_values."suspended_at", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                            hash="4af020f6a637500313645a5b30df60a321e33c97",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_8009a",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_review",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="ced79ec36110709258ebf4ee893790f1e665cafb",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_d922e",
                            table="claims_review",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="48eabf521ac92982d0663d8adc8d2ff03b963121",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_1476d",
                            table="claims_review",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="stays_what_it_is",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NEW.origin <> OLD.origin THEN\n                        RAISE EXCEPTION 'A review of our own and an imported one never turn into each other.'\n                            USING ERRCODE = 'check_violation';\n                    ELSIF (NEW.claim_id, NEW.organisation_id) IS DISTINCT FROM (OLD.claim_id, OLD.organisation_id)\n                        AND EXISTS (\n                            SELECT FROM claims_reviewversion WHERE review_id = NEW.id AND state = 'published'\n                        )\n                    THEN\n                        RAISE EXCEPTION 'A published review stays with its claim and organisation; start another.'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="c8957dd28a4ab7ad4c7cf0b1d43bcb5b16afc4dd",
                            operation="UPDATE",
                            pgid="pgtrigger_stays_what_it_is_95d65",
                            table="claims_review",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="suspended_as_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NEW.suspended_at IS DISTINCT FROM (\n                        SELECT suspended_at FROM claims_suspension WHERE review_id = NEW.id AND ended_at IS NULL\n                    ) THEN\n                        RAISE EXCEPTION 'a review is suspended and resumed by rows of suspensions alone'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="479027b9df8897b12274625a2e80174de0726612",
                            operation='UPDATE OF "suspended_at"',
                            pgid="pgtrigger_suspended_as_decided_d952b",
                            table="claims_review",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_reviewevent" ("article_id", "claim_id", "created_at", "id", "organisation_id", "origin", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "suspended_at", "withdrawn_at") VALUES (NEW."article_id", NEW."claim_id", NEW."created_at", NEW."id", NEW."organisation_id", NEW."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."suspended_at", NEW."withdrawn_at"); RETURN NULL;',
                            hash="51047306d46f4b84514cc76fdb6f848e4df664c9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b7b96",
                            table="claims_review",
                            when="AFTER",
                        ),
                    ),
                ],
                "reviewevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="83616e335d14ce36f3efe7bff2911fd5ff91c5b1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7b2e7",
                            table="claims_reviewevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="341328cd1982f0070f87c957d67ea33444ac47c7",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_73c2b",
                            table="claims_reviewevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "reviewversion": [
                    pgtrigger.compiler.Trigger(
                        name="author_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."author_id" IS NULL)',
                            func="RAISE EXCEPTION 'only an imported review goes without an author and an approver' USING ERRCODE = 'check_violation';",
                            hash="069a0ca2784b3daf33f0d5912fe12d72de58acad",
                            operation="UPDATE",
                            pgid="pgtrigger_author_stays_09548",
                            table="claims_reviewversion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_reviewversionevent" ("approved_at", "approved_sha256", "approved_words", "approver_id", "author_id", "body", "correction_kind", "created_at", "embargo_until", "id", "kind", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_note", "published_at", "rating_as_given", "rating_id", "rating_numbers", "review_id", "state", "summary", "true_as_of") VALUES (OLD."approved_at", OLD."approved_sha256", OLD."approved_words", OLD."approver_id", OLD."author_id", OLD."body", OLD."correction_kind", OLD."created_at", OLD."embargo_until", OLD."id", OLD."kind", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_note", OLD."published_at", OLD."rating_as_given", OLD."rating_id", OLD."rating_numbers", OLD."review_id", OLD."state", OLD."summary", OLD."true_as_of"); RETURN NULL;',
                            hash="39076977efacb6c112b491c8851c7e96f394f79c",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7ce6b",
                            table="claims_reviewversion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="edit_voids_approval",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"state\" IN ('in_review', 'approved'))",
                            func="\n                    IF NEW.kind IS DISTINCT FROM OLD.kind OR NEW.correction_kind IS DISTINCT FROM OLD.correction_kind OR NEW.rating_id IS DISTINCT FROM OLD.rating_id OR NEW.rating_as_given IS DISTINCT FROM OLD.rating_as_given OR NEW.summary IS DISTINCT FROM OLD.summary OR NEW.body IS DISTINCT FROM OLD.body OR NEW.public_note IS DISTINCT FROM OLD.public_note OR NEW.true_as_of IS DISTINCT FROM OLD.true_as_of OR NEW.embargo_until IS DISTINCT FROM OLD.embargo_until OR NEW.author_id IS DISTINCT FROM OLD.author_id THEN\n                        NEW.state := 'draft';\n                        NEW.approver_id := NULL;\n                        NEW.approved_at := NULL;\n                        NEW.approved_sha256 := '';\n                        NEW.approved_words := NULL;\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="127759eeffa35c3155c9fc6c77e90bc216a9a4c9",
                            operation="UPDATE",
                            pgid="pgtrigger_edit_voids_approval_9d33b",
                            table="claims_reviewversion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_reviewversionevent" ("approved_at", "approved_sha256", "approved_words", "approver_id", "author_id", "body", "correction_kind", "created_at", "embargo_until", "id", "kind", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_note", "published_at", "rating_as_given", "rating_id", "rating_numbers", "review_id", "state", "summary", "true_as_of") SELECT new_values."approved_at", new_values."approved_sha256", new_values."approved_words", new_values."approver_id", new_values."author_id", new_values."body", new_values."correction_kind", new_values."created_at", new_values."embargo_until", new_values."id", new_values."kind", new_values."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."public_note", new_values."published_at", new_values."rating_as_given", new_values."rating_id", new_values."rating_numbers", new_values."review_id", new_values."state", new_values."summary", new_values."true_as_of" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                            hash="13b2c9092fe43fdaf0bf374b937bce499ad0c720",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_8d50c",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_reviewversion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="290e5c13f99a4853457ba965c2833b798a2fc7c2",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_09a41",
                            table="claims_reviewversion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="not_by_the_same_hand",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."approver_id" IS NOT NULL)',
                            func="\n                    IF (TG_OP = 'INSERT' OR OLD.approver_id IS DISTINCT FROM NEW.approver_id) AND EXISTS (\n                        SELECT FROM (\n                            SELECT NEW.author_id UNION SELECT author_id FROM factcheck_authors(NEW.id)\n                        ) AS wrote (id) CROSS JOIN LATERAL factcheck_same_hand(NEW.approver_id, wrote.id)\n                        WHERE wrote.id IS NOT NULL\n                    ) THEN\n                        RAISE EXCEPTION 'One person may be behind approver and author: an account was made, given a'\n                            ' right or given a new password by the other, or both by a third or by somebody unknown,'\n                            ' within 72 hours.' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="88ad469e711e34ff19428df28765d7f5579f7532",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_not_by_the_same_hand_6c645",
                            table="claims_reviewversion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="published_is_locked",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"state\" = 'published')",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="166bf1a685953ed7a6f4a80dcd721b400ebe07f6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_published_is_locked_b6e87",
                            table="claims_reviewversion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="tell_of_voided_approval",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"state\" = 'draft' AND OLD.\"state\" IN ('in_review', 'approved'))",
                            func="\n    INSERT INTO claims_notice (recipient_id, kind, sentence, path, created_at)\n    SELECT reader.id, 'approval_voided',\n        COALESCE(edit.actor, 'Somebody') || ' edited a version that you ' || reader.did || ', so it is a draft again: '\n            || CASE WHEN EXISTS (SELECT FROM claims_restriction WHERE claim_id = claim.id)\n                THEN 'a restricted claim' ELSE left(claim.text, 200) END,\n        '/admin/claims/reviewversion/' || NEW.id || '/change/', clock_timestamp()\n    FROM (\n        SELECT OLD.approver_id AS id, 'had approved' AS did WHERE OLD.approver_id IS NOT NULL\n        UNION SELECT user_id, 'were asked to approve' FROM claims_guestapproval\n            WHERE version_id = NEW.id AND revoked_at IS NULL AND user_id IS DISTINCT FROM OLD.approver_id\n    ) AS reader\n    JOIN claims_review AS review ON review.id = NEW.review_id\n    JOIN claims_claim AS claim ON claim.id = review.claim_id\n    CROSS JOIN (\n        SELECT NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb AS said\n    ) AS context\n    CROSS JOIN LATERAL (SELECT said ->> 'actor' AS actor, said ->> 'reason' AS reason) AS edit\n    WHERE edit.reason IS DISTINCT FROM 'sent back' AND edit.actor IS DISTINCT FROM\n        (SELECT username FROM auth_user WHERE auth_user.id = reader.id);\n    RETURN NULL;\n",
                            hash="57a0c6b90ba7f1502105f5aee1d0b7a70d90b6f0",
                            operation="UPDATE",
                            pgid="pgtrigger_tell_of_voided_approval_45da1",
                            table="claims_reviewversion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="two_persons",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"state\" IN ('approved', 'published') AND NOT (OLD.\"state\" = 'published'))",
                            declare="DECLARE author RECORD;",
                            func="\n    IF NEW.state = 'published' AND OLD.state <> 'approved' OR OLD.state = 'draft' THEN\n        RAISE EXCEPTION 'a version is submitted, then approved, then published' USING ERRCODE = 'check_violation';\n    END IF;\n    IF OLD.state = 'approved' THEN\n        IF NEW.approver_id IS DISTINCT FROM OLD.approver_id OR NEW.approved_at IS DISTINCT FROM OLD.approved_at OR NEW.approved_sha256 IS DISTINCT FROM OLD.approved_sha256 OR NEW.approved_words IS DISTINCT FROM OLD.approved_words THEN\n            RAISE EXCEPTION 'an approval is given once, and voided as a whole' USING ERRCODE = 'check_violation';\n        END IF;\n    ELSIF (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'actor_id')::bigint IS DISTINCT FROM NEW.approver_id THEN\n        RAISE EXCEPTION 'a version is approved by whoever acts' USING ERRCODE = 'check_violation';\n    ELSIF NOT factcheck_may_approve(NEW.approver_id) AND NOT EXISTS (\n        SELECT FROM claims_guestapproval AS guest JOIN auth_user ON auth_user.id = guest.user_id AND is_active\n        WHERE guest.version_id = NEW.id AND guest.user_id = NEW.approver_id AND guest.revoked_at IS NULL\n    ) THEN\n        RAISE EXCEPTION 'the account may not approve' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.kind IS DISTINCT FROM OLD.kind OR NEW.correction_kind IS DISTINCT FROM OLD.correction_kind OR NEW.rating_id IS DISTINCT FROM OLD.rating_id OR NEW.rating_as_given IS DISTINCT FROM OLD.rating_as_given OR NEW.summary IS DISTINCT FROM OLD.summary OR NEW.body IS DISTINCT FROM OLD.body OR NEW.public_note IS DISTINCT FROM OLD.public_note OR NEW.true_as_of IS DISTINCT FROM OLD.true_as_of OR NEW.embargo_until IS DISTINCT FROM OLD.embargo_until OR NEW.author_id IS DISTINCT FROM OLD.author_id THEN\n        RAISE EXCEPTION 'a version cannot be changed and approved at once' USING ERRCODE = 'check_violation';\n    END IF;\n    SELECT * INTO author FROM factcheck_authors(NEW.id)\n        WHERE author_id IS NULL OR author_id = NEW.approver_id LIMIT 1;\n    IF FOUND AND author.author_id IS NULL THEN\n        RAISE EXCEPTION 'nobody knows who changed % (%)', author.part, author.field USING ERRCODE = 'check_violation';\n    ELSIF FOUND THEN\n        RAISE EXCEPTION 'the approver is an author: % changed % (%)', author.actor, author.part, author.field\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="5918c3b02325c8c0b9d50ae8ad4b63dc20727ed0",
                            operation="UPDATE",
                            pgid="pgtrigger_two_persons_5af2e",
                            table="claims_reviewversion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="two_persons_or_imported",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (\n                        SELECT FROM new_values JOIN claims_review AS review ON review.id = new_values.review_id\n                        WHERE review.origin <> 'imported'\n                        AND (new_values.author_id IS NULL OR new_values.state IN ('approved', 'published'))\n                    ) THEN\n                        RAISE EXCEPTION 'only an imported review goes without an author and an approver' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ",
                            hash="f5a27e510bbe6500097fe7f2aac8bdfea2a450b0",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_two_persons_or_imported_3c6e6",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_reviewversion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_reviewversionevent" ("approved_at", "approved_sha256", "approved_words", "approver_id", "author_id", "body", "correction_kind", "created_at", "embargo_until", "id", "kind", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_note", "published_at", "rating_as_given", "rating_id", "rating_numbers", "review_id", "state", "summary", "true_as_of") VALUES (NEW."approved_at", NEW."approved_sha256", NEW."approved_words", NEW."approver_id", NEW."author_id", NEW."body", NEW."correction_kind", NEW."created_at", NEW."embargo_until", NEW."id", NEW."kind", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_note", NEW."published_at", NEW."rating_as_given", NEW."rating_id", NEW."rating_numbers", NEW."review_id", NEW."state", NEW."summary", NEW."true_as_of"); RETURN NULL;',
                            hash="058953fc900c079c7a16fbecb7d24d3f30752144",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c3791",
                            table="claims_reviewversion",
                            when="AFTER",
                        ),
                    ),
                ],
                "reviewversionevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="974766e52a6b5ec02dcd3c966f95b2831d70649c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_edbda",
                            table="claims_reviewversionevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="b94cd1a4791cdc57ba3b9e8309c509ef7b4286f7",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_d4ff6",
                            table="claims_reviewversionevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "sender": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_senderevent" ("created_at", "id", "name", "newsroom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (OLD."created_at", OLD."id", OLD."name", OLD."newsroom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."user_id"); RETURN NULL;',
                            hash="8f6beda0247a21ab6d0fc80e2b199db96234dd22",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1e52a",
                            table="claims_sender",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_senderevent" ("created_at", "id", "name", "newsroom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."created_at", NEW."id", NEW."name", NEW."newsroom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."user_id"); RETURN NULL;',
                            hash="ead0bf7ab0479668521c940d5c05204d23afdcd3",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d5e3d",
                            table="claims_sender",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="760e65d1748ac55231c8445a5b2a0e4baba5e885",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_55481",
                            table="claims_sender",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_senderevent" ("created_at", "id", "name", "newsroom", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."created_at", NEW."id", NEW."name", NEW."newsroom", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."user_id"); RETURN NULL;',
                            hash="1adfe825ad64aef6667763cc8c0f7f002767604b",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_8a7a5",
                            table="claims_sender",
                            when="AFTER",
                        ),
                    ),
                ],
                "senderevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ec9c0a6803677785bb55c9f3796839624e4c5a4d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3f5ca",
                            table="claims_senderevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="221c01b7f5071394112e2033cbe1f1a919ebc1ac",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_457a0",
                            table="claims_senderevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "speaker": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_speakerevent" ("aliases", "created_at", "id", "is_demo", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "role", "wikidata_id") VALUES (OLD."aliases", OLD."created_at", OLD."id", OLD."is_demo", OLD."kind", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."role", OLD."wikidata_id"); RETURN NULL;',
                            hash="fe442990c055e8b42c6a4ab8924171a9cdeb0e30",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_b8590",
                            table="claims_speaker",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="edit_is_noted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF ROW(NEW.name, NEW.kind, NEW.role, NEW.wikidata_id) IS NOT DISTINCT FROM ROW(OLD.name, OLD.kind, OLD.role, OLD.wikidata_id) THEN\n                RETURN NULL;\n            END IF;\n            \n        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)\n        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM (\n                SELECT link.claim_id FROM claims_statement AS statement\n                JOIN claims_appearance AS link ON link.statement_id = statement.id\n                WHERE statement.speaker_id = NEW.id AND (\n                    link.created_by_id IS NOT NULL\n                    OR EXISTS (SELECT FROM claims_review WHERE claim_id = link.claim_id AND origin = 'own')\n                )\n                ) AS found) AS edited\n        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)\n        ORDER BY claim_id\n        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';\n        RETURN NULL;\n    \n        ",
                            hash="c78c289c3367f17381bfacb7573abb1c76ae12ca",
                            operation="UPDATE",
                            pgid="pgtrigger_edit_is_noted_1c6c4",
                            table="claims_speaker",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_speakerevent" ("aliases", "created_at", "id", "is_demo", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "role", "wikidata_id") SELECT new_values."aliases", new_values."created_at", new_values."id", new_values."is_demo", new_values."kind", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."public_id", new_values."role", new_values."wikidata_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                            hash="ed165d5633f5cea17cda0bb256589d830b138281",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_7cf94",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_speaker",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="kept_while_published",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone varchar[];",
                            func="\n            gone := ARRAY(SELECT public_id FROM old_values);\n            IF cardinality(gone) > 0 AND (EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NULL AND speakers && gone) OR EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NOT NULL AND speakers && gone)) THEN\n                RAISE EXCEPTION 'This speaker is part of what is published or was, so it stays. Correct the name, or give its statements another speaker.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="d2ee195116ab29b29f6901e0ba7aef544c999b3c",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_kept_while_published_d2ffb",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="claims_speaker",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="1b7d3a6e679f3f3640504f49466d052458e011d7",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_8b129",
                            table="claims_speaker",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="f00c58abf3e9c68db9a81233476fafb426880f6a",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_0db10",
                            table="claims_speaker",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_speakerevent" ("aliases", "created_at", "id", "is_demo", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "role", "wikidata_id") VALUES (NEW."aliases", NEW."created_at", NEW."id", NEW."is_demo", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."role", NEW."wikidata_id"); RETURN NULL;',
                            hash="8b905dc54e5ec08fb721c91c42d8f2ad32137e59",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d9d7a",
                            table="claims_speaker",
                            when="AFTER",
                        ),
                    ),
                ],
                "speakerevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4c9d2e5edff8cca0700490bf7be500f6b256b177",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9c114",
                            table="claims_speakerevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="81d074ebdca63f110895a17224610032f2e5e93e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_650e5",
                            table="claims_speakerevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "statement": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_statementevent" ("checkworthy", "checkworthy_reasons", "content", "created_at", "cue", "document_id", "end", "figures", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "quoted", "speaker_as_written", "speaker_id", "start", "text") VALUES (OLD."checkworthy", OLD."checkworthy_reasons", OLD."content", OLD."created_at", OLD."cue", OLD."document_id", OLD."end", OLD."figures", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."quoted", OLD."speaker_as_written", OLD."speaker_id", OLD."start", OLD."text"); RETURN NULL;',
                            hash="1ec110d675cd841187a1572c7923986f4549f5fb",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_aae0e",
                            table="claims_statement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="edit_is_noted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF ROW(NEW.document_id, NEW.text, NEW.speaker_id, NEW.speaker_as_written, NEW.cue, NEW.quoted, NEW.figures) IS NOT DISTINCT FROM ROW(OLD.document_id, OLD.text, OLD.speaker_id, OLD.speaker_as_written, OLD.cue, OLD.quoted, OLD.figures) THEN\n                RETURN NULL;\n            END IF;\n            \n        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)\n        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM (SELECT claim_id FROM claims_appearance WHERE statement_id = NEW.id) AS found) AS edited\n        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)\n        ORDER BY claim_id\n        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';\n        RETURN NULL;\n    \n        ",
                            hash="04c9fa4a247113476ac14d2ebfec7134e43da667",
                            operation="UPDATE",
                            pgid="pgtrigger_edit_is_noted_c2c58",
                            table="claims_statement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_statementevent" ("checkworthy", "checkworthy_reasons", "content", "created_at", "cue", "document_id", "end", "figures", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "quoted", "speaker_as_written", "speaker_id", "start", "text") SELECT new_values."checkworthy", new_values."checkworthy_reasons", new_values."content", new_values."created_at", new_values."cue", new_values."document_id", new_values."end", new_values."figures", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."public_id", new_values."quoted", new_values."speaker_as_written", new_values."speaker_id", new_values."start", new_values."text" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                            hash="8f4f9be0400646a244d4066a790a2fb44fe3535d",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_ec354",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="claims_statement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="kept_while_published",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone varchar[];",
                            func="\n            gone := ARRAY(SELECT public_id FROM old_values);\n            IF cardinality(gone) > 0 AND (EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NULL AND contained_ids && gone) OR EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NOT NULL AND contained_ids && gone)) THEN\n                RAISE EXCEPTION 'This statement is part of what is published or was, so it stays. Unlink it from the claims.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="6557b4498e428500dac0142cd0c41c185c139595",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_kept_while_published_46f05",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="claims_statement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="1c05d60dc1aa5509d53f31f71579d2825a587ea6",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_98e38",
                            table="claims_statement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="a908c3c114f9ff03eb41a943b1d1621a7902cf2e",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_56b64",
                            table="claims_statement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_statementevent" ("checkworthy", "checkworthy_reasons", "content", "created_at", "cue", "document_id", "end", "figures", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "quoted", "speaker_as_written", "speaker_id", "start", "text") VALUES (NEW."checkworthy", NEW."checkworthy_reasons", NEW."content", NEW."created_at", NEW."cue", NEW."document_id", NEW."end", NEW."figures", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."quoted", NEW."speaker_as_written", NEW."speaker_id", NEW."start", NEW."text"); RETURN NULL;',
                            hash="65cf5f3d529907545fbb5fd99ab40d906b5e1c5b",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_eabae",
                            table="claims_statement",
                            when="AFTER",
                        ),
                    ),
                ],
                "statementevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c7eddb168d025cd315c6a16dd8024aa365caf5c6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a2cf2",
                            table="claims_statementevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="791a658831b8e742a5e06b4c3a29906f316c601b",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_7ac57",
                            table="claims_statementevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "submission": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_submissionevent" ("as_sent", "claim_id", "document_id", "evidence_id", "id", "key", "markup_page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "review_id", "revision", "sender_id", "sent_at", "statement_id", "taken_at") VALUES (OLD."as_sent", OLD."claim_id", OLD."document_id", OLD."evidence_id", OLD."id", OLD."key", OLD."markup_page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."review_id", OLD."revision", OLD."sender_id", OLD."sent_at", OLD."statement_id", OLD."taken_at"); RETURN NULL;',
                            hash="7243d1a7e81b61ee8df0fe98c855af79006ecaa4",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f6d1e",
                            table="claims_submission",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_submissionevent" ("as_sent", "claim_id", "document_id", "evidence_id", "id", "key", "markup_page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "review_id", "revision", "sender_id", "sent_at", "statement_id", "taken_at") VALUES (NEW."as_sent", NEW."claim_id", NEW."document_id", NEW."evidence_id", NEW."id", NEW."key", NEW."markup_page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."review_id", NEW."revision", NEW."sender_id", NEW."sent_at", NEW."statement_id", NEW."taken_at"); RETURN NULL;',
                            hash="0ac66188afb271415795592f3771bc823c2f9597",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c7794",
                            table="claims_submission",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="6a0f89866d47b05fdb3f3688d186d30a160cfece",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_27c30",
                            table="claims_submission",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="47eead2aa68520dac40397f7f0e1048b36b588b3",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_66af3",
                            table="claims_submission",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_submissionevent" ("as_sent", "claim_id", "document_id", "evidence_id", "id", "key", "markup_page_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "review_id", "revision", "sender_id", "sent_at", "statement_id", "taken_at") VALUES (NEW."as_sent", NEW."claim_id", NEW."document_id", NEW."evidence_id", NEW."id", NEW."key", NEW."markup_page_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."review_id", NEW."revision", NEW."sender_id", NEW."sent_at", NEW."statement_id", NEW."taken_at"); RETURN NULL;',
                            hash="5cc01de0ec3f7dc672bdd49cce3c8d0ccab9d95f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b7c2f",
                            table="claims_submission",
                            when="AFTER",
                        ),
                    ),
                ],
                "submissionevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="83eef6f310b6e1fadf54746e00ff32ba9cbeed97",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_505ba",
                            table="claims_submissionevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="781fe51711bbf3c3808f61f308fc69d197829676",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_593c2",
                            table="claims_submissionevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "suggestion": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_suggestionevent" ("after", "before", "decided_at", "decided_by_id", "field", "id", "is_weighty", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "suggested_at", "suggested_by_id", "version_id") VALUES (OLD."after", OLD."before", OLD."decided_at", OLD."decided_by_id", OLD."field", OLD."id", OLD."is_weighty", OLD."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."state", OLD."suggested_at", OLD."suggested_by_id", OLD."version_id"); RETURN NULL;',
                            hash="fbf871e37bda3ae0e09aa16212a5f67d8eb9f17e",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_28ba4",
                            table="claims_suggestion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_suggestionevent" ("after", "before", "decided_at", "decided_by_id", "field", "id", "is_weighty", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "suggested_at", "suggested_by_id", "version_id") VALUES (NEW."after", NEW."before", NEW."decided_at", NEW."decided_by_id", NEW."field", NEW."id", NEW."is_weighty", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."state", NEW."suggested_at", NEW."suggested_by_id", NEW."version_id"); RETURN NULL;',
                            hash="a621db9d55ea7bd3cfa96f1fe5fc004300b612a3",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f95d2",
                            table="claims_suggestion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="80c70775cca0ce56342cac34079757357ba25876",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_2b9c5",
                            table="claims_suggestion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF OLD.state <> 'open' OR (NEW.version_id, NEW.field, NEW.before, NEW.after, NEW.is_weighty, NEW.suggested_by_id)\n        IS DISTINCT FROM (OLD.version_id, OLD.field, OLD.before, OLD.after, OLD.is_weighty, OLD.suggested_by_id)\n    THEN\n        RAISE EXCEPTION 'a suggestion is decided once, and stays as it was made' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="9995f3cc4fc06cf448e428b6b0f50faad4328403",
                            operation="UPDATE",
                            pgid="pgtrigger_stays_7356f",
                            table="claims_suggestion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_suggestionevent" ("after", "before", "decided_at", "decided_by_id", "field", "id", "is_weighty", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "suggested_at", "suggested_by_id", "version_id") VALUES (NEW."after", NEW."before", NEW."decided_at", NEW."decided_by_id", NEW."field", NEW."id", NEW."is_weighty", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."state", NEW."suggested_at", NEW."suggested_by_id", NEW."version_id"); RETURN NULL;',
                            hash="1a3ece06f58dccc3d2338b58a2539aa90ccea0c9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6da8e",
                            table="claims_suggestion",
                            when="AFTER",
                        ),
                    ),
                ],
                "suggestionevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="2e04fcda3497cb2e091febfa0c41c9e62f588c52",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2e842",
                            table="claims_suggestionevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="7862496e1db919b04ee9350d078a757d92c3864c",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_60847",
                            table="claims_suggestionevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "suspension": [
                    pgtrigger.compiler.Trigger(
                        name="begins_open",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF NEW.ended_at IS NOT NULL OR NEW.resume_requested_at IS NOT NULL THEN\n        RAISE EXCEPTION 'a suspension begins without an end' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NOT EXISTS (\n        SELECT FROM claims_reviewversion WHERE review_id = NEW.review_id AND state = 'published'\n    ) THEN\n        RAISE EXCEPTION 'only a published review can be suspended' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="2753b9098a3a5d08ebf247d38cc503f9f67214e5",
                            operation="INSERT",
                            pgid="pgtrigger_begins_open_b157e",
                            table="claims_suspension",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_suspensionevent" ("ended_at", "ended_by_version_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "resume_note", "resume_requested_at", "resume_requested_by_id", "resumed_by_id", "review_id", "suspended_at", "suspended_by_id") VALUES (OLD."ended_at", OLD."ended_by_version_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."reason", OLD."resume_note", OLD."resume_requested_at", OLD."resume_requested_by_id", OLD."resumed_by_id", OLD."review_id", OLD."suspended_at", OLD."suspended_by_id"); RETURN NULL;',
                            hash="bc01af4c24a13a43ad92641c6a90b345cfd155c8",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1b88b",
                            table="claims_suspension",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_suspensionevent" ("ended_at", "ended_by_version_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "resume_note", "resume_requested_at", "resume_requested_by_id", "resumed_by_id", "review_id", "suspended_at", "suspended_by_id") VALUES (NEW."ended_at", NEW."ended_by_version_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."reason", NEW."resume_note", NEW."resume_requested_at", NEW."resume_requested_by_id", NEW."resumed_by_id", NEW."review_id", NEW."suspended_at", NEW."suspended_by_id"); RETURN NULL;',
                            hash="182ce8f7d12ad51f6a352194d80c0cd812391955",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_558b1",
                            table="claims_suspension",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="3a3c69244754ea9619d1101a3276f96e733d540e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_4b298",
                            table="claims_suspension",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="only_ends",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF OLD.ended_at IS NOT NULL\n        OR (NEW.review_id, NEW.reason, NEW.suspended_at, NEW.suspended_by_id)\n            IS DISTINCT FROM (OLD.review_id, OLD.reason, OLD.suspended_at, OLD.suspended_by_id)\n    THEN\n        RAISE EXCEPTION 'what a suspension says stays; only its end is added' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.resume_requested_by_id IS NOT NULL\n        AND (NEW.resume_requested_by_id, NEW.resume_requested_at)\n            IS DISTINCT FROM (OLD.resume_requested_by_id, OLD.resume_requested_at)\n        AND ((NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'actor_id')::bigint IS DISTINCT FROM NEW.resume_requested_by_id OR OLD.resume_requested_by_id IS NOT NULL\n            OR NEW.ended_at IS NOT NULL)\n    THEN\n        RAISE EXCEPTION 'to resume a review is asked for by whoever acts, before somebody else resumes it'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.resumed_by_id IS NOT NULL AND (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'actor_id')::bigint IS DISTINCT FROM NEW.resumed_by_id THEN\n        RAISE EXCEPTION 'a review is resumed by whoever acts' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.resumed_by_id IS NOT NULL AND EXISTS (\n        SELECT FROM factcheck_same_hand(NEW.resumed_by_id, NEW.resume_requested_by_id)\n    ) THEN\n        RAISE EXCEPTION 'One person may be behind whoever asked and whoever resumes: an account was made, given a right'\n            ' or given a new password by the other, or both by a third or by somebody unknown, within 72 hours.'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.ended_by_version_id IS NOT NULL AND NOT EXISTS (\n        SELECT FROM claims_reviewversion\n        WHERE id = NEW.ended_by_version_id AND review_id = NEW.review_id AND state = 'published'\n            AND approved_at > NEW.suspended_at\n    ) THEN\n        RAISE EXCEPTION 'only a version that was approved since ends a suspension' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="63bfea5f2852aa71203d9e4688bf8b76136c1999",
                            operation="UPDATE",
                            pgid="pgtrigger_only_ends_4beea",
                            table="claims_suspension",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="review_follows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF TG_OP = 'INSERT' OR NEW.ended_at IS NOT NULL THEN\n        UPDATE claims_review SET suspended_at = CASE WHEN NEW.ended_at IS NULL THEN NEW.suspended_at END\n            WHERE id = NEW.review_id;\n    END IF;\n    RETURN NULL;\n",
                            hash="613eae2c08bf71e9cd7dbfd02c78a7242a149b53",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_review_follows_66344",
                            table="claims_suspension",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="07d0598a8dcb969a762d982cdbcc527967d804b6",
                            operation="DELETE",
                            pgid="pgtrigger_stays_49761",
                            table="claims_suspension",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_suspensionevent" ("ended_at", "ended_by_version_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "resume_note", "resume_requested_at", "resume_requested_by_id", "resumed_by_id", "review_id", "suspended_at", "suspended_by_id") VALUES (NEW."ended_at", NEW."ended_by_version_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."reason", NEW."resume_note", NEW."resume_requested_at", NEW."resume_requested_by_id", NEW."resumed_by_id", NEW."review_id", NEW."suspended_at", NEW."suspended_by_id"); RETURN NULL;',
                            hash="768aabc0fa8ad140a2124d82943b21fdc143f6c1",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_eeee7",
                            table="claims_suspension",
                            when="AFTER",
                        ),
                    ),
                ],
                "suspensionevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="eb58a9c889c4c8432c34e9c9f78ca6c2de2ef20a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4925e",
                            table="claims_suspensionevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="b44e278095a6120301b9f119cf438e66ce313bf5",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_089ae",
                            table="claims_suspensionevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "sweep": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="63e99930e8888520a8a788c5176f928be74b5f2c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_331d3",
                            table="claims_sweep",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="0bba74391e30aa25c10d6f69b9c2b404607560c0",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_4c020",
                            table="claims_sweep",
                            when="BEFORE",
                        ),
                    ),
                ],
                "tip": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_tipevent" ("document_id", "id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "received_at", "state", "text", "url") VALUES (OLD."document_id", OLD."id", OLD."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."received_at", OLD."state", OLD."text", OLD."url"); RETURN NULL;',
                            hash="c0dd834d25f13fc0e0b46444d53c449f47486fb8",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_0bf63",
                            table="claims_tip",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_tipevent" ("document_id", "id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "received_at", "state", "text", "url") VALUES (NEW."document_id", NEW."id", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."received_at", NEW."state", NEW."text", NEW."url"); RETURN NULL;',
                            hash="2c8df43161dba110d1517005882341d5b3b676eb",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_24919",
                            table="claims_tip",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="a2633b0f193d595f53a1f20017a96a160ced8fc7",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_9f0cf",
                            table="claims_tip",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="public_id_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id"))',
                            func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="f1c575eb7ddd3702b33a200c3c57ddd1f50eebf7",
                            operation='UPDATE OF "public_id"',
                            pgid="pgtrigger_public_id_is_final_8fdbf",
                            table="claims_tip",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_tipevent" ("document_id", "id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "received_at", "state", "text", "url") VALUES (NEW."document_id", NEW."id", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."received_at", NEW."state", NEW."text", NEW."url"); RETURN NULL;',
                            hash="d5af731a68f2ab569708b19b038b009619233420",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bc299",
                            table="claims_tip",
                            when="AFTER",
                        ),
                    ),
                ],
                "tipevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="806240ea1a6cb9d532ca746803c395645dd6d80c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b0e04",
                            table="claims_tipevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="533f9d261b69be8608c9443a10a38499c5e6864a",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_4551f",
                            table="claims_tipevent",
                            when="BEFORE",
                        ),
                    ),
                ],
                "topic": [
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_topicevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."slug"); RETURN NULL;',
                            hash="67f6dbc187c16b4970379f54af7e41c231ad092d",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_a32b8",
                            table="claims_topic",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="edit_is_noted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF ROW(NEW.slug, NEW.name) IS NOT DISTINCT FROM ROW(OLD.slug, OLD.name) THEN\n                RETURN NULL;\n            END IF;\n            \n        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)\n        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM (SELECT claim_id FROM claims_claim_topics WHERE topic_id = NEW.id) AS found) AS edited\n        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)\n        ORDER BY claim_id\n        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';\n        RETURN NULL;\n    \n        ",
                            hash="fcd660575be4d173e0abdb1cb5ac9481e6279c0c",
                            operation="UPDATE",
                            pgid="pgtrigger_edit_is_noted_995db",
                            table="claims_topic",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "claims_topicevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."slug"); RETURN NULL;',
                            hash="2d06f4c63d248734c8bbe90e15065a1cc6fd6ce2",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_5f998",
                            table="claims_topic",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="kept_while_published",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone varchar[];",
                            func="\n            gone := ARRAY(SELECT slug FROM old_values UNION SELECT event.slug FROM claims_topicevent AS event JOIN old_values ON old_values.id = event.pgh_obj_id);\n            IF cardinality(gone) > 0 AND (EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NULL AND topics && gone) OR EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS NOT NULL AND topics && gone)) THEN\n                RAISE EXCEPTION 'This topic is part of what is published or was, so it stays. Take it from the claims.'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="7923a25c7099aa5d018b49399416837fec8a4a92",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_kept_while_published_d490a",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="claims_topic",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="cd7059da6d1a5807c7ec97c5df33ff9910e1fe7d",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_db5b8",
                            table="claims_topic",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "claims_topicevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."slug"); RETURN NULL;',
                            hash="e3d19789d5807bff795661767428c4504f00e32c",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_010ac",
                            table="claims_topic",
                            when="AFTER",
                        ),
                    ),
                ],
                "topicevent": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="23bb4601503dae76b9c311784eb4dceb19884a7e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7eb88",
                            table="claims_topicevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="310356f4c57633ba56e05960f80fcbd367df7710",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_no_truncate_40377",
                            table="claims_topicevent",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        sources.database.migration_indexes.DropLikeIndexes(),
        migrations.RunSQL(
            sql="-- The log of accounts (claims/models/accounts/change.py), which triggers on Django's own tables write.\n\n-- Whether the account may approve reviews: as claims/permissions.py has it, and if a superuser gives herself a role.\nCREATE OR REPLACE FUNCTION factcheck_may_approve(account bigint) RETURNS boolean\nLANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$\n    SELECT EXISTS (\n        SELECT FROM auth_user WHERE id = account AND is_active AND (\n            is_superuser\n            OR EXISTS (\n                SELECT FROM auth_user_user_permissions AS own JOIN auth_permission ON auth_permission.id = permission_id\n                WHERE own.user_id = account AND codename = 'approve_review'\n            )\n            OR EXISTS (\n                SELECT FROM auth_user_groups AS member JOIN auth_group_permissions USING (group_id)\n                JOIN auth_permission ON auth_permission.id = permission_id\n                WHERE member.user_id = account AND codename = 'approve_review'\n            )\n        )\n    )\n$function$;\n\n-- Who made the account within 72 hours before a time, or later, when, and until when that counts; null for a maker whom\n-- the audit does not name. What was done before anything was ever published does not count.\nCREATE OR REPLACE FUNCTION factcheck_makers(account bigint, before timestamptz)\nRETURNS TABLE (maker bigint, at timestamptz, until timestamptz)\nLANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $function$\n#variable_conflict use_column\nBEGIN\n    RETURN QUERY\n        SELECT DISTINCT change.maker_id::bigint, change.at, change.at + interval '72 hours' FROM claims_accountchange AS change\n        WHERE change.account_id = factcheck_makers.account AND change.makes AND NOT change.exempt\n            AND change.at > factcheck_makers.before - interval '72 hours'\n            -- The account that stands in for a newsroom is made by the program, with its first draft.\n            AND NOT (\n                change.maker_id IS NULL AND change.what IN ('created', 'username') AND EXISTS (\n                    SELECT FROM claims_sender JOIN auth_user ON auth_user.id = user_id\n                    WHERE user_id = factcheck_makers.account AND NOT is_active\n                )\n            );\n    RETURN QUERY\n        SELECT key.maker, clock_timestamp(), key.until FROM claims_sender AS sender\n        CROSS JOIN LATERAL factcheck_key_makers(sender.newsroom) AS key\n        WHERE sender.user_id = factcheck_makers.account;\nEND\n$function$;\n\n-- The account itself, its makers, and those who made these within 72 hours before they made it, or later: one person may\n-- be behind them all, until the time given.\nCREATE OR REPLACE FUNCTION factcheck_circle(account bigint) RETURNS TABLE (member bigint, until timestamptz)\nLANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$\n    WITH RECURSIVE circle (member, until, made_at) AS (\n        SELECT factcheck_circle.account, 'infinity'::timestamptz, clock_timestamp()\n        UNION\n        SELECT made.maker, CASE WHEN circle.until = 'infinity' THEN made.until ELSE circle.until END,\n            least(circle.made_at, made.at)\n        FROM circle CROSS JOIN LATERAL factcheck_makers(circle.member, circle.made_at) AS made\n    )\n    SELECT circle.member, max(circle.until) FROM circle GROUP BY circle.member\n$function$;\n\n-- Through whom one person may be behind both accounts, and until when; no row if they are two people's for sure. That an\n-- account is itself is for others to see: of one account, only makers whom the audit does not name are given, who count\n-- as everybody. Every rule that wants a second person asks this.\nCREATE OR REPLACE FUNCTION factcheck_same_hand(one bigint, other bigint)\nRETURNS TABLE (member bigint, until timestamptz)\nLANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$\n    SELECT common.member, max(common.until) FROM (\n        SELECT mine.member, least(mine.until, theirs.until) AS until\n        FROM factcheck_circle(factcheck_same_hand.one) AS mine\n        JOIN factcheck_circle(factcheck_same_hand.other) AS theirs ON theirs.member = mine.member\n        WHERE factcheck_same_hand.one <> factcheck_same_hand.other\n        UNION ALL\n        SELECT NULL, mine.until FROM factcheck_circle(factcheck_same_hand.one) AS mine WHERE mine.member IS NULL\n        UNION ALL\n        SELECT NULL, theirs.until FROM factcheck_circle(factcheck_same_hand.other) AS theirs\n        WHERE theirs.member IS NULL\n    ) AS common GROUP BY common.member\n$function$;\n\n-- Until when the reader cannot mark as read what this maker did to accounts; null if she can. Whoever let the reader in\n-- within 72 hours may be the one who reads.\nCREATE OR REPLACE FUNCTION factcheck_unread_until(reader bigint, maker bigint) RETURNS timestamptz\nLANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$\n    SELECT max(least(hers.until, theirs.until))\n    FROM factcheck_circle(factcheck_unread_until.reader) AS hers\n    JOIN factcheck_circle(factcheck_unread_until.maker) AS theirs\n        ON hers.member = theirs.member OR hers.member IS NULL OR theirs.member IS NULL\n    WHERE hers.member IS DISTINCT FROM factcheck_unread_until.reader\n$function$;\n\nCREATE OR REPLACE FUNCTION factcheck_log_account(\n    account bigint, named text, what text, detail text, makes boolean\n) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$\nDECLARE\n    context jsonb := COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb, '{}');\nBEGIN\n    INSERT INTO claims_accountchange\n        (account_id, username, what, detail, maker_id, maker_name, reason, makes, may_approve, exempt, at)\n    VALUES (\n        account, named, what, detail, (context ->> 'actor_id')::integer, COALESCE(context ->> 'actor', ''),\n        COALESCE(context ->> 'reason', context ->> 'url', ''), makes, factcheck_may_approve(account),\n        NOT EXISTS (SELECT FROM claims_publication), clock_timestamp()\n    );\nEND\n$function$;\n",
            reverse_sql="",
        ),
        migrations.RunSQL(
            sql="-- The authors of a version of a review: everybody whose change, as the audit recorded it, leads from the words that\n-- two people approved last to the words as they are now. Used by claims/authorship.py and by the trigger\n-- `two_persons` of claims_reviewversion.\n--\n-- A row for each change that counts; author_id is null where the audit names no person and no part of the program.\n-- Each value has a history: first the approved one, then those that the audit recorded. Going back from the value as it\n-- is now, the first who wrote it is an author, then the first who wrote the value before that, until the approved one is\n-- reached. So an edit that its maker took back makes nobody an author. Who takes back what somebody else wrote is an\n-- author: she decided on what leaves.\nCREATE OR REPLACE FUNCTION factcheck_authors(version_id bigint)\nRETURNS TABLE (author_id integer, actor text, part text, row_id bigint, field text, changed_at timestamptz)\nLANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $function$\n#variable_conflict use_column\nDECLARE\n    wanted CONSTANT bigint := factcheck_authors.version_id;\n    programs CONSTANT text[] := ARRAY['demo', 'feeds', 'import', 'ingest', 'poller', 'sweep', 'webhooks'];\n    never CONSTANT timestamptz := '-infinity';\n    this_version claims_reviewversion;\n    published claims_reviewversion;  -- the version of the review that was published before this one\n    this_review claims_review;\n    this_claim bigint;\n    until timestamptz;\n    said jsonb;  -- the claim as it was published last\n    said_review jsonb;\n    said_at timestamptz;\n    claim_began timestamptz;\n    version_began timestamptz;\n    history record;\n    base text;\n    value text;\n    first integer;\n    at_index integer;\n    last_index integer;  -- the last entry that is not accounted for yet\n    closing integer;  -- the last change among those that were taken back\n    counted integer[];\n    context jsonb;\nBEGIN\n    SELECT * INTO this_version FROM claims_reviewversion WHERE id = wanted;\n    IF NOT FOUND THEN\n        RETURN;\n    END IF;\n    SELECT * INTO this_review FROM claims_review WHERE id = this_version.review_id;\n    this_claim := this_review.claim_id;\n    until := COALESCE(this_version.published_at, 'infinity');\n    SELECT * INTO published FROM claims_reviewversion\n        WHERE review_id = this_review.id AND state = 'published' AND number < this_version.number\n        ORDER BY number DESC LIMIT 1;\n    SELECT convert_from(body.json, 'UTF8')::jsonb, log.at INTO said, said_at\n        FROM claims_publication AS log JOIN claims_publicationbody AS body ON body.publication_id = log.sequence\n        WHERE log.claim_id = this_claim AND log.at < until ORDER BY log.version DESC LIMIT 1;\n    SELECT each INTO said_review FROM jsonb_array_elements(said -> 'reviews') AS each\n        WHERE each ->> 'id' = this_review.public_id;\n    SELECT min(pgh_created_at) INTO claim_began FROM claims_claimevent WHERE pgh_obj_id = this_claim;\n    SELECT min(pgh_created_at) INTO version_began FROM claims_reviewversionevent WHERE pgh_obj_id = wanted;\n\n    -- One row for each value that readers see: what was approved (`said`), what the audit recorded, what stands now.\n    FOR history IN\n        WITH\n        topic_link AS (\n            SELECT topic_id FROM claims_claim_topics WHERE claim_id = this_claim\n            UNION SELECT topic_id FROM claims_claimtopicsevent WHERE claim_id = this_claim\n        ),\n        said_statement AS (\n            SELECT statement.id, each AS said FROM jsonb_array_elements(said -> 'statements') AS each\n            JOIN claims_statement AS statement ON statement.public_id = each ->> 'id'\n        ),\n        -- Statements that were unlinked are found by the deletion of their link.\n        appearance AS (\n            SELECT id FROM claims_appearance WHERE claim_id = this_claim\n            UNION SELECT pgh_obj_id FROM claims_appearanceevent WHERE claim_id = this_claim AND pgh_label <> 'insert'\n        ),\n        statement AS (\n            SELECT each.id, each.speaker_id, each.document_id, said_statement.said\n            FROM claims_appearance AS link JOIN claims_statement AS each ON each.id = link.statement_id\n            LEFT JOIN said_statement ON said_statement.id = each.id\n            WHERE link.claim_id = this_claim\n        ),\n        speaker AS (\n            SELECT each.id, max(each.public_id) AS public_id FROM statement\n            JOIN claims_speaker AS each ON each.id = statement.speaker_id GROUP BY each.id\n        ),\n        document AS (\n            SELECT each.id, max(each.public_id) AS public_id FROM statement\n            JOIN claims_document AS each ON each.id = statement.document_id GROUP BY each.id\n        ),\n        evidence AS (\n            SELECT id FROM claims_evidence WHERE version_id = wanted\n            UNION SELECT pgh_obj_id FROM claims_evidenceevent WHERE version_id = wanted\n        ),\n        page AS (\n            SELECT DISTINCT each.id, each.source_id FROM claims_evidence\n            JOIN sources_page AS each ON each.id = claims_evidence.page_id WHERE claims_evidence.version_id = wanted\n        ),\n        -- part, row, place in the history (null: as it is now), fields, the approved ones (null: not approved yet, so\n        -- they count from `since` on), since when, by whom, when\n        entry (part, row_id, place, fields, approved, since, context, at) AS (\n            SELECT 'version', wanted, row.place,\n                jsonb_build_object(\n                    'kind', row.kind, 'correction kind', row.correction_kind, 'rating', row.rating_id,\n                    'summary', row.summary, 'text', row.body, 'date of the finding', row.true_as_of,\n                    'public note', row.public_note, 'embargo', row.embargo_until, 'byline', row.author_id\n                ),\n                jsonb_build_object(\n                    'rating', published.rating_id, 'summary', published.summary, 'text', published.body,\n                    'date of the finding', published.true_as_of\n                )\n                -- Starting it makes nobody an author, but taking it over from a newsroom does.\n                || (\n                    SELECT jsonb_build_object('kind', kind, 'byline', author_id)\n                    FROM claims_reviewversionevent WHERE pgh_obj_id = wanted ORDER BY pgh_id LIMIT 1\n                ),\n                never, row.pgh_context, row.pgh_created_at\n            FROM (\n                SELECT pgh_id AS place, kind, correction_kind, rating_id, summary, body, true_as_of, public_note,\n                    embargo_until, author_id, pgh_context, pgh_created_at\n                FROM claims_reviewversionevent WHERE pgh_obj_id = wanted AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, this_version.kind, this_version.correction_kind, this_version.rating_id,\n                    this_version.summary, this_version.body, this_version.true_as_of, this_version.public_note,\n                    this_version.embargo_until, this_version.author_id, NULL, NULL\n            ) AS row\n        UNION ALL\n            SELECT 'review', this_review.id, row.place,\n                jsonb_build_object('article', article.public_id, 'organisation', row.organisation_id, 'claim', row.claim_id),\n                jsonb_build_object('article', said_review -> 'article' ->> 'id')\n                || (\n                    SELECT jsonb_build_object('organisation', organisation_id, 'claim', claim_id)\n                    FROM claims_reviewevent WHERE pgh_obj_id = this_review.id ORDER BY pgh_id LIMIT 1\n                ),\n                COALESCE(said_at, never), row.pgh_context, row.pgh_created_at\n            FROM (\n                SELECT pgh_id AS place, article_id, organisation_id, claim_id, pgh_context, pgh_created_at\n                FROM claims_reviewevent WHERE pgh_obj_id = this_review.id AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, this_review.article_id, this_review.organisation_id, this_review.claim_id, NULL, NULL\n            ) AS row LEFT JOIN claims_article AS article ON article.id = row.article_id\n        UNION ALL\n            SELECT 'evidence', evidence.id, row.place, jsonb_build_object('evidence', row.fields), (\n                    SELECT jsonb_build_object('evidence', to_jsonb(copied) - '{id,public_id,version_id,copied_from_id,created_at}'::text[])\n                    FROM claims_evidenceevent AS copy JOIN claims_evidence AS copied ON copied.id = copy.copied_from_id\n                    WHERE copy.pgh_obj_id = evidence.id AND copied.version_id = published.id\n                    ORDER BY copy.pgh_id LIMIT 1\n                ), NULL, row.pgh_context, row.pgh_created_at\n            FROM evidence CROSS JOIN LATERAL (\n                SELECT pgh_id AS place, pgh_context, pgh_created_at,\n                    CASE WHEN pgh_label <> 'delete' AND version_id = wanted THEN\n                        to_jsonb(event) - '{id,public_id,version_id,copied_from_id,created_at}'::text[]\n                        - '{pgh_id,pgh_obj_id,pgh_label,pgh_context,pgh_context_id,pgh_created_at}'::text[]\n                    END AS fields\n                FROM claims_evidenceevent AS event WHERE pgh_obj_id = evidence.id\n                UNION ALL\n                SELECT NULL, NULL, NULL, (\n                    SELECT to_jsonb(now) - '{id,public_id,version_id,copied_from_id,created_at}'::text[]\n                    FROM claims_evidence AS now WHERE now.id = evidence.id AND now.version_id = wanted\n                )\n            ) AS row\n        UNION ALL\n            -- Evidence of the published version that was not copied, of which the audit knows nothing.\n            SELECT 'evidence', lost.id, NULL, '{\"evidence\": null}', '{\"evidence\": \"published\"}', never, NULL, NULL\n            FROM claims_evidence AS lost\n            WHERE lost.version_id = published.id AND NOT EXISTS (\n                SELECT FROM evidence JOIN claims_evidenceevent AS copy ON copy.pgh_obj_id = evidence.id\n                WHERE copy.copied_from_id = lost.id\n            )\n        UNION ALL\n            SELECT 'claim', this_claim, row.place,\n                jsonb_build_object(\n                    'text', row.text, 'language', row.language, 'first day', row.period_start, 'last day', row.period_end,\n                    'place', row.place_name, 'repeated claim', (\n                        SELECT repeated.public_id FROM claims_claim AS repeated WHERE repeated.id = row.repeats_id\n                        AND EXISTS (SELECT FROM claims_publication AS log WHERE log.claim_id = repeated.id)\n                    )\n                ),\n                jsonb_build_object(\n                    'text', said ->> 'text', 'language', said ->> 'language', 'first day', said #>> '{period,start}',\n                    'last day', said #>> '{period,end}', 'place', said ->> 'place', 'repeated claim', said ->> 'repeats'\n                ),\n                COALESCE(said_at, never), row.pgh_context, row.pgh_created_at\n            FROM (\n                SELECT pgh_id AS place, text, language, period_start, period_end, place AS place_name, repeats_id,\n                    pgh_context, pgh_created_at\n                FROM claims_claimevent WHERE pgh_obj_id = this_claim AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, text, language, period_start, period_end, place, repeats_id, NULL, NULL\n                FROM claims_claim WHERE id = this_claim\n            ) AS row\n        UNION ALL\n            SELECT 'topics', topic_link.topic_id, row.place, jsonb_build_object('link', row.linked),\n                jsonb_build_object('link', (\n                    SELECT 'linked' FROM claims_topicevent AS name\n                    JOIN jsonb_array_elements(said -> 'topics') AS each ON each ->> 'slug' = name.slug\n                    WHERE name.pgh_obj_id = topic_link.topic_id LIMIT 1\n                )), COALESCE(said_at, never), row.pgh_context, row.pgh_created_at\n            FROM topic_link CROSS JOIN LATERAL (\n                SELECT pgh_id AS place, CASE WHEN pgh_label <> 'delete' THEN 'linked' END AS linked, pgh_context,\n                    pgh_created_at\n                FROM claims_claimtopicsevent WHERE claim_id = this_claim AND topic_id = topic_link.topic_id\n                UNION ALL\n                SELECT NULL, (\n                    SELECT 'linked' FROM claims_claim_topics\n                    WHERE claim_id = this_claim AND topic_id = topic_link.topic_id\n                ), NULL, NULL\n            ) AS row\n        UNION ALL\n            SELECT 'statements', link.statement_id, link.place, jsonb_build_object('link', link.linked),\n                jsonb_build_object('link', (\n                    SELECT 'linked' FROM said_statement WHERE said_statement.id = link.statement_id\n                )), COALESCE(said_at, never), link.pgh_context, link.pgh_created_at\n            FROM (\n                SELECT statement_id, pgh_id AS place, CASE WHEN pgh_label <> 'delete' THEN 'linked' END AS linked,\n                    pgh_context, pgh_created_at\n                FROM claims_appearanceevent JOIN appearance ON pgh_obj_id = appearance.id WHERE claim_id = this_claim\n                UNION ALL\n                SELECT statement_id, NULL, 'linked', NULL, NULL FROM claims_appearance WHERE claim_id = this_claim\n                UNION ALL\n                SELECT said_statement.id, NULL, NULL, NULL, NULL FROM said_statement\n                WHERE NOT EXISTS (\n                    SELECT FROM claims_appearance WHERE claim_id = this_claim AND statement_id = said_statement.id\n                )\n            ) AS link\n        UNION ALL\n            SELECT 'statement', statement.id, row.place,\n                jsonb_build_object(\n                    'text', row.text, 'speaker', (SELECT public_id FROM claims_speaker WHERE id = row.speaker_id),\n                    'speaker as written', row.speaker_as_written, 'cue', row.cue, 'quoted', row.quoted,\n                    'figures', row.figures, 'document', (SELECT public_id FROM claims_document WHERE id = row.document_id)\n                ),\n                CASE WHEN statement.said IS NOT NULL THEN jsonb_build_object(\n                    'text', statement.said ->> 'text', 'speaker', statement.said #>> '{speaker,id}',\n                    'speaker as written', statement.said ->> 'speaker_as_written', 'cue', statement.said ->> 'cue',\n                    'quoted', statement.said -> 'quoted', 'figures', statement.said -> 'figures',\n                    'document', statement.said #>> '{document,id}'\n                ) END, CASE WHEN statement.said IS NULL THEN claim_began ELSE said_at END,\n                row.pgh_context, row.pgh_created_at\n            FROM statement CROSS JOIN LATERAL (\n                SELECT pgh_id AS place, text, speaker_id, speaker_as_written, cue, quoted, figures, document_id,\n                    pgh_context, pgh_created_at\n                FROM claims_statementevent WHERE pgh_obj_id = statement.id AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, text, speaker_id, speaker_as_written, cue, quoted, figures, document_id, NULL, NULL\n                FROM claims_statement WHERE id = statement.id\n            ) AS row\n        UNION ALL\n            SELECT 'speaker', speaker.id, row.place,\n                jsonb_build_object('name', row.name, 'kind', row.kind, 'role', row.role, 'wikidata_id', row.wikidata_id),\n                known.said, CASE WHEN known.said IS NULL THEN claim_began ELSE said_at END,\n                row.pgh_context, row.pgh_created_at\n            FROM speaker LEFT JOIN LATERAL (\n                SELECT each -> 'speaker' AS said FROM jsonb_array_elements(said -> 'statements') AS each\n                WHERE each #>> '{speaker,id}' = speaker.public_id LIMIT 1\n            ) AS known ON true CROSS JOIN LATERAL (\n                SELECT pgh_id AS place, name, kind, role, wikidata_id, pgh_context, pgh_created_at\n                FROM claims_speakerevent WHERE pgh_obj_id = speaker.id AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, name, kind, role, wikidata_id, NULL, NULL FROM claims_speaker WHERE id = speaker.id\n            ) AS row\n        UNION ALL\n            SELECT 'document', document.id, row.place,\n                jsonb_build_object(\n                    'kind', row.kind, 'title', row.title, 'url', row.url, 'publisher', row.publisher,\n                    'published_on', row.published_on, 'language', row.language\n                ),\n                known.said, CASE WHEN known.said IS NULL THEN claim_began ELSE said_at END,\n                row.pgh_context, row.pgh_created_at\n            FROM document LEFT JOIN LATERAL (\n                SELECT each -> 'document' AS said FROM jsonb_array_elements(said -> 'statements') AS each\n                WHERE each #>> '{document,id}' = document.public_id LIMIT 1\n            ) AS known ON true CROSS JOIN LATERAL (\n                SELECT pgh_id AS place, kind, title, url, publisher, published_on, language, pgh_context, pgh_created_at\n                FROM claims_documentevent WHERE pgh_obj_id = document.id AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, kind, title, url, publisher, published_on, language, NULL, NULL\n                FROM claims_document WHERE id = document.id\n            ) AS row\n        UNION ALL\n            SELECT 'topic', link.topic_id, row.place, jsonb_build_object('slug', row.slug, 'name', row.name),\n                known.said, CASE WHEN known.said IS NULL THEN claim_began ELSE said_at END,\n                row.pgh_context, row.pgh_created_at\n            FROM claims_claim_topics AS link LEFT JOIN LATERAL (\n                SELECT each AS said FROM jsonb_array_elements(said -> 'topics') AS each\n                JOIN claims_topicevent AS name ON name.slug = each ->> 'slug'\n                WHERE name.pgh_obj_id = link.topic_id LIMIT 1\n            ) AS known ON true CROSS JOIN LATERAL (\n                SELECT pgh_id AS place, slug, name, pgh_context, pgh_created_at\n                FROM claims_topicevent WHERE pgh_obj_id = link.topic_id AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, slug, name, NULL, NULL FROM claims_topic WHERE id = link.topic_id\n            ) AS row\n            WHERE link.claim_id = this_claim\n        UNION ALL\n            SELECT 'organisation', this_review.organisation_id, row.place,\n                jsonb_build_object('name', row.name, 'site', row.site, 'licence', row.licence),\n                said_review -> 'organisation' || jsonb_build_object('licence', said_review -> 'licence'),\n                CASE WHEN said_review IS NULL THEN version_began ELSE said_at END, row.pgh_context, row.pgh_created_at\n            FROM (\n                SELECT pgh_id AS place, name, site, licence, pgh_context, pgh_created_at FROM claims_organisationevent\n                WHERE pgh_obj_id = this_review.organisation_id AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, name, site, licence, NULL, NULL FROM claims_organisation\n                WHERE id = this_review.organisation_id\n            ) AS row\n        UNION ALL\n            SELECT 'article', this_review.article_id, row.place,\n                jsonb_build_object('url', row.url, 'title', row.title, 'language', row.language), row.said,\n                CASE WHEN row.said IS NULL THEN version_began ELSE said_at END, row.pgh_context, row.pgh_created_at\n            FROM (\n                SELECT event.*, CASE WHEN said_review #>> '{article,id}' = event.public_id\n                    THEN said_review -> 'article' END AS said\n                FROM (\n                    SELECT pgh_id AS place, public_id, url, title, language, pgh_context, pgh_created_at\n                    FROM claims_articleevent WHERE pgh_obj_id = this_review.article_id AND pgh_label <> 'delete'\n                    UNION ALL\n                    SELECT NULL, public_id, url, title, language, NULL, NULL FROM claims_article\n                    WHERE id = this_review.article_id\n                ) AS event\n            ) AS row\n        UNION ALL\n            SELECT 'rating', this_version.rating_id, row.place,\n                jsonb_build_object('label', row.label, 'value', row.value, 'verdict', row.verdict),\n                CASE WHEN published.rating_id = this_version.rating_id THEN NULLIF(said_review -> 'rating', 'null') END,\n                CASE WHEN published.rating_id = this_version.rating_id AND said_review -> 'rating' <> 'null'\n                    THEN said_at ELSE version_began END,\n                row.pgh_context, row.pgh_created_at\n            FROM (\n                SELECT pgh_id AS place, label, value, verdict, pgh_context, pgh_created_at FROM claims_ratingevent\n                WHERE pgh_obj_id = this_version.rating_id AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, label, value, verdict, NULL, NULL FROM claims_rating WHERE id = this_version.rating_id\n            ) AS row\n        UNION ALL\n            SELECT 'rating scale', scale.id, row.place, jsonb_build_object('name', row.name), known.said,\n                CASE WHEN known.said IS NULL THEN version_began ELSE said_at END, row.pgh_context, row.pgh_created_at\n            FROM claims_rating JOIN claims_ratingscale AS scale ON scale.id = scale_id\n            LEFT JOIN LATERAL (\n                SELECT said_review #> '{rating,scale}' AS said\n                WHERE said_review #>> '{rating,scale,id}' = scale.public_id\n            ) AS known ON true\n            CROSS JOIN LATERAL (\n                SELECT pgh_id AS place, name, pgh_context, pgh_created_at FROM claims_ratingscaleevent\n                WHERE pgh_obj_id = scale.id AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, name, NULL, NULL FROM claims_ratingscale WHERE id = scale.id\n            ) AS row\n            WHERE claims_rating.id = this_version.rating_id\n        UNION ALL\n            SELECT 'page', page.id, row.place,\n                jsonb_build_object(\n                    'url', row.url, 'title', row.title,\n                    'source', (SELECT public_id FROM sources_source WHERE id = row.source_id)\n                ), known.said,\n                CASE WHEN known.said IS NULL THEN version_began ELSE said_at END, row.pgh_context, row.pgh_created_at\n            FROM page CROSS JOIN LATERAL (\n                SELECT pgh_id AS place, public_id, url, title, source_id, pgh_context, pgh_created_at\n                FROM sources_pageevent WHERE pgh_obj_id = page.id AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, public_id, url, title, source_id, NULL, NULL FROM sources_page WHERE id = page.id\n            ) AS row LEFT JOIN LATERAL (\n                SELECT each -> 'page' || jsonb_build_object('source', each #>> '{source,id}') AS said\n                FROM jsonb_array_elements(said_review -> 'evidence') AS each\n                WHERE each #>> '{page,id}' = row.public_id LIMIT 1\n            ) AS known ON true\n        UNION ALL\n            SELECT 'source', page.source_id, row.place, jsonb_build_object('name', row.name, 'kind', row.kind),\n                known.said, CASE WHEN known.said IS NULL THEN version_began ELSE said_at END,\n                row.pgh_context, row.pgh_created_at\n            FROM (SELECT DISTINCT source_id FROM page) AS page CROSS JOIN LATERAL (\n                SELECT pgh_id AS place, public_id, name, kind, pgh_context, pgh_created_at FROM sources_sourceevent\n                WHERE pgh_obj_id = page.source_id AND pgh_label <> 'delete'\n                UNION ALL\n                SELECT NULL, public_id, name, kind, NULL, NULL FROM sources_source WHERE id = page.source_id\n            ) AS row LEFT JOIN LATERAL (\n                SELECT each -> 'source' AS said FROM jsonb_array_elements(said_review -> 'evidence') AS each\n                WHERE each #>> '{source,id}' = row.public_id LIMIT 1\n            ) AS known ON true\n        )\n        SELECT entry.part, entry.row_id, one.key AS field,\n            bool_or(entry.approved IS NOT NULL) AS is_approved,\n            max(NULLIF(entry.approved ->> one.key, '')) AS approved, max(entry.since) AS since,\n            max(NULLIF(one.value, '')) FILTER (WHERE place IS NULL) AS now,\n            COALESCE(array_agg(NULLIF(one.value, '') ORDER BY place) FILTER (WHERE place IS NOT NULL), '{}') AS written,\n            array_agg(entry.context ORDER BY place) FILTER (WHERE place IS NOT NULL) AS contexts,\n            array_agg(entry.at ORDER BY place) FILTER (WHERE place IS NOT NULL) AS times\n        FROM entry, jsonb_each_text(entry.fields) AS one\n        WHERE entry.at IS NULL OR entry.at <= until\n        GROUP BY entry.part, entry.row_id, one.key\n    LOOP\n        first := 0;  -- the last entry of the history that the approved value includes\n        IF history.is_approved OR history.part = 'evidence' THEN\n            base := history.approved;\n            FOR i IN REVERSE cardinality(history.written)..1 LOOP\n                IF history.times[i] <= history.since AND history.written[i] IS NOT DISTINCT FROM base THEN\n                    first := i;\n                    EXIT;\n                END IF;\n            END LOOP;\n        ELSE\n            FOR i IN 1..cardinality(history.written) LOOP\n                IF i = 1 OR history.times[i] <= history.since THEN\n                    first := i;\n                END IF;\n            END LOOP;\n            base := history.written[first];\n        END IF;\n        value := CASE WHEN until = 'infinity' THEN history.now ELSE history.written[cardinality(history.written)] END;\n        last_index := cardinality(history.written);\n        counted := '{}';\n        LOOP\n            at_index := first;\n            IF value IS DISTINCT FROM base THEN\n                at_index := array_position(history.written, value, first + 1);\n            END IF;\n            -- Between `at_index` and `last_index` the value left and came back.\n            closing := NULL;\n            FOR i IN REVERSE last_index..COALESCE(at_index, last_index) + 1 LOOP\n                CONTINUE WHEN history.written[i]\n                    IS NOT DISTINCT FROM CASE WHEN i = first + 1 THEN base ELSE history.written[i - 1] END;\n                IF closing IS NULL THEN\n                    closing := i;\n                ELSIF COALESCE(history.contexts[i] ->> 'actor_id', history.contexts[i] ->> 'actor')\n                    IS DISTINCT FROM\n                    COALESCE(history.contexts[closing] ->> 'actor_id', history.contexts[closing] ->> 'actor')\n                THEN\n                    counted := counted || closing;\n                    EXIT;\n                END IF;\n            END LOOP;\n            EXIT WHEN value IS NOT DISTINCT FROM base;\n            -- Null if the audit does not know how the value came here.\n            counted := array_append(counted, at_index);\n            last_index := COALESCE(at_index - 1, cardinality(history.written));\n            value := CASE WHEN last_index = first THEN base ELSE history.written[last_index] END;\n        END LOOP;\n        FOREACH at_index IN ARRAY counted LOOP\n            part := history.part;\n            row_id := history.row_id;\n            field := history.field;\n            context := history.contexts[at_index];\n            actor := context ->> 'actor';\n            changed_at := history.times[at_index];\n            IF jsonb_typeof(context -> 'actor_id') = 'number' THEN\n                SELECT id INTO author_id FROM auth_user WHERE id = (context ->> 'actor_id')::bigint;\n                RETURN NEXT;\n            ELSIF actor IS NULL OR actor <> ALL (programs) THEN\n                SELECT id INTO author_id FROM auth_user WHERE username = actor;\n                RETURN NEXT;\n            END IF;\n        END LOOP;\n    END LOOP;\n\n    -- Who suggested a weighty change that was accepted is an author beside the person who accepted it.\n    RETURN QUERY SELECT suggestion.suggested_by_id, account.username::text, 'suggestion', suggestion.id,\n            suggestion.field::text, suggestion.decided_at\n        FROM claims_suggestion AS suggestion JOIN auth_user AS account ON account.id = suggestion.suggested_by_id\n        WHERE suggestion.version_id = wanted AND suggestion.state = 'accepted' AND suggestion.is_weighty;\nEND\n$function$;\n",
            reverse_sql="",
        ),
        migrations.RunSQL(
            sql="-- Bodies up to half a page stay in their row, where a list reads them without a second look-up.\nALTER TABLE claims_publicationbody SET (toast_tuple_target = 4064);\n",
            reverse_sql="",
        ),
    ]
