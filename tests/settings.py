"""The product's own settings on a home that is thrown away. Nothing about durability differs from production."""

import os

os.environ.setdefault("LIANDONG_MODE", "demo")
# Tests that run side by side each have a home, and so a PostgreSQL, of their own; they inherit their starter's environment.
if "LIANDONG_HOME" not in os.environ or (
    os.environ.get("LIANDONG_TESTS_OF", "") != os.environ.get("PYTEST_XDIST_WORKER", "")
):
    from tests.throwaway import make_home

    os.environ["LIANDONG_HOME"] = str(make_home())
    os.environ["LIANDONG_TESTS_OF"] = os.environ.get("PYTEST_XDIST_WORKER", "")

from liandong.config.settings import *  # noqa: F403

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # pages find their files without collectstatic
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # signing in a thousand times, not guessing once
