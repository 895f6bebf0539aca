"""Since when a reservation is what it is; for those changed before, from the ledger."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, _editor):
    """Take the cancellation, or the last change of the ledger."""
    Reservation = apps.get_model("reservations", "Reservation")
    CaseChange = apps.get_model("reservations", "CaseChange")
    changes = CaseChange.objects.filter(reservation=OuterRef("pk")).order_by("-changed_at")
    Reservation.objects.filter(revision__gt=1, revised_at=None).update(
        revised_at=Coalesce(F("cancelled_at"), Subquery(changes.values("changed_at")[:1]))
    )


class Migration(migrations.Migration):
    dependencies = [("reservations", "0002_add_case_changes")]

    operations = [
        migrations.AddField(
            model_name="reservation",
            name="revised_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
