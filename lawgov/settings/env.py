"""Typed readers of the environment: each gives a good value or refuses with a sentence."""

from __future__ import annotations

import os
import secrets
import tempfile
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

DEFAULT_DEMO_PASSWORD = "lawgov-demo"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-16000;"
)


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """True for 1, yes, true, on; False for 0, no, false, off and for nothing."""
    value = text(name, "0").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")


def words(name: str) -> list[str]:
    """A list separated by commas or blanks."""
    return text(name).replace(",", " ").split()


def networks(name: str) -> list[str]:
    """Networks such as 10.1.0.0/16, separated by commas or blanks."""
    found = words(name)
    for text_ in found:
        try:
            ip_network(text_)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} holds {text_!r}; write networks such as 10.1.0.0/16."
            ) from error
    return found


def count(name: str, default: int = 0) -> int:
    """A whole number, 0 or more."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number.")
    return int(value)


def folder(name: str, default: Path) -> Path:
    """An absolute folder; a relative one counts from the folder the command was started in."""
    return Path(text(name, str(default))).expanduser().absolute()


def database(url: str, data_dir: Path, *, synchronous: str = "FULL") -> dict[str, Any]:
    """The `default` entry of DATABASES; an empty `url` means SQLite in the data folder."""
    if not url:
        parsed: dict[str, Any] = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(data_dir / "db.sqlite3"),
        }
    else:
        try:
            parsed = dict(dj_database_url.parse(url))
        except ValueError as error:
            raise ImproperlyConfigured(
                "DATABASE_URL is not understood; write postgresql://user:password@host/name "
                "or sqlite:////absolute/path."
            ) from error
    engine = parsed["ENGINE"].rsplit(".", 1)[-1]
    if engine == "sqlite3":
        options = {
            # Writers queue up at BEGIN instead of failing in the middle of a transaction.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_PRAGMAS.format(synchronous=synchronous),
        }
    elif engine == "postgresql":
        options = {"connect_timeout": 5, "options": "-c lock_timeout=20s"}
    else:
        raise ImproperlyConfigured(f"DATABASE_URL names {engine}; PostgreSQL or SQLite are known.")
    parsed["OPTIONS"] = {**options, **parsed.get("OPTIONS", {})}
    return {**parsed, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}


def broker(redis_url: str) -> str:
    """The address of the same server in the words of Celery; without one, `memory://`.

    With `memory://` a nudge reaches nobody: the sweepers of run_scheduler find the work.
    """
    if not redis_url:
        return "memory://"
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        number = dict(parse_qsl(parts.query)).get("db", "0")
        return f"redis+socket://{parts.path}?virtual_host={number}"
    if parts.scheme in {"redis", "rediss"}:
        return redis_url
    raise ImproperlyConfigured(
        "REDIS_URL is not understood; write redis://host:6379/0, rediss://… or unix:///path."
    )


def email(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's EMAIL_* settings; an empty `url` writes every mail to a file in DATA_DIR/mail.

    Known: smtp://, smtp+tls:// (STARTTLS), smtps://, console: and file:. `?from=` is the sender.
    """
    parts = urlsplit(url or "file:")
    sender = dict(parse_qsl(parts.query)).get("from")
    common: dict[str, Any] = {"EMAIL_TIMEOUT": 8}
    if sender:
        common |= {"DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender}
    backends = "django.core.mail.backends"
    if parts.scheme == "console":
        return {**common, "EMAIL_BACKEND": f"{backends}.console.EmailBackend"}
    if parts.scheme == "file":
        return {
            **common,
            "EMAIL_BACKEND": f"{backends}.filebased.EmailBackend",
            "EMAIL_FILE_PATH": parts.path or str(data_dir / "mail"),
        }
    if parts.scheme not in {"smtp", "smtp+tls", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL is not understood; write smtp://user:password@host:25, smtp+tls://…, "
            "smtps://…, console: or file:."
        )
    secure = parts.scheme == "smtps"
    starttls = parts.scheme == "smtp+tls"
    return {
        **common,
        "EMAIL_BACKEND": f"{backends}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if secure else 587 if starttls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": starttls,
    }


def storage(url: str) -> str:
    """Where evidence lives. Only local files in the data folder so far; others are refused."""
    if url in {"", "file:", "local:"}:
        return "local"
    raise ImproperlyConfigured(
        f"STORAGE_URL asks for {urlsplit(url).scheme or url!r}; this version keeps files in "
        "DATA_DIR only. Leave STORAGE_URL out."
    )


def generated_secret(path: Path) -> str:
    """The key kept in `path` (0600); made at the first call, whole even when two come at once."""
    try:
        return _read_or_make(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR cannot be used: {error.strerror}: {error.filename}"
        ) from error


def _read_or_make(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)  # 0600
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(60))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was quicker; its key counts
        finally:
            os.unlink(draft)
    return path.read_text().strip()


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def site(host: str, port: str) -> str:
    """The address by which people on this machine reach `host`:`port`."""
    name = "localhost" if host in {"0.0.0.0", "::"} else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"
