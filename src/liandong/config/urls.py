"""Where each room hangs. Sign-in belongs to allauth, as far as this house uses it; the pages to `web`."""

from allauth.account.urls import urlpatterns as account_urls
from allauth.mfa.urls import urlpatterns as factor_urls
from django.urls import URLPattern, include, path

from liandong.config.door import closed
from liandong.config.health import healthz, metrics, readyz

OPEN = ("account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password")
"""Pages of the account room that people reach; the rest keeps its name and is not found."""


def door() -> list[URLPattern]:
    return [p if p.name in OPEN else URLPattern(p.pattern, closed, None, p.name) for p in account_urls]


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("accounts/", include(door())),
    path("accounts/2fa/", include(factor_urls)),
    path("", include("liandong.api.urls")),
    path("", include("liandong.web.urls")),
]
