"""One mail in the form in which it goes over the wire."""

from datetime import datetime
from email.charset import Charset
from email.header import Header
from email.utils import format_datetime, formataddr
from typing import Any

from django.core.mail import EmailMessage
from django.utils import timezone
from email_validator import validate_email

from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Rendered

MOST_SIGNS = 75
"""Of an encoded word, by RFC 2047."""


class OwnLines(EmailMessage):
    """A message whose headers begin in their own lines.

    Django encodes them without room for their names, and the line is broken before the first word:
    nothing but the name stands in it.
    """

    def __init__(self, sender: tuple[str, str], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(**kwargs)
        self.sender = sender

    def message(self, **kwargs: Any) -> Any:  # noqa: ANN401 - Django's own
        """Return what goes over the wire."""
        message = super().message(**kwargs)
        name, address = self.sender
        for header, text, rest in (("Subject", self.subject, ""), ("From", name, f" <{address}>")):
            if not str(text).isascii():
                words = Header(str(text), "utf-8", MOST_SIGNS, header).encode()
                message.replace_header(header, f"{words}{rest}")
        return message


def message_of(mail: OutgoingMail, rendered: Rendered, at: datetime) -> EmailMessage:
    """Return the message: plain text in UTF-8, base64, with the fixed Message-ID of its row."""
    sender = (rendered.from_name, ascii_form(rendered.from_address))
    message = OwnLines(
        sender,
        subject=rendered.subject,
        body=rendered.body,
        from_email=formataddr(sender),
        to=[ascii_form(mail.recipient)],
        reply_to=[ascii_form(rendered.reply_to)] if rendered.reply_to else None,
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(timezone.localtime(at)),
            "Auto-Submitted": "auto-generated",
        },
    )
    # Django sends UTF-8 as 8bit whatever the server says; the stdlib's own charset means base64.
    message.encoding = Charset("utf-8")
    return message


def ascii_form(address: str) -> str:
    """Return the address as SMTP carries it: its domain in IDNA 2008, as it was checked when typed.

    Left to Python's own mail, which knows IDNA 2003, ``faß.example`` would become another's domain.
    Raises ``ValueError``.
    """
    if address.isascii():  # also the carriers' old forms, which the validator refuses
        return address
    ascii_address = validate_email(
        address, check_deliverability=False, allow_smtputf8=False
    ).ascii_email
    return str(ascii_address)
