"""Two editors for benchmarks that publish, and an actor for what they write without a verb."""


def editors() -> tuple[object, object]:
    """An author and an approver. What the connection writes from now on by itself is the demo's, so nobody's."""
    from django.db import connection

    from tests import factories

    with connection.cursor() as cursor:
        cursor.execute("""SELECT set_config('pghistory.context_metadata', '{"actor": "demo"}', false)""")
    return factories.editor("author"), factories.editor("approver")
