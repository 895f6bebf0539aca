"""What is said when something is refused: one sentence or two for each code, in Japanese.

The numbers come from the bureau's policy, days and hours from the facts of the reason.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uketori.certificate_texts import CERTIFICATE_TEXT
from uketori.refusal_facts import IN_WORDS
from uketori.rules.policy import BureauPolicy, Document
from uketori.rules.refusals import Reason, Refusal, Warned
from uketori.staff_texts import for_staff
from uketori.warning_texts import WARNING_TEXT


def refusal_text(reason: Reason, policy: BureauPolicy) -> str:
    """Return what is wrong and what to do now, in whole sentences, to whoever reads them."""
    words = numbers_of(policy) | _words_of(reason, policy)
    return str(for_staff(reason.code) or REASON_TEXT[reason.code]).format(**words)


def numbers_of(policy: BureauPolicy) -> dict[str, str | int]:
    """Return the numbers and names of the policy that any sentence may use, by their own names."""
    values = {field.name: getattr(policy, field.name) for field in fields(policy)}
    numbers = {name: value for name, value in values.items() if isinstance(value, str | int)}
    last = policy.change_last_minute
    return numbers | {
        "change_last_minute": f"{last.hour}時{last.minute}分",
        "telephone": _telephone(policy),
        **_papers_of(policy),
    }


def _papers_of(policy: BureauPolicy) -> dict[str, str]:
    """Name the postcard, and what bears the application number, as the bureau does.  1, ※1."""
    names = policy.documents
    bearing = [names[one] for one in (Document.RECEIPT_SLIP, Document.POSTCARD) if one in names]
    return {
        "postcard": names[Document.POSTCARD],
        "number_papers": str(_("や")).join(bearing),
    }


def _telephone(policy: BureauPolicy) -> str:
    """Say the number, and the code to press where there is one.  利用案内 4(2)."""
    if policy.phone_menu_code:
        return str(_("電話{contact_phone}、部署番号{phone_menu_code}")).format(
            contact_phone=policy.contact_phone, phone_menu_code=policy.phone_menu_code
        )
    return str(_("電話{contact_phone}")).format(contact_phone=policy.contact_phone)


REASON_TEXT: Mapping[Refusal | Warned, Promise] = {
    **CERTIFICATE_TEXT,
    Refusal.NO_SLOT_CHOSEN: _(
        "受取の日時が選ばれていません。表示された{window_open_days}開庁日の中から、日と時刻を選んでください。"
    ),
    Refusal.DAY_NOT_DISPLAYED: _(
        "{visit_day}は、まだ予約できません。表示された{window_open_days}開庁日の中から選んでください。"
    ),
    Refusal.DAY_CLOSED: _(
        "{visit_day}は閉庁日（{reason}）です。表示された{window_open_days}開庁日の中から選んでください。"
    ),
    Refusal.BOOKING_CLOSED: _(
        "{visit_day}の予約は、{closed_at}で締め切りました。あとの開庁日から選んでください。"
    ),
    Refusal.HOUR_NOT_OFFERED: _(
        "{visit_day}には、この時刻の枠がありません。カレンダーにある時刻から選んでください。"
    ),
    Refusal.SLOT_STOPPED: _(
        "この枠は受付を終了しました。入力した内容は残っています。ほかの枠を選んでください。"
    ),
    Refusal.TOO_MANY_SLOTS: _(
        "表示された{window_open_days}開庁日のうち、予約できるのは{max_slots_in_window}枠までです。"
        "すでに{held}を予約しています。変更するには、期限までに予約をキャンセルしてから選んでください。"
    ),
    Refusal.SAME_HOUR_TWICE: _(
        "{starts_at}の枠は、すでに予約しています。ほかの時刻を選んでください。"
    ),
    Refusal.NO_CASES: _("案件がありません。受け取る案件の申請番号を１件以上入力してください。"),
    Refusal.TOO_MANY_CASES: _(
        "１枠で受け付けられるのは{max_cases_per_slot}件までです。"
        "入力されているのは{cases}件です。{over}件減らすか、ほかの枠に分けて予約してください。"
    ),
    Refusal.SLOT_FULL: _(
        "この枠は満席になりました。入力した内容は残っています。ほかの枠を選んでください。"
    ),
    Refusal.TOO_FEW_CASES_LEFT: _(
        "この枠で受け付けられるのは、残り{left}件です。件数を減らすか、ほかの枠を選んでください。"
    ),
    Refusal.NUMBER_MISSING: _("申請番号が入力されていません。申請番号を入力してください。"),
    Refusal.NUMBER_TOO_SHORT: _(
        "申請番号が短すぎます。{number_min_length}文字以上で、"
        "{number_papers}のとおりに入力してください。"
    ),
    Refusal.NUMBER_TOO_LONG: _(
        "申請番号が長すぎます。{number_max_length}文字以内で、１行に１件ずつ入力してください。"
    ),
    Refusal.NUMBER_FORBIDDEN_CHARACTERS: _(
        "申請番号に使えない文字{character}があります。"
        "漢字、かな、英字、数字だけで入力してください。"
    ),
    Refusal.NUMBER_REPEATED: _(
        "この申請番号は{first}件目と同じです。どちらかを消すか、正しい番号に直してください。"
    ),
    Refusal.NUMBER_IN_OTHER_RESERVATION: _(
        "この申請番号は、{starts_at}の予約に入っています。どちらか一方の予約だけに入れてください。"
    ),
    Refusal.TYPE_MISSING: _("申請の種類が選ばれていません。申請の種類を選んでください。"),
    Refusal.TYPE_UNKNOWN: _(
        "この申請の種類は、予約の対象ではありません。表示された種類の中から選んでください。"
    ),
    Refusal.CATEGORY_MISSING: _(
        "申請書を提出した方（区分）が選ばれていません。一つ選んでください。"
    ),
    Refusal.CATEGORY_UNKNOWN: _(
        "申請書を提出した方（区分）を、表示された選択肢の中から選んでください。"
    ),
    Refusal.CATEGORY_NOT_FOR_HOLDER: _(
        "{holder}の方は、利用案内１の「{category}」では受け取れません。"
        "申請書を提出した方（区分）を選び直してください。"
    ),
    Refusal.SUSPENDED: _(
        "利用を停止しているため、{last_day}まで、新しい予約はできません。"
        "いまある予約は、そのまま使えます。"
        "くわしくは、{contact_section}（{telephone}）へお問い合わせください。"
    ),
    Refusal.DECLARATION_MISSING: _(
        "「{text}」の確認がありません。あてはまることを確かめて、チェックを入れてください。"
    ),
    Refusal.NOTICE_NOT_READ: _(
        "利用案内の確認がありません。利用案内を読んで、チェックを入れてください。"
    ),
    Refusal.NOTICE_CHANGED: _(
        "入力している間に利用案内が変わりました。入力した内容は残っています。"
        "新しい利用案内を読んで、もう一度確認してください。"
    ),
    Refusal.CHANGE_CLOSED: _(
        "この予約の変更・キャンセルは、{closed_at}で締め切りました。予約はそのまま残っています。"
        "{contact_section}（{telephone}）にご連絡ください。"
    ),
    Refusal.RESERVATION_CANCELLED: _(
        "この予約は、すでに取り消されています。受け取るには、新しく予約してください。"
    ),
    Refusal.RESERVATION_ENDED: _("この予約の来庁は、すでに記録されています。変更はできません。"),
    Refusal.RESERVATION_CHANGED: _(
        "ほかの画面でこの予約が変わったため、いまの操作は行っていません。"
        "いまの内容を確かめて、もう一度操作してください。"
    ),
    Refusal.MORE_THAN_FIRST_COUNT: _(
        "最初の件数の{first}件を超えて増やすことはできません（いまの入力では{wanted}件になります）。"
        "減らすか、新しい予約をしてください。"
    ),
    Refusal.ALL_WITHDRAWN: _(
        "すべての案件を取り消すときは、「予約をすべて取り消す」を使ってください。"
    ),
    Refusal.CORRECTION_NOT_ALLOWED: _(
        "この局では、申請番号などの訂正はできません。{contact_section}にご連絡ください。"
    ),
    Refusal.WITHDRAWAL_NOT_ALLOWED: _(
        "この局では、案件の一部の取消はできません。予約をすべて取り消すことはできます。"
    ),
    Refusal.PUTTING_BACK_NOT_ALLOWED: _(
        "この局では、取り消した案件を戻すことはできません。新しい予約をしてください。"
    ),
    Refusal.RESCHEDULING_NOT_ALLOWED: _(
        "この予約の日と時間は、変更できません。"
        "空き状況を見てから、この予約を取り消して、新しく予約してください。"
        "案件は新しい予約に引き継げます。"
    ),
    Refusal.HOUR_UNCHANGED: _("いまの予約と同じ日と時間です。ほかの時間を選んでください。"),
    Refusal.NOTHING_CHANGED: _("変わったところがありません。変える案件を選んでください。"),
    Refusal.CALL_NOT_YET_HAPPENED: _(
        "電話を受けた時刻が、いまより後になっています。時刻を確かめてください。"
    ),
    Refusal.CALL_BEFORE_BOOKING: _(
        "電話を受けた時刻が、予約をした時刻より前になっています。時刻を確かめてください。"
    ),
    Refusal.CALL_AFTER_THE_HOUR: _(
        "予約の時間（{ends_at}まで）が終わってからのお電話では、取消し・変更はできません。"
        "「そのほか」として電話を記録し、来庁の結果は本日の窓口で決めてください。"
    ),
    Refusal.CALL_STAYS: _(
        "電話の記録をまちがいとして取り消せるのは、記録した人がその日のうちだけです。"
        "責任者に伝えてください。"
    ),
    Refusal.VISIT_DAY_OVER: _(
        "予約日が終わったため、案件の変更はできません。窓口での結果を記録してください。"
    ),
    Refusal.NOT_TODAY: _(
        "この予約は{starts_at}のものです。きょうの予約ではありません。予約の日時をご案内ください。"
    ),
    Refusal.NOT_YET_HAPPENED: _("来庁の時刻が、いまより後になっています。時刻を確かめてください。"),
    Refusal.HOUR_NOT_OVER: _(
        "予約の時間が終わっていません。{ends_at}までは、来庁をお待ちください。"
    ),
    Refusal.HAS_ARRIVED: _(
        "{arrived_at}に来庁の記録があります。不来庁にするには、先に来庁の記録を取り消してください。"
    ),
    Refusal.CAME_IN_TIME: _(
        "{arrived_at}の来庁は、予約の時間内です。遅刻ではありません。来庁の時刻を確かめてください。"
    ),
    Refusal.HAS_NOT_ARRIVED: _(
        "来庁の記録がありません。来庁されていた方だけを「呼出し時に不在」にできます。"
        "紙の記録から入力するときは、来庁時刻を入れてください。"
        "来庁されなかったときは「不来庁」を選んでください。"
    ),
    Refusal.NO_SHOW_BEFORE_HOUR: _(
        "入れた時刻は、予約の時間（{starts_at}）より前です。時刻を確かめるか、空にしてください。"
    ),
    Refusal.VISIT_ENDED: _(
        "この予約は、すでに「{ending}」と記録されています。変えるには、先にその記録を取り消してください。"
    ),
    Refusal.CORRECTION_CLOSED: _(
        "記録をなおせるのは、予約の日の終わりまでです。紙の記録をあとから入力したときは、"
        "はじめに入力した日の終わりまでです。責任者にご相談ください。"
    ),
    Refusal.REASON_MISSING: _("交付しない理由を選んでください。"),
    Refusal.REASON_WITHOUT_MARK: _(
        "理由が選ばれていますが、「交付しない」の印がありません。"
        "交付しない案件には印を付け、交付した案件は理由を空にしてください。"
    ),
    Refusal.TIME_MISSING: _(
        "過ぎた日の予約です。予約を開き、「紙の記録から、あとで入力する」に来庁時刻を入れてください。"
    ),
    Refusal.TIME_UNREADABLE: _("来庁時刻を読み取れません。10:28のように入力してください。"),
    Refusal.TIME_RECORDED: _(
        "すでに{recorded_at}と記録されています。入れた時刻が正しいときは、先にその記録を取り消してください。"
    ),
    Refusal.TIME_OUT_OF_ORDER: _(
        "入れた時刻は、{recorded_at}の記録と前後が合いません。"
        "来庁、呼出し、結果の順になるように、時刻を確かめてください。"
    ),
    Refusal.TOO_MANY_DRAFTS: _(
        "下書きは、受け取りに来る方お一人につき{most}件までです。先に、いらない下書きを消してください。"
    ),
    Refusal.DRAFT_CHANGED: _(
        "ほかの画面で内容が変わったため、予約しませんでした。"
        "いまの内容を確かめて、もう一度確定してください。"
    ),
    **WARNING_TEXT,
}


def _words_of(reason: Reason, policy: BureauPolicy) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for name, value in reason.facts.items():
        words[name] = IN_WORDS[name](value, policy) if name in IN_WORDS else value
    if reason.code is Refusal.TOO_MANY_CASES:
        words["over"] = words["cases"] - policy.max_cases_per_slot
    return words
