"""The screens of the way out of Check."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.check_import import drafts, take_over
from claims.models import CheckImport, CheckItem, Rating, Restriction, Review
from claims.roles import GROUPS, Role
from tests import factories
from tests.claims.check_import import lists

pytestmark = pytest.mark.django_db
URL = "/admin/settings/check/"
ALWAYS = {"may_continue": lambda: True}


def at_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def posted(client: Client, *rows: list[str], name: str = "list.csv") -> CheckImport:
    data = lists.items(*rows).read()
    answer = client.post(URL, {"file": SimpleUploadedFile(name, data, content_type="text/csv")})
    made = CheckImport.objects.latest("pk")
    assert answer["Location"] == f"{URL}{made.pk}/"
    return made


def test_a_list_comes_in_and_its_statuses_become_ratings() -> None:
    ours = factories.organisation()
    client = at_desk(factories.editor())
    made = posted(client, lists.item(1), lists.item(2, status="<b>Odd</b>"), ["", *lists.item(3)[1:]])
    assert "It goes on in the background" in client.get(f"{URL}{made.pk}/").content.decode()
    take_over.take_over_waiting(**ALWAYS)
    page = client.get(f"{URL}{made.pk}/").content.decode()
    assert "&lt;b&gt;Odd" in page
    assert "neither a claim nor a title" in page
    wrong = Rating.objects.get(label="Wrong", scale__organisation=ours)
    fields = {"organisation": ours.pk, "status-0": "<b>Odd</b>", "status-1": "False"}
    client.post(f"{URL}{made.pk}/", {**fields, f"rating-{ours.pk}-0": "", f"rating-{ours.pk}-1": str(wrong.pk)})
    drafts.make_drafts(**ALWAYS)
    assert Review.objects.get().claim == CheckItem.objects.get(status="False").claim
    assert "has a draft" in client.get(f"{URL}{made.pk}/").content.decode()
    assert made.file_name in client.get(URL).content.decode()


def test_a_choice_for_a_status_that_moved_is_not_taken_for_another() -> None:
    ours = factories.organisation()
    client = at_desk(factories.editor())
    made = posted(client, lists.item(1))
    take_over.take_over_waiting(**ALWAYS)
    client.post(f"{URL}{made.pk}/", {"organisation": ours.pk, "status-0": "Other", f"rating-{ours.pk}-0": "0"})
    assert CheckItem.objects.get().draft_by is None


def test_the_report_is_a_table_without_formulas() -> None:
    client = at_desk(factories.editor())
    made = CheckImport.objects.create(
        file_name="=evil.csv",
        sha256="0" * 64,
        rows=1,
        report=[{"row": 2, "column": "=HYPERLINK(1)", "why": "+Why."}],
        started_by=factories.editor(),
    )
    answer = client.get(f"{URL}{made.pk}/report.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines() == ["row,column,why", "2,'=HYPERLINK(1),'+Why."]
    assert answer["Content-Disposition"].startswith("attachment")


def test_items_of_restricted_claims_are_their_members_alone() -> None:
    ann, ben = factories.editor(), factories.editor()
    made = posted(at_desk(ann), lists.item(1, "A very secret claim."))
    take_over.take_over_waiting(**ALWAYS)
    restriction = Restriction.objects.create(claim=CheckItem.objects.get().claim, created_by=ann)
    restriction.members.add(ann)
    assert "very secret" in at_desk(ann).get(f"{URL}{made.pk}/").content.decode()
    assert "very secret" not in at_desk(ben).get(f"{URL}{made.pk}/").content.decode()


def test_only_editors_may() -> None:
    reporter = User.objects.create_user("reporter", is_staff=True)
    reporter.groups.add(Group.objects.get(name=GROUPS[Role.REPORTER]))
    made = posted(at_desk(factories.editor()), lists.item(1))
    for path in (URL, f"{URL}{made.pk}/", f"{URL}{made.pk}/report.csv"):
        assert at_desk(reporter).get(path).status_code == 403
    assert at_desk(reporter).post(URL).status_code == 403


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\x00\x01\x02", b"%PDF"])
def test_another_file_is_refused_with_what_to_do(data: bytes) -> None:
    client = at_desk(factories.editor())
    answer = client.post(URL, {"file": SimpleUploadedFile("x.csv", data)}, follow=True)
    assert "In Check, open the list" in answer.content.decode() or "Choose the file" in answer.content.decode()
    assert not CheckImport.objects.exists()
