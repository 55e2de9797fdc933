"""The web application, as granian loads it in each worker."""

import os
import signal
from importlib import import_module
from threading import Thread

from liandong.ops.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liandong.config.settings")
os.environ.setdefault("LIANDONG_MODE", "production")  # what serves is production unless it was told otherwise

if "LIANDONG_RUN" in os.environ:
    # A worker whose granian was killed would keep answering beside the next start.
    die_with_parent(signal.SIGKILL, os.getppid())()

from django.core.wsgi import get_wsgi_application

from liandong.config.answering import Answering
from liandong.ops.logs import as_lines, catch_what_nobody_catches

if as_lines():
    catch_what_nobody_catches()

application = Answering(get_wsgi_application())

if "LIANDONG_RUN" in os.environ:  # whoever only imports this module asks no database
    warm = import_module("liandong.config.warming").warm  # it speaks of models, which are there only now
    Thread(target=warm, name="warming", daemon=True).start()  # beside the first answers: no start waits for it
