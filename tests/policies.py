"""A policy like Osaka's and its calendar, built by hand so that rules are tested alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import jpholiday

from uketori.rules.calendar import CalendarFacts
from uketori.rules.guide import Stop
from uketori.rules.policy import (
    ApplicationType,
    BureauPolicy,
    CertificateKind,
    Declaration,
    Document,
    IntermediaryKind,
    ReceiptCategory,
)

TOKYO = ZoneInfo("Asia/Tokyo")
FIRST_YEAR, LAST_YEAR = 2024, 2034

_OSAKA = BureauPolicy(
    code="osaka",
    effective_from=date(2026, 1, 1),
    tz=TOKYO,
    bureau_name="大阪出入国在留管理局",
    service_name="交付予約システム",
    address="大阪市住之江区南港北1-29-53",
    filing_window="大阪出入国在留管理局（本局）の窓口",
    counter="２階Ａカウンター",
    reservation_desk="予約窓口",
    ordinary_counter="通常の２階Ａカウンター",
    contact_section="審査管理部門",
    contact_phone="0570-064259",
    phone_menu_code="210",
    contact_hours="開庁日の9時～16時",
    contact_phone_note="0570の番号は、海外や一部のIP電話からはつながりません。",
    mail_domain="@immi-cardyoyaku.moj.go.jp",
    mail_from="admin@immi-cardyoyaku.moj.go.jp",
    mail_reply_to="",
    link_ttl_minutes=60,
    session_idle_minutes=60,
    session_warning_minutes=5,
    max_wrong_codes=5,
    max_wrong_codes_per_address_a_day=20,
    max_live_links_per_address=5,
    max_mails_per_network_an_hour=300,
    window_open_days=5,
    closed_weekdays=(5, 6),
    closed_annually=(("12-29", "01-03", "年末年始"),),
    hours=((9, 10, 11, 13, 14, 15),) * 5 + ((), ()),
    slot_minutes=60,
    capacity_reservations=6,
    capacity_cases=60,
    few_left=2,
    slots_kept_open_days=15,
    max_slots_in_window=2,
    max_cases_per_slot=15,
    draft_days=7,
    change_open_days_before=1,
    change_last_minute=time(11, 59),
    allow_correction=True,
    allow_withdrawal=True,
    allow_putting_back=True,
    allow_reschedule=False,
    first_reminder_open_days_before=1,
    first_reminder_time=time(9),
    second_reminder_open_days_before=1,
    second_reminder_time=time(13),
    max_open_claims=2,
    max_certificates_per_address=20,
    max_certificate_numbers_per_address_a_day=40,
    staff_idle_minutes=30,
    application_types={
        ApplicationType.CHANGE: "在留資格変更",
        ApplicationType.EXTENSION: "在留期間更新",
        ApplicationType.PERMANENT: "永住",
        ApplicationType.ACQUISITION_BIRTH: "在留資格取得（出生のみ）",
        ApplicationType.EXTRA_ACTIVITY: "資格外活動",
        ApplicationType.WORK_CERTIFICATE: "就労資格証明書",
    },
    certificate_kinds={
        CertificateKind.INTERMEDIARY: "申請等取次者証明書",
        CertificateKind.NOTIFIED_PROFESSIONAL: "届出済証明書",
    },
    certificate_of={
        IntermediaryKind.ORG_STAFF: CertificateKind.INTERMEDIARY,
        IntermediaryKind.PUBLIC_CORP_STAFF: CertificateKind.INTERMEDIARY,
        IntermediaryKind.GYOSEISHOSHI: CertificateKind.NOTIFIED_PROFESSIONAL,
        IntermediaryKind.LAWYER: CertificateKind.NOTIFIED_PROFESSIONAL,
    },
    intermediary_kinds={
        IntermediaryKind.ORG_STAFF: "受入れ機関等の職員",
        IntermediaryKind.PUBLIC_CORP_STAFF: "公益法人の職員",
        IntermediaryKind.GYOSEISHOSHI: "行政書士",
        IntermediaryKind.LAWYER: "弁護士",
    },
    categories={
        ReceiptCategory.OWN: "ア",
        ReceiptCategory.SAME_ORG: "イ",
        ReceiptCategory.ORG_RECEIVE_ONLY: "ウ",
        ReceiptCategory.PROFESSIONAL_RECEIVE_ONLY: "エ",
    },
    category_questions={
        ReceiptCategory.OWN: "自分が申請した",
        ReceiptCategory.SAME_ORG: "同じ機関の別の職員が申請した",
        ReceiptCategory.ORG_RECEIVE_ONLY: "申請人本人など、ほかの人が申請した",
        ReceiptCategory.PROFESSIONAL_RECEIVE_ONLY: "ほかの人が申請した",
    },
    categories_of={
        IntermediaryKind.ORG_STAFF: (
            ReceiptCategory.OWN,
            ReceiptCategory.SAME_ORG,
            ReceiptCategory.ORG_RECEIVE_ONLY,
        ),
        IntermediaryKind.PUBLIC_CORP_STAFF: (ReceiptCategory.OWN, ReceiptCategory.SAME_ORG),
        IntermediaryKind.GYOSEISHOSHI: (
            ReceiptCategory.OWN,
            ReceiptCategory.PROFESSIONAL_RECEIVE_ONLY,
        ),
        IntermediaryKind.LAWYER: (
            ReceiptCategory.OWN,
            ReceiptCategory.PROFESSIONAL_RECEIVE_ONLY,
        ),
    },
    education_excluded=True,
    excluded_text="オンライン申請等については、本システムの対象外です。",
    declarations=(
        Declaration(code="filed_at_window", text="どの案件も、この局の窓口で申請したものです。"),
        Declaration(
            code="not_education", text="外国人受入れ教育機関の申請等取次者ではありません。"
        ),
        Declaration(
            code="acquisition_by_birth",
            text="在留資格取得の案件は、すべて出生によるものです。",
            only_for=ApplicationType.ACQUISITION_BIRTH,
        ),
    ),
    guide_clauses={
        Stop.FILED_ONLINE: "１ 注意",
        Stop.FILED_ELSEWHERE: "１",
        Stop.ACQUISITION_NOT_BY_BIRTH: "１（４）",
        Stop.ELIGIBILITY_CERTIFICATE: "１ 注意",
        Stop.REENTRY_ALONE: "１ 注意",
        Stop.CARD_MATTER: "１ 注意",
        Stop.OTHER_APPLICATION: "１",
        Stop.NOT_FINISHED: "１",
        Stop.CALLED_ELSEWHERE: "※１",
        Stop.CALLED_IN_PERSON: "※１",
        Stop.EDUCATION_INSTITUTION: "１",
        Stop.TRAVEL_AGENT: "１ 注意",
        Stop.NOT_AN_INTERMEDIARY: "１",
        Stop.OTHER_PERSON: "１",
        Stop.NOT_FOR_THIS_KIND: "１ ア～エ",
        Stop.CERTIFICATE_ENDS_BEFORE: "１",
        Stop.NO_CERTIFICATE: "１",
    },
    number_min_length=3,
    number_max_length=30,
    number_pattern="[一-龠々]{1,6}[A-Z]{1,2}[0-9]{4,6}",
    number_example="阪労一E01234",
    number_letters={
        "E": ApplicationType.EXTENSION,
        "C": ApplicationType.CHANGE,
        "P": ApplicationType.PERMANENT,
    },
    documents={
        Document.CERTIFICATE: "証明書",
        Document.POSTCARD: "通知書（ハガキ）",
        Document.RECEIPT_SLIP: "申請受付票",
        Document.PASSPORT_AND_CARD: "申請人の旅券と在留カード",
        Document.FEE_FORM: "手数料納付書と収入印紙",
        Document.RECEIPT_FORM: "受領証",
        Document.REQUEST_FORM: "依頼書（申請人の署名入り）",
    },
    document_notes={
        Document.CERTIFICATE: "予約日に有効なもの",
        Document.FEE_FORM: "金額は通知書（ハガキ）のとおり",
    },
    documents_of_category={
        ReceiptCategory.SAME_ORG: (Document.RECEIPT_FORM,),
        ReceiptCategory.ORG_RECEIVE_ONLY: (Document.REQUEST_FORM,),
        ReceiptCategory.PROFESSIONAL_RECEIVE_ONLY: (Document.REQUEST_FORM,),
    },
    documents_of_type={
        ApplicationType.CHANGE: (Document.FEE_FORM,),
        ApplicationType.EXTENSION: (Document.FEE_FORM,),
        ApplicationType.PERMANENT: (Document.FEE_FORM,),
        ApplicationType.ACQUISITION_BIRTH: (),
        ApplicationType.EXTRA_ACTIVITY: (),
        ApplicationType.WORK_CERTIFICATE: (Document.FEE_FORM,),
    },
    forms_url="https://www.moj.go.jp/isa/applications/guide/nyuukokukanri07_00252.html",
    forms_url_name="出入国在留管理庁のサイト",
    stay_url="https://www.moj.go.jp/isa/11_00037.html",
    stay_url_name="出入国在留管理庁のサイト",
)


def osaka(**changes: Any) -> BureauPolicy:
    """Return Osaka's policy, with these numbers changed."""
    return replace(_OSAKA, **changes)


@cache
def holidays() -> Mapping[date, str]:
    """Return the holidays of every year the tests walk through."""
    return {
        day: name
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for day, name in jpholiday.year_holidays(year)
    }


def calendar(
    *,
    closures: Mapping[date, str] | None = None,
    extra_open: Mapping[date, str] | None = None,
    hours_on: Mapping[date, tuple[int, ...]] | None = None,
    policy: BureauPolicy = _OSAKA,
) -> CalendarFacts:
    """Return the calendar of a bureau like Osaka's, with what staff have set."""
    return CalendarFacts(
        policy=policy,
        holidays=holidays(),
        closures=closures or {},
        extra_open=extra_open or {},
        hours_on=hours_on or {},
    )


def at(words: str) -> datetime:
    """Return a moment on Osaka's clock, from e.g. ``2026-06-10 11:59:59``."""
    return datetime.fromisoformat(words).replace(tzinfo=TOKYO)
