"""A bulk action whose process ends half-way."""

import pytest
from django.db import connections
from django.test import Client

from claims.desk.shell import verbs
from claims.desk.shell.verbs import Act, Verb
from claims.models import Claim
from sources.database.audit import acting
from tests import factories
from tests.claims.desk.teamwork.test_bulk import lines, post
from tests.conftest import LiveDatabase


def test_each_row_is_a_transaction_and_what_was_broken_off_resumes(live_database: LiveDatabase) -> None:
    open_during: list[bool] = []

    class Killed(BaseException):
        """The process ends here."""

    def run(act: Act) -> str:
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:  # what another process sees of the rows before
                cursor.execute("SELECT count(*) FROM claims_claim WHERE place = 'Here'")
                open_during.append(cursor.fetchone()[0])
        finally:
            other.close()
        if act.row.text == "Two" and len(open_during) == 2:
            raise Killed
        with acting(act.user, reason="test"):
            act.row.place = "Here"
            act.row.save()
        return "Moved."

    verbs.register("claim", Claim, [Verb("kill", "Kill", run)])
    try:
        client = Client()
        client.force_login(factories.editor())
        made = [factories.claim(text) for text in ("One", "Two", "Three")]
        with pytest.raises(Killed):
            post(client, "kill", made, csrfmiddlewaretoken="a")
        assert list(Claim.objects.filter(place="Here").values_list("text", flat=True)) == ["One"]
        told = lines(post(client, "kill", made, csrfmiddlewaretoken="a"))
        assert [(name, done) for name, done, _said in told] == [("One", True), ("Two", True), ("Three", True)]
        assert open_during == [0, 1, 1, 2], "the first row was done once"
    finally:
        del verbs._TABLES["claim"].verbs["kill"]
