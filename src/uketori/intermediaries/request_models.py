"""Requests answered through a mailed link: to share a certificate, to move to an address.  D03."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

PERSONAL_FIELDS = frozenset(
    {"ClaimRequest.name", "ClaimRequest.number", "AddressChange.new_address"}
)


class ClaimRequest(models.Model):
    """One address asks the one for which a certificate is proved to let it join.  D03.

    As with a mail proof, no usable token is stored: the link is derived from ``seed``.
    """

    bureau = models.SlugField(max_length=40)
    certificate = models.ForeignKey(
        "intermediaries.Certificate", on_delete=models.PROTECT, related_name="claim_requests"
    )
    mail_address = models.ForeignKey(
        "intermediaries.MailAddress", on_delete=models.CASCADE, related_name="claim_requests"
    )
    """Who asks."""
    asked = models.ForeignKey(
        "intermediaries.MailAddress", on_delete=models.CASCADE, related_name="claim_requests_to"
    )
    """Who is asked: the address for which the certificate was proved at that moment."""
    name = models.CharField(max_length=100)
    """As typed by who asks; shown to who is asked, and to nobody else."""
    number = models.CharField(max_length=60)
    """As typed."""
    expires_on = models.DateField()
    seed = models.BinaryField(max_length=16)
    token_digest = models.CharField(max_length=64, unique=True)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    granted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(granted_at=None) | Q(declined_at=None),
                name="claim_request_is_answered_once",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("requested_at")),
                name="claim_request_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"claim request {self.pk}"


class AddressChange(models.Model):
    """One request to move from one address to another, proved from within the session.  D03.

    Link and code are derived from ``seed``, as those of a mail proof.  With a ``claim`` it is of
    that person alone and was asked for by the staff, who need no session (``address_by_staff``).
    """

    bureau = models.SlugField(max_length=40)
    mail_address = models.ForeignKey(
        "intermediaries.MailAddress", on_delete=models.CASCADE, related_name="changes"
    )
    """The one that is left."""
    claim = models.ForeignKey(
        "intermediaries.CertificateClaim",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="address_changes",
    )
    """Whose bookings the staff move; null for whoever moves in the session."""
    reason = models.CharField(max_length=20, blank=True, default="")
    """Why the staff do; a code of ``address_by_staff``, empty in the session."""
    new_address = models.CharField(max_length=254)
    seed = models.BinaryField(max_length=16)
    token_digest = models.CharField(max_length=64, unique=True)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    spent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("requested_at")),
                name="address_change_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"address change {self.pk}"
