"""Composes the project. Everything a district sets comes from the environment (`NUANXIN_*`, `DATABASE_URL`)."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from nuanxin.command.embedded import database_from_url, embedded_url
from nuanxin.foundation.vault.keys import installation_secret, load_keyring

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("NUANXIN_HOME", BASE_DIR / ".nuanxin"))
"""Where an installation keeps what must last: embedded database, media, keys, outbox."""

DEBUG = os.environ.get("NUANXIN_DEBUG") == "1"
SECRET_KEY = os.environ.get("NUANXIN_SECRET_KEY") or installation_secret(HOME)
VAULT = load_keyring(HOME, os.environ)
ALLOWED_HOSTS = os.environ.get("NUANXIN_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("NUANXIN_ORIGINS", "").split(",") if o]
HTTPS = os.environ.get("NUANXIN_HTTPS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "nuanxin.foundation.vault",
    "nuanxin.foundation.worktime",
    "nuanxin.foundation.sheets",
    "nuanxin.foundation.codes",
    "nuanxin.foundation.facts",
    "nuanxin.foundation.access",
    "nuanxin.foundation.accounts",
    "nuanxin.foundation.media",
    "nuanxin.foundation.preferences",
    "nuanxin.foundation.notices",
    "nuanxin.registry.areas",
    "nuanxin.registry.units",
    "nuanxin.registry.enterprises",
    "nuanxin.registry.people",
    "nuanxin.engines.intake",
    "nuanxin.engines.matching",
    "nuanxin.organisation.survey",
    "nuanxin.insights.indicators",
    "nuanxin.web.shared",
    "nuanxin.web.console",
    "nuanxin.web.public",
    "nuanxin.command",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "nuanxin.web.shared.security.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "nuanxin.web.shared.security.PlainInputMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nuanxin.web.shared.middleware.ScopeMiddleware",
    "nuanxin.web.console.frame.WorkAreaMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "nuanxin.web.shared.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "nuanxin.web.shared.jinja.page_context",
            ],
        },
    },
    {
        # only for the templates that libraries bring themselves
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASE_URL = os.environ.get("DATABASE_URL") or embedded_url(HOME)
DATABASES = {"default": database_from_url(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "console:home"

# Accounts and access --------------------------------------------------------------------------------------------
# GB/T 22239-2019 8.1.4.1; figures of the dossier, section 4. Pitfalls of allauth: docs/decisions/accounts.md
DEMO = os.environ.get("NUANXIN_DEMO") == "1"
"""A demo does not demand the second factor (it can still be set up)."""
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "nuanxin.foundation.accounts.rules.CharacterClasses"},
    {"NAME": "nuanxin.foundation.accounts.rules.NotTheName"},
    {"NAME": "nuanxin.foundation.accounts.queries.NotUsedBefore"},
]
ACCOUNT_ADAPTER = "nuanxin.web.shared.account_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # without them the sign-in form has no password
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on, all others end by their hash
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# failures per name are counted in the database by the adapter; "key" here is what guards the second factor
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "5/900s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("NUANXIN_PROXIES", "0"))
MFA_ADAPTER = "nuanxin.web.shared.account_adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "暖新"
MFA_TOTP_TOLERANCE = 1  # clocks of phones and of offline servers differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # staff have no verified address at all
MFA_FORMS = {
    "authenticate": "nuanxin.web.shared.account_forms.AuthenticateForm",
    "reauthenticate": "nuanxin.web.shared.account_forms.ReauthenticateForm",
}
# allauth keeps used codes and rate limits in the default cache: it has to be one for all processes
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_cache"},
}
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
UNMASK_ALERT_PER_HOUR = int(os.environ.get("NUANXIN_UNMASK_ALERT", "50"))
UNMASK_STOP_PER_HOUR = int(os.environ.get("NUANXIN_UNMASK_STOP", "200"))
# End of accounts and access -------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "nuanxin" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"]
STORAGES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "media"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Empty: short messages are written to the outbox screen (nuanxin.foundation.notices.providers)
NUANXIN_SMS_PROVIDER = os.environ.get("NUANXIN_SMS_PROVIDER", "")
# Empty: 9:00-12:00,13:30-17:30 (nuanxin.foundation.worktime.rules.OfficeHours)
NUANXIN_OFFICE_HOURS = os.environ.get("NUANXIN_OFFICE_HOURS", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("NUANXIN_LOG", "WARNING")},
}
