"""The sentences of the guide: questions, answers, why not, and what to mind.  利用案内 1, D20.

Names and numbers in braces come from the bureau's policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from uketori.rules.guide import Answer, Question, Stop
from uketori.rules.policy import ApplicationType, IntermediaryKind


@dataclass(frozen=True)
class QuestionWords:
    """A question, the hint below it, and its name in the list of answers."""

    title: Promise
    hint: Promise
    term: Promise


@dataclass(frozen=True)
class StopWords:
    """Why not, and what to do instead; by which clause, the policy says."""

    reason: Promise
    instead: Promise
    at_counter: bool = False
    """Whether place and address of the ordinary counter are shown."""
    by_telephone: bool = False
    """Whether the telephone stands beside the sentence."""


QUESTIONS: Mapping[Question, QuestionWords] = {
    Question.FILED: QuestionWords(
        title=_("どこで申請しましたか。"),
        hint=_(
            "受け取る申請が何件かあるときは、１件ずつ確かめてください。予約では案件ごとに選べます。"
        ),
        term=pgettext_lazy("答え", "申請した場所"),
    ),
    Question.APPLICATION: QuestionWords(
        title=_("どの申請の結果を受け取りますか。"),
        hint=_("再入国許可を同時に申請したときは、もう一方の申請を選んでください。"),
        term=pgettext_lazy("答え", "申請の種類"),
    ),
    Question.POSTCARD: QuestionWords(
        title=_("{postcard}では、どこに来るように案内されていますか。"),
        hint=_("審査が終わると、{postcard}が届きます。交付窓口をご覧ください。"),
        term=pgettext_lazy("答え", "{postcard}"),
    ),
    Question.WHO: QuestionWords(
        title=_("あなたの立場はどれですか。"),
        hint=_("受け取りに来る方について、お持ちの証明書をご覧ください。"),
        term=pgettext_lazy("答え", "あなたの立場"),
    ),
    Question.HANDED_IN: QuestionWords(
        title=_("窓口で申請したのは、どなたですか。"),
        hint=_("申請書を窓口に出した方です。"),
        term=pgettext_lazy("答え", "申請した方"),
    ),
    Question.CERTIFICATE: QuestionWords(
        title=_("受け取る日に有効な{certificate}をお持ちですか。"),
        hint=_("受け取りには、証明書のご本人がお越しください。"),
        term=pgettext_lazy("答え", "証明書"),
    ),
}

ANSWERS: Mapping[str, Promise] = {
    Answer.WINDOW: _("{filing_window}"),
    Answer.ONLINE: _("オンライン"),
    Answer.OTHER_OFFICE: _("ほかの官署の窓口"),
    Answer.ACQUISITION_OTHER: _("在留資格取得（出生ではないもの）"),
    Answer.ELIGIBILITY_CERTIFICATE: _("在留資格認定証明書"),
    Answer.REENTRY_ALONE: _("再入国許可だけ"),
    Answer.CARD_MATTER: _("在留カードの届出・更新・再発行"),
    Answer.OTHER_APPLICATION: _("そのほかの申請"),
    Answer.COUNTER: _("交付窓口が「{counter}」となっている"),
    Answer.OTHER_PLACE: _("ほかの窓口や場所に来るように書かれている"),
    Answer.IN_PERSON: _("申請人本人が来るように書かれている"),
    Answer.NO_POSTCARD: _("{postcard}がまだ届いていない"),
    Answer.EDUCATION: _("外国人受入れ教育機関の職員"),
    Answer.TRAVEL_AGENT: _("旅行業者の職員"),
    Answer.APPLICANT: _("申請人ご本人、ご家族"),
    Answer.OTHER_PERSON: _("そのほかの方"),
    Answer.ME: _("自分が申請した"),
    Answer.COLLEAGUE: _("同じ機関の別の職員が申請した"),
    Answer.SOMEBODY_ELSE: _("ほかの人が申請した"),
    Answer.VALID: _("はい、受け取る日にも有効です"),
    Answer.ENDS_BEFORE: _("受け取る日より前に有効期限が切れます"),
    Answer.NO_CERTIFICATE: _("いいえ、持っていません"),
}
"""Where the policy has a name of its own for the answer, that one is shown."""

HELPS: Mapping[str, Promise] = {
    Answer.WINDOW: _("{address}"),
    Answer.ONLINE: _("在留申請オンラインシステムで申請した場合"),
    Answer.OTHER_OFFICE: _("支局や出張所、ほかの地方出入国在留管理局など"),
    Answer.CARD_MATTER: _(
        "住居地以外の記載事項の変更届出、有効期間の更新、紛失などによる再発行だけの場合"
    ),
    Answer.NO_POSTCARD: _("審査が終わっていない場合も、これを選んでください。"),
    Answer.EDUCATION: _("大学、専門学校、日本語学校など"),
    IntermediaryKind.ORG_STAFF: _("会社、登録支援機関、監理団体など。"),
}

STOPS: Mapping[Stop, StopWords] = {
    Stop.FILED_ONLINE: StopWords(
        reason=_("オンラインで申請したものは、この予約の対象外です。"),
        instead=_("在留申請オンラインシステムから届いた案内のとおりに受け取ってください。"),
    ),
    Stop.FILED_ELSEWHERE: StopWords(
        reason=_("この予約の対象は、{bureau_name}の窓口で申請したものだけです。"),
        instead=_("申請した官署から届いた{postcard}のとおりに受け取ってください。"),
    ),
    Stop.ACQUISITION_NOT_BY_BIRTH: StopWords(
        reason=_("在留資格取得許可申請のうち、この予約の対象は出生によるものだけです。"),
        instead=_("予約をせずに、{postcard}に書かれた窓口にお越しください。"),
    ),
    Stop.ELIGIBILITY_CERTIFICATE: StopWords(
        reason=_("在留資格認定証明書交付申請は、この予約の対象外です。"),
        instead=_("{bureau_name}から届いた案内のとおりに受け取ってください。"),
    ),
    Stop.REENTRY_ALONE: StopWords(
        reason=_(
            "再入国許可申請は、対象の申請と同時に申請したものを除いて、この予約の対象外です。"
        ),
        instead=_("予約をせずに、{bureau_name}の案内のとおりに受け取ってください。"),
    ),
    Stop.CARD_MATTER: StopWords(
        reason=_(
            "住居地以外の在留カード記載事項の変更届出、有効期間更新申請、"
            "紛失などによる再発行申請は、この予約の対象外です。"
        ),
        instead=_("予約をせずに、{bureau_name}の案内のとおりに受け取ってください。"),
    ),
    Stop.OTHER_APPLICATION: StopWords(
        reason=_("この予約の対象は、次の申請だけです：{types}。"),
        instead=_("予約をせずに、{postcard}など、届いた案内のとおりに受け取ってください。"),
    ),
    Stop.NOT_FINISHED: StopWords(
        reason=_("審査が終わり、{postcard}が届いた申請だけが、この予約の対象です。"),
        instead=_("{postcard}が届くまでお待ちください。届いてから、もう一度お確かめください。"),
    ),
    Stop.CALLED_ELSEWHERE: StopWords(
        reason=_(
            "{postcard}で{counter}以外の場所に来るように案内された申請は、この予約の対象外です。"
        ),
        instead=_("予約をせずに、{postcard}に書かれた場所にお越しください。"),
    ),
    Stop.CALLED_IN_PERSON: StopWords(
        reason=_("{postcard}で申請人本人が来るように案内された申請は、この予約の対象外です。"),
        instead=_("{postcard}に書かれた場所に、申請人ご本人がお越しください。"),
    ),
    Stop.EDUCATION_INSTITUTION: StopWords(
        reason=_("外国人受入れ教育機関の申請等取次者の方は、この予約の対象外です。"),
        instead=_(
            "予約をせずに、{ordinary_counter}にお越しください。"
            "{postcard}と、そこに書かれた書類をお持ちください。"
        ),
        at_counter=True,
    ),
    Stop.TRAVEL_AGENT: StopWords(
        reason=_("旅行業者の職員の方が取り次げるのは再入国許可申請だけで、この予約の対象外です。"),
        instead=_("どなたが受け取れるかを、お電話でお尋ねください。"),
        by_telephone=True,
    ),
    Stop.NOT_AN_INTERMEDIARY: StopWords(
        reason=_("この予約は申請等取次者の方のためのもので、申請人ご本人やご家族は対象外です。"),
        instead=_(
            "申請人ご本人は、予約をせずに{ordinary_counter}にお越しください。"
            "{postcard}と、そこに書かれた書類をお持ちください。"
            "ご家族が代わりに受け取れるかは、お電話でお尋ねください。"
        ),
        at_counter=True,
        by_telephone=True,
    ),
    Stop.OTHER_PERSON: StopWords(
        reason=_("この予約を利用できるのは、次の方だけです：{kinds}。"),
        instead=_("どなたが受け取れるかを、お電話でお尋ねください。"),
        by_telephone=True,
    ),
    Stop.NOT_FOR_THIS_KIND: StopWords(
        reason=_("{kind}の方が、「{handed_in}」案件を受け取る予約はできません。"),
        instead=_(
            "申請した方か申請人ご本人が、予約をせずに{ordinary_counter}で受け取れます。"
            "ご不明な点は、お電話でお尋ねください。"
        ),
        at_counter=True,
        by_telephone=True,
    ),
    Stop.CERTIFICATE_ENDS_BEFORE: StopWords(
        reason=_("受け取る日に有効な{certificate}が必要です。"),
        instead=_(
            "有効期限までの日なら予約できます。"
            "間に合わないときは、証明書を更新してから、もう一度お確かめください。"
        ),
    ),
    Stop.NO_CERTIFICATE: StopWords(
        reason=_("受け取る日に有効な{certificate}をお持ちの方だけが、この予約を利用できます。"),
        instead=_(
            "証明書をお持ちの方が予約してお越しになるか、"
            "申請人ご本人が予約をせずに{ordinary_counter}にお越しください。"
        ),
        at_counter=True,
    ),
}

WARNINGS: Mapping[ApplicationType, Promise] = {
    ApplicationType.CHANGE: _(
        "在留期間の満了日を過ぎても在留できる特例期間は、長くても満了日から{months}か月です。"
        "それまでに受け取りにお越しください。"
    ),
    ApplicationType.EXTENSION: _(
        "在留期間の満了日を過ぎても在留できる特例期間は、長くても満了日から{months}か月です。"
        "それまでに受け取りにお越しください。"
    ),
    ApplicationType.PERMANENT: _(
        "永住許可申請には、在留期間の満了日を過ぎても在留できる特例期間がありません。"
        "在留期間の満了日までに受け取りにお越しください。"
    ),
    ApplicationType.ACQUISITION_BIRTH: _(
        "在留資格がないまま在留できるのは、生まれた日から{days}日までです。"
        "それまでに受け取りにお越しください。"
    ),
}
"""Until when the result has to be received.  D20."""
