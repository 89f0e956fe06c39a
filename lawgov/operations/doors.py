"""What must hold before anything starts: data folder and port are free, the door is shut."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from lawgov.settings import env


class Refused(Exception):
    """The product does not start; the sentence says why and what to do."""


def refuse_open_door(host: str) -> None:
    """Others may come in only where the password of the demo accounts is not known to everybody.

    Counts for an empty place too: whoever comes first finds its set-up wizard. Production has
    accounts of its own; its `prepare` looks for demo passwords.
    """
    if env.is_loopback(host) or settings.PROFILE == "prod":
        return
    if settings.DEMO_PASSWORD == env.DEFAULT_DEMO_PASSWORD:
        raise Refused(
            _("HOST=%(host)s 会让其他电脑连进来，请先用 DEMO_PASSWORD 另设演示口令，再启动。")
            % {"host": host}
        )


def hold(data_dir: Path) -> IO[str]:
    """Hold the data folder until the returned file is closed or this process ends, however."""
    lock = (data_dir / "run" / "launcher.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        owner = lock.read().strip()
        lock.close()
        raise Refused(
            _("这个数据目录正在使用中，不能再启动一个：%(folder)s（%(owner)s）。")
            % {"folder": data_dir, "owner": owner}
        ) from None
    return lock


def sign(lock: IO[str], *, url: str) -> None:
    """Write into the lock who holds it, for the sentence that the next one gets."""
    lock.seek(0)
    lock.truncate()
    lock.write(_("进程 %(pid)s，网址 %(url)s") % {"pid": os.getpid(), "url": url})
    lock.flush()


def listen(host: str, port: int) -> socket.socket:
    """The socket on which the web server will answer; ours, so that its restarts go unnoticed."""
    place = {"host": host, "port": port}
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, OverflowError):
        raise Refused(_("HOST=%(host)s 不是本机的地址或名称。") % place) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise Refused(_why_not(error) % place) from None
    return listener


def _why_not(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return _("端口 %(port)s 已被占用，请换一个，例如 make run PORT=8001。")
    if error.errno == errno.EACCES:
        return _("没有权限使用端口 %(port)s，请用 1024 以上的端口。")
    return _("HOST=%(host)s 不是本机的地址，不能在上面提供服务。")
