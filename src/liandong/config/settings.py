"""Django's settings, one file for demo and production. Everything that differs comes from the environment.

`docs/reference/settings.md` lists the variables. What is unsafe is refused by `liandong.ops.doctor` before serving.
"""

import os
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from liandong import __version__
from liandong.config.channels import read_channels
from liandong.config.environ import envbool, envint, envlist, envnetworks, envsecret, envword, read_mode
from liandong.ops.home import checkout_key, find_home
from liandong.ops.logs import as_lines
from liandong.ops.postgres import Cluster
from liandong.words.catalogue import compiled

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parents[1]
HOME = find_home()

LIANDONG_MODE = read_mode()
envword("LIANDONG_LOG_FORMAT", ("json", "plain"))  # read by the logs, which are there before settings are
PRODUCTION = LIANDONG_MODE == "production"
DEBUG = False
# In production an empty key makes Django refuse; in demo one is made at the first start and kept in the home.
SECRET_KEY = envsecret("LIANDONG_SECRET_KEY") or ("" if PRODUCTION else HOME.secret("django"))
ALLOWED_HOSTS = [*envlist("LIANDONG_HOSTS"), *([] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])]

WEB_PORT = envint("LIANDONG_WEB_PORT", 8000, 1, 65535)
ROLE = os.environ.get("LIANDONG_ROLE") or "command"  # which process this is, as the database and the figures call it
LIVE_PORT = envint("LIANDONG_LIVE_PORT", 8001, 1, 65535)  # the SSE process; another port is another origin

INSTALLED_APPS = [
    "liandong.web",  # before allauth, whose sign-in pages it replaces
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "pgtrigger",
    "liandong.records",
]
MIDDLEWARE = [
    "liandong.config.counting.count",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "liandong.config.headers.content_security_policy",
    "liandong.config.uploads.refuse_large",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "liandong.web.language.speak",
    "liandong.api.frame.for_machines",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "liandong.config.sessions.keep_door",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "liandong.config.urls"
WSGI_APPLICATION = "liandong.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["liandong.web.loader.Loader"])],
            "builtins": ["liandong.web.templatetags.sentences", "liandong.web.templatetags.times"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


# A database whose machine lost its power says nothing more: after half a minute nobody waits for it. By default it is two hours.
VANISHED = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}


def database() -> dict:
    """`DATABASE_URL` (any form libpq reads) wins; else our own cluster below the home."""
    given = os.environ.get("DATABASE_URL")
    parts = conninfo_to_dict(given) if given else Cluster(HOME).settings()
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{ours: str(parts.pop(theirs, "")) for theirs, ours in named.items()},
        "OPTIONS": {"connect_timeout": 5, "application_name": f"liandong-{ROLE}"} | VANISHED | parts,
        "CONN_MAX_AGE": envint("LIANDONG_DATABASE_KEEP_SECONDS", 600),
        "CONN_HEALTH_CHECKS": True,  # a restarted database costs nobody a failed page
    }


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "records.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "liandong.config.door.token_failed"
IDLE_MINUTES = envint("LIANDONG_IDLE_MINUTES", 30, 5, 720)
# Whoever may change people or rules, see a whole city or lead a shift comes in with a second factor.
SECOND_FACTOR_ROLES = envlist("LIANDONG_SECOND_FACTOR") or (
    ["administrator", "supervisor", "shift_leader"] if PRODUCTION else []
)
ACCOUNT_ADAPTER = "liandong.config.accounts.ClosedAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# A whole control room signs in from one address at the change of shift: nothing is limited by the address alone. Guessing is
# counted by axes for a name at an address, and many names from one address by config.accounts.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # other sessions end with the old password; this one goes on
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "liandong.config.accounts.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody here has an address that mail goes to
MFA_TOTP_ISSUER = "联动"
AXES_FAILURE_LIMIT = envint("LIANDONG_SIGN_IN_TRIES", 6, 3, 50)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a stranger cannot lock a desk out from elsewhere
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "liandong.config.door.locked"
AXES_CLIENT_IP_CALLABLE = "liandong.channels.address.address"
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [compiled(HOME.path / "locale")]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("LIANDONG_STATIC_ROOT") or HOME.path / "static" / f"{__version__}-{checkout_key()}")
# Browser libraries come from npm at set-up and are never kept in the tree: (prefix below /static/, folder).
NPM_FOLDERS = [
    ("npm/htmx", CHECKOUT / "node_modules/htmx.org/dist"),
    ("npm/jssip", CHECKOUT / "node_modules/.bundles"),  # put into one file by tools/bundle.sh
]
STATICFILES_DIRS = [(prefix, folder) for prefix, folder in NPM_FOLDERS if folder.is_dir()]
# What other organisations' nodes call this one; without it their messages are refused.
NODE = os.environ.get("LIANDONG_NODE", "").strip()
# Who may read /metrics: whoever gives the token, or sits in one of the networks.
METRICS_TOKEN = envsecret("LIANDONG_METRICS_TOKEN")
METRICS_FROM = envnetworks("LIANDONG_METRICS_FROM")
METRICS_PORT = envint("LIANDONG_METRICS_PORT", 0, 0, 65535)
# Hosts and networks inside, which other systems' webhooks may reach all the same; else only addresses of the open network.
WEBHOOK_HOSTS = envlist("LIANDONG_WEBHOOK_HOSTS") or ([] if PRODUCTION else ["127.0.0.1", "localhost", "::1"])
# The telephone exchange's REST interface; without an address a simulator in the switch process stands in its place.
ARI_URL = os.environ.get("LIANDONG_ARI_URL", "").strip().rstrip("/")
ARI_PASSWORD = envsecret("LIANDONG_ARI_PASSWORD") or (HOME.secret("exchange") if ARI_URL else "")
# The phones' passwords follow from it, as the exchange was told them.
PHONES_SECRET = envsecret("LIANDONG_PHONES_SECRET") or (HOME.secret("phones") if ARI_URL else "")
# Whose lines ring there, six figures.
CALL_RECORDS = Path(os.environ.get("LIANDONG_CALL_RECORDS") or HOME.path / "pbx/log/cel-custom")
LINES_CITY = os.environ.get("LIANDONG_LINES_CITY", "").strip() or ("" if PRODUCTION else "532300")
# Sentences said to callers: the city's own recordings of them, and where made ones are kept, for the exchange to read.
VOICE = Path(folder) if (folder := os.environ.get("LIANDONG_VOICE", "").strip()) else None
SPOKEN = Path(os.environ.get("LIANDONG_SPOKEN") or HOME.path / "spoken")
# Ways in and out beside the telephone, by name; and those by which people can be written to.
CHANNELS, ANSWERING = read_channels()
# Secrets that files are sealed under, the newest first; the others still open what was sealed under them.
FILE_KEYS = envsecret("LIANDONG_FILE_KEYS").split() or ([] if PRODUCTION else [HOME.secret("files")])
FILES = Path(os.environ.get("LIANDONG_FILES") or HOME.path / "files")
# Certificates of the proxy in front that the doctor looks at.
CERTIFICATES = [Path(name) for name in envlist("LIANDONG_CERTIFICATES")]
BACKUPS = Path(os.environ.get("LIANDONG_BACKUPS") or HOME.path / "backups")
STORAGES = {
    "default": {"BACKEND": "liandong.records.sealed.SealedStorage", "OPTIONS": {"location": FILES, "keys": FILE_KEYS}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Two nodes under one host name (the demo's two ports) must not sign each other's people out.
SESSION_ENGINE = "liandong.config.kept_sessions"
SESSION_COOKIE_NAME = f"sessionid_{NODE}" if NODE else "sessionid"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 3600  # a shift and the call it ends with; the shift itself is counted in config.sessions
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = envbool("LIANDONG_BEHIND_TLS_PROXY")
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "lines": {"()": "liandong.ops.logs.Lines"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "lines" if as_lines() else "plain"},
        "counted": {"class": "liandong.ops.logs.Counted"},
    },
    "root": {"handlers": ["stderr", "counted"], "level": os.environ.get("LIANDONG_LOG_LEVEL", "INFO")},
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.server": {"handlers": [], "propagate": True}},
}
