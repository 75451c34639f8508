"""What granian's workers load: Django, and the promise to end when granian itself is killed.

Without it a kill -9 of granian would leave its workers listening: the next start would find the port taken.
"""

import os
import signal
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from .supervise import end_with_parent


def _end_with_server() -> None:
    end_with_parent(signal.SIGKILL)
    if b"granian" not in Path(f"/proc/{os.getppid()}/cmdline").read_bytes():
        os._exit(1)  # it was killed before the line above


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_end_with_server()
application = get_wsgi_application()
