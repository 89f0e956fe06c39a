"""The profile of the tests: a private temporary DATA_DIR, fast hashes, nothing leaves it."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from lawgov.settings import env

# Before base reads it; tests never touch the data folder of the product.
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="lawgov-test-")
for name in ("REDIS_URL", "EMAIL_URL", "STORAGE_URL"):
    os.environ.pop(name, None)

from lawgov.settings.base import *  # noqa: F403
from lawgov.settings.base import DATA_DIR, MIDDLEWARE

owner = os.getpid()


def remove_data_dir() -> None:
    if os.getpid() == owner:  # a forked child leaves it to its parent
        shutil.rmtree(DATA_DIR, ignore_errors=True)


atexit.register(remove_data_dir)

PROFILE = "test"
SECRET_KEY = "a key for tests only, of no value outside of them, and long enough"
ALLOWED_HOSTS = [*env.LOOPBACK_NAMES, "testserver"]
PUBLIC_URL = "http://testserver"

# A file, not memory: races and live servers need the locks of a real database.
DATABASES = {"default": env.database(env.text("DATABASE_URL"), DATA_DIR, synchronous="OFF")}
DATABASES["default"]["CONN_MAX_AGE"] = 0  # or threads of live servers would keep it from going
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# No manifest, so that no test needs collectstatic; live servers read the apps' static folders.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = [entry for entry in MIDDLEWARE if not entry.startswith("whitenoise.")]

LOGGING = {"version": 1, "disable_existing_loggers": False}
Path(DATA_DIR, "blobs").mkdir()
