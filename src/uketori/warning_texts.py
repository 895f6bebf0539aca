"""What is said of something unusual that stops nobody: part of ``texts``.  D10."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uketori.rules.refusals import Refusal, Warned

WARNING_TEXT: Mapping[Refusal | Warned, Promise] = {
    Warned.NUMBER_UNUSUAL_FORM: _(
        "申請番号が、よくある形（例：{number_example}）と違います。"
        "{number_papers}のとおりであれば、このまま進めます。"
    ),
    Warned.NUMBER_MAYBE_KANJI_ONE: _(
        "漢数字の「一」でしょうか。{number_papers}を見て、違うときは直してください。このままでも進めます。"
    ),
    Warned.TYPE_NOT_OF_LETTER: _(
        "申請番号の英字からは「{suggested}」と読めますが、選んだ種類は「{chosen}」です。"
        "{number_papers}を見て、違うときは直してください。このままでも進めます。"
    ),
}
