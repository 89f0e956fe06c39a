"""The receiver of tests/notifications, for digests that leave the house."""

from tests.notifications.conftest import sink

__all__ = ["sink"]
