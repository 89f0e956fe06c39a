"""For hosts that speak ASGI only; the product's own server runs wsgi.py, which is quicker."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgov.settings")

application = get_asgi_application()
