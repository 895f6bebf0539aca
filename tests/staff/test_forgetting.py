"""What the sign-in leaves in tables of others: declared, and erased in time."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client

from tests.situations import staff_client
from uketori import clock
from uketori.outbox.registry import periodic_jobs
from uketori.staff.jobs import ATTEMPTS_KEPT, FOREIGN_PERSONAL_FIELDS, forget_sign_ins

pytestmark = pytest.mark.django_db

EMPTY = {
    *("axes.AccessLog", "axes.AccessFailureLog", "axes.AccessAttemptExpiration"),
    *("account.EmailAddress", "account.EmailConfirmation"),
}
"""Tables of the libraries that nothing here writes to."""
IMPERSONAL = {"axes.AccessAttempt.path_info", "mfa.Authenticator.type"}
HOLDING = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)


def test_fields_of_the_libraries__each_declared() -> None:
    found = {
        f"{model._meta.label}.{field.name}"
        for label in ("axes", "account", "mfa")
        for model in apps.get_app_config(label).get_models()
        if model._meta.label not in EMPTY
        for field in model._meta.get_fields()
        if isinstance(field, HOLDING)
    }
    ours = {one for one in FOREIGN_PERSONAL_FIELDS if not one.startswith("sessions.")}

    assert found == ours | IMPERSONAL


def test_failed_sign_in__no_password_and_no_name_in_its_texts__gone_the_next_day() -> None:
    Client().post("/staff/sign-in?next=/staff/", {"login": "hirano", "password": "himitsu"})
    attempt = AccessAttempt.objects.get()
    assert "hirano" not in attempt.post_data + attempt.get_data
    assert "himitsu" not in attempt.post_data

    forget_sign_ins(clock.now() + ATTEMPTS_KEPT - timedelta(minutes=1))
    assert AccessAttempt.objects.exists()
    forget_sign_ins(clock.now() + ATTEMPTS_KEPT + timedelta(minutes=1))

    assert not AccessAttempt.objects.exists()
    for label in EMPTY:
        assert not apps.get_model(label)._default_manager.exists()


def test_sessions__gone_when_they_are_over() -> None:
    staff_client()

    forget_sign_ins(clock.now())
    assert Session.objects.exists()
    forget_sign_ins(clock.now() + timedelta(days=2))
    assert not Session.objects.exists()


def test_job__is_registered() -> None:
    assert "forget_sign_ins" in {job.name for job in periodic_jobs()}
