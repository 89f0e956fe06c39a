"""The profile of a fresh machine: everything in DATA_DIR, plain cookies, loopback only."""

from lawgov.settings import env
from lawgov.settings.base import *  # noqa: F403
from lawgov.settings.base import DATA_DIR, DEMO_PASSWORD

PROFILE = "embedded"
SECRET_KEY = env.generated_secret(DATA_DIR / "secret-key")

# The launcher lets another HOST through only with DEMO_PASSWORD; then people come by any name of
# this machine. On loopback the list keeps a foreign page from reaching us under its own name.
HOST = env.text("HOST", "127.0.0.1")
LOOPBACK = env.is_loopback(HOST)
ALLOWED_HOSTS = list(env.LOOPBACK_NAMES) if LOOPBACK else ["*"]
PUBLIC_URL = env.site(HOST, env.text("PORT", "8000"))

# The launcher says whether the database holds the demo place. Buttons that log anybody in are
# for this machine alone, and only while the password is the one that everybody knows.
DEMO_LOGIN = env.flag("DEMO_LOGIN") and LOOPBACK and DEMO_PASSWORD == env.DEFAULT_DEMO_PASSWORD

# The terminal of `make run` shows steps and trouble; the rest is in DATA_DIR/logs.
LOGGING["handlers"]["console"]["level"] = "WARNING"  # noqa: F405
