"""The search of the bank looks in what may be chosen, not in stems alone."""

import html
import re
from typing import Any

from django.db import migrations

BREAK = "\n\n"
BATCH = 500


def add_options(apps: Any, schema_editor: Any) -> None:
    versions = apps.get_model("quizzes", "QuestionVersion").objects.exclude(gist__contains=BREAK)
    changed = []
    for version in versions.iterator(chunk_size=BATCH):
        parts = (version.content, *version.content.get("parts", ()))
        texts = [_plain(option["text"]) for part in parts for option in part.get("options", ())]
        if texts:
            version.gist = BREAK.join(filter(None, (version.gist, "\n".join(texts))))
            changed.append(version)
    versions.model.objects.bulk_update(changed, ["gist"], batch_size=BATCH)


def leave_options(apps: Any, schema_editor: Any) -> None:
    versions = apps.get_model("quizzes", "QuestionVersion").objects.filter(gist__contains=BREAK)
    changed = list(versions)
    for version in changed:
        version.gist = version.gist.partition(BREAK)[0]
    versions.model.objects.bulk_update(changed, ["gist"], batch_size=BATCH)


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", markup)).strip()


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0002_practice")]

    operations = [
        migrations.AlterModelOptions(
            name="questionversion",
            options={
                "ordering": ["-pk"],
                "verbose_name": "question",
                "verbose_name_plural": "questions",
            },
        ),
        migrations.RunPython(add_options, leave_options),
    ]
