"""All settings, one file. What differs between sites is an environment variable: docs/settings.md."""

from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import database, logs, stripe_settings
from config.environment import BASE_DIR, LOCAL_DIR, env, mode, required, secret_key, signing_secret

MODE = mode()
PRODUCTION, DEMO = MODE == "production", MODE == "demo"
DEBUG = False
SECRET_KEY = secret_key()
SIGNING_SECRET = signing_secret()
SITE_URL = (required("SITE_URL") if PRODUCTION else env.str("SITE_URL", "http://localhost:8000")).rstrip("/")
SOURCE_URL = env.str("SOURCE_URL", "")
_site_host = urlsplit(SITE_URL).hostname or "localhost"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site_host] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
if PRODUCTION and not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must begin with https:// on a production site.")
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS may not be * on a production site: name the hosts.")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # the templates of its widgets, which our form renderer draws on
    "allauth",
    "allauth.account",
    "csp",
    "pgtrigger",
    "procrastinate.contrib.django",
    "common",
    "compliance",
    "offers",
    "payments",
    "members",
]
MIDDLEWARE = [
    "common.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "common.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "common.middleware.NothingAtNul",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "common.templatetags.toadlane"],
        },
    }
]
FORM_RENDERER = "common.forms.Renderer"

# == Database ==
DATABASES = database.configuration()
DATABASE_ROUTERS = ["config.database.MigrateAsOwner"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # of other people's apps; our keys are UUIDs
CACHES = {
    "default": {"BACKEND": "common.shared_cache.SharedCache"},  # allauth counts tries here: one count for all processes
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# == People ==
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "members:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "common.sign_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {"request_login_code": "members.forms.sign_in.CodeForm"}
# Beside and in place of allauth's own. Keys of the first three: common/sign_in.py. Nobody's tries lock another out.
ACCOUNT_RATE_LIMITS = {
    "login_failed_anywhere": "100/h/key",
    "login_code_here": "3/m/key,10/h/key",
    "login_code_anywhere": "20/h/key",
    "request_login_code": "20/m/ip",
    "certificate_check": "20/m/ip",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)

# == Words, times and places ==
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]  # Welsh joins with its catalogue: half a translation misleads
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True

# == Files ==
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION or DEMO
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = MODE == "development"

# == Mail ==
MAIL_FOLDER = LOCAL_DIR / "mail"
if PRODUCTION:
    vars().update(env.email("EMAIL_URL", required("EMAIL_URL")))
    DEFAULT_FROM_EMAIL = required("MAIL_FROM")
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_FOLDER
    DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "Toad Lane <shares@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# == Stripe ==
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])
STRIPE_API_BASE = env.str("STRIPE_API_BASE", "")
stripe_settings.refuse_wrong(
    key=STRIPE_SECRET_KEY, api_base=STRIPE_API_BASE, webhook_secrets=STRIPE_WEBHOOK_SECRETS, production=PRODUCTION
)

# == Safety ==
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_HSTS_SECONDS = 63072000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.int("TRUSTED_PROXIES", 0) else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "__Host-sessionid" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if PRODUCTION else "csrftoken"
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
# Files are statements and certificates of at most 2 MB: what is larger than 2.5 MB in all is never kept anywhere.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
SESSION_COOKIE_AGE = 7 * 24 * 3600  # an application half filled in waits a week
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "common.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Chromium asks this of the redirect after a form too.
        "form-action": [SELF, stripe_settings.payment_page(STRIPE_API_BASE)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING_CONFIG = None
logs.configure(level=env.str("LOG_LEVEL", "INFO"), as_json=PRODUCTION)
