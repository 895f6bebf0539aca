"""The form with which a supervisor moves somebody to another mail address.  D03."""

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from uketori.counter.address.act import MoveRequest, Unknown, Way
from uketori.intermediaries.address.by_staff import MoveReason
from uketori.intermediaries.address.forms import NewAddressForm
from uketori.intermediaries.address.obstacles import AddressObstacle
from uketori.intermediaries.holders.fields import CertificateNumberField
from uketori.web.fields import OneOf

UNKNOWN_WORDS = {
    Unknown.NUMBER: _("証明書の番号が、登録と合いません。もう一度、番号を聞いてください。"),
    Unknown.NOT_SEEN: _(
        "きょう窓口で証明書を確認した記録がありません。来庁と証明書の確認を記録してから変更するか、"
        "「電話」を選んで、確認のメールを送ってください。"
    ),
}
FIELD_OF_UNKNOWN = {Unknown.NUMBER: "number", Unknown.NOT_SEEN: "way"}
WHY_WORDS = {
    AddressObstacle.SAME: _(
        "いまのメールアドレスと同じです。新しいメールアドレスを入力してください。"
    ),
    AddressObstacle.FULL: _(
        "このメールアドレスには、すでに{most}名の方が登録されています。"
        "ほかのアドレスを聞いてください。"
    ),
    AddressObstacle.THERE_ALREADY: _(
        "このメールアドレスでは、同じ番号の証明書がすでに登録されています。"
        "ほかのアドレスを聞いてください。"
    ),
    AddressObstacle.RIVAL: _(
        "同じ番号の証明書を、ほかの方が窓口で示しています。電話では変えられません。"
        "証明書を持って窓口に来ていただいてください。"
    ),
    AddressObstacle.LEFT: _(
        "この登録は、いま変わりました。もう一度、受け取りに来る方を探してください。"
    ),
    AddressObstacle.TOO_OFTEN: _(
        "このアドレスへ続けて何度も送ったため、いまは送れません。"
        "届いているリンクを開いていただくか、１時間ほどあとに送ってください。"
    ),
}


class MoveForm(NewAddressForm):
    """Who asks and how that is known, the new address, and why."""

    way = OneOf(
        label=_("本人の確かめ方"),
        choices=[
            (Way.TELEPHONE.value, _("電話：新しいアドレスに、確認のメールを送る")),
            (
                Way.COUNTER.value,
                _("窓口：きょう証明書を確認した方がここにいる（すぐに変わります）"),
            ),
        ],
        ask=_("本人の確かめ方を選んでください。"),
        ask_again=_("本人の確かめ方を、もう一度選んでください。"),
    )
    number = CertificateNumberField(
        label=_("証明書の番号"),
        help_text=_("こちらから番号を言わず、相手に言ってもらうか、証明書を見て入力してください。"),
        error_messages={"required": _("証明書の番号を聞いて、入力してください。")},
    )
    reason = OneOf(
        label=_("変更の理由"),
        choices=[
            (MoveReason.UNREACHED.value, _("メールが届かない")),
            (MoveReason.GONE.value, _("いまのアドレスは、もう使えない")),
            (MoveReason.MISTYPED.value, _("登録のアドレスがまちがっている")),
            (MoveReason.OTHER.value, _("そのほか")),
        ],
        ask=_("変更の理由を選んでください。"),
        ask_again=_("変更の理由を、もう一度選んでください。"),
    )
    field_order = ("way", "number", "address", "reason")

    def __init__(self, data: QueryDict | None = None, *, current: str) -> None:
        super().__init__(data, current=current)
        self.fields["address"].help_text = _("一字ずつ読み返して、確かめてください。")

    def wanted(self) -> MoveRequest:
        """Return what was asked for; the form is valid."""
        cleaned = self.cleaned_data
        return MoveRequest(
            way=Way(cleaned["way"]),
            number=cleaned["number"],
            address=cleaned["address"],
            reason=MoveReason(cleaned["reason"]),
        )

    def add_unknown(self, why: Unknown) -> None:
        """Say that it is not known who asks."""
        error = ValidationError(UNKNOWN_WORDS[why], code=why.value)
        self.add_error(FIELD_OF_UNKNOWN[why], error)

    def add_why(self, why: AddressObstacle, *, most: int) -> None:
        """Say why the address cannot become this person's."""
        self.add_error(
            "address", ValidationError(str(WHY_WORDS[why]).format(most=most), code=why.value)
        )
