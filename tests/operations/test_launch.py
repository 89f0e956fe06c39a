"""The launcher with real processes: up, down, killed, doubled, moved."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.conf import settings

from lawgov.settings import env
from tests.servers.product import Product, processes_of, wait_for

pytestmark = pytest.mark.servers

ALL_OK = {"status": "ok", "database": "ok", "broker": "ok", "storage": "ok", "code": 200}


def is_gone(product: Product) -> bool:
    return not processes_of(product.data_dir)


def test_one_command_brings_everything_up_and_a_signal_takes_everything_down(make_product):
    product = make_product().start()
    assert product.health() == ALL_OK
    assert all(product.pid(name) for name in ("valkey", "web", "worker", "beat"))
    assert stat.S_IMODE((product.data_dir / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(product.data_dir.stat().st_mode) & 0o077 == 0

    assert product.stop(signal.SIGTERM) == 0
    assert is_gone(product)
    assert not list((product.data_dir / "run").glob("*.pid"))


def test_a_stop_during_the_start_leaves_nothing(make_product):
    product = make_product().launch()
    wait_for(lambda: (product.data_dir / "run" / "prepare.pid").exists())
    assert product.stop() == 0
    assert is_gone(product)


def test_ctrl_c_stops_all_and_the_second_start_finds_the_data(make_product):
    product = make_product().start()
    key = (product.data_dir / "secret-key").read_text()
    with connect(product) as client:
        client.set("kept", "1")
    assert product.stop(signal.SIGINT) == 0
    assert is_gone(product)

    again = make_product().start()
    with connect(again) as client:
        assert client.get("kept") == b"1"
    assert (again.data_dir / "secret-key").read_text() == key


def test_killed_launcher_takes_its_children_along_and_blocks_nothing(make_product):
    product = make_product().start()
    product.stop(signal.SIGKILL)
    again = make_product(PORT=str(product.port)).start()
    assert again.health() == ALL_OK
    assert again.stop() == 0
    assert is_gone(again)


def test_second_launcher_on_the_same_folder_says_so(make_product):
    product = make_product().start()
    second = make_product(LANG="en_US.UTF-8").launch()
    assert second.wait() == 1
    last = second.output().strip().splitlines()[-1]
    assert str(product.data_dir) in last
    assert product.address in last
    assert product.health() == ALL_OK


def test_two_side_by_side_do_not_meet(make_product):
    one, two = make_product("one").start(), make_product("two").start()
    assert one.health() == two.health() == ALL_OK
    assert one.stop(signal.SIGHUP) == 0
    assert is_gone(one)
    assert two.health() == ALL_OK


def test_busy_port_is_one_sentence(make_product):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        product = make_product(PORT=str(taken.getsockname()[1])).launch()
        assert product.wait() == 1
    said = product.output().strip()
    assert str(product.port) in said
    assert "\n" not in said


def test_open_door_needs_a_password_of_its_own(make_product):
    product = make_product(HOST="0.0.0.0").launch()
    assert product.wait() == 1
    assert "DEMO_PASSWORD" in product.output()
    assert "\n" not in product.output().strip()


def test_door_opens_with_a_password_of_its_own(make_product):
    product = make_product(HOST="0.0.0.0", DEMO_PASSWORD="a password of our own").launch()
    wait_for(lambda: product.health() == ALL_OK, seconds=60)
    assert "a password of our own" not in product.output()


def test_dead_children_come_back(make_product):
    product = make_product().start()
    for name in ("worker", "web", "valkey"):
        before = product.pid(name)
        os.killpg(before, signal.SIGKILL)
        wait_for(lambda name=name, before=before: product.pid(name) != before)
    wait_for(lambda: product.health() == ALL_OK)
    assert product.output().count("-9") >= 3


def test_copied_folder_works_while_the_original_runs(make_product, tmp_path):
    original = make_product("original").start()
    shutil.copytree(
        original.data_dir, tmp_path / "copy", ignore=lambda _folder, names: sockets(names)
    )
    copy = make_product("copy").start()
    assert copy.health() == original.health() == ALL_OK
    assert copy.stop() == 0
    assert original.health() == ALL_OK


def test_long_path_gets_a_short_socket(make_product, prepared, tmp_path):
    folder = tmp_path / ("深" * 30) / "data"
    shutil.copytree(prepared, folder)
    product = make_product(str(folder.relative_to(tmp_path))).start()
    assert product.health() == ALL_OK
    product.stop()
    assert is_gone(product)


def test_unreadable_queue_is_set_aside(make_product):
    product = make_product().start()
    with connect(product) as client:
        client.set("kept", "1")
    product.stop()
    for path in (product.data_dir / "valkey").rglob("*.aof"):
        path.write_bytes(b"*1\r\n$9\r\nrubbish" * 20)

    again = make_product().start()
    assert again.health() == ALL_OK
    assert list(again.data_dir.glob("valkey.unreadable-*"))


def test_given_postgresql_and_redis_are_used(make_product, own_postgres, own_redis):
    product = make_product(DATABASE_URL=own_postgres.url, REDIS_URL=own_redis.url).start()
    assert product.health() == ALL_OK
    assert not (product.data_dir / "run" / "valkey.pid").exists()

    own_redis.kill()
    assert product.health()["broker"] == "down"
    assert product.health()["code"] == 503
    own_redis.start()
    assert product.health() == ALL_OK

    own_postgres.kill()
    assert product.health()["database"] == "down"
    own_postgres.start()
    wait_for(lambda: product.health() == ALL_OK)


def test_a_task_sent_while_the_worker_is_dead_is_taken_by_the_next(make_product):
    product = make_product().start()
    queue = settings.BROKER_KEY_PREFIX + settings.CELERY_TASK_DEFAULT_QUEUE
    app = Celery(broker=env.broker(f"unix://{product.socket}"))
    app.conf.broker_transport_options = {"global_keyprefix": settings.BROKER_KEY_PREFIX}
    with connect(product) as client:
        os.killpg(product.pid("worker"), signal.SIGKILL)
        wait_for(lambda: "worker" in product.output())
        app.send_task("jobs.sweep", queue=settings.CELERY_TASK_DEFAULT_QUEUE)
        assert client.llen(queue) >= 1
        wait_for(lambda: client.llen(queue) == client.hlen("lawgov:unacked") == 0)


def connect(product: Product) -> redis.Redis:
    return redis.Redis(unix_socket_path=product.socket)


def sockets(names: list[str]) -> list[str]:
    return [name for name in names if Path(name).suffix == ".sock"]
