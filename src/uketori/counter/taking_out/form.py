"""The form for taking cases out: which of those that stand, and why, from closed lists.  R-32."""

from collections.abc import Mapping, Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from uketori.counter.taking_out.act import Chosen
from uketori.reservations.visits.taken_out_words import NOT_HERE
from uketori.rules.taking_out import NotHere


class TakingOutForm(forms.Form):
    """Makes what was sent well-formed; whether it is allowed is asked elsewhere."""

    case = forms.TypedMultipleChoiceField(
        label=_("除く案件"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("除く案件を選んでください。"),
            "invalid_choice": _("除く案件を、もう一度選んでください。"),
        },
    )
    because = forms.ChoiceField(
        label=_("除く理由"),
        help_text=_("予約した方に、メールでお知らせします。"),
        widget=forms.RadioSelect,
        choices=[(one.value, words.short) for one, words in NOT_HERE.items()],
        error_messages={
            "required": _("除く理由を選んでください。"),
            "invalid_choice": _("除く理由を、もう一度選んでください。"),
        },
    )

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        cases: Sequence[tuple[int, str]],
        chosen: Sequence[str] = (),
    ) -> None:
        super().__init__(data, initial={"case": list(chosen)})
        cast(forms.TypedMultipleChoiceField, self.fields["case"]).choices = cases

    def chosen(self, revision: int) -> Chosen:
        """Return what was chosen on the page that showed this revision."""
        typed = self.cleaned_data
        return Chosen(cases=typed["case"], because=NotHere(typed["because"]), revision=revision)
