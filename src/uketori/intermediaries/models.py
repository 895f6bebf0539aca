"""Who may book: proved addresses, intermediaries, certificates and claims.  D03, D04."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from uketori.intermediaries.kept_models import KeptInput
from uketori.intermediaries.request_models import AddressChange, ClaimRequest
from uketori.intermediaries.suspension_models import Suspension
from uketori.rules.policy import CertificateKind, IntermediaryKind

__all__ = [
    "AddressChange",
    "Certificate",
    "CertificateClaim",
    "ClaimRequest",
    "Intermediary",
    "KeptInput",
    "Limit",
    "MailAddress",
    "MailProof",
    "Suspension",
]

BY_MAIL = "mail:"
"""How events name whoever acted by a mail that reached them; what was opened follows."""

PERSONAL_FIELDS = frozenset(
    {
        "MailProof.address",
        "MailAddress.address",
        "Intermediary.name",
        "Intermediary.name_kana",
        "Intermediary.organisation",
        "Intermediary.phone",
        "Certificate.number_key",
        "CertificateClaim.number",
    }
)


class MailProof(models.Model):
    """One request to prove an address: a link and a code for one hour.  利用案内 2(1), R-15.

    No usable token is stored: link and code are derived from ``seed`` and the server's secret when
    the mail leaves; ``token_digest`` only finds the row again.
    """

    bureau = models.SlugField(max_length=40)
    address = models.CharField(max_length=254)
    seed = models.BinaryField(max_length=16)
    token_digest = models.CharField(max_length=64, unique=True)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    spent_at = models.DateTimeField(null=True, blank=True)
    spent_session_digest = models.CharField(max_length=64, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    """When a later request for the same address was spent."""
    last_seen_at = models.DateTimeField(null=True, blank=True)
    """When the session opened by it was last used; it ends an idle time later (D04)."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """When the person logged out."""
    mail_address = models.ForeignKey(
        "MailAddress", null=True, blank=True, on_delete=models.PROTECT, related_name="proofs"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["bureau", "address", "requested_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("requested_at")),
                name="mail_proof_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(spent_at=None) | Q(mail_address__isnull=False),
                name="mail_proof_spent_has_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"proof {self.pk}"

    @property
    def actor(self) -> str:
        """How events name whoever opened the mail."""
        return f"{BY_MAIL}{self.pk}"


class MailAddress(models.Model):
    """An address that was proved at least once.  Claims and drafts hang on it."""

    bureau = models.SlugField(max_length=40)
    address = models.CharField(max_length=254)
    proved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "address"], name="mail_address_stands_once_for_a_bureau"
            ),
        ]

    def __str__(self) -> str:
        return f"address {self.pk}"


class IntermediaryQuerySet(models.QuerySet["Intermediary"]):
    """Finds and locks intermediaries."""

    def lock(self, pk: int) -> "Intermediary":
        """Return the row, locked until the transaction ends.

        The first lock of every act (order: intermediary, then slot).  SQLite has no row locks and
        ignores the words; there the transaction itself, begun IMMEDIATE, is the lock.  ``no_key``
        lets rows that point here be inserted meanwhile: foreign keys and locks never cross.
        """
        return self.select_for_update(no_key=True).get(pk=pk)


class Intermediary(models.Model):
    """One person who comes to the counter.  Quota and standing follow this row.  D03, D05."""

    bureau = models.SlugField(max_length=40)
    kind = models.CharField(
        max_length=30, choices=[(kind.value, kind.name) for kind in IntermediaryKind]
    )
    name = models.CharField(max_length=100)
    name_kana = models.CharField(max_length=100, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30)
    entered_at = models.DateTimeField()

    objects = IntermediaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "intermediaries"

    def __str__(self) -> str:
        return f"intermediary {self.pk}"


class Certificate(models.Model):
    """One certificate, known by kind and compare key.  D03."""

    bureau = models.SlugField(max_length=40)
    kind = models.CharField(
        max_length=30, choices=[(kind.value, kind.name) for kind in CertificateKind]
    )
    number_key = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "kind", "number_key"], name="certificate_key_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return f"certificate {self.pk}"


class CertificateClaim(models.Model):
    """Which proved address says that which person holds which certificate.  D03.

    Unproved until a clerk has seen the certificate.  Open claims of one certificate take numbered
    places, so that the database itself bears no more of them than the policy's limit, and each has
    its own intermediary and thus its own quota.  What was typed (number, expiry) belongs to the
    claim: a rival cannot change it.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="claims")
    intermediary = models.ForeignKey(Intermediary, on_delete=models.PROTECT, related_name="claims")
    mail_address = models.ForeignKey(MailAddress, on_delete=models.PROTECT, related_name="claims")
    number = models.CharField(max_length=60)
    """As typed."""
    expires_on = models.DateField()
    """Last day of validity."""
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    """1, 2, … while the claim is open; null once it is settled."""
    claimed_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["certificate", "place"], name="certificate_claim_place_is_taken_once"
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(proved_at__isnull=False, ended_at=None),
                name="certificate_claim_is_proved_once",
            ),
            models.UniqueConstraint(
                fields=["certificate", "mail_address"],
                condition=Q(ended_at=None),
                name="certificate_claim_stands_once_for_an_address",
            ),
            models.CheckConstraint(
                condition=Q(place=None) | Q(place__gte=1),
                name="certificate_claim_place_counts_from_one",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class LimitQuerySet(models.QuerySet["Limit"]):
    """Counts by conditional UPDATE, so that two requests at once are both counted."""


class Limit(models.Model):
    """How often one identity did one act in one window of time.  R-17.

    ``identity`` is a keyed digest, never an address.
    """

    identity = models.CharField(max_length=64)
    act = models.CharField(max_length=40)
    window_starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    objects = LimitQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["identity", "act", "window_starts_at"], name="limit_is_one_row_a_window"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.window_starts_at}"
