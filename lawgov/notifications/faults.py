"""What a channel says when a message was not taken, in words the sender can act on."""

from __future__ import annotations

from datetime import timedelta


class NotTaken(Exception):
    """The receiver answered that it did not take the message.

    `wait` is how long it asked to be left alone, None where it did not ask. `only_this`: the fault
    is that of one recipient, others may go over the same channel.
    """

    def __init__(
        self, said: str, *, wait: timedelta | None = None, only_this: bool = False
    ) -> None:
        super().__init__(said)
        self.wait, self.only_this = wait, only_this
