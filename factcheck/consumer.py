"""The worker's consumer of messages, which removes one that Celery cannot read instead of ending the worker."""

import logging
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from celery.worker.consumer import Consumer as CeleryConsumer

logger = logging.getLogger(__name__)


class Consumer(CeleryConsumer):
    """Celery's consumer; whatever a message breaks is logged once, and the message is removed.

    Celery does so itself for an unknown task or content type. Other faults, such as headers of a wrong type, reach its
    event loop and end it. Errors of the connection do as well, and rightly: it reconnects.
    """

    connection_errors: tuple[type[Exception], ...]
    channel_errors: tuple[type[Exception], ...]

    def connect(self) -> Any:
        if self.app.conf.broker_url.startswith("redis"):
            redis = import_module("kombu.transport.redis")
            redis.Transport.Channel = _skipping(redis.Channel)
        return super().connect()

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Callable[[Any], None]:
        handle = super().create_task_handler(*args, **kwargs)

        def handle_or_remove(message: Any) -> None:
            try:
                handle(message)
            except (*self.connection_errors, *self.channel_errors):
                raise
            except Exception as error:  # noqa: BLE001 - anything that a message breaks
                logger.error("A message cannot be handled and was removed: %r", error)
                if not message.acknowledged:
                    message.reject_log_error(logger, self.connection_errors)

        return handle_or_remove


@cache
def _skipping(channel: Any) -> Any:
    """Return the class of Redis channels that log what they cannot read and go on; it has left the queue by then."""

    class Channel(channel):  # type: ignore[misc]
        def _brpop_read(self, **options: Any) -> Any:
            try:
                return super()._brpop_read(**options)
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                logger.error("A message of the queue cannot be read and was removed: %r", error)
                return True

    return Channel
