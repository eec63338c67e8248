from django.db import migrations

# The audit names the key that created a webhook by API: “Daily Paper with fc_abcdefgh_…”. A webhook whose key was revoked
# before goes on; the desk sees the key on its page.
BACKFILL = """
    UPDATE newsrooms_webhookendpoint AS endpoint SET api_key_id = key.id
    FROM newsrooms_webhookendpointevent AS event, newsrooms_apikey AS key
    WHERE endpoint.api_key_id IS NULL AND event.pgh_obj_id = endpoint.id AND event.pgh_label = 'insert'
        AND key.newsroom_id = endpoint.newsroom_id
        AND key.prefix = substring(event.pgh_context ->> 'actor' FROM ' with fc_([a-z0-9]{8})_…$')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('newsrooms', '0002_webhooks_of_keys'),
    ]

    operations = [migrations.RunSQL(BACKFILL, migrations.RunSQL.noop)]
