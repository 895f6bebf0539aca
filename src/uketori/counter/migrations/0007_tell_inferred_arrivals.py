"""Arrivals that were written together with an ending or a call learn that it told of them.

Both lines are of one act: the same person wrote them in the same moment.  What somebody recorded
of an arrival by itself has a moment of its own.
"""

from django.db import migrations
from django.db.models import Exists, OuterRef


def fill(apps, schema_editor):
    entries = apps.get_model('counter', 'VisitEntry').objects
    same = {one: OuterRef(one) for one in ('reservation', 'actor', 'recorded_at', 'happened_at')}
    for step in ('late', 'served', 'called_up'):
        told = entries.filter(step=step, **same)
        entries.filter(Exists(told), step='arrived', after='').update(after=step)


class Migration(migrations.Migration):

    dependencies = [
        ('counter', '0006_strike_calls'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
