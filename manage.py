#!/usr/bin/env python
"""Entry point of all commands of the product."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgov.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # a setting is refused: its sentence says it all
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
