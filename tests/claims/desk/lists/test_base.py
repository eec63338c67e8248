"""A list of the desk: filters and order in the address, honest counts and empty states, CSV as filtered."""

import csv
import io
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.test import RequestFactory

from claims.desk.lists import base
from claims.desk.lists.base import List
from claims.desk.lists.bulk import BulkVerb, offered
from claims.desk.lists.columns import Cell, Column
from claims.desk.lists.filters import Choice, Days, Typed
from claims.models import Claim, Topic
from claims.roles import GROUPS, Role
from claims.visibility import restrict, visible_claims
from tests import factories

pytestmark = pytest.mark.django_db


class Claims(List):
    """A list as an area would write it."""

    title, item, path = "Things", "claims", "desk:claims"
    search_label = "Words"
    permission = "claims.view_claim"
    order = "-made"
    nothing_yet = "Nothing has been made yet."
    columns = (
        Column("text", "Text", lambda row: Cell(row.text, lang=row.language, small=row.place), ("text",)),
        Column("language", "Language", lambda row: Cell(row.language, tone="plain"), ("language",)),
        Column("made", "Made", lambda row: row.created_at, ("created_at",), falls=True),
        Column("id", "Id", lambda row: row.public_id, only_csv=True),
    )
    filters = (
        Choice(
            "language",
            "Language",
            (("en", "English"), ("de", "German")),
            lambda rows, value, user: rows.filter(language=value),
        ),
        Typed("place", "Place", lambda rows, value, user: rows.filter(place__icontains=value)),
        Days(
            "made",
            "From",
            "To",
            lambda rows, first, last: rows.filter(
                **({"created_at__date__gte": first} if first else {}),
                **({"created_at__date__lte": last} if last else {}),
            ),
        ),
    )

    def rows(self) -> QuerySet[Any]:
        return visible_claims(self.user)

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(text__icontains=words)

    def url(self, row: Any) -> str:
        return f"/row/{row.pk}/"


def asked(address: str = "", of: type[List] = Claims, user: User | None = None) -> Any:
    request = RequestFactory().get("/admin/claims/" + address)
    request.user = user or factories.editor()
    return of.screen(request)


def told(address: str = "", of: type[List] = Claims, user: User | None = None) -> str:
    return str(asked(address, of, user).render().content.decode())


def lines(address: str = "", user: User | None = None) -> list[list[str]]:
    return lines_of(asked(f"?format=csv&{address}", user=user))


def lines_of(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode().removeprefix("\ufeff"))))


def texts_of(page: str) -> list[str]:
    """What the first cells of the rows say."""
    return [unescape(text) for text in re.findall(r'<th scope="row".*?<a href="[^"]+"[^>]*>(.*?)</a>', page, re.S)]


@pytest.fixture
def three() -> None:
    for text, language, place in (("Alpha", "en", "Oslo"), ("Beta", "de", ""), ("Gamma", "en", "Rome")):
        factories.claim(text, language=language, place=place)


def test_filters_and_order_stand_in_the_address(three: None) -> None:
    assert texts_of(told()) == ["Gamma", "Beta", "Alpha"]
    assert texts_of(told("?language=en&order=text")) == ["Alpha", "Gamma"]
    assert texts_of(told("?language=en&order=-text&place=rom")) == ["Gamma"]
    assert texts_of(told("?q=BET")) == ["Beta"]
    page = told("?language=en&order=-text")
    assert 'aria-sort="descending"' in page and 'name="order" value="-text"' in page
    assert '<option value="en" selected>' in page
    assert "/admin/claims/?language=en&amp;order=text" in page  # a press turns it round and keeps the filter


@pytest.mark.parametrize(
    "address",
    [
        "?language=xx&order=nothing&page=-1",
        "?page=999999999999999999999999&made_from=yesterday&made_to=2026-13-40",
        "?q=%00&place=%00%ff%ed%a0%80&language=%00",
        "?page=٣&order=-&order=text&made_from=٢٠٢٦-٠١-٠١",
        "?q=" + "x" * 5000,
    ],
)
def test_what_cannot_be_read_in_an_address_never_breaks_the_list(three: None, address: str) -> None:
    assert asked(address).render().status_code == 200


def test_it_says_which_part_of_the_address_it_could_not_read(three: None) -> None:
    page = told("?language=xx&made_from=yesterday")
    assert "“xx”, which is not one of the choices of “Language”" in page
    assert "“yesterday” is not a day" in page
    assert len(texts_of(page)) == 3


def test_a_filter_that_hides_rows_is_not_called_an_empty_table(three: None) -> None:
    page = told("?language=en&place=nowhere")
    assert "No rows match these filters." in page and "Nothing has been made yet." not in page
    assert 'href="/admin/claims/">Clear the filters' in page
    assert "There are no rows on this page" in told("?page=7")


def test_an_empty_table_says_so_whatever_is_filtered() -> None:
    for address in ("", "?language=en"):
        assert "Nothing has been made yet." in told(address)


def test_pages_do_not_count_a_big_table(monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any) -> None:
    monkeypatch.setattr(base, "COUNTED", 4)
    monkeypatch.setattr(Claims, "on_a_page", 2)
    for number in range(7):
        factories.claim(f"Claim {number}", language="en")
    user = factories.editor()
    user.get_all_permissions()
    with django_assert_max_num_queries(9):
        first = told("?order=text", user=user)
    assert "4 or more rows" in first and texts_of(first) == ["Claim 0", "Claim 1"]
    assert "page=2" in first and 'rel="prev"' not in first
    last = told("?order=text&page=4")
    assert texts_of(last) == ["Claim 6"] and "7 rows" in last and 'rel="next"' not in last


def test_equal_rows_keep_one_order_over_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Claims, "on_a_page", 3)
    for _number in range(9):
        factories.claim("Same", language="en")
    keys = [
        key for page in (1, 2, 3) for key in re.findall(r'href="/row/(\d+)/"', told(f"?order=language&page={page}"))
    ]
    assert len(keys) == len(set(keys)) == 9


def test_csv_holds_the_rows_as_filtered_in_order(three: None) -> None:
    head, *rows = lines("language=en&order=text")
    assert head == ["Text", "Language", "Made", "Id"]
    assert [row[0] for row in rows] == ["Alpha", "Gamma"]
    assert rows[0][3].startswith("clm_")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "\n=", " =", "\u00a0@", "＝", "＋"])
def test_csv_runs_nothing_in_a_spreadsheet(begins: str) -> None:
    factories.claim(f"{begins}HYPERLINK(1)", language="en")
    assert lines()[1][0].startswith("'") and "HYPERLINK(1)" in lines()[1][0]


def test_a_semicolon_begins_no_cell_of_the_csv() -> None:
    factories.claim("Nothing;=HYPERLINK(1)", language="en")
    sent = b"".join(asked("?format=csv").streaming_content).decode()
    assert '"Nothing;=HYPERLINK(1)"' in sent


def test_csv_is_bounded_and_says_so(three: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MOST_IN_CSV", 2)
    rows = lines("order=text")
    assert [row[0] for row in rows] == [
        "Text",
        "Alpha",
        "Beta",
        "Cut after 2 rows. Filter the list to get the others.",
    ]


def test_restricted_rows_are_in_no_list_and_no_csv(three: None) -> None:
    member, chief = factories.editor(), factories.editor()
    chief.groups.set(Group.objects.filter(name=GROUPS[Role.CHIEF]))
    restrict(Claim.objects.get(text="Beta"), members=[member], actor=User.objects.get(pk=chief.pk))
    assert "Beta" not in told() and "Beta" in told(user=member)
    assert [row[0] for row in lines()] == ["Text", "Gamma", "Alpha"]


def test_whoever_may_not_look_gets_neither_list_nor_csv() -> None:
    nobody = User.objects.create_user("nobody", is_staff=True)
    for address in ("", "?format=csv"):
        with pytest.raises(PermissionDenied):
            asked(address, user=nobody)
        with pytest.raises(PermissionDenied):
            asked(address, user=AnonymousUser())  # type: ignore[arg-type]


def test_a_list_has_one_heading_a_caption_and_labels(three: None) -> None:
    page = told()
    assert page.count("<h1") == 1 and "<caption" in page
    fields = re.findall(r'<(?:input|select)[^>]* id="(f-[^"]+)"', page)
    assert fields == ["f-q", "f-language", "f-place", "f-made_from", "f-made_to"]
    assert all(f'<label for="{field}">' in page for field in fields)
    assert 'style="' not in page and "onclick" not in page


def test_filters_fold_on_a_narrow_screen_unless_the_address_sets_one(three: None) -> None:
    [fold] = re.findall(r"<input type=.checkbox. data-fold[^>]*>", told("?q=a"))
    assert "checked" not in fold
    page = told("?q=a&language=en&place=x")
    [fold] = re.findall(r"<input type=.checkbox. data-fold[^>]*>", page)
    assert "checked" in fold and "2 set" in page


def test_hostile_text_is_text() -> None:
    factories.claim("<img src=x onerror=alert(1)> \u202eevil", language="en", place="<b>")
    page = told()
    assert "<img src=x" not in page and "<b>" not in page.partition("<table")[2].partition("</table>")[0]
    assert "[RLO]" in page


def test_a_bulk_verb_is_offered_to_whom_the_rule_allows_it() -> None:
    verb = BulkVerb("claim", "assign", "Assign", rule="assign")
    reader = User.objects.create_user("reader", is_staff=True)
    assert offered([verb], reader) == []


def test_topics_need_no_search() -> None:
    class Topics(List):
        title, item, path, nothing_yet = "Topics", "settings", "desk:claims", "No topics yet."
        columns = (Column("name", "Name", lambda row: row.name, ("name",)),)

        def rows(self) -> QuerySet[Any]:
            return Topic.objects.all()

    Topic.objects.create(name="Health", slug="health")
    assert "Health" in told("?q=x", of=Topics)
