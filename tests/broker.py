"""An empty broker for a test that starts workers: one outside the database outlives the tests."""

from django.conf import settings

from factcheck.celery import app

# Where kombu keeps what a worker on Redis has taken and not acknowledged yet. A killed worker leaves it there, and
# workers of later tests get it once its visibility timeout is over.
_HELD_ON_REDIS = ("unacked", "unacked_index", "unacked_mutex")


def empty() -> None:
    """Remove every message, also those that killed workers hold; pgmq's are rows of each test's own database."""
    if settings.BROKER_IS_POSTGRESQL:
        return
    with app.connection_for_write() as connection:
        channel = connection.default_channel
        channel.queue_purge("factcheck")
        if settings.CELERY_BROKER_URL.startswith("redis"):
            channel.client.delete(*_HELD_ON_REDIS)
