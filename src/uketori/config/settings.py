"""Settings, all from the environment, safe by default.

``UKETORI_DEVELOPMENT=1`` (set by ``uketori run`` only) opens the mailbox page, the moved clock and
cookies without TLS; it is refused together with ``UKETORI_OFFICIAL=1``.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from uketori.config.environment import env_bool, env_int, env_text
from uketori.config.production import (
    DEFAULT_MAIL_SERVER,
    DEFAULT_SITE_URL,
    networks_of,
    refuse_weak_secret,
)

DATABASE_WAIT_SECONDS = 2
"""A request waits so long for a lock or for a connection; then it is told so."""
STATEMENT_SECONDS = 10
"""No statement of a page runs longer; the worker's and the commands' may (``uketori.database``)."""
CONNECTION_SECONDS = 4
"""So old a connection is replaced: one that went bad unseen (read-only, a standby) goes with it."""


def database(url: str) -> dict[str, object]:
    """Translate ``sqlite:///path`` or ``postgres://user:password@host:port/name?host=/socket``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] if parts.path.startswith("//") else parts.path.lstrip("/"),
            "CONN_MAX_AGE": CONNECTION_SECONDS,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": DATABASE_WAIT_SECONDS,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", "")) or (parts.hostname or ""),
            "PORT": str(parts.port or ""),
            # One a thread: a pool asks a server that was away again after up to a minute.
            "CONN_MAX_AGE": CONNECTION_SECONDS,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "connect_timeout": DATABASE_WAIT_SECONDS,
                "tcp_user_timeout": DATABASE_WAIT_SECONDS * 1000,
                "keepalives_idle": CONNECTION_SECONDS,
                "options": (
                    f"-c lock_timeout={DATABASE_WAIT_SECONDS}s"
                    f" -c statement_timeout={STATEMENT_SECONDS}s"
                ),
            },
        }
    message = f"UKETORI_DATABASE has an unknown scheme: {parts.scheme!r}"
    raise ImproperlyConfigured(message)


DEVELOPMENT = env_bool("UKETORI_DEVELOPMENT")
OFFICIAL = env_bool("UKETORI_OFFICIAL")
if DEVELOPMENT and OFFICIAL:
    message = "UKETORI_DEVELOPMENT and UKETORI_OFFICIAL exclude each other"
    raise ImproperlyConfigured(message)

VAR = Path(env_text("UKETORI_VAR", "var")).resolve()
SECRET_KEY = env_text("UKETORI_SECRET_KEY")
SECRET_KEY_FALLBACKS = list(filter(None, env_text("UKETORI_FORMER_SECRET_KEYS", "").split(",")))
if not DEVELOPMENT:
    refuse_weak_secret("UKETORI_SECRET_KEY", SECRET_KEY)
    for former in SECRET_KEY_FALLBACKS:  # what it signed is still believed
        refuse_weak_secret("UKETORI_FORMER_SECRET_KEYS", former)
DEBUG = False
ALLOWED_HOSTS = env_text("UKETORI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
SITE_URL = env_text("UKETORI_SITE_URL", DEFAULT_SITE_URL).rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CLOCK_OFFSET_SECONDS = env_int("UKETORI_CLOCK_OFFSET", 0) if DEVELOPMENT else 0
WORKER_EXPECTED = env_bool("UKETORI_WORKER_EXPECTED", default=True)
MAILBOX = VAR / "mailbox"
BUREAUS_FOLDER = env_text("UKETORI_BUREAUS", str(Path(__file__).parent.parent / "data" / "bureaus"))
METRICS_TOKEN = env_text("UKETORI_METRICS_TOKEN", "")
TRUSTED_PROXIES = networks_of("UKETORI_TRUSTED_PROXIES", env_text("UKETORI_TRUSTED_PROXIES", ""))

INSTALLED_APPS = [
    "uketori.counter",
    "uketori.staff",
    "uketori.reservations",
    "uketori.intermediaries",
    "uketori.bureaus",
    "uketori.outbox",
    "uketori.audit",
    "uketori.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # ADR 0024
    "csp.middleware.CSPMiddleware",
    "uketori.web.middleware.permissions_policy",
    "uketori.web.middleware.bounded_waits",
    "uketori.web.middleware.only_utf8",
    "uketori.web.middleware.kept_by_no_cache",
    "uketori.staff.sessions.sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "uketori.bureaus.number_fields.NumberFieldsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "uketori.staff.idle_lock.SignInRequiredMiddleware",
    "uketori.staff.second_factors.SecondFactorMiddleware",
    "uketori.staff.idle_lock.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "uketori.config.urls"
# No form is larger, with its file; uketori.server takes in no more, and nothing goes to the disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "uketori.web.context.site",
                "uketori.bureaus.context.bureau",
                "uketori.intermediaries.context.visitor",
                "uketori.staff.context.staff",
            ],
        },
    }
]

DATABASES = {"default": database(env_text("UKETORI_DATABASE", f"sqlite:///{VAR}/uketori.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AVAILABILITY_CACHE_SECONDS = env_int("UKETORI_AVAILABILITY_CACHE_SECONDS", 1)

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "uketori.web.static_files.JoinedStaticFilesStorage"},
}

# The cookie holds ids of mail proofs and, until one is used, the address that was typed; until a
# draft is saved, the three codes that the guide found: signed, not secret, in the person's own
# browser.  Whether a visit lives is decided by the proof's row: logging out works on the server,
# and the booking costs one query and no session write.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "uketori_session"
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "uketori.staff.errors.csrf_failure"

# The staff's sessions are rows in the database, under a cookie of their own: see staff/sessions.py.
AUTH_USER_MODEL = "staff.Account"
LOGIN_URL = "/staff/sign-in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

# django-allauth: a name, a password and a second factor, for staff only; no mail, no sign-up.
ACCOUNT_ADAPTER = "uketori.staff.allauth_adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = (
    False  # its counts are per process; see AXES_… and staff/second_factor_limit.py
)
MFA_ADAPTER = "uketori.staff.allauth_adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False  # a passkey comes after the password
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
MFA_TOTP_TOLERANCE = 1  # a clock half a minute off is no reason to stand outside
TOTP_ISSUER = "Uketori"

# django-axes: five wrong passwords shut out this name from this address only (ADR 0015).
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "uketori.web.networks.network_of"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "uketori.staff.lockout.locked_out"
AXES_USERNAME_CALLABLE = "uketori.staff.lockout.name_of"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "code", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
MESSAGE_STORAGE = "uketori.staff.sessions.message_storage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 365 * 24 * 60 * 60
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# No mail leaves the machine unless a host is named (D28).
EMAIL_HOST = env_text("UKETORI_MAIL_HOST", DEFAULT_MAIL_SERVER[0])
EMAIL_PORT = env_int("UKETORI_MAIL_PORT", DEFAULT_MAIL_SERVER[1])
EMAIL_HOST_USER = env_text("UKETORI_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env_text("UKETORI_MAIL_PASSWORD", "")
EMAIL_USE_TLS = env_bool("UKETORI_MAIL_STARTTLS")
EMAIL_USE_SSL = env_bool("UKETORI_MAIL_TLS")
EMAIL_TIMEOUT = 30

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "uketori.config.logs.DiscreetFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # a refused form is an answer, not an event for the operator
        "django.request": {"level": "ERROR"},
        # it names people and addresses; our own events tell of failed sign-ins without them
        "axes": {"level": "CRITICAL"},
    },
}
