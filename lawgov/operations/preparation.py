"""Makes a data folder ready: catalogues, static files, tables, framework, and the demo place."""

from __future__ import annotations

import hashlib
import io
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import FrameworkEdition
from lawgov.accounts.models import User
from lawgov.jobs.heartbeats import START, beat
from lawgov.units.models import Region
from lawgov.web.translations import compile_catalogues

log = logging.getLogger(__name__)

Say = Callable[[str], None]
FRAMEWORK = settings.BASE_DIR / "fixtures" / "framework-2021.csv"
FOLDERS = ("blobs", "exports", "run", "logs", "mail", "audit-heads")
#: As the launcher prints them.
DEMO_ACCOUNTS = (
    "office supervisor assessor expert publicist leader lead01-lead17 unit01-unit69 "
    "head01-head69 external city admin"
)
#: Demo accounts that may do most; their passwords are compared with the one everybody knows.
TELLTALE_ACCOUNTS = ("admin", "office", "supervisor")


def prepare(*, demo: bool, say: Say) -> None:
    """Every step looks first whether there is anything to do, so a second start is quick."""
    make_folders(settings.DATA_DIR)
    translate()
    collect_static(say)
    migrate(say)
    if not FrameworkEdition.objects.exists():
        with step(say, _("载入指标体系")):
            call_command("load_framework", str(FRAMEWORK), stdout=io.StringIO())
    if demo and is_empty():
        with step(say, _("生成演示地区，约需一分钟")):
            seed()
    beat(START, timezone.now())


def make_folders(data_dir: Path) -> None:
    """Private to the account that serves; folders that exist keep their rights."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        (data_dir / name).mkdir(mode=0o700, exist_ok=True)


def translate() -> None:
    """Compile the catalogues; where the code is read-only, whoever installed it has done so."""
    try:
        compile_catalogues(*settings.LOCALE_PATHS)
    except OSError as error:
        log.warning("translations are not compiled: %s", error)


def is_empty() -> bool:
    """No place yet, or a demo place whose making was interrupted."""
    return seeding_mark().exists() or not Region.objects.exists()


def seed() -> None:
    """Make the demo place; begun and not ended, it is made anew at the next start."""
    again = seeding_mark().exists()
    seeding_mark().touch()
    call_command("seed_demo", *(["--reset"] if again else []), stdout=io.StringIO())
    seeding_mark().unlink()


def seeding_mark() -> Path:
    return Path(settings.DATA_DIR) / "run" / "seeding"


def migrate(say: Say) -> None:
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with step(say, _("建立或更新数据库结构")):
        call_command("migrate", interactive=False, verbosity=0)


def collect_static(say: Say) -> None:
    """Gather styles and scripts under names with hashes, when one of them has changed."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    stamp = Path(settings.DATA_DIR) / "run" / "static.stamp"
    fingerprint = static_fingerprint()
    if manifest.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    with step(say, _("收集样式和脚本")):
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(fingerprint)


def static_fingerprint() -> str:
    """A hash over name, size and time of every static file of the installed apps."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            found.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return found.hexdigest()


def has_demo_accounts() -> bool:
    return User.objects.filter(username="office", is_active=True).exists()


def has_default_passwords(password: str) -> bool:
    """Does a powerful demo account still have the password that everybody knows? Slow: hashes."""
    accounts = User.objects.filter(username__in=TELLTALE_ACCOUNTS, is_active=True)
    return any(account.check_password(password) for account in accounts)


@contextmanager
def step(say: Say, title: str) -> Iterator[None]:
    """Say what is being done, and how long it took when that was noticeable."""
    say(f"  · {title} …")
    started = time.monotonic()
    yield
    seconds = time.monotonic() - started
    if seconds >= 1:
        say("    " + _("用时 %(seconds).0f 秒") % {"seconds": seconds})
