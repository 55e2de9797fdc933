"""The pages. The root URL configuration includes this list."""

urlpatterns = []
