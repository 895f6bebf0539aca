"""The numbers and words in which bureaus differ, as one frozen value.  利用案内 1–6.

A policy is read from a dated file (``data/bureaus/<code>/policy.<date>.toml``); the rules receive
it and never know where it came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, tzinfo
from enum import StrEnum


class ApplicationType(StrEnum):
    """The six applications whose results can be picked up.  利用案内 1(1)–(6)."""

    CHANGE = "change"
    EXTENSION = "extension"
    PERMANENT = "permanent"
    ACQUISITION_BIRTH = "acquisition_birth"
    EXTRA_ACTIVITY = "extra_activity"
    WORK_CERTIFICATE = "work_certificate"


class ReceiptCategory(StrEnum):
    """Who handed the application in, seen from the person who comes.  利用案内 1 ア–エ."""

    OWN = "own"
    SAME_ORG = "same_org"
    ORG_RECEIVE_ONLY = "org_receive_only"
    PROFESSIONAL_RECEIVE_ONLY = "professional_receive_only"


class IntermediaryKind(StrEnum):
    """The kinds of 申請等取次者 who may book.  利用案内 1."""

    ORG_STAFF = "org_staff"
    PUBLIC_CORP_STAFF = "public_corp_staff"
    GYOSEISHOSHI = "gyoseishoshi"
    LAWYER = "lawyer"


class CertificateKind(StrEnum):
    """The two certificates, one of which must be valid on the visit day.  利用案内 1."""

    INTERMEDIARY = "intermediary"
    NOTIFIED_PROFESSIONAL = "notified_professional"


class Document(StrEnum):
    """Papers to bring.  利用案内 1 イ–エ, ※2."""

    CERTIFICATE = "certificate"
    POSTCARD = "postcard"
    RECEIPT_SLIP = "receipt_slip"
    PASSPORT_AND_CARD = "passport_and_card"
    FEE_FORM = "fee_form"
    RECEIPT_FORM = "receipt_form"
    REQUEST_FORM = "request_form"


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One sentence that the person confirms at booking.  利用案内 1, ※1."""

    code: str
    text: str
    only_for: ApplicationType | None = None


@dataclass(frozen=True, kw_only=True)
class BureauPolicy:
    """Everything a bureau may set.  Minutes, days and counts carry their unit in the name."""

    # who and where
    code: str
    effective_from: date
    tz: tzinfo
    bureau_name: str
    service_name: str
    address: str
    filing_window: str
    """Where it was filed, as the guide asks for it."""
    counter: str
    reservation_desk: str
    ordinary_counter: str

    # how to reach the section, 利用案内 4(2)
    contact_section: str
    contact_phone: str
    phone_menu_code: str
    contact_hours: str
    contact_phone_note: str

    # mail, 2
    mail_domain: str
    mail_from: str
    mail_reply_to: str
    """Where answers are read; empty: nowhere, and every mail says so."""
    link_ttl_minutes: int
    session_idle_minutes: int
    session_warning_minutes: int
    max_wrong_codes: int
    max_wrong_codes_per_address_a_day: int
    max_live_links_per_address: int
    max_mails_per_network_an_hour: int

    # the staff's side, b.10
    staff_idle_minutes: int
    """Without a request for so long, a session of the staff asks for the password again."""

    # calendar and slots, 3
    window_open_days: int
    closed_weekdays: tuple[int, ...]
    """Days of the week on which the bureau rests, Monday = 0."""
    closed_annually: tuple[tuple[str, str, str], ...]
    """Spans that return each year: first day ``MM-DD``, last day ``MM-DD``, name."""
    hours: tuple[tuple[int, ...], ...]
    """Hours at which slots start, for Monday … Sunday."""
    slot_minutes: int
    capacity_reservations: int
    capacity_cases: int
    few_left: int
    """From how many free places downwards a slot is 残りわずか."""
    slots_kept_open_days: int

    # how much, 利用案内 3(2)
    max_slots_in_window: int
    max_cases_per_slot: int
    draft_days: int

    # change, 4
    change_open_days_before: int
    change_last_minute: time
    """The last minute in which a change is accepted: 11:59 means that 12:00:00 is refused."""
    allow_correction: bool
    """Whether numbers, types and categories may be corrected.  4(3)"""
    allow_withdrawal: bool
    """Whether some of the cases may be taken out.  4(3)"""
    allow_putting_back: bool
    """Whether cases may be added again up to the first count.  D06"""
    allow_reschedule: bool
    """Whether day and hour may be exchanged in one act, or one cancels and books anew.  D07"""

    # reminders, D21
    first_reminder_open_days_before: int
    first_reminder_time: time | None
    """Early enough to give the place back; None: the bureau sends none."""
    second_reminder_open_days_before: int
    second_reminder_time: time | None
    """After the deadline, with what to bring; None: the bureau sends none."""

    # certificates, D03
    max_open_claims: int
    max_certificates_per_address: int
    max_certificate_numbers_per_address_a_day: int
    """Numbers that may be tried from one address: who else holds which must not be found out."""

    # eligibility, 1
    application_types: Mapping[ApplicationType, str]
    """The types in the notice's order, each with its short name."""
    certificate_kinds: Mapping[CertificateKind, str]
    certificate_of: Mapping[IntermediaryKind, CertificateKind]
    intermediary_kinds: Mapping[IntermediaryKind, str]
    categories: Mapping[ReceiptCategory, str]
    """The letter of the notice for each category: ア, イ, ウ, エ."""
    category_questions: Mapping[ReceiptCategory, str]
    """Who handed it in, in the words shown to the person."""
    categories_of: Mapping[IntermediaryKind, tuple[ReceiptCategory, ...]]
    education_excluded: bool
    excluded_text: str
    declarations: tuple[Declaration, ...]
    guide_clauses: Mapping[str, str]
    """The clause of the notice for each no of the guide, by its ``Stop``; none: none is cited."""

    # application numbers, D10
    number_min_length: int
    number_max_length: int
    number_pattern: str
    """The usual form of the compare key, as a regular expression: another form warns only."""
    number_example: str
    number_letters: Mapping[str, ApplicationType]
    """A letter in the number suggests a type, no more."""

    # papers, 1 and ※2
    documents: Mapping[Document, str]
    document_notes: Mapping[Document, str]
    documents_of_category: Mapping[ReceiptCategory, tuple[Document, ...]]
    documents_of_type: Mapping[ApplicationType, tuple[Document, ...]]
    forms_url: str
    forms_url_name: str
    stay_url: str
    """Where it is written until when one may stay while the result waits.  D20"""
    stay_url_name: str
