"""No moment of a visit stands before what led to it.

Times from paper could: who was absent before coming gets the moment of coming, and a no-show that
of the hour's beginning.  What was entered stays in the history of the visit.
"""

from django.db import migrations, models

IN_ORDER = (
    ('arrived_at', 'called_at'),
    ('arrived_at', 'served_at'),
    ('called_at', 'served_at'),
    ('arrived_at', 'late_at'),
    ('arrived_at', 'absent_at'),
    ('called_at', 'absent_at'),
    ('starts_at', 'no_show_at'),
)


def repair(apps, schema_editor):
    reservations = apps.get_model('reservations', 'Reservation').objects
    for first, then in IN_ORDER:
        wrong = reservations.filter(**{f'{then}__lt': models.F(first)})
        wrong.update(**{then: models.F(first)})


class Migration(migrations.Migration):

    dependencies = [
        ('bureaus', '0002_add_banner'),
        ('intermediaries', '0005_let_staff_move_an_address'),
        ('reservations', '0007_taken_out_by_the_bureau'),
    ]

    operations = [
        migrations.RunPython(repair, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('called_at__gte', models.F('arrived_at')), ('arrived_at', None), ('called_at', None), _connector='OR'), models.Q(('served_at__gte', models.F('arrived_at')), ('arrived_at', None), ('served_at', None), _connector='OR'), models.Q(('served_at__gte', models.F('called_at')), ('called_at', None), ('served_at', None), _connector='OR'), models.Q(('late_at__gte', models.F('arrived_at')), ('arrived_at', None), ('late_at', None), _connector='OR'), models.Q(('absent_at__gte', models.F('arrived_at')), ('arrived_at', None), ('absent_at', None), _connector='OR'), models.Q(('absent_at__gte', models.F('called_at')), ('called_at', None), ('absent_at', None), _connector='OR'), models.Q(('no_show_at__gte', models.F('starts_at')), ('starts_at', None), ('no_show_at', None), _connector='OR')), name='reservation_moments_are_in_order'),
        ),
    ]
