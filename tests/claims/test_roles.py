"""The table of docs/roles.md is the rule: each cell is tried, and a verb that it does not list fails."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from claims.check_import import intake
from claims.complaints import desk as complaints
from claims.complaints.receive import receive
from claims.imports import conflicts
from claims.models import ImportConflict, Recheck, ReviewVersion
from claims.notifying import chats
from claims.permissions import RULES, Facts, Refused, allowed, may_edit, rights
from claims.publication import words
from claims.publication.amended import amended
from claims.requests import source_requests
from claims.reviews import amendments, guests, merging, publish, rechecks, suggestions, suspension, workflow
from claims.reviews.evidence import attach_quote
from claims.roles import GROUPS, RIGHTS, Role, ensure_groups
from claims.site_pages import proposals
from claims.statements import link_claim
from claims.teamwork import assignments, comments, timers
from claims.tips import groups, inbox
from claims.visibility import restrict
from claims.watch import review_days, sweep
from sources.database.audit import acting
from tests import factories
from tests.claims.check_import import lists
from tests.factcheck.fixtures import story

ROOT = Path(__file__).resolve().parent.parent.parent
STATES = {"draft": "draft", "in review": "in_review", "approved": "approved", "published": "published"}
COLUMNS = [*(role.value for role in Role), "guest", "newsroom"]


class Cell(NamedTuple):
    verb: str
    state: str
    own: bool | None
    who: str
    expected: bool


def tables() -> list[list[list[str]]]:
    """The cells of each table of the page, without its head."""
    found = []
    for block in re.findall(r"^(?:\|.*\n)+", (ROOT / "docs/roles.md").read_text(), re.M):
        found.append([[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in block.splitlines()[2:]])
    return found


@cache
def cells() -> tuple[Cell, ...]:
    found = []
    for verb, states, whose, *answers in tables()[1]:
        assert set(answers[: len(COLUMNS)]) <= {"yes", "no"}, verb
        named = [""] if states == "–" else [STATES[each] for each in states.split(", ")]
        owned: list[bool | None] = {"own": [True], "others'": [False], "either": [True, False], "–": [None]}[whose]
        for state, own, (who, answer) in product(named, owned, zip(COLUMNS, answers, strict=False)):
            found.append(Cell(verb, state, own, who, answer == "yes"))
    return tuple(found)


def facts_of(cell: Cell, **others: bool) -> Facts:
    role = {each.value: each for each in Role}.get(cell.who)
    return Facts(
        rights=RIGHTS[role] if role else frozenset(),
        state=cell.state,
        is_author=bool(cell.own),
        is_guest=cell.who == "guest",
        is_newsroom=cell.who == "newsroom",
        **others,
    )


def test_the_table_is_complete() -> None:
    assert {cell.verb for cell in cells()} == set(RULES)
    for verb in RULES:
        tried = Counter((cell.state, cell.own, cell.who) for cell in cells() if cell.verb == verb)
        assert set(tried.values()) == {1}, f"{verb} has two answers"
        on_version = [*product(STATES.values(), (True, False), COLUMNS)]
        assert set(tried) in (set(on_version), {("", None, who) for who in COLUMNS}), f"{verb} leaves something out"


def test_each_cell_is_what_the_rules_say() -> None:
    wrong = [cell for cell in cells() if allowed(cell.verb, facts_of(cell)) != cell.expected]
    assert not wrong


def test_nobody_does_anything_to_a_claim_that_is_hidden_from_them() -> None:
    permitted = [cell for cell in cells() if allowed(cell.verb, facts_of(cell, is_hidden=True))]
    assert not permitted


def test_roles_held_together_add_up_and_never_approve_alone() -> None:
    every = frozenset().union(*RIGHTS.values())
    for verb, state, own in product(RULES, ["", *STATES.values()], (True, False)):
        alone = [allowed(verb, Facts(rights=RIGHTS[role], state=state, is_author=own)) for role in Role]
        assert allowed(verb, Facts(rights=every, state=state, is_author=own)) == any(alone)
    assert not any(allowed("approve", Facts(rights=every, state=state, is_author=True)) for state in STATES.values())


# every verb of the code is on the page


def named(column: int) -> list[str]:
    return [name for row in tables()[2] for name in re.findall(r"`([^`]+)`", row[column])]


def functions() -> Iterator[str]:
    """Every public function of claims by which a person or a newsroom acts on rows."""
    for path in sorted((ROOT / "claims").rglob("*.py")):
        inside = path.relative_to(ROOT / "claims")
        program = inside.parts[0] == "imports" and inside.name not in {"conflicts.py", "merge_proposals.py"}
        if program or inside.parts[0] in ("admin", "api", "migrations") or inside.name == "inbox.py":
            continue  # screens and routes call these functions; programs import, and readers send tips
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
                if arguments & {"actor", "author", "submitter"}:
                    yield ".".join((*inside.with_suffix("").parts, node.name))


def buttons() -> Iterator[str]:
    """Every button that a page of the admin offers."""
    for path in sorted(each for app in ("claims", "sources", "factcheck") for each in (ROOT / app).rglob("*.py")):
        module = path.parent.name if path.stem in ("admin", "verbs") else path.stem
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Verb":
                yield f"{module}/{ast.unparse(node.args[0]).strip(chr(39))}"


@pytest.mark.parametrize(("column", "found"), [(1, functions), (2, buttons)])
def test_every_verb_of_the_code_is_on_the_page(column: int, found: Callable[[], Iterator[str]]) -> None:
    listed = named(column)
    assert set(found()) - set(listed) == set(), "docs/roles.md does not say whose verb this is"
    assert set(listed) - set(found()) == set(), "docs/roles.md lists what is not there"
    assert len(listed) == len(set(listed))


def test_each_verb_says_where_it_stands() -> None:
    assert [row[0] for row in tables()[2]] == list(dict.fromkeys(cell.verb for cell in cells()))


# the database, once a verb


def person(*roles: Role) -> User:
    user = User.objects.create_user(f"person-{User.objects.count()}", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=[GROUPS[role] for role in roles]))
    return User.objects.get(pk=user.pk)


def submitted() -> ReviewVersion:
    version = factories.draft()
    return workflow.submit(version, actor=version.author)


def _approve(user: User) -> Any:
    version = submitted()
    return workflow.approve(version, actor=user, shown=words.leaving(version).sha256)


def _raised() -> Recheck:
    page = factories.page()
    review = factories.published_review(of=page)
    factories.change(page, factories.PAGE_TEXT.replace("412", "312"))
    sweep.sweep()
    return review.rechecks.get()


def _decide(user: User) -> Any:
    return rechecks.confirm(_raised(), actor=user)


def _ask_the_source(user: User) -> Any:
    recheck = _raised()
    page = recheck.checks.latest("pk").evidence.page
    return source_requests.send(recheck, actor=user, page=page, grade="note", text="What changed?", recipient="them")


def _resume(user: User) -> Any:
    review = factories.published_review()
    suspension.suspend(review, actor=factories.editor(), reason="Doubt.")
    suspension.request_resume(review, actor=factories.editor(), note="It holds.")
    return suspension.resume(review, actor=user)


def _decide_on_suggestion(user: User) -> Any:
    version = submitted()
    (one,) = suggestions.suggest(version, changes={"summary": "Else."}, actor=factories.editor())
    with acting(user, reason="edited"):  # whoever it is: an author
        type(version).objects.filter(pk=version.pk).update(body="By her.")
    return suggestions.accept(one, actor=user)


def _attach(user: User) -> Any:
    options = {"url_or_page": factories.page(), "exact": factories.QUOTE, "stance": "supports"}
    return attach_quote(factories.draft(), actor=user, **options)


def _start_review(user: User) -> Any:
    return workflow.start_review(claim=factories.claim(), organisation=factories.organisation(), author=user)


def _opens(name: str) -> Callable[[User], Any]:
    """A page of the admin stands for verbs that are forms alone."""

    def open_page(user: User) -> int:
        client = Client(HTTP_HOST="localhost")
        client.force_login(user)
        status = client.get(reverse(f"admin:{name}_add")).status_code
        if status == 403:
            raise Refused("403")
        assert status == 200
        return status

    return open_page


def _edited() -> ReviewVersion:
    version = factories.published_review().latest_published()
    assert version is not None
    with acting(factories.editor(), reason="edit"):
        version.review.claim.text = "Another claim."
        version.review.claim.save()
    return version


def _submit_edits(user: User) -> Any:
    claim = _edited().review.claim
    return amendments.submit([claim.pk], actor=user, shown=amendments.shown_sha256(amended([claim])))


def _approve_edits(user: User) -> Any:
    amendment = _submit_edits(factories.editor())
    return amendments.approve(amendment, actor=user, shown=amendments.shown_sha256(amendments.now(amendment)))


def _contradicted() -> ImportConflict:
    with TemporaryDirectory() as folder:
        story.contradicted(Path(folder))
    return ImportConflict.objects.latest("pk")


def _ask_to_merge(user: User) -> Any:
    claim, into = (factories.published_review().claim for _ in range(2))
    shown = merging.reading("merge", claim, into).sha256
    return merging.request(claim, into, actor=user, reason="The same.", shown=shown)


def _approve_merge(user: User) -> Any:
    asked = _ask_to_merge(factories.editor())
    return merging.approve(asked, actor=user, shown=asked.sha256)


def _answer_complaints(user: User) -> Any:
    complaint = receive(about="fact", reporter="reader", text="It is wrong.").complaint
    complaints.answer(complaint, outcome="not_upheld", words="It holds.", actor=user)
    return complaint


def _answer_tips(user: User) -> Any:
    group = inbox.receive(actor="test", text="Is it so?").tip.group
    assert group is not None
    groups.link(group, factories.claim(), actor=user)
    return group


def _add_chat(user: User) -> Any:
    return chats.add(name="Desk", url="https://chat.example/hooks/secret", shape="slack", actor=user)


def _approve_page(user: User) -> Any:
    asked = proposals.waiting("method") or proposals.submit("method", text="We ask.", actor=factories.editor())
    return proposals.approve(asked, actor=user)


REAL: dict[str, Callable[[User], Any]] = {
    "write": lambda user: link_claim.claim_from_statement(factories.statement(), actor=user),
    "create": _start_review,
    "edit a version": _attach,
    "submit": lambda user: workflow.submit(factories.draft(), actor=user),
    "send back": lambda user: workflow.send_back(submitted(), actor=user),
    "approve": _approve,
    "suggest": lambda user: suggestions.suggest(submitted(), changes={"summary": "Else."}, actor=user),
    "decide on a suggestion": _decide_on_suggestion,
    "publish": lambda user: publish.publish(factories.approved(factories.draft()), actor=user),
    "discard": lambda user: workflow.discard(factories.draft(), actor=user) or True,
    "start the next version": lambda user: workflow.start_version(
        factories.published_review(), kind="update", actor=user
    ),
    "comment": lambda user: comments.comment(factories.claim(), text="Read.", actor=user),
    "assign": lambda user: assignments.assign(factories.claim(), actor=user, assignee=factories.editor()),
    "set a timer": lambda user: timers.set_timer(
        factories.approved(factories.draft()), at=factories.later(60), actor=user
    ),
    "decide on a re-check": _decide,
    "ask the source": _ask_the_source,
    "set a day of review": lambda user: review_days.set_day(
        factories.published_review(), actor=user, day=factories.later(9e5).date()
    ),
    "decide on an import": lambda user: conflicts.keep(_contradicted(), actor=user),
    "suspend": lambda user: suspension.suspend(factories.published_review(), actor=user, reason="Doubt."),
    "resume": _resume,
    "submit edits of published claims": _submit_edits,
    "approve edits of published claims": _approve_edits,
    "ask to merge claims": _ask_to_merge,
    "approve a merge of claims": _approve_merge,
    "answer tips": _answer_tips,
    "answer complaints": _answer_complaints,
    "define scales and organisations": _opens("claims_ratingscale"),
    "restrict a claim": lambda user: restrict(factories.claim(), members=[], actor=user),
    "invite a guest": lambda user: guests.invite(submitted(), guest=person(), actor=user),
    "look after watched pages": _opens("sources_page"),
    "read feeds": _opens("sources_feed"),
    "take over from Check": lambda user: intake.read_list(lists.items(lists.item(1)), name="list.csv", actor=user),
    "write a page of the site": lambda user: proposals.submit("method", text=f"We ask {user}.", actor=user),
    "approve a page of the site": _approve_page,
    "manage chats": _add_chat,
    "manage accounts": _opens("auth_user"),
    "manage newsrooms and keys": _opens("newsrooms_newsroom"),
}


def answers(verb: str) -> Iterator[tuple[Role, bool]]:
    """What each role may do to what others wrote, in some state; of verbs for one's own alone, to that."""
    all_cells = [cell for cell in cells() if cell.verb == verb]
    others = [cell for cell in all_cells if cell.own is not True]
    tried = others if any(cell.expected for cell in others) else all_cells
    for role in Role:
        yield role, any(cell.expected for cell in tried if cell.who == role)


def test_no_verb_is_left_out_of_the_database() -> None:
    assert set(REAL) == set(RULES)


@pytest.mark.django_db
@pytest.mark.parametrize("verb", RULES)
def test_the_real_verb_keeps_to_the_table(verb: str) -> None:
    permitted = dict(answers(verb))
    assert REAL[verb](person(next(role for role in Role if permitted[role])))
    for role in [*(role for role in Role if not permitted[role]), None]:
        with pytest.raises(Refused):
            REAL[verb](person(role) if role else person())


@pytest.mark.django_db
def test_a_superuser_has_no_editorial_right_without_a_role() -> None:
    root = User.objects.create_superuser("root")
    assert not rights(root) and not may_edit(root)
    for verb in ("write", "approve", "publish", "suspend", "restrict a claim"):
        with pytest.raises(Refused):
            REAL[verb](root)
    client = Client(HTTP_HOST="localhost")
    client.force_login(root)
    assert client.get(reverse("admin:claims_claim_changelist")).status_code == 200
    assert client.get(reverse("admin:claims_claim_add")).status_code == 403


@pytest.mark.django_db
def test_the_groups_are_reset_and_an_inactive_person_has_no_right() -> None:
    group = Group.objects.get(name=GROUPS[Role.ADMINISTRATOR])
    group.permissions.set(Group.objects.get(name=GROUPS[Role.EDITOR]).permissions.all())
    ensure_groups()
    left = {
        f"{each.content_type.app_label}.{each.codename}" for each in group.permissions.select_related("content_type")
    }
    assert left == RIGHTS[Role.ADMINISTRATOR]
    user = person(Role.CHIEF)
    assert rights(user)
    user.is_active = False
    assert not rights(user)
