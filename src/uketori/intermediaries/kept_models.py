"""What was typed into a form and not sent in time.  D04, D13."""

from typing import ClassVar

from django.db import models

PERSONAL_FIELDS = frozenset({"KeptInput.content"})


class KeptInput(models.Model):
    """What a form held when it was kept; it hangs on the proved address, one a page.

    ``content`` is JSON text for the same reason as a draft's: nothing typed may be lost, whatever
    characters it holds.
    """

    mail_address = models.ForeignKey(
        "intermediaries.MailAddress", on_delete=models.CASCADE, related_name="kept_inputs"
    )
    page = models.CharField(max_length=200)
    """The address of the page, without what follows a question mark."""
    content = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mail_address", "page"], name="kept_input_is_one_a_page"
            ),
        ]

    def __str__(self) -> str:
        return f"kept input {self.pk}"
