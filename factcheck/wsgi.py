"""The WSGI application, for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
application = get_wsgi_application()

from claims.public.start.warm_up import warm_up  # noqa: E402 - once the apps are loaded

warm_up()
