"""What reminders cost, as ratios taken side by side in one run: `make bench-reminders`.

10,000 digests planned, written and sent, against smtplib alone on one kept connection with the
same texts; claims, leases and states alone around mails encoded beforehand, against smtplib with
such mails; and the search for what is due among 600,000 answers, against its SQL by hand and
against itself among 39,000. The sides take turns and medians are taken, of CPU seconds; the mail
server is a process of its own, and the database is SQLite, whose work is ours.
"""

from __future__ import annotations

import argparse
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from tests.benchmarks.sheets import medians, set_up

PEOPLE = 10_000
ROUNDS = 3
SMALL, LARGE, DUE = 39_000, 600_000, 2_000
SCANS = 9
GOALS = {"built": 1.2, "encoded": 1.5, "raw": 2.0, "growth": 1.2}
TODAY = date(2026, 11, 20)
FRAME = """\
Subject: %s\r\nFrom: lawgov@localhost\r\nTo: %s\r\nMessage-ID: <%s@bench.invalid>\r
MIME-Version: 1.0\r\nContent-Type: text/plain; charset="utf-8"\r
Content-Transfer-Encoding: base64\r\n\r\n%s\r\n"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--large", type=int, default=LARGE)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-reminders-") as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        set_up()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _dispatch(given.people)
        _scan(given.large)


# -- sending --------------------------------------------------------------------------------------


def _dispatch(people: int) -> None:
    """Plan and send a digest to each, page and mail, against the mails alone."""
    from django.conf import settings

    from tests.benchmarks.reminder_rows import fill_people, forget, plan_again, sent_mails

    now = datetime(2026, 11, 20, 2, 0).astimezone()
    region = fill_people(people, due=TODAY - timedelta(days=1))
    with _mail_server() as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        tally = _ours(region, now)
        assert tally["sent"] == 2 * people, tally
        mails = sent_mails(region, now)
        works = {
            "ours": lambda: _ours(region, now),
            "dispatch": lambda: _dispatch_alone(region, mails),
            "built": lambda: _alone(port, mails, _built),
            "encoded": lambda: _alone(port, mails, _filled),
        }
        taken: dict[str, list[float]] = {name: [] for name in works}
        for _round in range(ROUNDS):
            for name, work in works.items():
                (plan_again if name == "dispatch" else forget)(region)
                for other, seconds in medians(1, {name: work}).items():
                    taken[other].append(seconds)
    middle = {name: sorted(times)[len(times) // 2] for name, times in taken.items()}
    print(f"\n{people:,} digests planned and sent, by mail and in the page")
    tell("ours / smtplib building each mail", middle["ours"], middle["built"], "built")
    tell("dispatch of encoded mails / smtplib", middle["dispatch"], middle["encoded"], "encoded")
    print("  CPU seconds: " + ", ".join(f"{name} {value:.2f}" for name, value in middle.items()))


def _ours(region: Any, now: datetime) -> Any:
    from assessments.reminders.actions import send_reminders

    return send_reminders(now, regions=[region])


def _dispatch_alone(region: Any, mails: list[Any]) -> None:
    """Claims, leases and a commit before and after each mail, whose bytes are there already."""
    from django.core.mail import EmailMessage as Letter

    from lawgov.notifications import sender
    from lawgov.notifications.channels import email
    from lawgov.notifications.channels.mails import Encoded
    from lawgov.notifications.messages import Message

    ready = {mail.key: Encoded(_filled(mail).decode().replace("\r\n", "\n")) for mail in mails}

    class Ready(Letter):
        def message(self) -> Any:
            return ready[self.body]

    def digest_mail(delivery: Any, message: Message, connection: Any) -> Letter:
        return Ready("", delivery.key, to=[delivery.person.email], connection=connection)

    made, email.digest_mail = email.digest_mail, digest_mail
    try:
        message = Message("", "")
        tally = sender.drain(lambda delivery: message, today=TODAY, regions=[region.pk])
    finally:
        email.digest_mail = made
    assert tally["sent"] == len(mails), tally


def _alone(port: int, mails: list[Any], made: Callable[[Any], bytes]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as line:
        for mail in mails:
            line.sendmail("lawgov@localhost", [mail.to], made(mail))


def _built(mail: Any) -> bytes:
    """As the standard library makes a mail of two parts."""
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = mail.subject, "lawgov@localhost", mail.to
    letter["Message-ID"] = f"<{mail.key}@bench.invalid>"
    letter.set_content(mail.text)
    letter.add_alternative(mail.page, subtype="html")
    return letter.as_bytes()


def _filled(mail: Any) -> bytes:
    """The least that can be done: a frame encoded once, and the one body that varies."""
    return (FRAME % (mail.head, mail.to, mail.key, mail.encoded)).encode()


class _mail_server:
    """A process that says yes to every mail; its port."""

    def __enter__(self) -> int:
        command = [sys.executable, "-m", "tests.benchmarks.yes_man"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()


# -- searching ------------------------------------------------------------------------------------


def _scan(large: int) -> None:
    """What is due, in a place of many answers most of which are closed or far off."""
    from tests.benchmarks.reminder_rows import fill_answers

    started = time.perf_counter()
    places = {
        "small": fill_answers("small", min(SMALL, large), due=DUE, today=TODAY),
        "large": fill_answers("large", large, due=DUE, today=TODAY),
    }
    seconds = time.perf_counter() - started
    print(f"\nwhat is due among {large:,} answers (written in {seconds:.0f} s)")
    works = {
        f"{side} {name}": _search(place, side) for name, place in places.items()
        for side in ("ours", "raw")
    }  # fmt: skip
    for work in works.values():
        assert work() == DUE
    taken = medians(SCANS, works)
    tell("ours / its SQL by hand", taken["ours large"], taken["raw large"], "raw")
    tell(f"among {large:,} / among {SMALL:,}", taken["ours large"], taken["ours small"], "growth")
    print("  CPU milliseconds: "
          + ", ".join(f"{name} {value * 1000:.1f}" for name, value in taken.items()))  # fmt: skip


def _search(place: Any, side: str) -> Callable[[], int]:
    from django.db import connection

    from assessments.reminders.levels import DEFAULT
    from assessments.reminders.sources import deadlines
    from lawgov.calendars import Workdays

    calendar = Workdays.standard()
    until = TODAY + DEFAULT.horizon
    sql = """SELECT r.id, r.state, r.deadline_date, r.deadline_version, r.unit_id, a.lead_unit_id
        FROM assessments_unitresponse r JOIN assessments_issue i ON i.id = r.issue_id
        LEFT JOIN indicators_assignment a ON a.id = i.assignment_id
        WHERE r.region_id = %s AND r.deadline_date <= %s AND r.state <> 'found'
        AND NOT r.state IN ('closed', 'look_back', 'withdrawn')
        ORDER BY r.deadline_date, r.id"""

    def ours() -> int:
        return sum(1 for _item in deadlines(place, TODAY, DEFAULT, calendar))

    def raw() -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, [place.pk, until])
            return len(cursor.fetchall())

    return ours if side == "ours" else raw


def tell(what: str, cost: float, limit: float, goal: str) -> None:
    print(f"  {what}: {cost / limit:.2f} (goal at most {GOALS[goal]:g})")


if __name__ == "__main__":
    main()
