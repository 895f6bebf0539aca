"""The codebase is what we say it is."""

import re
from collections.abc import Iterator
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "uketori"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)

REAL_TIME = re.compile(r"auto_now|\bNow\(\)|CURRENT_TIMESTAMP|CURRENT_DATE|timezone\.now\(")
LONGEST_MODULE = 300
LONGER_MODULES: dict[str, str] = {}
"""Path under src/uketori and the reason why it may be longer."""

IMPERSONAL = frozenset(
    {
        "AddressChange.reason",
        "Banner.bureau",
        "Banner.set_by",
        "Banner.text",
        "CaseChange.actor",
        "CaseChange.because",
        "HourChange.actor",
        "CaseChange.kind",
        "Event.actor",
        "Event.bureau",
        "Event.facts",
        "Event.kind",
        "Event.subject",
        "Account.password",
        "Call.actor",
        "Call.struck_by",
        "Call.kind",
        "Printing.actor",
        "Printing.bureau",
        "Printing.sheet",
        "ReservedCase.ahead_mark",
        "ReservedCase.not_issued_because",
        "ReservedCase.outcome",
        "VisitEntry.actor",
        "VisitEntry.after",
        "VisitEntry.before",
        "VisitEntry.step",
        "FailedAttempt.error",
        "Job.lease_owner",
        "Job.name",
        "SignOfLife.name",
        "OutgoingMail.bureau",
        "OutgoingMail.event",
        "OutgoingMail.facts",
        "OutgoingMail.language",
        "OutgoingMail.last_error",
        "OutgoingMail.lease_owner",
        "OutgoingMail.message_id",
        "OutgoingMail.once",
        "OutgoingMail.state",
        "OutgoingMail.subject_id",
        "Post.bureau",
        "Post.role",
        "NoticeVersion.body",
        "NoticeVersion.bureau",
        "NoticeVersion.changes",
        "Slot.bureau",
        "Suspension.decided_by",
        "Suspension.evidence",
        "Suspension.grounds",
        "Suspension.lifted_by",
        "SpecialDay.bureau",
        "SpecialDay.hours",
        "SpecialDay.reason",
        "AddressChange.bureau",
        "AddressChange.seed",
        "AddressChange.token_digest",
        "Certificate.bureau",
        "Certificate.kind",
        "ClaimRequest.bureau",
        "ClaimRequest.seed",
        "ClaimRequest.token_digest",
        "Intermediary.bureau",
        "KeptInput.page",
        "Intermediary.kind",
        "Limit.act",
        "Limit.identity",  # a keyed digest
        "MailAddress.bureau",
        "MailProof.bureau",
        "MailProof.seed",
        "MailProof.spent_session_digest",
        "MailProof.token_digest",
        "Draft.bureau",
        "ReservedCase.category",
        "ReservedCase.type",
        "Reservation.bureau",
        "Reservation.declarations",
        "Reservation.ended_by",
        "Reservation.reference",
    }
)
TEXT_FIELDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def our_models() -> Iterator[type[models.Model]]:
    for app in apps.get_app_configs():
        if app.name.startswith("uketori."):
            yield from app.get_models()


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_module__asks_the_time_of_our_clock_only(path: Path) -> None:
    if named(path) == "clock.py":
        return
    assert not REAL_TIME.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_module__not_longer_than_allowed(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE or named(path) in LONGER_MODULES


def test_every_text_field__classed_as_personal_or_not() -> None:
    declared: set[str] = set()
    fields: set[str] = set()
    for model in our_models():
        declared |= import_module(model.__module__).PERSONAL_FIELDS
        fields |= {
            f"{model.__name__}.{field.name}"
            for field in model._meta.get_fields()
            if isinstance(field, TEXT_FIELDS)
        }
    assert fields - declared - IMPERSONAL == set(), "in no list"
    assert declared & IMPERSONAL == set(), "in both lists"
    assert (declared | IMPERSONAL) - fields == set(), "in a list, but no field"


@pytest.mark.django_db
def test_migrations__none_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, skip_checks=True, stdout=StringIO())


WAITING_TEMPLATES: dict[str, str] = {}
"""Templates that nobody includes yet, each with its reason."""
TEMPLATE_FOLDERS = sorted(SOURCE.glob("*/templates"))
TEMPLATES = sorted(
    str(path.relative_to(folder))
    for folder in TEMPLATE_FOLDERS
    for path in folder.rglob("*.*")
    if path.is_file()
)


def test_templates__each_is_named_somewhere() -> None:
    """By its whole name, or by a pattern that can come to it (error pages, mails, icons)."""
    everything = "\n".join(
        path.read_text(encoding="utf-8") for path in [*MODULES, *_template_files()]
    )
    put_together = [
        re.compile(r"[\w-]+".join(map(re.escape, re.split(r"\{[^}]*\}", pattern))))
        for pattern in re.findall(r'f"([^"\n]*\{[^"\n]*\.(?:html|txt))"', everything)
    ]
    put_together += [
        re.compile(f"{re.escape(begin)}[\\w-]+{re.escape(end)}")
        for begin, end in re.findall(r'"([^"\n]+)"\|add:\w+\|add:"([^"\n]+)"', everything)
    ]
    unused = [
        name
        for name in set(TEMPLATES) - set(WAITING_TEMPLATES)
        if name not in everything and not any(one.fullmatch(name) for one in put_together)
    ]
    assert unused == []


def _template_files() -> list[Path]:
    return [path for folder in TEMPLATE_FOLDERS for path in folder.rglob("*.*") if path.is_file()]
