"""The forms of the sign-in pages: the library's, with limits on guessing."""

from __future__ import annotations

from typing import Any

from flask import after_this_request
from flask_security import current_user
from flask_security.forms import (
    ChangePasswordForm,
    LoginForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from wtforms import RadioField

from panel_app.core.db import db, reading
from panel_app.core.text import _
from panel_app.staff import guessing
from panel_app.staff.accounts import password_faults
from panel_app.web import limits
from panel_app.web.forms import SelectChoice

LONGEST_PASSWORD = 200


class SignInForm(LoginForm):
    """An address and a password; nobody is remembered beyond the session."""

    remember = None  # type: ignore[assignment]

    def validate(self, **named: Any) -> bool:
        """Check the password, without holding the database's write lock while hashing."""
        email, password = self.email.data or "", self.password.data or ""
        key = guessing.account_key(email)
        guessing.check(*key)
        if len(password) > LONGEST_PASSWORD:
            self.form_errors.append(_("The address or the password is not right. Try again."))
            return False
        db.session.rollback()
        with guessing.hashing(), reading():
            right: bool = super().validate(**named)
            db.session.rollback()
        if not right:
            limits.count_wrong_try(*key)
            return False
        limits.forget_tries(*key)
        after_this_request(lambda response: guessing.remember_browser(response, email))
        return True


class StillYouForm(VerifyForm):
    """The password again, before something that can't be undone."""

    def validate(self, **named: Any) -> bool:
        """Check the password of the person signed in."""
        return _limited(self.user, super().validate, named)


class NewPasswordForm(ChangePasswordForm):
    """The old password and a new one, twice."""

    def validate(self, **named: Any) -> bool:
        """Check the old password and hold the new one to the house's rules."""
        if not _limited(current_user, super().validate, named):
            return False
        faults = password_faults(self.new_password.data or "", current_user.email)
        self.new_password.errors = [*self.new_password.errors, *faults]
        return not faults


class SecondStepForm(TwoFactorSetupForm):
    """Whether to have a second step."""

    setup = RadioField(
        _("What would you like?"),
        choices=[
            SelectChoice("authenticator", _("Use an app on my phone")),
            SelectChoice("disable", _("Sign in with the password alone")),
        ],
        validate_choice=False,
    )


class NoRescueForm(TwoFactorRescueForm):
    """Nothing: whoever loses the app uses a recovery code, or asks an administrator."""

    help_setup = RadioField(choices=[])


class CodeForm(TwoFactorVerifyCodeForm):
    """The number that the app shows."""

    def validate(self, **named: Any) -> bool:
        """Check the number; each counts once, and few may be wrong."""
        return _limited(self.user, super().validate, named)


class RecoveryForm(MfRecoveryForm):
    """One of the codes kept on paper."""

    def validate(self, **named: Any) -> bool:
        """Check the code; few may be wrong."""
        return _limited(self.user, super().validate, named)


def _limited(user: Any, validate: Any, named: dict[str, Any]) -> bool:
    """Run a form's own validation, counting its wrong tries for the account."""
    key = ("staff-again", user.public_id)
    guessing.check(*key)
    with guessing.hashing():
        right = bool(validate(**named))
    if right:
        limits.forget_tries(*key)
    else:
        limits.count_wrong_try(*key)
    return right


def forms() -> dict[str, Any]:
    """Return the forms under the names that the library asks for."""
    return {
        "login_form": SignInForm,
        "verify_form": StillYouForm,
        "change_password_form": NewPasswordForm,
        "two_factor_setup_form": SecondStepForm,
        "two_factor_rescue_form": NoRescueForm,
        "two_factor_verify_code_form": CodeForm,
        "mf_recovery_form": RecoveryForm,
    }
