from django.db import migrations

# PostgreSQL's own compression takes longer for a text than all else that writing a poll does. lz4 takes a tenth of
# it, but not every server was built with it; there texts are kept as they are, which wants some three times the room.
QUICK = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
        ALTER TABLE sources_text ALTER COLUMN text SET COMPRESSION lz4;
    ELSE
        ALTER TABLE sources_text ALTER COLUMN text SET STORAGE EXTERNAL;
    END IF;
END
$$
"""
AS_IT_WAS = """
ALTER TABLE sources_text ALTER COLUMN text SET STORAGE EXTENDED, ALTER COLUMN text SET COMPRESSION DEFAULT
"""


class Migration(migrations.Migration):
    """What is stored already stays as it is. Neither way rewrites the table or locks it for longer than a moment."""

    dependencies = [
        ("sources", "0009_archive_choices"),
    ]

    operations = [
        migrations.RunSQL(QUICK, AS_IT_WAS),
    ]
