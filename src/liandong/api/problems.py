"""What was refused, told as RFC 9457 has it: `type` for programs, `title` and `detail` for whoever reads the log."""

import logging
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from liandong.exchange.listening import DATABASE_LOST
from liandong.queries.sight import NotFound
from liandong.rules.say import Conflict, Forbidden, Invalid, Say, Unable
from liandong.words import fault
from liandong.words.machines import field_fault

KIND = "application/problem+json"
NAMES = "urn:liandong:api:"
_STATUS = {Conflict: 409, Invalid: 422, Forbidden: 403}
_log = logging.getLogger(__name__)


class Refused(Unable):
    """A request that is not even looked at: too often, too large, not JSON. `status` is HTTP's."""

    def __init__(self, status: int, code: str, headers: dict[str, str] | None = None, **params: Any) -> None:
        super().__init__(code, **params)
        self.status, self.headers = status, headers or {}


def told(status: int, say: Say, errors: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The members of a problem. `errors` says which parts of the request are wrong, each with its own code."""
    said = fault(say)
    members = {"type": NAMES + say.code, "title": said.what, "status": status}
    detail = said.work + said.press if say.code.partition(".")[2].startswith("api_") else ""
    return members | ({"detail": detail} if detail else {}) | ({"errors": errors} if errors else {})


def problem(status: int, say: Say, errors: list[dict[str, Any]] | None = None) -> JsonResponse:
    """A problem as an answer."""
    return JsonResponse(told(status, say, errors), status=status, content_type=KIND,
                        json_dumps_params={"ensure_ascii": False})  # fmt: skip


def of(error: Unable) -> tuple[int, list[dict[str, Any]] | None]:
    """The status of what an action refused, and the part of the request that it names."""
    field = getattr(error, "field", "")
    errors = [{"at": ["body", field], "code": error.say.code, "title": fault(error.say).what}] if field else None
    return next(status for kind, status in _STATUS.items() if isinstance(error, kind)), errors


def handle_with(api: NinjaAPI) -> None:
    """Let every refusal of this API be a problem."""
    api.add_exception_handler(Unable, _unable)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(NotFound, lambda request, error: problem(404, Say("invalid.api_unknown")))
    api.add_exception_handler(AuthenticationError, _nobody)
    api.add_exception_handler(ValidationError, _fields)
    api.add_exception_handler(HttpError, lambda request, error: problem(400, Say("invalid.api_json")))
    for lost in DATABASE_LOST:  # any other refusal of the database is a fault of ours: asked again it would fail again
        api.add_exception_handler(lost, _database)
    api.add_exception_handler(Exception, _fault)


def _unable(request: HttpRequest, error: Unable) -> JsonResponse:
    status, errors = of(error)
    return problem(status, error.say, errors)


def _refused(request: HttpRequest, error: Refused) -> JsonResponse:
    answer = problem(error.status, error.say)
    for name, value in error.headers.items():
        answer.headers[name] = value
    return answer


def _nobody(request: HttpRequest, error: AuthenticationError) -> JsonResponse:
    answer = problem(401, Say("forbidden.api_key"))
    answer.headers["WWW-Authenticate"] = 'Bearer realm="liandong"'
    return answer


def _fields(request: HttpRequest, error: ValidationError) -> JsonResponse:
    errors = [{"at": [str(part) for part in row["loc"]], "code": row["type"],
               "title": field_fault(row["type"], row.get("ctx") or {})} for row in error.errors]  # fmt: skip
    return problem(422, Say("invalid.api_fields"), errors[:50])


def _route(request: HttpRequest) -> str:
    """What was asked for, without whom: an address may hold a number."""
    return request.resolver_match.route if request.resolver_match else "-"


def _database(request: HttpRequest, error: Exception) -> JsonResponse:
    _log.exception("the database was lost at %s %s", request.method, _route(request))
    answer = problem(503, Say("conflict.api_database"))
    answer.headers["Retry-After"] = "5"
    return answer


def _fault(request: HttpRequest, error: Exception) -> JsonResponse:
    _log.exception("a fault at %s %s", request.method, _route(request))
    return problem(500, Say("conflict.api_fault"))
