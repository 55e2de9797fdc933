"""How people come in: accounts are made by the organisation, nobody signs up by themselves. What allauth asks of a
project stands here; every sign-in, lock and change of how somebody comes in becomes an Event."""

import base64
import hashlib
from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from liandong.actions import knocks, sign_in
from liandong.channels.address import address, digest
from liandong.config import sessions
from liandong.records.models import Post
from liandong.rules.access import oneself
from liandong.web import chair
from liandong.web.entry import viewer_of
from liandong.words.filling import say

FACTOR_CHANGES = {
    "mfa/email/totp_activated": "added",
    "mfa/email/totp_deactivated": "removed",
    "mfa/email/recovery_codes_generated": "codes",
}


WRONG, HERE = "sign_in.wrong", "sign_in.here"
MINUTE = timedelta(minutes=1)
WRONG_FROM_ONE_ADDRESS = 100
"""Wrong passwords in a minute from one address, whatever the names."""


class ClosedAccounts(DefaultAccountAdapter):
    """Accounts of an organisation: no sign-up, no mail; what happens at the door is written down."""

    @property
    def error_messages(self) -> dict[str, str]:
        """What is wrong at the door, as a colleague would say it; how often one may still try, where that is counted."""
        failed = getattr(self.request, "axes_failures_since_start", None)
        left = say("还能试 {left} 次。", left=max(settings.AXES_FAILURE_LIMIT - failed, 0)) if failed else ""
        return DefaultAccountAdapter.error_messages | {
            "enter_current_password": gettext("现在的密码不对。"),
            "incorrect_password": gettext("密码不对。"),
            "username_password_mismatch": gettext("用户名或密码不对。") + left,
            "too_many_login_attempts": gettext("这台机器试得太多，过一分钟再试。"),
        }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        here = digest(f"{user.get_username()} {address(request)}", HERE)
        if not knocks.ever(HERE, here):
            knocks.knock(HERE, here, timedelta(days=1), at=timezone.now())
        sessions.begin(request)
        sign_in.came_in(user, self.get_client_ip(request), by=oneself(user.pk, user.work_no), at=timezone.now())
        if not user.must_change_password:
            chair.take(request, viewer_of(request))

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Many wrong passwords for many names from one address: whoever signed in there of late goes on, nobody else does
        for the rest of the minute. No password is looked at before, so that guessing costs this side nothing."""
        now, here = timezone.now(), address(request)
        if knocks.knocked(WRONG, digest(here, WRONG), MINUTE, at=now) < WRONG_FROM_ONE_ADDRESS:
            return
        if not knocks.ever(HERE, digest(f"{credentials.get('username', '')} {here}", HERE)):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        knocks.knock(WRONG, digest(address(request), WRONG), MINUTE, at=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            user = request.user
            sign_in.went_out(user, "pressed", by=oneself(user.pk, user.work_no), at=timezone.now())
        super().logout(request)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        super().set_password(user, password)
        sign_in.changed_password(user, by=oneself(user.pk, user.work_no), at=timezone.now())

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        if user is not None and user.check_password(password):
            raise ValidationError(gettext("新密码要跟原来的不同。"))
        try:
            return super().clean_password(password, user)
        except ValidationError as weak:
            raise ValidationError([_weakness(fault) for fault in weak.error_list]) from None

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def add_message(self, *args, **named) -> None:
        """Pages say what happened in their own words."""

    def send_notification_mail(self, template_prefix: str, user: AbstractBaseUser, context=None, email=None) -> None:
        """No mail leaves; changes of the second factor are Events."""
        what = FACTOR_CHANGES.get(template_prefix)
        if what:
            sign_in.changed_factor(user, what, by=oneself(user.pk, user.work_no), at=timezone.now())


def _weakness(fault: ValidationError) -> str:
    """What is wrong with a new password, for each of Django's validators in the settings."""
    known = {
        "password_too_short": say("新密码至少 {least} 个字。", least=(fault.params or {}).get("min_length", "")),
        "password_too_common": gettext("这个密码太常见。"),
        "password_too_similar": gettext("新密码太像用户名。"),
    }
    return known.get(fault.code or "") or gettext("这个密码不能用，换一个。")


class SecondFactors(DefaultMFAAdapter):
    """One-time codes: kept encrypted, drawn as a picture of this page, not to be taken off by who must have them."""

    @property
    def error_messages(self) -> dict[str, str]:
        """What is wrong with a code, in the language of who typed it."""
        return DefaultMFAAdapter.error_messages | {"incorrect_code": gettext("验证码不对，看清再输一次。")}

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.username

    def build_totp_svg(self, url: str) -> str:
        """The code as inline SVG that needs no style and no script of its own."""
        import qrcode
        from qrcode.image.svg import SvgPathImage

        picture = qrcode.make(url, image_factory=SvgPathImage, box_size=10, border=2).to_string(encoding="unicode")
        return picture[picture.index("<svg") :].replace("svg:", "")

    def can_delete_authenticator(self, authenticator) -> bool:
        return not needs_factor(authenticator.user_id)

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:  # the secret key was changed: no code fits any more, the administrator clears the factor
            return ""


def needs_factor(person: int) -> bool:
    """Whether one of a person's posts may only be worked in with a second factor."""
    roles = settings.SECOND_FACTOR_ROLES
    posts = Post.objects.filter(person_id=person, role__in=roles).filter(sessions.standing(timezone.now()))
    return bool(roles) and posts.exists()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa:{key}".encode()).digest())) for key in keys]
    )
