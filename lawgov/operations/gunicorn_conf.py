"""How gunicorn serves the product, under the launcher and in production alike.

`python -m gunicorn -c python:lawgov.operations.gunicorn_conf lawgov.wsgi`
"""

from pathlib import Path

workers = 2
worker_class = "gthread"
threads = 4
preload_app = True  # load once, then fork: quicker, and the workers share the memory
timeout = 120
graceful_timeout = 10
keepalive = 15
max_requests = 20_000  # what a worker may leak ends with it
max_requests_jitter = 2_000
limit_request_line = 8190
accesslog = None  # lawgov.web.security logs a line per request, with its number
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
