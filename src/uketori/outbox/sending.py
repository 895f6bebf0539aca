"""One mail in the form in which it goes over the wire."""

from datetime import datetime
from email.charset import Charset
from email.utils import format_datetime, formataddr

from django.core.mail import EmailMessage
from django.utils import timezone

from uketori.outbox.models import OutgoingMail
from uketori.outbox.register import Rendered


def message_of(mail: OutgoingMail, rendered: Rendered, at: datetime) -> EmailMessage:
    """Return the message: plain text in UTF-8, base64, with the fixed Message-ID of its row."""
    message = EmailMessage(
        subject=rendered.subject,
        body=rendered.body,
        from_email=formataddr((rendered.from_name, rendered.from_address)),
        to=[mail.recipient],
        reply_to=[rendered.reply_to] if rendered.reply_to else None,
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(timezone.localtime(at)),
            "Auto-Submitted": "auto-generated",
        },
    )
    # Django sends UTF-8 as 8bit whatever the server says; the stdlib's own charset means base64.
    message.encoding = Charset("utf-8")
    return message
