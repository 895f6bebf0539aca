"""The keys of a policy and their values in Japanese, for whoever changes a number.

A key's name here is what an administrator would call it; ``policy_preview`` compares.
"""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, time, tzinfo
from typing import Any

from uketori import japanese

LABELS: Mapping[str, str] = {
    "tz": "時間帯",
    "bureau_name": "局の名前",
    "service_name": "システムの名前",
    "address": "所在地",
    "filing_window": "申請の窓口",
    "counter": "交付窓口",
    "reservation_desk": "予約のある方の窓口",
    "ordinary_counter": "予約のない方の窓口",
    "contact_section": "連絡先の部門",
    "contact_phone": "電話番号",
    "phone_menu_code": "部署番号",
    "contact_hours": "電話の受付時間",
    "contact_phone_note": "電話の注意書き",
    "mail_domain": "メールのドメイン",
    "mail_from": "メールの差出人",
    "mail_reply_to": "メールへの返信が届くアドレス",
    "link_ttl_minutes": "リンクが使える分数",
    "session_idle_minutes": "画面を使える分数",
    "session_warning_minutes": "画面の終わりを知らせる分数",
    "max_wrong_codes": "確認コードを間違えられる回数（１通）",
    "max_wrong_codes_per_address_a_day": "確認コードを間違えられる回数（１日）",
    "max_live_links_per_address": "同時に使えるリンクの数",
    "max_mails_per_network_an_hour": "１つのネットワークから頼めるメールの数（毎時）",
    "window_open_days": "表示する開庁日の数",
    "closed_weekdays": "休みの曜日",
    "closed_annually": "毎年の休み",
    "hours": "枠のはじまる時刻",
    "slot_minutes": "１枠の分数",
    "capacity_reservations": "１枠に受け付ける予約の数",
    "capacity_cases": "１枠に受け付ける件数",
    "few_left": "残りわずかと表示する数",
    "slots_kept_open_days": "先に用意しておく開庁日の数",
    "max_slots_in_window": "おひとりの枠の数",
    "max_cases_per_slot": "おひとりの１枠の件数",
    "draft_days": "下書きを残す日数",
    "change_open_days_before": "変更の期限（何開庁日前か）",
    "change_last_minute": "変更の期限（最後の時刻）",
    "allow_correction": "申請番号などの訂正",
    "allow_withdrawal": "案件の一部の取消",
    "allow_putting_back": "取り消した案件を戻すこと",
    "allow_reschedule": "予約の日と時間の変更",
    "first_reminder_open_days_before": "はじめのお知らせ（何開庁日前か）",
    "first_reminder_time": "はじめのお知らせの時刻",
    "second_reminder_open_days_before": "期限のあとのお知らせ（何開庁日前か）",
    "second_reminder_time": "期限のあとのお知らせの時刻",
    "max_open_claims": "１つの証明書を登録できるメールアドレスの数",
    "max_certificates_per_address": "１つのメールアドレスで登録できる証明書の数",
    "max_certificate_numbers_per_address_a_day": "１日に入力できる証明書番号の数（アドレスごと）",
    "staff_idle_minutes": "職員の画面をロックするまでの分数",
    "application_types": "申請の種類",
    "certificate_kinds": "証明書の種類",
    "certificate_of": "立場ごとの証明書",
    "intermediary_kinds": "予約できる立場",
    "categories": "区分の記号",
    "category_questions": "区分の言葉",
    "categories_of": "立場ごとの区分",
    "education_excluded": "教育機関の取次者を対象外とすること",
    "excluded_text": "対象外の説明",
    "declarations": "予約のときに確かめること",
    "guide_clauses": "対象の確認で示す利用案内の箇所",
    "number_min_length": "申請番号の最短の文字数",
    "number_max_length": "申請番号の最長の文字数",
    "number_pattern": "申請番号のよくある形",
    "number_example": "申請番号の例",
    "number_letters": "申請番号の英字と種類",
    "documents": "持ち物の名前",
    "document_notes": "持ち物の注意書き",
    "documents_of_category": "区分ごとの持ち物",
    "documents_of_type": "種類ごとの持ち物",
    "forms_url": "様式のアドレス",
    "forms_url_name": "様式のページの名前",
    "stay_url": "在留できる期間のアドレス",
    "stay_url_name": "在留できる期間のページの名前",
}


def label_of(key: str) -> str:
    """What the key is called; a key too new for this list is called by its own name."""
    return LABELS.get(key, key)


def words_of(key: str, value: object) -> str:
    """Say a value in one line."""
    if key == "closed_weekdays" and isinstance(value, tuple):
        return "・".join(japanese.WEEKDAYS[day] for day in value) or "なし"
    if key == "hours" and isinstance(value, tuple):
        return _week(value)
    return _words(value)


def plain(value: object) -> Any:  # noqa: ANN401 - what JSON can say
    """Return the value as JSON can say it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(one) for name, one in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date | tzinfo):
        return str(value)
    return value


def _week(hours: tuple[tuple[int, ...], ...]) -> str:
    """Say the hours of the week, days with the same hours together."""
    days: dict[tuple[int, ...], str] = {}
    for weekday, day in zip(japanese.WEEKDAYS, hours, strict=True):
        days[day] = days.get(day, "") + weekday
    return "／".join(
        f"{weekdays}：{'・'.join(map(str, day)) + '時' if day else 'なし'}"
        for day, weekdays in days.items()
    )


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "する" if value else "しない"
    if isinstance(value, time):
        return f"{value.hour}時{value.minute}分"
    if is_dataclass(value) and not isinstance(value, type):
        return _words(getattr(value, "text", ""))
    if isinstance(value, Mapping):
        return "、".join(f"{name}：{_words(one)}" for name, one in value.items()) or "なし"
    if isinstance(value, tuple):
        return "、".join(map(_words, value)) or "なし"
    return str("" if value is None else value) or "なし"
