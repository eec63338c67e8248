"""Two editors for benchmarks that publish, and an actor for what they write without a verb."""


def editors() -> tuple[object, object]:
    """An author and an approver, those of an earlier run if there are any.

    What the connection writes from now on by itself is the demo's, so nobody's.
    """
    from django.contrib.auth import get_user_model
    from django.db import connection

    from tests import factories

    with connection.cursor() as cursor:
        cursor.execute("""SELECT set_config('pghistory.context_metadata', '{"actor": "demo"}', false)""")
    known = {user.get_username(): user for user in get_user_model().objects.filter(username__in=("author", "approver"))}
    author, approver = (known.get(name) or factories.editor(name) for name in ("author", "approver"))
    return author, approver
