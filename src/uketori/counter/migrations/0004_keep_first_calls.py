"""Reservations that somebody telephoned about before this was kept with them learn of it."""

from django.db import migrations
from django.db.models import Min, OuterRef, Subquery


def fill(apps, schema_editor):
    calls = apps.get_model('counter', 'Call').objects.filter(reservation=OuterRef('pk'))
    first = calls.order_by().values('reservation').annotate(first=Min('called_at')).values('first')
    reservations = apps.get_model('reservations', 'Reservation').objects
    reservations.filter(calls__isnull=False).update(first_telephoned_at=Subquery(first))


class Migration(migrations.Migration):

    dependencies = [
        ('counter', '0003_add_revision_of_a_call'),
        ('reservations', '0006_add_first_telephoned_at'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
