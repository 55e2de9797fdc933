"""What a page may load: everything from this very origin, and the event stream of the live process beside it."""

from django.conf import settings


def content_security_policy(get_response):
    """Middleware: sets Content-Security-Policy unless the view set one itself."""

    def answer(request):
        response = get_response(request)
        if "Content-Security-Policy" not in response:
            host = request.get_host().rpartition(":")[0] or request.get_host()
            live = "" if settings.PRODUCTION else f" http://{host}:{settings.LIVE_PORT}"
            if settings.ARI_URL:  # the telephone in the page
                live += f" wss://{request.get_host()}" if settings.PRODUCTION else f" ws://{host}:{settings.LIVE_PORT}"
            response["Content-Security-Policy"] = (
                "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                f"connect-src 'self'{live}; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
                "form-action 'self'; frame-ancestors 'none'"
            )
        return response

    return answer
