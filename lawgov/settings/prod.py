"""The production profile: refuses to start with settings that would not protect anybody."""

from django.core.exceptions import ImproperlyConfigured

from lawgov.settings import env
from lawgov.settings.base import *  # noqa: F403

PROFILE = "prod"
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
PUBLIC_URL = f"https://{ALLOWED_HOSTS[0].lstrip('.')}"

if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 12 or SECRET_KEY.startswith("django-insecure"):
    raise ImproperlyConfigured(
        "SECRET_KEY is too weak: at least 50 characters, at least 12 different ones. Make one "
        "with: python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"
    )
if any(host.strip(".") in {"", "*"} or "*" in host for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS has a wildcard; name the hosts by which people reach this site."
    )
if env.flag("DEBUG"):
    raise ImproperlyConfigured("DEBUG is set; production shows no debug pages. Unset it.")

# The proxy ends TLS. gunicorn believes X-Forwarded-Proto only from its forwarded_allow_ips and
# sets the scheme itself, so Django needs no header setting that a stranger could fill in.
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
# Browsers take __Host- cookies only over TLS, for this host alone and for the whole site.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"

# The proxies whose X-Forwarded-For names the client; "" is a unix socket.
TRUSTED_PROXIES = ["127.0.0.1", "::1", ""]

SILENCED_SYSTEM_CHECKS += [  # noqa: F405
    # HSTS preload is a promise to the browser makers that only the owner of the domain can give.
    "security.W021",
]
