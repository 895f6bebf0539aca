"""Preparing the bureaus' rows: notice and slots."""

from datetime import datetime, time

from uketori.bureaus.models import NoticeVersion
from uketori.bureaus.notice_file import read_notice
from uketori.bureaus.policies import bureau_codes, bureau_folder, policies_of
from uketori.bureaus.slots import keep_slots


def prepare(at: datetime) -> None:
    """Insert what every bureau needs and lacks; run again, it changes nothing that stands."""
    for code in bureau_codes():
        insert_first_notice(code)
        keep_slots(code, at)


def insert_first_notice(code: str) -> None:
    """Insert the notice of the data folder as the bureau's first version, if it has none.

    Later versions are written by staff, without a release (R-02).
    """
    if NoticeVersion.objects.filter(bureau=code).exists():
        return
    first = read_notice(bureau_folder(code))
    effective_from = datetime.combine(first.effective_from, time(), policies_of(code)[0].tz)
    NoticeVersion.objects.create(
        bureau=code,
        number=first.number,
        changes=first.changes,
        body=first.body,
        effective_from=effective_from,
    )
