"""What all profiles share. The environment is read here, once, through env.py."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from lawgov.settings import env

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / ".data")
DEBUG = False

INSTALLED_APPS = [
    "lawgov.web",  # first: its templates take the place of those of the others
    "lawgov.accounts",
    "lawgov.units",
    "lawgov.audit",
    "lawgov.notifications",
    "lawgov.files",
    "lawgov.jobs",
    "lawgov.holidays",
    "lawgov.imports",
    "lawgov.filling",
    "indicators",
    "assessments",
    "lawgov.desk",
    "lawgov.operations",
    "lawgov.accounts.operators.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    # The outermost layers put their headers on every answer, errors and static files included.
    "lawgov.web.security.HeadersMiddleware",
    "lawgov.web.security.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lawgov.accounts.sessions.SessionLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # In place of Django's AuthenticationMiddleware: user and membership in one query.
    "lawgov.accounts.middleware.ActorMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "lawgov.web.middleware.PreferenceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lawgov.web.submissions.OnceMiddleware",
    "lawgov.web.middleware.ErrorPageMiddleware",
]

ROOT_URLCONF = "lawgov.urls"
WSGI_APPLICATION = "lawgov.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lawgov.web.context.shell",
            ],
        },
    },
]

DATABASES = {"default": env.database(env.text("DATABASE_URL"), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In each process of its own: nothing whose truth matters is kept in the cache.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "lawgov" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

# Accounts and sessions. Idle time is counted by the accounts; this is the absolute end.
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True

# The demo place: its password, and whether the login page offers its accounts as buttons.
DEMO_PASSWORD = env.text("DEMO_PASSWORD", env.DEFAULT_DEMO_PASSWORD)
DEMO_LOGIN = False

# Protection of pages; the Content-Security-Policy is in web/security.py.
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "lawgov.web.errors.csrf_failure"
TRUSTED_PROXIES: list[str] = []
MAX_BODY_BYTES = 60 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a form over all units and indicators of one page

SILENCED_SYSTEM_CHECKS = [
    # The admin looks for Django's AuthenticationMiddleware by name; ours does its work.
    "admin.E408",
]

# What the frame around every page shows; the pages that know it are above the ground.
RAIL_COUNTS = "lawgov.desk.queries.rail_counts"
RUNNING_CAMPAIGN = "lawgov.desk.campaigns.shown"

# Files
STORAGE = env.storage(env.text("STORAGE_URL"))
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's pages use our files
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "exports"},
    },
    # Names with hashes, cached for ever; not compressed, which would cost minutes at the start.
    "staticfiles": {"BACKEND": "lawgov.web.staticfiles.HashedStaticFiles"},
}

DEFAULT_FROM_EMAIL = SERVER_EMAIL = "lawgov@localhost"
globals().update(env.email(env.text("EMAIL_URL"), DATA_DIR))

# Digests by mail that may go out in a minute; 0: as many as the mail server takes.
EMAIL_PER_MINUTE = env.count("EMAIL_PER_MINUTE")

# Robots and webhooks: which hosts may be called (as host or host:port), which inner networks
# their names may point to, and which programs on this machine speak without TLS.
OUTBOUND_HOSTS = env.words("OUTBOUND_HOSTS") or ["qyapi.weixin.qq.com", "oapi.dingtalk.com"]
OUTBOUND_NETWORKS = env.networks("OUTBOUND_NETWORKS")
OUTBOUND_RELAYS = env.words("OUTBOUND_RELAYS")

# Celery. A task may be lost or doubled with any setting; these make both rare. The limit per
# task is far below the visibility timeout, or Redis would hand out a running task again.
REDIS_URL = env.text("REDIS_URL")
BROKER_KEY_PREFIX = "lawgov:"
CELERY_BROKER_URL = env.broker(REDIS_URL)
CELERY_TASK_DEFAULT_QUEUE = "lawgov"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_TIME_LIMIT = 300
CELERY_VISIBILITY_TIMEOUT = 1200
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_VISIBILITY_TIMEOUT}
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "global_keyprefix": BROKER_KEY_PREFIX,
        # A worker that asks a broker which hangs waits this long and no longer.
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever
CELERY_TASK_PUBLISH_RETRY = False  # a nudge that fails is made good by the sweeper
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 8
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_TIMEZONE = TIME_ZONE

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "lawgov.accounts.tokens.MembershipTokenAuthentication",
        "lawgov.accounts.tokens.ActorSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["lawgov.web.rest.policy.DeclaredPolicy"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "lawgov.web.rest.paging.AlwaysJson",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS tells nothing that the schema does not
    "DEFAULT_FILTER_BACKENDS": [
        "lawgov.web.rest.paging.ColumnFilters",
        "lawgov.web.rest.paging.TextSearch",
    ],
    "DEFAULT_PAGINATION_CLASS": "lawgov.web.rest.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "lawgov.web.rest.schema.Schema",
    "EXCEPTION_HANDLER": "lawgov.web.rest.problems.answer_error",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    # What keeps a process busy for long. Counted by each process: a brake, not a guard.
    "DEFAULT_THROTTLE_RATES": {"heavy": "30/min"},
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"
# Its migrations would make the table of the model that ours replaces, which nothing would empty.
MIGRATION_MODULES = {"knox": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "lawgov",
    "DESCRIPTION": _("法治政府建设示范创建工作台"),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CampaignKind": "indicators.campaigns.models.Campaign.Kind",
        "CampaignLevel": "indicators.campaigns.models.Campaign.Level",
        "DeliveryStatus": "lawgov.notifications.models.Delivery.Status",
        "EvidenceKind": "indicators.evidence.models.Evidence.Kind",
        "ExtensionState": "assessments.rectification.models.Extension.State",
        "FilledSheetState": "lawgov.filling.models.FilledSheet.State",
        "ImportState": "lawgov.imports.models.Upload.State",
        "IssueKind": "assessments.rectification.models.Issue.Kind",
        "JobState": "lawgov.jobs.models.Job.State",
        "ReminderLevel": "assessments.reminders.kinds.Level",
        "ReminderStatus": "assessments.reminders.models.Reminder.Status",
        "ResponseState": "assessments.rectification.states.State",
        "RoundKind": "assessments.rounds.models.Round.Kind",
        "TaskKind": "lawgov.desk.tasks.task.Kind",
        "UnitKind": "lawgov.units.models.Unit.Kind",
        "WorkState": "indicators.assignments.states.UnitState",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "lawgov.operations.logs.RequestIdFilter"}},
    "formatters": {
        "plain": {
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "level": "INFO",
            "formatter": "plain",
            "filters": ["request_id"],
        },
        "file": {
            "class": "lawgov.operations.logs.SharedLogFile",
            "path": DATA_DIR / "logs" / "lawgov.log",
            "formatter": "plain",
            "filters": ["request_id"],
        },
    },
    "root": {"handlers": ["console", "file"], "level": "INFO"},
    "loggers": {
        # Its own handlers would send mail to administrators and print twice.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Refusals stand in the line per request already, with its number.
        "django.request": {"level": "ERROR"},
    },
}
