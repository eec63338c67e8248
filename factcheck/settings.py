"""Django settings, and the only module that reads environment variables; docs/settings.md describes each.

Nothing needs to be set: `manage.py up` runs on the embedded parts with safe defaults. Production replaces the
database, broker, hosts and secret key by environment variables.
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
from django.urls import reverse_lazy

from factcheck.embedded import postgres

BASE_DIR = Path(__file__).resolve().parent.parent


# Environment variables that were renamed. The old name still works; the new one wins where both are set.
ALIASES = {
    "FACTCHECK_CONFIRM_AFTER_SECONDS": "FACTCHECK_CONFIRM_SECONDS",
    "FACTCHECK_FEED_LONG_POLLS": "FACTCHECK_FEED_WAITERS",
    "FACTCHECK_FETCH_MAX_BYTES": "FACTCHECK_FETCH_BYTES",
    "FACTCHECK_FETCH_TIMEOUT_SECONDS": "FACTCHECK_FETCH_SECONDS",
    "FACTCHECK_MAX_BODY_BYTES": "FACTCHECK_BODY_BYTES",
    "FACTCHECK_POLL_CONCURRENCY": "FACTCHECK_POLL_BATCH",
    "FACTCHECK_POLL_INTERVAL_SECONDS": "FACTCHECK_POLL_SECONDS",
    "FACTCHECK_POLL_LEASE_SECONDS": "FACTCHECK_LEASE_SECONDS",
    "FACTCHECK_RATE_LIMIT_STORE": "FACTCHECK_LIMITS_STORE",
    "FACTCHECK_RESPONSE_CACHE_MB": "FACTCHECK_KEPT_ANSWERS_MB",
    "FACTCHECK_STATEMENT_TIMEOUT_SECONDS": "FACTCHECK_STATEMENT_SECONDS",
    "FACTCHECK_TRUSTED_ORIGINS": "FACTCHECK_ORIGINS",
    "FACTCHECK_TRUSTED_PROXIES": "FACTCHECK_PROXIES",
    "FACTCHECK_WEBHOOK_DISABLE_AFTER_DAYS": "FACTCHECK_WEBHOOK_FAILING_DAYS",
    "FACTCHECK_WEBHOOK_MAX_ENDPOINTS": "FACTCHECK_WEBHOOK_ENDPOINTS",
    "FACTCHECK_WEBHOOK_MAX_PAYLOAD_BYTES": "FACTCHECK_WEBHOOK_BYTES",
    "FACTCHECK_WEBHOOK_RETENTION_DAYS": "FACTCHECK_WEBHOOK_KEEP_DAYS",
    "FACTCHECK_WEBHOOK_RETRY_SECONDS": "FACTCHECK_WEBHOOK_RETRIES",
    "FACTCHECK_WEBHOOK_TIMEOUT_SECONDS": "FACTCHECK_WEBHOOK_SECONDS",
}


def _text(name: str, default: str = "") -> str:
    values = (os.environ.get(known, "").strip() for known in (name, ALIASES.get(name, name)))
    return next(filter(None, values), default)


def _flag(name: str, default: bool = False) -> bool:
    value = _text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; use 1 or 0.")
    return value in {"1", "true", "yes", "on"}


def _number(name: str, default: float, *, least: float = 0) -> float:
    value = _text(name, str(default))
    try:
        number = float(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; use a number.") from error
    if number < least:
        raise ImproperlyConfigured(f"{name} is {value}; the minimum is {least}.")
    return number


def _seconds(name: str, default: str) -> tuple[float, ...]:
    value = _text(name, default)
    try:
        numbers = tuple(float(part) for part in value.split(","))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; use seconds, separated by commas: 5,300,1800.") from error
    if not all(0 < number < 30 * 86_400 for number in numbers):
        raise ImproperlyConfigured(f"{name} is {value!r}; each number must be between 0 and 30 days, in seconds.")
    return numbers


def _list(name: str) -> list[str]:
    return [part.strip() for part in _text(name).split(",") if part.strip()]


def _domain(name: str) -> str:
    """A host name alone, in lower case; empty if not set."""
    value = _text(name)
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if not value or (len(value) <= 253 and re.fullmatch(rf"({label}\.)+(?=[a-z]){label}", value.lower(), re.ASCII)):
        return value.lower()
    raise ImproperlyConfigured(
        f"The domain is {value!r}; give the name of the site alone, such as desk.example.org: without https://, port, "
        "path, spaces or *, and no IP address. A name with other letters is written as xn--…"
    )


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
DATA_IS_NAMED = bool(_text("FACTCHECK_DATA"))
DATA = Path(_text("FACTCHECK_DATA", str(BASE_DIR / ".factcheck"))).expanduser().resolve()

DEBUG = _flag("FACTCHECK_DEBUG")
# `up` generates a key once and keeps it in the data folder; without it a command generates one for itself.
_key_file = DATA / "secret_key"
SECRET_KEY = _text("SECRET_KEY")
if not SECRET_KEY and os.access(_key_file, os.R_OK):
    SECRET_KEY = _key_file.read_text(errors="replace").strip()
    if not SECRET_KEY:
        raise ImproperlyConfigured(
            f"{_key_file} is empty. Restore it from a backup, or remove it for a new one: sessions end then, and"
            " webhook secrets and second factors are lost."
        )
SECRET_KEY = SECRET_KEY or secrets.token_urlsafe(50)

# The public name of the site, behind a proxy that terminates TLS; the settings below follow from it.
DOMAIN = _domain("FACTCHECK_DOMAIN")
READERS_DOMAIN = _domain("FACTCHECK_READERS_DOMAIN")  # of readers' pages; empty: the desk's
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = list(dict.fromkeys([*filter(None, [DOMAIN, READERS_DOMAIN]), *(_list("FACTCHECK_HOSTS") or LOOPBACK)]))
CSRF_TRUSTED_ORIGINS = _list("FACTCHECK_TRUSTED_ORIGINS") or ([f"https://{DOMAIN}"] if DOMAIN else [])
# Cookies are marked secure behind TLS only: over plain HTTP on loopback nobody could log in.
HTTPS = _flag("FACTCHECK_HTTPS", default=bool(DOMAIN))
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# The desk speaks for its own name: names below it may be other people's, without TLS.
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# No referrer to other hosts. Not "no-referrer": browsers would then send `Origin: null` with our own forms, which the
# CSRF check refuses. Links to other people's pages set no-referrer themselves.
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
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "factcheck",  # before pgtrigger, whose command it extends
    "pgtrigger",
    "pghistory",
    "sources",
    "claims",
    "factcheck.newsrooms",
    "factcheck.login",
    "factcheck.backup",
    "factcheck.thinning",
]

MIDDLEWARE = [
    "factcheck.web.request_ids.RequestIdMiddleware",
    "factcheck.web.refusals.RefusalsMiddleware",
    "factcheck.rest.addresses.AddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    # around what makes error bodies, so that those are compressed too
    "factcheck.readers.middleware.ReadersMiddleware",
    "factcheck.rest.compression.CompressionMiddleware",
    "factcheck.rest.middleware.ApiMiddleware",
    "factcheck.newsrooms.rate_limit_middleware.RateLimitMiddleware",
    "factcheck.newsrooms.idempotency.IdempotencyMiddleware",
    "factcheck.response_cache.ResponseCacheMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "factcheck.error_pages.DeskLimitsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "factcheck.demo.logins.DemoLoginMiddleware",
    "claims.desk.preferences.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "factcheck.login.middleware.SessionMiddleware",
    "factcheck.login.middleware.SecondFactorMiddleware",
    "factcheck.login.middleware.ReauthenticationMiddleware",
    "factcheck.error_pages.FormMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "factcheck.audit_middleware.AuditMiddleware",
    "claims.desk.guest.GuestMiddleware",
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
            "libraries": {
                "desk": "claims.admin.tags",
                "desk_screens": "claims.desk.shell.tags",
                "desk_rechecks": "claims.desk.rechecks.tags",
            },
            "builtins": ["django.templatetags.tz"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "factcheck.login.account_pages.frame",
            ],
        },
    },
]

# The database. `default` connects as the role *app*; `owner` owns the tables, and only migrations use it.
DATABASE_URL = _text("DATABASE_URL") or postgres.database_url(DATA, role="app")
DATABASE_OWNER_URL = _text("DATABASE_OWNER_URL") or (
    "" if _text("DATABASE_URL") else postgres.database_url(DATA, role="owner")
)
EMBEDDED_DATABASE = not _text("DATABASE_URL")
DATABASES = {"default": _database("DATABASE_URL", DATABASE_URL)}
if DATABASE_OWNER_URL:
    DATABASES["owner"] = _database("DATABASE_OWNER_URL", DATABASE_OWNER_URL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The broker: pgmq on the same PostgreSQL, unless CELERY_BROKER_URL names Redis or RabbitMQ.
BROKER_IS_POSTGRESQL = not _text("CELERY_BROKER_URL")
CELERY_BROKER_URL = _text("CELERY_BROKER_URL", "pgmq://localhost")  # the real address is DATABASE_URL's
# The broker redelivers a message that no worker has acknowledged within visibility_timeout seconds.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if BROKER_IS_POSTGRESQL:
    CELERY_BROKER_TRANSPORT = "factcheck.embedded.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "use_notify": True,
        "notify_throttle_interval_ms": 0,
        "init_extension": False,
        "wait_time_seconds": 0,  # a wait in the server blocks the first `delay()` for seconds
        "visibility_timeout": 60,
        "pool_size": 4,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the worker outlives a broker that is down for a day
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # threads cannot be cancelled
CELERY_TASK_DEFAULT_QUEUE = "factcheck"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONSUMER = "factcheck.consumer:Consumer"
CELERY_WORKER_CONCURRENCY = int(_number("FACTCHECK_WORKER_THREADS", 8, least=1))
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "factcheck.beat:Scheduler"

# Audit: triggers write each change into event tables. Who and why are copied into every event row, so that the role
# *app* needs no UPDATE right on a shared context table.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
# History is looked up by its row alone, so no other foreign key of an event needs an index.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)

# Polling (sources)
FETCH_USER_AGENT = _text(
    "FACTCHECK_USER_AGENT",
    "factcheck/0.1 (source watching for fact-checks; contact: see FACTCHECK_USER_AGENT)",
)
FETCH_ALLOWED_LOOPBACK = _text("FACTCHECK_DEMO_SITE")  # 127.0.0.1:port, set by `up` for the demo only
DEMO_EDIT_AFTER = _number("FACTCHECK_DEMO_EDIT_SECONDS", 60)  # seconds until the demo site changes a figure
FETCH_TOTAL_DEADLINE = _number("FACTCHECK_FETCH_TIMEOUT_SECONDS", 30, least=1)
FETCH_MAX_BYTES = int(_number("FACTCHECK_FETCH_MAX_BYTES", 10_000_000, least=1_000))
IMPORT_KEY = _text("FACTCHECK_IMPORT_KEY")  # API key of another instance, for `manage.py import_reviews`
CHROMIUM = _text("FACTCHECK_CHROMIUM")  # renders pages made by scripts; empty: the one on PATH
POLL_INTERVAL = _number("FACTCHECK_POLL_INTERVAL_SECONDS", 1_800, least=1)
POLL_LEASE = _number("FACTCHECK_POLL_LEASE_SECONDS", 120, least=5)
POLL_CONCURRENCY = int(_number("FACTCHECK_POLL_CONCURRENCY", 100, least=1))
POLL_HOST_DELAY = _number("FACTCHECK_HOST_DELAY_SECONDS", 1)
CONFIRM_AFTER = _number("FACTCHECK_CONFIRM_AFTER_SECONDS", 3_600, least=1)
KEEP_TEXT_AFTER = _number("FACTCHECK_KEEP_TEXT_AFTER_SECONDS", 604_800, least=1)
FULL_READ_AFTER = _number("FACTCHECK_FULL_READ_AFTER_SECONDS", 86_400, least=1)
SNAPSHOT_STORE = _text("SNAPSHOT_STORE", str(DATA / "snapshots"))
SNAPSHOT_STORE_ACCESS_KEY = _text("SNAPSHOT_STORE_ACCESS_KEY")
SNAPSHOT_STORE_SECRET_KEY = _text("SNAPSHOT_STORE_SECRET_KEY")
# Thinning (factcheck/thinning)
THIN_AFTER = timedelta(days=_number("FACTCHECK_THIN_AFTER_DAYS", 180, least=0))  # 0: never
SNAPSHOT_STORE_REMOVE_ACCESS_KEY = _text("SNAPSHOT_STORE_REMOVE_ACCESS_KEY") or SNAPSHOT_STORE_ACCESS_KEY
SNAPSHOT_STORE_REMOVE_SECRET_KEY = _text("SNAPSHOT_STORE_REMOVE_SECRET_KEY") or SNAPSHOT_STORE_SECRET_KEY
# Backups (factcheck/backup)
BACKUP_TO = _text("FACTCHECK_BACKUP_TO")  # a folder or a bucket; empty: no backup is scheduled
BACKUP_EVERY = timedelta(hours=_number("FACTCHECK_BACKUP_EVERY_HOURS", 24, least=0.1))
BACKUP_KEPT = int(_number("FACTCHECK_BACKUP_KEPT", 14, least=0))  # sets; 0 keeps all
BACKUP_PASSPHRASE = _text("FACTCHECK_BACKUP_PASSPHRASE")  # encrypts the keys; without it they are not in the backup
BACKUP_ACCESS_KEY = _text("FACTCHECK_BACKUP_ACCESS_KEY") or SNAPSHOT_STORE_ACCESS_KEY
BACKUP_SECRET_KEY = _text("FACTCHECK_BACKUP_SECRET_KEY") or SNAPSHOT_STORE_SECRET_KEY
POSTGRESQL_PROGRAMS = _text("FACTCHECK_POSTGRESQL_PROGRAMS")  # folder of pg_dump and psql; empty: the wheel's
ARCHIVE_SERVICE = _text("ARCHIVE_SERVICE").rstrip("/")  # empty: no archive service is ever contacted
ARCHIVE_ACCESS_KEY = _text("ARCHIVE_ACCESS_KEY")
ARCHIVE_SECRET_KEY = _text("ARCHIVE_SECRET_KEY")
ARCHIVE_PER_DAY = int(_number("ARCHIVE_PER_DAY", 200, least=1))
if not (
    re.fullmatch(r"https://[^/@\s]+(/\S*)?|", ARCHIVE_SERVICE)
    # Tests and the demo may run an archive on the allowed loopback address.
    or (FETCH_ALLOWED_LOOPBACK and f"{ARCHIVE_SERVICE}/".startswith(f"http://{FETCH_ALLOWED_LOOPBACK}/"))
):
    raise ImproperlyConfigured(
        f"ARCHIVE_SERVICE is {ARCHIVE_SERVICE!r}; it must begin with https://, because the account's keys are sent to "
        "it. Use for example https://web.archive.org, or leave it empty."
    )
FAULT_POINT = _text("FACTCHECK_FAULT_POINT")  # where a process kills itself; for crash tests

if FETCH_ALLOWED_LOOPBACK and not re.fullmatch(r"127\.0\.0\.1:[1-9][0-9]{0,4}", FETCH_ALLOWED_LOOPBACK):
    raise ImproperlyConfigured("FACTCHECK_DEMO_SITE must be an address and port, 127.0.0.1:N. `up` sets it; unset it.")
if FETCH_ALLOWED_LOOPBACK and not EMBEDDED_DATABASE:
    raise ImproperlyConfigured(
        "FACTCHECK_DEMO_SITE is for the demo that `manage.py up` starts, and not allowed with DATABASE_URL. Unset it."
    )

# Languages of the desk's pages; what newsrooms and readers are answered is in LANGUAGE_CODE.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "factcheck" / "locale"]
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["factcheck.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

AUTHENTICATION_BACKENDS = ["factcheck.demo.logins.DemoLoginBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "account_login"
CSRF_FAILURE_VIEW = "factcheck.error_pages.csrf_failure"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"

# Logging in (factcheck/login/). Failures are counted in the database, for all processes.
LOGIN_FAILURES = int(_number("FACTCHECK_LOGIN_FAILURES", 5, least=1))  # wrong passwords until an account is locked
LOGIN_LOCK = timedelta(minutes=_number("FACTCHECK_LOGIN_LOCK_MINUTES", 15, least=1))
SESSION_IDLE = timedelta(minutes=_number("FACTCHECK_SESSION_IDLE_MINUTES", 120, least=1))
SESSION_ABSOLUTE = timedelta(hours=_number("FACTCHECK_SESSION_HOURS", 24, least=0.1))
REAUTHENTICATE_AFTER = timedelta(minutes=_number("FACTCHECK_REAUTHENTICATE_MINUTES", 15, least=1))
SESSION_ENGINE = "factcheck.login.session_store"
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE.total_seconds())
# Outside of this machine a password alone opens nothing.
_loopback_only = all(re.fullmatch(r"localhost|127(\.[0-9]+){3}|\[::1\]", host) for host in ALLOWED_HOSTS)
SECOND_FACTOR = _flag("FACTCHECK_SECOND_FACTOR", HTTPS or not _loopback_only)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "login_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
ACCOUNT_ADAPTER = "factcheck.login.hooks.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "factcheck.login.hooks.forms.LogInForm",
    "reauthenticate": "factcheck.login.hooks.forms.ReauthenticateForm",
    "change_password": "factcheck.login.hooks.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # the session's own end is the cookie's
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(REAUTHENTICATE_AFTER.total_seconds())
# factcheck/login/lockout.py counts wrong passwords; allauth counts wrong codes, in the cache above.
ACCOUNT_RATE_LIMITS = {
    "login": False,
    "login_failed": "5/5m/key",
    "reauthenticate": False,
    "change_password": False,
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Without a mail server a forgotten password is reset by a link that an administrator makes.
_smtp = urlsplit(_text("FACTCHECK_SMTP"))
if _smtp.scheme not in {"", "smtp", "smtps"} or (_smtp.scheme and not _smtp.hostname):
    raise ImproperlyConfigured("FACTCHECK_SMTP must look like smtp://user:password@host:587, or smtps://… for TLS.")
EMAIL_HOST = _smtp.hostname or ""
EMAIL_PORT = _smtp.port or (465 if _smtp.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_smtp.username or ""), unquote(_smtp.password or "")
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_USE_TLS = _smtp.scheme == "smtp" and _smtp.hostname not in {"localhost", "127.0.0.1"}
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = _text("FACTCHECK_MAIL_FROM", "factcheck@localhost")
# Single sign-on by OpenID Connect, if an issuer is named.
OIDC_ISSUER = _text("FACTCHECK_OIDC_ISSUER").rstrip("/")
OIDC_NAME = _text("FACTCHECK_OIDC_NAME", "single sign-on") if OIDC_ISSUER else ""
OIDC_CLAIM = _text("FACTCHECK_OIDC_CLAIM", "email")
OIDC_CREATE = _flag("FACTCHECK_OIDC_CREATE")
OIDC_SECOND_FACTOR = _text("FACTCHECK_OIDC_SECOND_FACTOR", "ours")
_oidc_client, _oidc_secret = _text("FACTCHECK_OIDC_CLIENT_ID"), _text("FACTCHECK_OIDC_CLIENT_SECRET")
if not re.fullmatch(r"(https://[^/@\s]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)(/\S*)?|", OIDC_ISSUER):
    raise ImproperlyConfigured(f"FACTCHECK_OIDC_ISSUER is {OIDC_ISSUER!r}; it must begin with https://.")
if OIDC_ISSUER and not (_oidc_client and _oidc_secret):
    raise ImproperlyConfigured("FACTCHECK_OIDC_ISSUER needs FACTCHECK_OIDC_CLIENT_ID and FACTCHECK_OIDC_CLIENT_SECRET.")
if OIDC_SECOND_FACTOR not in {"ours", "amr", "trust"}:
    raise ImproperlyConfigured(f"FACTCHECK_OIDC_SECOND_FACTOR is {OIDC_SECOND_FACTOR!r}; use ours, amr or trust.")
SOCIALACCOUNT_ADAPTER = "factcheck.login.hooks.single_sign_on.SocialAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME,
                "client_id": _oidc_client,
                "secret": _oidc_secret,
                # The issuer in the ID token must be the one that was configured, whatever its document says.
                "settings": {
                    "server_url": OIDC_ISSUER,
                    "openid_configuration_overrides": {"issuer": OIDC_ISSUER},
                },
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
MFA_ADAPTER = "factcheck.login.hooks.adapters.MfaAdapter"
MFA_FORMS = {
    "authenticate": "factcheck.login.hooks.forms.CodeForm",
    "reauthenticate": "factcheck.login.hooks.forms.CodeAgainForm",
    "activate_totp": "factcheck.login.hooks.forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # telephones' clocks are up to half a minute off
MFA_TOTP_ISSUER = "factcheck"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # no e-mail is needed here

# Readers' pages (claims/public, factcheck/readers/middleware.py)
READERS = _flag("FACTCHECK_READERS", default=True)  # off: `/` is one plain page
READERS_TIPS = _flag("FACTCHECK_READERS_TIPS", default=True)  # readers may send questions to the desk
READERS_LANGUAGE = _text("FACTCHECK_READERS_LANGUAGE", LANGUAGE_CODE)
if READERS_LANGUAGE not in dict(LANGUAGES):
    raise ImproperlyConfigured(
        f"FACTCHECK_READERS_LANGUAGE is {READERS_LANGUAGE!r}; use one of {', '.join(dict(LANGUAGES))}."
    )

# The REST interface
ANONYMOUS_READ = _flag("FACTCHECK_ANONYMOUS_READ")  # public content needs no key
FEED_LONG_POLLS = int(_number("FACTCHECK_FEED_LONG_POLLS", 4))  # of the 8 requests in views at once
DUMPS = _text("FACTCHECK_DUMPS", str(DATA / "dumps"))  # a folder that web and worker share
DUMPS_KEPT = int(_number("FACTCHECK_DUMPS_KEPT", 7))
# Checkpoints that prove history (claims/proof): where else they are kept, and the name of the log in them.
CHECKPOINT_TO = _text("FACTCHECK_CHECKPOINT_TO")  # a folder, s3://bucket/prefix?…, or https://…
CHECKPOINT_ACCESS_KEY = _text("FACTCHECK_CHECKPOINT_ACCESS_KEY")
CHECKPOINT_SECRET_KEY = _text("FACTCHECK_CHECKPOINT_SECRET_KEY")
CHECKPOINT_ORIGIN = _text("FACTCHECK_CHECKPOINT_ORIGIN")
if not re.fullmatch(r"[^\s+]*", CHECKPOINT_ORIGIN):
    raise ImproperlyConfigured(
        f"FACTCHECK_CHECKPOINT_ORIGIN is {CHECKPOINT_ORIGIN!r}; use a name without spaces and +, such as "
        "desk.example/factcheck-log."
    )
# The matcher: which claims a text makes (claims/matching). Its folder holds its index, its vectors and its sockets.
MATCHER = _text("FACTCHECK_MATCHER")
if MATCHER not in {"", "full", "words", "off"}:
    raise ImproperlyConfigured(f"FACTCHECK_MATCHER is {MATCHER!r}; use full, words or off, or leave it unset.")
MATCHER_FOLDER = DATA / "matching"
STATEMENT_TIMEOUT = _number("FACTCHECK_STATEMENT_TIMEOUT_SECONDS", 10, least=0.01)
DESK_STATEMENT_TIMEOUT = _number("FACTCHECK_DESK_STATEMENT_TIMEOUT_SECONDS", 30, least=0.01)
ANONYMOUS_TIPS = _flag("FACTCHECK_ANONYMOUS_TIPS")  # tips need no key
TIPS_PER_HOUR = int(_number("FACTCHECK_TIPS_PER_HOUR", 600, least=1))  # per newsroom
ANONYMOUS_TIPS_PER_HOUR = int(_number("FACTCHECK_ANONYMOUS_TIPS_PER_HOUR", 10, least=1))  # per address
ANONYMOUS_TIPS_PER_HOUR_IN_ALL = int(_number("FACTCHECK_ANONYMOUS_TIPS_PER_HOUR_IN_ALL", 1_000, least=10))
TIP_CONTACT_DAYS = _number("FACTCHECK_TIP_CONTACT_DAYS", 90, least=0)  # then the sender's contact is deleted
COMPLAINTS_PER_HOUR = int(_number("FACTCHECK_COMPLAINTS_PER_HOUR", 5, least=1))  # per address
COMPLAINTS_PER_HOUR_OF_A_CLAIM = int(_number("FACTCHECK_COMPLAINTS_PER_HOUR_OF_A_CLAIM", 100, least=10))
COMPLAINTS_PER_HOUR_IN_ALL = int(_number("FACTCHECK_COMPLAINTS_PER_HOUR_IN_ALL", 300, least=10))
COMPLAINT_CONTACT_DAYS = _number("FACTCHECK_COMPLAINT_CONTACT_DAYS", 30, least=0)  # after the answer
RESPONSE_CACHE = int(_number("FACTCHECK_RESPONSE_CACHE_MB", 64) * 1_000_000)  # bytes, in each web process
MAX_BODY_BYTES = int(_number("FACTCHECK_MAX_BODY_BYTES", 1_000_000, least=1_000))
DATA_UPLOAD_MAX_MEMORY_SIZE = max(2_621_440, MAX_BODY_BYTES)  # Django's own limit, for the admin's forms
REQUESTS_PER_MINUTE = int(_number("FACTCHECK_REQUESTS_PER_MINUTE", 600, least=1))  # default of a new newsroom
ANONYMOUS_PER_MINUTE = int(_number("FACTCHECK_ANONYMOUS_PER_MINUTE", 60, least=1))  # per address, without a key
FAILED_KEYS_PER_MINUTE = int(_number("FACTCHECK_FAILED_KEYS_PER_MINUTE", 20, least=1))  # per address
# How many are in front of us, each appending to X-Forwarded-For.
TRUSTED_PROXIES = int(_number("FACTCHECK_TRUSTED_PROXIES", 1 if DOMAIN else 0))
_broker_redis = CELERY_BROKER_URL if CELERY_BROKER_URL.startswith("redis") else "postgresql"
RATE_LIMIT_STORE = _text("FACTCHECK_RATE_LIMIT_STORE", _broker_redis)
if not re.fullmatch(r"postgresql|(redis|rediss|redis\+socket|unix)://\S+", RATE_LIMIT_STORE):
    raise ImproperlyConfigured(
        f"FACTCHECK_RATE_LIMIT_STORE is {RATE_LIMIT_STORE!r}; use postgresql or redis://host:6379/0."
    )
# Sites whose scripts may call the REST interface. Access needs the key in the header, so no cookie is sent.
CORS_ALLOWED_ORIGINS = _list("FACTCHECK_CORS_ORIGINS")
for _origin in CORS_ALLOWED_ORIGINS:
    if not re.fullmatch(r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?", _origin):
        raise ImproperlyConfigured(
            f"FACTCHECK_CORS_ORIGINS contains {_origin!r}; use whole origins in lower case, https://www.example, "
            "without path or wildcard."
        )
CORS_URLS_REGEX = r"^/(api|v1alpha1)/"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
CORS_ALLOW_HEADERS = [
    *("accept", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match"),
    *("x-request-id", "request-id"),
]
CORS_EXPOSE_HEADERS = [
    *("ETag", "Link", "Location", "Retry-After", "RateLimit", "RateLimit-Policy", "Idempotency-Replayed"),
    *("X-Request-ID", "Deprecation", "Sunset"),
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["factcheck.newsrooms.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["factcheck.newsrooms.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["factcheck.rest.drf.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["factcheck.rest.json_parser.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "factcheck.rest.drf.JSONOnly",
    "DEFAULT_FILTER_BACKENDS": ["factcheck.rest.drf.DeclaredParameters"],
    "DEFAULT_PAGINATION_CLASS": "factcheck.rest.pagination.KeysetPagination",
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
    "SERVERS": [{"url": f"https://{DOMAIN}" if DOMAIN else "/", "description": "This installation."}],
    "POSTPROCESSING_HOOKS": [
        "factcheck.rest.openapi.document_errors",
        "factcheck.rest.openapi_document.complete_document",
        "factcheck.newsrooms.webhooks.openapi.document_webhooks",
    ],
}

# Webhooks. Seconds before each retry of a message, in the schedule of the Standard Webhooks specification; Retry-After
# may ask for longer.
WEBHOOK_RETRY_DELAYS = _seconds("FACTCHECK_WEBHOOK_RETRY_SECONDS", "5,300,1800,7200,18000,36000,50400,72000,86400")
WEBHOOK_TIMEOUT = _number("FACTCHECK_WEBHOOK_TIMEOUT_SECONDS", 15, least=1)  # per attempt, name resolution included
WEBHOOK_MAX_PAYLOAD_BYTES = int(_number("FACTCHECK_WEBHOOK_MAX_PAYLOAD_BYTES", 256_000, least=1_000))
WEBHOOK_MAX_ENDPOINTS = int(_number("FACTCHECK_WEBHOOK_MAX_ENDPOINTS", 10, least=0))  # per newsroom
WEBHOOK_ROTATION = timedelta(hours=_number("FACTCHECK_WEBHOOK_ROTATION_HOURS", 24))
WEBHOOK_DISABLE_AFTER = timedelta(days=_number("FACTCHECK_WEBHOOK_DISABLE_AFTER_DAYS", 5, least=0.1))
WEBHOOK_RETENTION = timedelta(days=_number("FACTCHECK_WEBHOOK_RETENTION_DAYS", 30, least=1))

# The admin theme. Styles, fonts and icons are served locally.
UNFOLD = {
    "SITE_TITLE": "factcheck",
    "SITE_HEADER": "factcheck",
    "SITE_SYMBOL": "fact_check",
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "THEME": "claims.desk.preferences.middleware.theme",
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [lambda request: static("factcheck/desk.css")],
    "SCRIPTS": [lambda request: static("factcheck/desk.js")],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("factcheck/icon.svg")}],
    "ACCOUNT": {"navigation": [{"title": "Your account", "link": reverse_lazy("account")}]},
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

# Pages load nothing from other hosts and send nothing to them. The admin theme needs 'unsafe-eval' (Alpine compiles
# its attributes) and inline styles.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        # Single sign-on sends a form's answer on to the provider, which browsers count as the form's own way.
        "form-action": ["'self'", *(["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER))] if OIDC_ISSUER else [])],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "factcheck.web.request_ids.RequestIdFilter"},
        "private_paths": {"()": "factcheck.web.private_paths.PrivatePathFilter"},
    },
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s%(request_id)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id", "private_paths"]}
    },
    "root": {"handlers": ["console"], "level": _text("FACTCHECK_LOG_LEVEL", "WARNING")},
    "loggers": {
        # Refused requests are counted (factcheck/web/refusals.py): a line for each would let a scanner fill the disk.
        "django.request": {"level": "ERROR", "filters": ["private_paths"]},
        "django.security": {"level": "CRITICAL"},
        # Log-ins and log-outs too, whatever the level of all others: a watcher of failures looks for what follows them.
        "factcheck.login": {"level": "INFO"},
    },
}

# The beat schedule. A tick only says "process what is due": a lost or doubled tick costs nothing, and the broker drops
# one that no worker has taken within three intervals.
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": timedelta(seconds=every), "options": {"expires": 3 * every}}
    for name, task, every in (
        ("poll due pages", "sources.tasks.poll_due", 5),
        ("sweep changes into evidence checks", "claims.tasks.sweep", 5),
        ("register the passages of quotes of earlier versions", "claims.tasks.register_passages", 300),
        ("read feeds", "sources.tasks.read_feeds", 30),
        ("propose new pages of feeds", "claims.tasks.propose", 30),
        ("propose merges of claims that say the same", "claims.tasks.propose_merges", 60),
        ("read long documents", "claims.tasks.read_long_documents", 10),
        ("request archive copies", "claims.tasks.request_archive_copies", 60),
        ("process archive copies", "claims.tasks.process_archive_copies", 60),
        ("delete expired contacts of tips", "claims.tasks.delete_expired_contacts", 3_600),
        ("forget who sent tips", "claims.tasks.forget_senders", 300),
        ("map labels anew where the desk changed its scale of them", "claims.tasks.heed_desk_labels", 60),
        ("map labels anew after an upgrade", "claims.tasks.map_by_these_scales", 300),
        ("publish by timers", "claims.tasks.publish_by_timers", 1),
        ("warn of timers that cannot publish", "claims.tasks.warn_of_timers", 30),
        ("remind of assignments that are due", "claims.tasks.remind_of_assignments", 30),
        ("remind of answers and reviews that are due", "claims.tasks.remind_of_days", 600),
        ("take over items from Check", "claims.tasks.take_over_from_check", 10),
        ("mail notices, and tell chats of them", "claims.tasks.tell_people", 30),
        ("delete old deliveries of notices", "claims.tasks.delete_old_notice_deliveries", 3_600),
        ("count what happened each day", "claims.tasks.count_days", 600),
        ("delete discarded drafts", "claims.tasks.delete_what_was_discarded", 3_600),
        ("write the daily public dump", "claims.tasks.dump", 3_600),
        ("seal the logs and sign a checkpoint", "claims.tasks.checkpoint", 300),
        ("verify that nobody has rewritten the database", "factcheck.audit.daily", 3_600),
        ("deliver webhooks", "factcheck.newsrooms.webhooks.tasks.deliver", 1),
        ("delete old webhook deliveries", "factcheck.newsrooms.webhooks.tasks.delete_old_deliveries", 3_600),
        ("start a backup that is due", "factcheck.backup.tasks.start_due", 60),
        ("start a thinning that is due", "factcheck.thinning.tasks.start_due", 3_600),
        ("check the broker", "factcheck.health.round_trip", 5),
        ("adjust the fetch budget", "sources.tasks.set_price", 1_800),
        ("delete sessions and counts that ended", "factcheck.login.tasks.delete_expired", 3_600),
        ("delete full buckets and old stored answers", "factcheck.newsrooms.tasks.delete_expired", 600),
    )
}
