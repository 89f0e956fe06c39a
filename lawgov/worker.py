"""What a worker does when it cannot tell the broker that a task has ended."""

from __future__ import annotations

from celery.worker.request import Request
from kombu.transport.virtual import QoS


class HearingRequest(Request):
    """One task in a worker's hands, which gives its place back whatever the network does.

    Celery writes "Couldn't ack" and goes on, but kombu counts the message as in hand for ever:
    after as many as the worker has processes it is connected and deaf (celery #2415, #10205). The
    broker hands the message out again after its visibility timeout, which does no harm, because
    the database tells every task what is left to do.
    """

    def acknowledge(self) -> None:
        super().acknowledge()
        self._give_place_back()

    def reject(self, requeue: bool = False) -> None:
        super().reject(requeue=requeue)
        self._give_place_back()

    def _give_place_back(self) -> None:
        if not self.message.acknowledged:
            QoS.ack(self.message.channel.qos, self.message.delivery_tag)
