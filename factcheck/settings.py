"""The one settings file. Every environment variable is read here and described in docs/settings.md.

Nothing needs to be set: `manage.py up` runs on the embedded parts with safe defaults. What production
replaces (database, broker, hosts, secret key) is named by environment variables.
"""

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

from factcheck.embedded import postgres

BASE_DIR = Path(__file__).resolve().parent.parent


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def _flag(name: str, default: bool = False) -> bool:
    value = _text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; say 1 or 0.")
    return value in {"1", "true", "yes", "on"}


def _number(name: str, default: float, *, least: float = 0) -> float:
    value = _text(name, str(default))
    try:
        number = float(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; say a number.") from error
    if number < least:
        raise ImproperlyConfigured(f"{name} is {value}; the least that makes sense is {least}.")
    return number


def _seconds(name: str, default: str) -> tuple[float, ...]:
    value = _text(name, default)
    try:
        numbers = tuple(float(part) for part in value.split(","))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; say seconds, separated by commas: 5,300,1800.") from error
    if not all(0 < number < 30 * 86_400 for number in numbers):
        raise ImproperlyConfigured(f"{name} is {value!r}; each number is of seconds, up to 30 days of them.")
    return numbers


def _list(name: str) -> list[str]:
    return [part.strip() for part in _text(name).split(",") if part.strip()]


def _database(name: str, url: str) -> dict[str, Any]:
    """Django's connection settings from postgresql://user:password@host:port/name?host=/socket/folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgresql://user:password@host:5432/database")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


# The data folder: embedded database, snapshots, secret key.
DATA = Path(_text("FACTCHECK_DATA", str(BASE_DIR / ".factcheck"))).expanduser().resolve()

DEBUG = _flag("FACTCHECK_DEBUG")
# `up` makes a key once and keeps it in the data folder; a bare command gets one for its own life.
_key_file = DATA / "secret_key"
SECRET_KEY = _text("SECRET_KEY") or (
    _key_file.read_text().strip() if os.access(_key_file, os.R_OK) else secrets.token_urlsafe(50)
)

ALLOWED_HOSTS = _list("FACTCHECK_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = _list("FACTCHECK_ORIGINS")
# Only behind TLS may cookies be marked secure: on plain loopback nobody could log in.
HTTPS = _flag("FACTCHECK_HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Nothing to other hosts. Not "no-referrer": with that, browsers send `Origin: null` with our own forms, which
# the CSRF check refuses. Links to other people's pages say no-referrer themselves.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "pgtrigger",
    "pghistory",
    "sources",
    "claims",
    "factcheck.newsrooms",
    "factcheck",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "factcheck.rest.middleware.ApiBoundary",
    "factcheck.rest.compression.Encoding",
    "factcheck.newsrooms.rate_limit_middleware.Metered",
    "factcheck.newsrooms.idempotency.DoneOnce",
    "factcheck.response_cache.Reads",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "factcheck.demo.logins.Middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "factcheck.audit_middleware.ActorMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "factcheck" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"desk": "claims.admin.tags"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The database. `default` is the role *app*; `owner` owns the tables and is used by migrations alone.
DATABASE_URL = _text("DATABASE_URL") or postgres.database_url(DATA, role="app")
DATABASE_OWNER_URL = _text("DATABASE_OWNER_URL") or (
    "" if _text("DATABASE_URL") else postgres.database_url(DATA, role="owner")
)
EMBEDDED_DATABASE = not _text("DATABASE_URL")
DATABASES = {"default": _database("DATABASE_URL", DATABASE_URL)}
if DATABASE_OWNER_URL:
    DATABASES["owner"] = _database("DATABASE_OWNER_URL", DATABASE_OWNER_URL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The broker: pgmq on the same PostgreSQL unless a Redis or RabbitMQ is named.
BROKER_IS_POSTGRESQL = not _text("CELERY_BROKER_URL")
CELERY_BROKER_URL = _text("CELERY_BROKER_URL", "pgmq://localhost")  # the real address is DATABASE_URL's
# A message that no worker acknowledged within visibility_timeout seconds is delivered again.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if BROKER_IS_POSTGRESQL:
    CELERY_BROKER_TRANSPORT = "factcheck.embedded.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "use_notify": True,
        "notify_throttle_interval_ms": 0,
        "init_extension": False,
        "wait_time_seconds": 0,  # waiting in the server would block the first `delay()` for seconds
        "visibility_timeout": 60,
        "pool_size": 4,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker that is away for a day does not end the worker
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # threads cannot be, and tasks may run twice
CELERY_TASK_DEFAULT_QUEUE = "factcheck"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = int(_number("FACTCHECK_WORKER_THREADS", 8, least=1))
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "factcheck.beat:Scheduler"

# Audit: what changed, in event tables written by triggers; who and why, copied into each event row, so
# that the rows need no UPDATE right on a shared context table.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
# A row's history is found by the row alone, so that no other key of an event needs an index.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)

# Polling (sources)
FETCH_USER_AGENT = _text(
    "FACTCHECK_USER_AGENT",
    "factcheck/0.1 (source watching for fact-checks; contact: see FACTCHECK_USER_AGENT)",
)
FETCH_ALLOWED_LOOPBACK = _text("FACTCHECK_DEMO_SITE")  # set by `up` for the demo alone: 127.0.0.1:port
DEMO_EDIT_AFTER = _number("FACTCHECK_DEMO_EDIT_SECONDS", 60)  # until the demo site changes a figure by itself
FETCH_TOTAL_DEADLINE = _number("FACTCHECK_FETCH_SECONDS", 30, least=1)
FETCH_MAX_BYTES = int(_number("FACTCHECK_FETCH_BYTES", 10_000_000, least=1_000))
IMPORT_KEY = _text("FACTCHECK_IMPORT_KEY")  # of another instance, for `manage.py import_reviews`
CHROMIUM = _text("FACTCHECK_CHROMIUM")  # for pages that are read in a browser; else one that is on PATH
POLL_INTERVAL = _number("FACTCHECK_POLL_SECONDS", 1_800, least=1)
POLL_LEASE = _number("FACTCHECK_LEASE_SECONDS", 120, least=5)
POLL_BATCH = int(_number("FACTCHECK_POLL_BATCH", 100, least=1))
POLL_HOST_DELAY = _number("FACTCHECK_HOST_DELAY_SECONDS", 1)
CONFIRM_AFTER = _number("FACTCHECK_CONFIRM_SECONDS", 3_600, least=1)
SNAPSHOT_STORE = _text("SNAPSHOT_STORE", str(DATA / "snapshots"))
SNAPSHOT_STORE_ACCESS_KEY = _text("SNAPSHOT_STORE_ACCESS_KEY")
SNAPSHOT_STORE_SECRET_KEY = _text("SNAPSHOT_STORE_SECRET_KEY")
ARCHIVE_SERVICE = _text("ARCHIVE_SERVICE").rstrip("/")  # empty: no page is ever named to an archive
ARCHIVE_ACCESS_KEY = _text("ARCHIVE_ACCESS_KEY")
ARCHIVE_SECRET_KEY = _text("ARCHIVE_SECRET_KEY")
ARCHIVE_PER_DAY = int(_number("ARCHIVE_PER_DAY", 200, least=1))
if not (
    re.fullmatch(r"https://[^/@\s]+(/\S*)?|", ARCHIVE_SERVICE)
    # What tests and the demo run on loopback, the one address that is not public.
    or (FETCH_ALLOWED_LOOPBACK and f"{ARCHIVE_SERVICE}/".startswith(f"http://{FETCH_ALLOWED_LOOPBACK}/"))
):
    raise ImproperlyConfigured(
        f"ARCHIVE_SERVICE is {ARCHIVE_SERVICE!r}; it must begin with https://, for the key of the account and what is "
        "kept go over it. Say for example https://web.archive.org, or leave it empty."
    )
FAULT_POINT = _text("FACTCHECK_FAULT_POINT")  # tests name here the point at which a process kills itself

if FETCH_ALLOWED_LOOPBACK and not re.fullmatch(r"127\.0\.0\.1:[1-9][0-9]{0,4}", FETCH_ALLOWED_LOOPBACK):
    raise ImproperlyConfigured("FACTCHECK_DEMO_SITE is one address and port, 127.0.0.1:N. `up` sets it; unset it.")
if FETCH_ALLOWED_LOOPBACK and not EMBEDDED_DATABASE:
    raise ImproperlyConfigured(
        "FACTCHECK_DEMO_SITE is for the demo that `manage.py up` starts and is refused with DATABASE_URL. Unset it."
    )

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["factcheck.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

AUTHENTICATION_BACKENDS = ["factcheck.demo.logins.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# The REST interface
ANONYMOUS_READ = _flag("FACTCHECK_ANONYMOUS_READ")  # what the public may know, without a key
FEED_WAITERS = int(_number("FACTCHECK_FEED_WAITERS", 4))  # of the 8 threads that `up` gives a process
DUMPS = _text("FACTCHECK_DUMPS", str(DATA / "dumps"))  # web and worker both see it
DUMPS_KEPT = int(_number("FACTCHECK_DUMPS_KEPT", 7))
STATEMENT_TIMEOUT = _number("FACTCHECK_STATEMENT_SECONDS", 10, least=0.01)  # of one query of a request
TIP_CONTACT_DAYS = _number("FACTCHECK_TIP_CONTACT_DAYS", 90, least=0)  # how to reach who sent a tip is kept so long
KEPT_ANSWERS = int(_number("FACTCHECK_KEPT_ANSWERS_MB", 64) * 1_000_000)  # bytes, in each web process
MAX_BODY = int(_number("FACTCHECK_BODY_BYTES", 1_000_000, least=1_000))  # of a request to the REST interface
DATA_UPLOAD_MAX_MEMORY_SIZE = max(2_621_440, MAX_BODY)  # Django's own bound, which forms of the desk keep to
REQUESTS_PER_MINUTE = int(_number("FACTCHECK_REQUESTS_PER_MINUTE", 600, least=1))  # of a newsroom that is new
ANONYMOUS_PER_MINUTE = int(_number("FACTCHECK_ANONYMOUS_PER_MINUTE", 60, least=1))  # of an address without a key
FAILED_KEYS_PER_MINUTE = int(_number("FACTCHECK_FAILED_KEYS_PER_MINUTE", 20, least=1))  # of an address
PROXIES = int(_number("FACTCHECK_PROXIES", 0))  # that stand before us and each append to X-Forwarded-For
_broker_redis = CELERY_BROKER_URL if CELERY_BROKER_URL.startswith("redis") else "postgresql"
LIMITS_STORE = _text("FACTCHECK_LIMITS_STORE", _broker_redis)
if not re.fullmatch(r"postgresql|(redis|rediss|redis\+socket|unix)://\S+", LIMITS_STORE):
    raise ImproperlyConfigured(f"FACTCHECK_LIMITS_STORE is {LIMITS_STORE!r}; say postgresql or redis://host:6379/0.")
# Scripts of which other sites may ask from their readers' browsers. The key in the header is all that opens
# anything, so no cookie goes along.
CORS_ALLOWED_ORIGINS = _list("FACTCHECK_CORS_ORIGINS")
for _origin in CORS_ALLOWED_ORIGINS:
    if not re.fullmatch(r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?", _origin):
        raise ImproperlyConfigured(
            f"FACTCHECK_CORS_ORIGINS names {_origin!r}; name whole origins in small letters, https://www.example, "
            "without path or wildcard."
        )
CORS_URLS_REGEX = r"^/(api|v1alpha1)/"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match"]
CORS_EXPOSE_HEADERS = [
    *("ETag", "Link", "Location", "Retry-After", "RateLimit", "RateLimit-Policy", "Idempotency-Replayed"),
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["factcheck.newsrooms.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["factcheck.newsrooms.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["factcheck.rest.drf.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["factcheck.rest.json_parser.JSONBody"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "factcheck.rest.drf.JSONOnly",
    "DEFAULT_FILTER_BACKENDS": ["factcheck.rest.drf.DeclaredParameters"],
    "DEFAULT_PAGINATION_CLASS": "factcheck.rest.pagination.KeysetPages",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "factcheck.rest.openapi_operation.Operation",
    "EXCEPTION_HANDLER": "factcheck.rest.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "factcheck",
    "DESCRIPTION": "Published fact-checks, the sources they rest on, and whether the quotes still stand.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["factcheck.rest.openapi.document_errors"],
}

# Webhooks. Seconds between the tries of one message, of which Retry-After may ask for more; the schedule is the one
# that the Standard Webhooks specification gives.
WEBHOOK_RETRIES = _seconds("FACTCHECK_WEBHOOK_RETRIES", "5,300,1800,7200,18000,36000,50400,72000,86400")
WEBHOOK_TIMEOUT = _number("FACTCHECK_WEBHOOK_SECONDS", 15, least=1)  # of one try, from the name to the answer's end
WEBHOOK_PAYLOAD_BYTES = int(_number("FACTCHECK_WEBHOOK_BYTES", 256_000, least=1_000))
WEBHOOK_ENDPOINTS = int(_number("FACTCHECK_WEBHOOK_ENDPOINTS", 10, least=0))  # of one newsroom
WEBHOOK_ROTATION = timedelta(hours=_number("FACTCHECK_WEBHOOK_ROTATION_HOURS", 24))
WEBHOOK_FAILING = timedelta(days=_number("FACTCHECK_WEBHOOK_FAILING_DAYS", 5, least=0.1))
WEBHOOK_KEEP = timedelta(days=_number("FACTCHECK_WEBHOOK_KEEP_DAYS", 30, least=1))

# The admin's look. Styles, fonts and icons are served from here; nothing is loaded from another host.
UNFOLD = {
    "SITE_TITLE": "factcheck",
    "SITE_HEADER": "factcheck",
    "SITE_SYMBOL": "fact_check",
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [lambda request: static("factcheck/desk.css")],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("factcheck/icon.svg")}],
    "DASHBOARD_CALLBACK": "factcheck.admin.dashboard",
    "SIDEBAR": {"show_search": False, "navigation": "factcheck.admin_navigation.navigation"},
    "COLORS": {
        "primary": {
            "50": "oklch(97% .013 251)",
            "100": "oklch(93.2% .03 252)",
            "200": "oklch(88% .056 252)",
            "300": "oklch(80% .095 251)",
            "400": "oklch(70.5% .14 252)",
            "500": "oklch(59% .15 253)",
            "600": "oklch(48.5% .13 254)",
            "700": "oklch(42% .115 255)",
            "800": "oklch(36% .095 256)",
            "900": "oklch(31% .075 257)",
            "950": "oklch(22% .05 258)",
        }
    },
}

# What a page of ours may load and where it may send: nothing of or to other hosts. The admin theme needs
# 'unsafe-eval' (Alpine compiles its attributes) and inline styles.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _text("FACTCHECK_LOG_LEVEL", "WARNING")},
}

# The whole beat schedule. A tick only says "look what is due": losing or doubling one costs nothing, and
# one that nobody took within three intervals is dropped.
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": timedelta(seconds=every), "options": {"expires": 3 * every}}
    for name, task, every in (
        ("poll due pages", "sources.tasks.poll_due", 5),
        ("sweep changes into evidence checks", "claims.tasks.sweep", 5),
        ("read what feeds list", "sources.tasks.read_feeds", 30),
        ("propose what is new in feeds", "claims.tasks.propose", 30),
        ("request archive copies", "claims.tasks.request_archive_copies", 60),
        ("process archive copies", "claims.tasks.process_archive_copies", 60),
        ("delete expired contacts of tips", "claims.tasks.delete_expired_contacts", 3_600),
        ("dump what is public, once a day", "claims.tasks.dump", 3_600),
        ("deliver webhooks", "factcheck.newsrooms.webhooks.tasks.deliver", 1),
        ("drop old webhook deliveries", "factcheck.newsrooms.webhooks.tasks.forget_deliveries", 3_600),
        ("a tick comes through", "factcheck.health.round_trip", 5),
        ("keep to the budget of fetches", "sources.tasks.set_price", 1_800),
        ("forget full buckets and old answers", "factcheck.newsrooms.tasks.forget_old", 600),
    )
}
