"""The form for a new address."""

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from uketori.intermediaries.entry.forms import EntryForm


class NewAddressForm(EntryForm):
    """The address to move to."""

    def __init__(self, data: QueryDict | None = None, *, current: str) -> None:
        super().__init__(data)
        self.current = current
        self.fields["address"].label = _("新しいメールアドレス")
        self.fields["address"].widget.attrs["autocomplete"] = "off"

    def clean_address(self) -> str:
        """Return another address than the current one."""
        address = super().clean_address()
        if address == self.current:
            message = _("いまのメールアドレスと同じです。新しいメールアドレスを入力してください。")
            raise ValidationError(message, code="same")
        return address
