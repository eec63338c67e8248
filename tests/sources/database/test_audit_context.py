"""Who is named in the audit rows."""

import pytest
from django.contrib.auth.models import User

from sources.database.audit import acting, acting_as, noted
from sources.models import Source

pytestmark = pytest.mark.django_db


def contexts() -> list[dict[str, object]]:
    return [event.pgh_context for event in Source.pgh_event_model.objects.order_by("pgh_id")]  # type: ignore[attr-defined]


def test_a_person_is_named_by_id_and_name_and_a_program_by_its_name() -> None:
    ana = User.objects.create_user("ana")
    with acting(ana, reason="file"):
        Source.objects.create(name="Roads")
    with acting_as("import", reason="import"):
        Source.objects.create(name="Rails")
    assert contexts() == [
        {"actor": "ana", "actor_id": ana.pk, "reason": "file"},
        {"actor": "import", "actor_id": None, "reason": "import"},
    ]


def test_what_is_named_within_ends_with_it() -> None:
    ana, ben = User.objects.create_user("ana"), User.objects.create_user("ben")
    with noted(actor="ana", actor_id=ana.pk, url="/admin/"):
        with acting_as("import", reason="import"):
            Source.objects.create(name="A")
        with pytest.raises(ValueError, match="stop"), acting(ben, reason="file"):
            raise ValueError("stop")
        Source.objects.create(name="B")
    assert contexts() == [
        {"actor": "import", "actor_id": None, "reason": "import", "url": "/admin/"},
        {"actor": "ana", "actor_id": ana.pk, "url": "/admin/"},
    ]
