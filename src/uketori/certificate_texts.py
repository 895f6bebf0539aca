"""What is said of who comes and of their certificate, when entered and at the counter.  D03."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uketori.rules.refusals import Refusal, Warned

TO_BE_SEEN = _("この番号の証明書を窓口で確認するまで、新しい予約はできません")
"""Said in short where the refusal below would be too long."""

CERTIFICATE_TEXT: Mapping[Refusal | Warned, Promise] = {
    Refusal.EDUCATION_INSTITUTION: _(
        "外国人受入れ教育機関の申請等取次者の方は、本システムを利用できません。"
        "{ordinary_counter}で手続してください。"
    ),
    Refusal.CERTIFICATE_EXPIRED: _(
        "証明書の有効期限（{expires_on}）が過ぎています。有効な証明書の有効期限を入力してください。"
    ),
    Refusal.CERTIFICATE_EXPIRES_BEFORE_VISIT: _(
        "証明書の有効期限（{expires_on}）が、予約日の{visit_day}より前です。"
        "有効期限までの日を選ぶか、証明書を更新してから予約してください。"
    ),
    Refusal.CERTIFICATE_NOT_OF_KIND: _(
        "{holder}の方が予約するには、{certificate}が必要です。証明書の種類を選び直してください。"
    ),
    Refusal.KIND_PROVED: _(
        "窓口で証明書を確認したため、「あなたの立場」は、ここでは変えられません。"
        "変わったとき、違っているときは、{contact_section}（{telephone}）に連絡してください。"
    ),
    Refusal.CERTIFICATE_PROVED_ELSEWHERE: _(
        "この証明書は、ほかのメールアドレスで登録されています。そのメールアドレスから手続するか、"
        "{contact_section}（{telephone}）に連絡してください。"
    ),
    Refusal.CERTIFICATE_SHOWN_BY_ANOTHER: _(
        "同じ番号の証明書を、ほかのメールアドレスで登録した方が窓口で示されたため、"
        "新しい予約はできません。ご自身のアドレスのときは、そちらから予約してください。いまある"
        "予約は、取り消していません。番号が違っていたときは、「登録内容」のページの「更新した"
        "証明書を登録する」から、正しい番号を登録してください。番号が正しいときは、"
        "証明書をご用意のうえ、{contact_section}（{telephone}）に連絡してください。"
    ),
    Refusal.CERTIFICATE_TO_BE_SEEN: _(
        "この番号の証明書を窓口で確認するまで、新しい予約はできません。いまある予約は、そのまま"
        "使えます。番号が違っていたときは、「登録内容」のページの「更新した証明書を登録する」"
        "から、正しい番号を登録してください。番号が正しいときは、証明書をご用意のうえ、"
        "{contact_section}（{telephone}）に連絡してください。"
    ),
    Refusal.TOO_MANY_CLAIMS: _(
        "この証明書の番号は、すでに{max_open_claims}つのメールアドレスで登録されています。"
        "番号を確かめ、正しいときは{contact_section}"
        "（{telephone}）に連絡してください。"
    ),
    Refusal.TOO_MANY_CERTIFICATES: _(
        "１つのメールアドレスで登録できる証明書は{max_certificates_per_address}枚までです。"
        "ほかのメールアドレスで登録してください。"
    ),
    Refusal.TOO_MANY_NUMBERS_TODAY: _(
        "証明書の番号を入力できるのは、１つのメールアドレスで１日に"
        "{max_certificate_numbers_per_address_a_day}件までです。"
        "{again_at}から、また入力できます。お急ぎのときは、"
        "{contact_section}（{telephone}）に連絡してください。"
    ),
    Refusal.CERTIFICATE_OF_ANOTHER: _(
        "この証明書は、窓口で別の方のものと確認されています。責任者にご相談ください。"
    ),
    Refusal.CERTIFICATE_BEFORE_ARRIVAL: _(
        "来庁の記録がありません。証明書の確認は、先に「来庁」を記録してから行ってください。"
    ),
    Refusal.CERTIFICATE_UNSEEN: _(
        "まだ交付していません。証明書を確認した記録がありません。"
        "確認したときは、先に「証明書を確認した」（＋）を押してください（来庁の記録があると押せます）。"
        "確認せずに交付するときは、もう一度「完了する」（Z）を押してください。"
    ),
    Refusal.PROVED_ON_ANOTHER_DAY: _(
        "証明書を確認したのは、この予約の日ではありません。確認した日の予約を開いて取り消してください。"
    ),
    Refusal.PROOF_RELIED_ON: _(
        "証明書を確認したあとで、同じ番号の登録が終わったか、加わっています。"
        "この確認は取り消せません。"
    ),
    Refusal.NOTHING_PROVED: _(
        "窓口で証明書を確認した方がいないため、登録を終えられません。先に証明書を確認してください。"
    ),
}
