"""What a mail tells and no row does: codes, keys and moments."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_repeats_and_failures")]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="facts",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
