"""Where each room hangs. Sign-in belongs to allauth, the pages to `web`."""

from django.urls import include, path

from liandong.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("", include("liandong.web.urls")),
]
