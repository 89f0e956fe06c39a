from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_extension_state")]

    operations = [
        migrations.AddIndex(
            model_name="unitresponse",
            index=models.Index(
                fields=["region", "state", "deadline_date"], name="response_region_due"
            ),
        ),
        migrations.RemoveIndex(model_name="unitresponse", name="response_region_state"),
    ]
