"""The launcher: one process that brings up the whole product, watches over it and takes it down."""

from __future__ import annotations

import http.client
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from lawgov.celery import READY_FILE
from lawgov.operations import doors, preparation, processes
from lawgov.operations.children import Child, Family
from lawgov.operations.doors import Refused
from lawgov.operations.setup import access
from lawgov.operations.valkey import Valkey, find_binary
from lawgov.operations.watchdog import Watchdog
from lawgov.settings import env

log = logging.getLogger(__name__)

STOP_SECONDS = 15.0
START_SECONDS = 120.0
HOPELESS_DEATHS = 4  # of one process, before everything has answered once
WORKER_FLAGS = ("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING")


class Stopped(Exception):
    """Somebody asked to stop while the product was still starting."""


@dataclass
class Launcher:
    """`data_dir` absolute; `port` 0 takes any free one; `demo` makes the demo place when empty."""

    data_dir: Path
    host: str
    port: int
    demo: bool
    say: Callable[[str], None]
    family: Family = field(default_factory=Family)
    watchdog: Watchdog | None = None
    worker: Child | None = None
    signals: int = 0

    def run(self) -> None:
        """Start everything, watch until a signal comes, stop everything.

        Raises Refused when it cannot start; what was started by then has been stopped.
        """
        doors.refuse_open_door(self.host)
        preparation.make_folders(self.data_dir)
        with doors.hold(self.data_dir) as lock:
            # First of all: what a killed launcher left may still have our port.
            leftovers = processes.end_leftovers(self.run_dir)
            with doors.listen(self.host, self.port) as listener:
                self.port = listener.getsockname()[1]
                doors.sign(lock, url=self.url)
                self._heed_signals()
                try:
                    self._start(listener, leftovers)
                    self._watch()
                except Stopped:
                    pass
                finally:
                    self._stop()

    @property
    def url(self) -> str:
        return env.site(self.host, str(self.port))

    @property
    def run_dir(self) -> Path:
        return self.data_dir / "run"

    # -- signals: noted, and seen by the loops below ---------------------------------------------

    def _heed_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # started with nohup: the end of the terminal is to be survived
            signal.signal(number, self._note_signal)

    def _note_signal(self, *_args: object) -> None:
        self.signals += 1

    def _go_on(self) -> None:
        if self.signals:
            raise Stopped

    # -- start -----------------------------------------------------------------------------------

    def _start(self, listener: socket.socket, leftovers: list[str]) -> None:
        started = time.monotonic()
        self.say(_("法治政府建设示范创建工作台正在启动，数据目录 %s") % self.data_dir)
        for name in leftovers:
            self.say("  · " + _("已结束上次留下的进程：%s") % name)
        redis_url = settings.REDIS_URL or self._start_valkey()
        self._prepare()
        has_demo = preparation.has_demo_accounts()
        connections.close_all()
        self._start_services(listener, redis_url=redis_url, has_demo=has_demo)
        self._wait_until_up()
        self._announce(time.monotonic() - started, has_demo=has_demo)

    def _start_valkey(self) -> str:
        """The address of our own server; "" where this machine has no such binary."""
        binary = find_binary()
        if binary is None:
            return ""
        valkey = Valkey(binary, self.data_dir)
        child = self.family.add(valkey.child())
        if not valkey.wait_until_ready(child):
            child.kill()
            log.warning("valkey did not start; its data was moved to %s", valkey.set_aside())
            self.family.members.remove(child)
            child = self.family.add(valkey.child())
            if not valkey.wait_until_ready(child):
                raise Refused(_("消息队列起不来，请看 %s。") % valkey.log)
        return valkey.url

    def _prepare(self) -> None:
        """Tables, static files, framework and demo, in a process of their own."""
        command = ["prepare"] if self.demo else ["prepare", "--empty"]
        if not env.is_loopback(self.host) or settings.PROFILE == "prod":
            command.append("--refuse-default-password")
        child = self._manage("prepare", *command)
        self.family.add(child)
        while child.is_running():
            self._go_on()
            time.sleep(0.05)
        code = child.exit_code()
        child.forget()
        self.family.members.remove(child)
        if code:
            raise Refused(_("准备工作没有完成，原因见上；改正后再启动一次。"))

    def _start_services(self, listener: socket.socket, *, redis_url: str, has_demo: bool) -> None:
        self._go_on()
        given = {"REDIS_URL": redis_url, "DEMO_LOGIN": "1" if has_demo else "0"}
        bind = f"fd://{listener.fileno()}"
        conf = "python:lawgov.operations.gunicorn_conf"
        web = self._python("web", "gunicorn", "-c", conf, "-b", bind, "lawgov.wsgi", **given)
        web.inherits = [listener.fileno()]
        self.family.add(web)
        if not redis_url:
            self.family.add(self._manage("scheduler", "run_scheduler", **given))
            return
        celery = ("celery", "--quiet", "-A", "lawgov")
        count = str(min(2, os.cpu_count() or 1))
        # SIGQUIT ends the worker in bounded time; what it has not finished goes back to the queue.
        self.worker = self._python(
            "worker", *celery, "worker", "-c", count, *WORKER_FLAGS,
            **given, REMAP_SIGTERM="SIGQUIT",
        )  # fmt: skip
        (self.run_dir / READY_FILE).unlink(missing_ok=True)
        schedule = str(self.run_dir / "beat-schedule")
        beat = self._python("beat", *celery, "beat", "-s", schedule, "-l", "WARNING", **given)
        for child in (self.worker, beat):
            child.output = self.data_dir / "logs" / f"{child.name}.log"
            self.family.add(child)
        self.watchdog = Watchdog(redis_url)

    def _manage(self, name: str, *words: str, **given: str) -> Child:
        return self._child(name, str(settings.BASE_DIR / "manage.py"), *words, **given)

    def _python(self, name: str, module: str, *words: str, **given: str) -> Child:
        return self._child(name, "-m", module, *words, **given)

    def _child(self, name: str, *words: str, **given: str) -> Child:
        own = {
            "DATA_DIR": str(self.data_dir),
            "HOST": self.host,
            "PORT": str(self.port),
            "PYTHONPATH": str(settings.BASE_DIR),
            # Root is welcome on a fresh machine.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        }
        environment = {**os.environ, **own, **given}
        return Child(name, [sys.executable, *words], environment, self.run_dir)

    def _wait_until_up(self) -> None:
        """Until /healthz is good and the worker takes work. Raises Refused when one keeps dying."""
        deadline = time.monotonic() + START_SECONDS
        while not (self._is_working() and self._is_healthy()):
            self._go_on()
            self.family.revive(self._tell_of_death)
            hopeless = [child for child in self.family.members if child.deaths >= HOPELESS_DEATHS]
            if hopeless or time.monotonic() > deadline:
                raise Refused(_("起不来，原因请看 %s 里的记录。") % (self.data_dir / "logs"))
            time.sleep(0.1)

    def _is_working(self) -> bool:
        return self.worker is None or (self.run_dir / READY_FILE).exists()

    def _is_healthy(self) -> bool:
        """/healthz as a client on this machine sees it."""
        address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host).strip("[]")
        connection = http.client.HTTPConnection(address, self.port, timeout=5)
        host = settings.ALLOWED_HOSTS[0].replace("*", "localhost").lstrip(".")
        try:
            connection.request("GET", "/healthz", headers={"Host": host})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _announce(self, seconds: float, *, has_demo: bool) -> None:
        self.say("")
        self.say("  " + _("已启动，用时 %.0f 秒") % seconds)
        self.say("  " + _("网址　　　%s") % self.url)
        if has_demo:
            default = settings.DEMO_PASSWORD == env.DEFAULT_DEMO_PASSWORD
            password = env.DEFAULT_DEMO_PASSWORD if default else _("见 DEMO_PASSWORD")
            self.say("  " + _("演示账号　%s") % preparation.DEMO_ACCOUNTS)
            self.say("  " + _("口令　　　%s") % password)
        elif access.is_open():
            self.say("  " + _("首次设置　%s") % f"{self.url}/setup/?token={access.token()}")
        self.say("  " + _("停止　　　Ctrl-C"))
        self.say("")

    # -- watch and stop --------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self.signals:
            self.family.revive(self._tell_of_death)
            if self.watchdog and self.worker and self.watchdog.is_deaf():
                self.say("  · " + _("后台任务没有响应，重新启动"))
                self.worker.kill()
            time.sleep(0.2)

    def _tell_of_death(self, name: str, code: int, pause: float) -> None:
        log.info("%s ended with %s; it starts again in %.0f s", name, code, pause)
        facts = {"name": name, "code": code, "pause": pause}
        self.say("  · " + _("%(name)s 意外退出（%(code)s），%(pause).0f 秒后重新启动") % facts)

    def _stop(self) -> None:
        if self.signals:
            self.say(_("正在停止 …"))
        asked = self.signals
        for name in self.family.stop(seconds=STOP_SECONDS, hurry=lambda: self.signals > asked):
            self.say("  · " + _("%s 没有按时停下，已强行结束") % name)
        if self.signals:
            self.say(_("已停止。"))
