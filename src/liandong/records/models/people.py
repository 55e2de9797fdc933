"""People and what they are at which desk or unit."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from liandong.records.columns import code
from liandong.rules.access import ROLES


class People(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields: str) -> "Person":
        """Somebody new who may sign in with this password."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do is in their posts, never here."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    work_no = models.CharField(max_length=20, unique=True)
    email = models.CharField(max_length=120, default="", blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, help_text="a sign-in of the demo city; production refuses to start")
    must_change_password = models.BooleanField(default=False, help_text="signed in with a printed initial password")
    session_epoch = models.PositiveIntegerField(default=0, help_text="one more ends every session of this person")
    created_at = models.DateTimeField(auto_now_add=True)
    language = code(10, db_default="", help_text="what the pages speak to them; empty: what their browser was told")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name", "work_no"]
    objects = People()

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must match: Django's, over the password, and over the count of sign-outs everywhere too."""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, f"{self.password}:{self.session_epoch}", secret=secret, algorithm="sha256").hexdigest()


class Post(models.Model):
    """One role of a person in one city, at a desk or in a unit."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="posts")
    role = models.CharField(max_length=20)
    city = models.CharField(max_length=40)
    desk = models.ForeignKey("records.Desk", models.PROTECT, null=True, blank=True)
    unit = models.ForeignKey("records.Unit", models.PROTECT, null=True, blank=True)
    title = code(60)
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=ROLES), name="post_role_is_known"),
            models.CheckConstraint(
                condition=Q(desk__isnull=True) | Q(unit__isnull=True), name="post_at_a_desk_or_in_a_unit"
            ),
            models.UniqueConstraint(fields=["person", "role", "desk", "unit"], name="post_once", nulls_distinct=False),
        ]
