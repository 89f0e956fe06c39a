from collections.abc import Iterator

import pytest

from tests.notifications.sink import Sink, listening


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    with listening() as made:
        for name, value in made.allowed.items():
            setattr(settings, name, value)
        yield made
