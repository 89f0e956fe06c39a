"""Chooses the profile: production when SECRET_KEY and ALLOWED_HOSTS are given, else embedded.

A module named in full (lawgov.settings.test) stands for itself and chooses nothing here.
"""

import os

from django.core.exceptions import ImproperlyConfigured

if os.environ.get("DJANGO_SETTINGS_MODULE", "lawgov.settings") == "lawgov.settings":
    given = [name for name in ("SECRET_KEY", "ALLOWED_HOSTS") if os.environ.get(name)]
    if len(given) == 1:
        raise ImproperlyConfigured(
            f"Only {given[0]} is given. Production needs both SECRET_KEY and ALLOWED_HOSTS; "
            "the embedded profile needs neither."
        )
    if given:
        from lawgov.settings.prod import *  # noqa: F403
    else:
        from lawgov.settings.embedded import *  # noqa: F403
