"""What becomes of the items of a list: claims, topics, documents, comments, drafts, and a report of the rest."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command

from claims.authorship import contributions
from claims.check_import import drafts, take_over
from claims.check_import.intake import MOST_LINES, read_list
from claims.models import (
    Article,
    CheckImport,
    CheckItem,
    Claim,
    Comment,
    Notice,
    Publication,
    Rating,
    Restriction,
    Review,
    Topic,
)
from claims.permissions import Refused
from claims.roles import GROUPS, Role
from tests import factories
from tests.claims.check_import import lists

pytestmark = pytest.mark.django_db
ALWAYS = {"may_continue": lambda: True}


def came_in(*rows: list[str], labels: tuple[str, ...] = (), actor: User | None = None) -> CheckImport:
    made = read_list(lists.items(*rows, labels=labels), name="list.csv", actor=actor or factories.editor())
    take_over.take_over_waiting(**ALWAYS)
    made.refresh_from_db()
    return made


def test_an_item_becomes_a_claim_with_topics_and_comments() -> None:
    ann = factories.editor()
    made = came_in(
        lists.item(1, "412 bridges need repair.", tags="Bridges, Transport", answers=["Austria", ""]),
        labels=("Which country?", "Archive"),
        actor=ann,
    )
    claim = Claim.objects.get()
    assert (claim.text, claim.created_by_id) == ("412 bridges need repair.", ann.pk)
    assert {topic.name for topic in claim.topics.all()} == {"Bridges", "Transport"}
    texts = list(Comment.objects.filter(claim=claim, author=ann).values_list("text", flat=True))
    assert len(texts) == 2
    assert "Status: False" in texts[0]
    assert "https://checkmedia.org/desk/media/1" in texts[0]
    assert texts[1] == "Which country? (in Check):\nAustria"
    assert (made.rows, made.report, made.ended_at is not None) == (1, [], True)
    item = CheckItem.objects.get()
    assert (item.state, item.claim_id, item.status) == ("done", claim.pk, "False")


def test_nothing_is_published_and_no_review_is_made() -> None:
    came_in(*(lists.item(number) for number in range(3)))
    assert Claim.objects.count() == 3
    assert not Publication.objects.exists()
    assert not Review.objects.exists()


def test_the_same_file_again_makes_nothing_twice() -> None:
    rows = [lists.item(number, answers=["yes"]) for number in range(4)]
    first = came_in(*rows, labels=("Checked?",))
    counts = [model.objects.count() for model in (Claim, Comment, CheckItem, Topic)]
    rows[0][2] = "True"
    again = came_in(*rows, lists.item(9, answers=[""]), labels=("Checked?",))
    assert again.items.count() == 1
    assert [model.objects.count() - before for model, before in zip((Claim, CheckItem), counts[::2], strict=True)] == [
        1,
        1,
    ]
    assert first.items.order_by("row").first().status == "True"  # type: ignore[union-attr]
    assert Comment.objects.count() == counts[1] + 1


def test_a_claim_that_is_here_is_linked() -> None:
    held = factories.claim("412 bridges need repair.")
    came_in(lists.item(1, "“412 bridges need repair”", tags="Bridges"), lists.item(2, "412 Bridges  need repair"))
    assert Claim.objects.count() == 1
    assert set(CheckItem.objects.values_list("claim", flat=True)) == {held.pk}
    assert held.topics.count() == 0


def test_a_claim_that_is_hidden_from_the_person_does_not_exist_for_her() -> None:
    held = factories.claim("412 bridges need repair.")
    Restriction.objects.create(claim=held, created_by=factories.editor())
    came_in(lists.item(1, "412 bridges need repair."))
    assert Claim.objects.count() == 2
    assert not Comment.objects.filter(claim=held).exists()


def test_a_published_claim_is_linked_and_stays_as_it_is() -> None:
    review = factories.published_review()
    before = Publication.objects.count()
    text = review.claim.text
    header = [*lists.HEADER, "Link"]
    made = read_list(
        lists.file([header, [*lists.item(1, text), "https://social.example/p/1"]]), name="x", actor=factories.editor()
    )
    take_over.take_over_waiting(**ALWAYS)
    assert made.items.get().claim_id == review.claim_id
    assert review.claim.appearances.count() == 0
    assert Publication.objects.count() == before


def test_a_link_becomes_a_document_that_makes_the_claim() -> None:
    header = [*lists.HEADER, "Link"]
    rows = [[*lists.item(number, "One claim of two posts."), f"https://social.example/p/{number}"] for number in (1, 2)]
    read_list(lists.file([header, *rows]), name="x", actor=factories.editor())
    take_over.take_over_waiting(**ALWAYS)
    claim = Claim.objects.get()
    assert {each.document.url for each in claim.statements.select_related("document")} == {row[-1] for row in rows}
    assert set(claim.statements.values_list("document__kind", flat=True)) == {"post"}
    assert claim.statements.filter(speaker__isnull=False).count() == 0


def test_a_mention_in_an_annotation_tells_nobody() -> None:
    ben = factories.editor("ben")
    came_in(lists.item(1, answers=[f"@{ben.username} please look"]), labels=("Notes",))
    assert not Notice.objects.exists()


def test_what_cannot_come_in_is_reported_with_row_column_and_reason() -> None:
    made = came_in(
        lists.item(1),
        ["", *lists.item(2)[1:]],
        lists.item(3)[:4],
        lists.item(1, "Twice in the file."),
        lists.item(5, "x" * 10_001),
        lists.item(6, "evil \u202e text"),
        lists.item(7, "???"),
        lists.item(8, "A good one to end."),
    )
    assert [(line["row"], line["column"]) for line in made.report] == [(3, "Claim"), (4, ""), (5, "")]
    refused = made.items.filter(state="refused").order_by("row")
    assert [item.row for item in refused] == [6, 7, 8]
    assert all(item.why.endswith(".") for item in refused)
    assert made.rows == 8
    assert Claim.objects.count() == 2


def test_a_file_that_is_no_list_of_check_stores_nothing() -> None:
    for data in (b"", b"name,age\nada,36\n", b"%PDF-1.7 \x00\xff", b"\xff\xfe"):
        with pytest.raises(Refused):
            read_list(io.BytesIO(data), name="x.csv", actor=factories.editor())
    assert not CheckImport.objects.exists()


def test_a_report_has_an_end() -> None:
    rows = [["", f"https://check.example/{number}", *lists.item(1)[2:]] for number in range(MOST_LINES + 20)]
    made = read_list(lists.items(*rows), name="x", actor=factories.editor())
    assert len(made.report) == MOST_LINES + 1
    assert made.report[-1]["why"] == "20 more rows could not come in."
    assert made.ended_at is not None or CheckImport.objects.get().ended_at is not None


def test_hostile_cells_are_words(settings: Any) -> None:
    hostile = ["<script>alert(1)</script> claims", "=cmd|' /C calc'!A0 claims", "'; DROP TABLE claims_claim; -- claims"]
    came_in(*(lists.item(number, text, tags=text, status=text[:99]) for number, text in enumerate(hostile)))
    assert {claim.text for claim in Claim.objects.all()} == set(hostile)


def test_only_editors_take_over() -> None:
    reporter = User.objects.create_user("reporter", is_staff=True)
    reporter.groups.add(Group.objects.get(name=GROUPS[Role.REPORTER]))
    with pytest.raises(Refused, match="role of an editor"):
        read_list(lists.items(lists.item(1)), name="x", actor=reporter)


def test_who_lost_the_right_meanwhile_takes_nothing_over() -> None:
    ann = factories.editor()
    made = read_list(lists.items(lists.item(1)), name="x", actor=ann)
    ann.groups.clear()
    take_over.take_over_waiting(**ALWAYS)
    assert not Claim.objects.exists()
    assert "role of an editor" in made.items.get().why


def test_an_interrupted_run_goes_on() -> None:
    turns = iter([True, True, False])
    read_list(lists.items(*(lists.item(number) for number in range(3))), name="x", actor=factories.editor())
    assert take_over.take_over_waiting(may_continue=lambda: next(turns)) == 1
    assert take_over.take_over_waiting(**ALWAYS) == 2
    assert Claim.objects.count() == 3


def test_lists_of_fact_checks_bring_summary_and_article() -> None:
    ours, ann = factories.organisation(), factories.editor()
    rows = [
        ["1", "Bridges: a claim", "We counted.", "https://desk.example/bridges", "en", "published", "false"],
        ["2", "Roads: a claim", "", "", "pt_br", "unpublished", "true"],
    ]
    made = read_list(lists.file([lists.FACT_CHECKS, *rows]), name="x", actor=ann)
    take_over.take_over_waiting(**ALWAYS)
    assert list(Claim.objects.order_by("pk").values_list("language", flat=True)) == ["en", "pt-br"]
    assert drafts.ask_for_drafts(made, organisation=ours, ratings={"": drafts.WITHOUT_RATING}, actor=ann) == 2
    assert drafts.make_drafts(**ALWAYS) == 2
    version = Review.objects.get(claim__text="Bridges: a claim").versions.get()
    assert (version.summary, version.state, version.rating, version.author_id) == ("We counted.", "draft", None, ann.pk)
    assert version.review.article is not None
    assert version.review.article.url == "https://desk.example/bridges"
    assert Article.objects.count() == 1


def test_whoever_brought_the_list_wrote_its_words_whoever_chooses_the_ratings() -> None:
    ours, ann, ben = factories.organisation(), factories.editor("ann"), factories.editor("ben")
    here = factories.claim("Bridges: a claim", created_by=ben)
    rows = [["1", here.text, "We counted.", "https://desk.example/bridges", "en", "published", "false"]]
    made = read_list(lists.file([lists.FACT_CHECKS, *rows]), name="x", actor=ann)
    take_over.take_over_waiting(**ALWAYS)
    wrong = ours.scales.get().ratings.get(label="Wrong")
    drafts.ask_for_drafts(made, organisation=ours, ratings={"": wrong.pk}, actor=ben)
    drafts.make_drafts(**ALWAYS)
    version = here.reviews.get().versions.get()
    assert (version.summary, version.rating, version.author) == ("We counted.", wrong, ben)
    wrote = {(each.user_id, each.label) for each in contributions(version.pk)}
    assert {(ann.pk, "summary"), (ann.pk, "article"), (ben.pk, "rating")} <= wrote
    assert (ben.pk, "summary") not in wrote


def test_the_language_is_told_where_the_list_does_not_say_it() -> None:
    ann = factories.editor()
    header = [*lists.HEADER, "Language"]
    rows = [[*lists.item(1, "Short."), ""], [*lists.item(2, "Kurz."), "de"]]
    read_list(lists.file([header, *rows]), name="x", actor=ann, language="en")
    take_over.take_over_waiting(**ALWAYS)
    assert dict(Claim.objects.values_list("text", "language")) == {"Short.": "en", "Kurz.": "de"}
    with pytest.raises(Refused, match="BCP 47"):
        read_list(lists.items(lists.item(3)), name="x", actor=ann, language="English language")


def test_ratings_are_chosen_for_statuses_and_others_stay_without_a_review() -> None:
    ours, ann = factories.organisation(), factories.editor()
    wrong = Rating.objects.get(label="Wrong", scale__organisation=ours)
    made = came_in(
        lists.item(1, status="False"), lists.item(2, status="True"), lists.item(3, status="False"), actor=ann
    )
    assert drafts.ask_for_drafts(made, organisation=ours, ratings={"False": wrong.pk}, actor=ann) == 2
    assert drafts.make_drafts(**ALWAYS) == 2
    assert {review.versions.get().rating for review in Review.objects.all()} == {wrong}
    assert drafts.ask_for_drafts(made, organisation=ours, ratings={"False": wrong.pk}, actor=ann) == 0
    assert drafts.make_drafts(**ALWAYS) == 0
    assert Review.objects.count() == 2


def test_a_claim_that_our_organisation_reviews_already_gets_no_second_review() -> None:
    review, ann = factories.published_review(), factories.editor()
    made = came_in(lists.item(1, review.claim.text), actor=ann)
    drafts.ask_for_drafts(made, organisation=review.organisation, ratings={"False": 0}, actor=ann)
    drafts.make_drafts(**ALWAYS)
    assert Review.objects.count() == 1
    assert made.items.get().review_id == review.pk


def test_ratings_of_others_are_refused() -> None:
    ours, ann = factories.organisation(), factories.editor()
    made = came_in(lists.item(1), actor=ann)
    with pytest.raises(Refused):
        drafts.ask_for_drafts(made, organisation=ours, ratings={"False": 999_999}, actor=ann)
    ours.is_ours = False
    with pytest.raises(Refused):
        drafts.ask_for_drafts(made, organisation=ours, ratings={"False": 0}, actor=ann)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ann, path, report = factories.editor(), tmp_path / "list.csv", tmp_path / "report.csv"
    path.write_bytes(lists.items(lists.item(1), ["", *lists.item(2)[1:]]).read())
    call_command("import_check", str(path), "--user", ann.username, "--report", str(report))
    assert "2 rows read: 1 items taken over, 1 rows could not come in" in capsys.readouterr().out
    assert report.read_text("utf-8-sig").splitlines()[1].startswith("3,Claim,")
    call_command("import_check", str(path), "--user", ann.username)
    assert Claim.objects.count() == 1
    for wrong in ((str(path), "--user", "nobody"), (str(tmp_path / "none.csv"), "--user", ann.username)):
        with pytest.raises(CommandError):
            call_command("import_check", *wrong)
