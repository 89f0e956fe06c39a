from collections.abc import Iterator

import pytest

from tests.assessments.reminders.faults.rig import MailSink, mail_sink


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with mail_sink() as made:
        yield made
