"""When a mail was given up: it is counted by that moment and not by the one it was written."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce


def take_the_last_failure(apps: Any, _editor: Any) -> None:
    """Give dead mails the moment of their last attempt; why old ones were dropped nobody knows."""
    failures = apps.get_model("outbox", "FailedAttempt").objects.filter(mail=OuterRef("pk"))
    last = failures.order_by().values("mail").annotate(last=Max("at")).values("last")
    dead = apps.get_model("outbox", "OutgoingMail").objects.filter(state="dead")
    dead.update(given_up_at=Coalesce(Subquery(last), F("enqueued_at")))


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_facts_of_a_mail")]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="given_up_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                fields=["given_up_at"],
                condition=Q(given_up_at__isnull=False),
                name="outbox_given_up",
            ),
        ),
        migrations.RunPython(take_the_last_failure, migrations.RunPython.noop),
    ]
