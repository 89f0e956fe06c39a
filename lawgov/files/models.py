"""Bytes on disk that rows point to: Blob, addressed by its content."""

from django.db import models


class Blob(models.Model):
    """A file by its SHA-256 (hex); stored once however many rows use it, never overwritten.

    A blob has no rights of its own: who may read it follows from the row that points to it.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]
