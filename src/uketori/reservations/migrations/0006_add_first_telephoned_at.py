from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0005_find_those_without_an_ending'),
    ]

    operations = [
        migrations.AddField(
            model_name='reservation',
            name='first_telephoned_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
