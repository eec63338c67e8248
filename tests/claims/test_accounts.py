"""For 72 hours an account approves nothing that its maker wrote, however it was made, and the database says so."""

from collections.abc import Callable
from datetime import UTC, timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims import accounts
from claims.models import AccountChange, ReviewVersion, Sender
from claims.models.accounts.change import AccountChangeReading
from claims.newsroom_drafts.drafts import get_or_create_sender
from claims.permissions import Refused
from claims.publication.words import leaving
from claims.reviews import amendments, guests, suspension, workflow
from claims.roles import EDITORS, GROUPS, Role
from factcheck.newsrooms.keys import create_key, revoke_key
from factcheck.newsrooms.models import Newsroom
from sources.database.audit import acting, noted
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def ann() -> User:
    """An administrator who writes as well, in a desk that has published something."""
    factories.published_review(factories.claim("Something published."))
    user = factories.editor("ann")
    with noted(actor="administrator", actor_id=0):
        user.groups.add(Group.objects.get(name=GROUPS[Role.ADMINISTRATOR]))
    return user


def made(by: User, username: str = "puppet", *, group: str = EDITORS) -> User:
    with acting(by, reason="made an account"):
        user = User.objects.create_user(username, password="x", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
    return user


def submitted(author: User) -> ReviewVersion:
    return workflow.submit(factories.draft(factories.claim("Another claim."), author=author), actor=author)


def through(user: User, author: User) -> set[int | None]:
    return {hand.member for hand in accounts.same_hand(user, [author.pk])}


def cannot(user: User, author: User) -> None:
    """Neither the verb nor SQL as the role of the web processes lets the user approve what the author wrote."""
    user = User.objects.get(pk=user.pk)
    version = submitted(author)
    with pytest.raises(Refused, match="within the last 72 hours"):
        workflow.approve(version, actor=user, shown=leaving(version).sha256)
    approve = "UPDATE claims_reviewversion SET state = 'approved', approver_id = %s, approved_at = now(),"
    with (
        pytest.raises(Error, match="within 72 hours"),
        transaction.atomic(),
        acting(user, reason="raw"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{approve} approved_sha256 = repeat('0', 64) WHERE id = %s", [user.pk, version.pk])
    version.refresh_from_db()
    assert version.state == ReviewVersion.State.IN_REVIEW


def can(user: User, author: User) -> None:
    user = User.objects.get(pk=user.pk)
    version = submitted(author)
    assert workflow.approve(version, actor=user, shown=leaving(version).sha256).approver == user


def test_an_administrator_makes_an_account_and_approves_her_own_text_with_it(ann: User) -> None:
    puppet = made(ann)
    cannot(puppet, ann)
    can(puppet, factories.editor())
    assert ann.pk in through(puppet, ann)


def test_a_part_is_enough(ann: User) -> None:
    """She changes a colleague's draft, and lets her own account approve it."""
    puppet, ben = made(ann), factories.editor("ben")
    draft = factories.draft(factories.claim("Another claim."), author=ben)
    with acting(ann, reason="edited"):
        draft.summary = "The report says the contrary."
        draft.save(update_fields=["summary"])
    version = workflow.submit(draft, actor=ben)
    puppet = User.objects.get(pk=puppet.pk)
    with pytest.raises(Refused, match="within the last 72 hours"):
        workflow.approve(version, actor=puppet, shown=leaving(version).sha256)
    approve = "UPDATE claims_reviewversion SET state = 'approved', approver_id = %s, approved_at = now(),"
    with (
        pytest.raises(Error, match="within 72 hours"),
        transaction.atomic(),
        acting(puppet, reason="raw"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{approve} approved_sha256 = repeat('0', 64) WHERE id = %s", [puppet.pk, version.pk])


def reporter(username: str = "rita") -> User:
    with noted(actor="administrator", actor_id=-1_000_000):
        user = User.objects.create_user(username, password="x", is_staff=True)
        user.groups.add(Group.objects.get(name=GROUPS[Role.REPORTER]))
    return user


def reset(user: User, by: User) -> None:
    with acting(by, reason="reset"):
        User.objects.filter(pk=user.pk).update(password=f"new {by}")
    user.refresh_from_db()


def test_siblings_are_one_person(ann: User) -> None:
    """She writes as one account that she let herself in to, and approves as another; neither is hers."""
    rita, puppet = reporter(), made(ann)
    can(puppet, rita)
    reset(rita, ann)
    cannot(puppet, rita)
    assert ann.pk in through(puppet, rita)
    ben = factories.editor("ben")
    can(ben, rita)
    reset(ben, ann)
    cannot(ben, rita)
    can(factories.editor(), rita)


def test_whoever_reset_the_log_in_of_an_author_approves_nothing_of_hers(ann: User) -> None:
    rita, ben = reporter(), factories.editor("ben")
    with noted(actor="administrator", actor_id=-2):
        ben.groups.set([Group.objects.get(name=GROUPS[Role.ADMINISTRATOR])])
    with acting(ben, reason="a role for myself"):
        ben.groups.add(Group.objects.get(name=EDITORS))
    can(User.objects.get(pk=ben.pk), factories.editor())
    reset(rita, ben)
    cannot(ben, rita)
    can(factories.editor(), rita)


def test_siblings_by_chains_are_one_person(ann: User) -> None:
    second = made(ann, "second", group=GROUPS[Role.ADMINISTRATOR])
    rita = made(second, "rita", group=GROUPS[Role.REPORTER])
    third = made(ann, "third", group=GROUPS[Role.ADMINISTRATOR])
    cannot(made(third, "fourth"), rita)


def test_a_part_by_a_sibling_is_enough(ann: User) -> None:
    rita, puppet, ben = reporter(), made(ann), factories.editor("ben")
    reset(rita, ann)
    draft = factories.draft(factories.claim("Another claim."), author=ben)
    with acting(rita, reason="edited"):
        draft.summary = "The report says the contrary."
        draft.save(update_fields=["summary"])
    version = workflow.submit(draft, actor=ben)
    with pytest.raises(Refused, match="both made, given a right or given a new password within"):
        workflow.approve(version, actor=User.objects.get(pk=puppet.pk), shown=leaving(version).sha256)


def test_the_refusal_names_whom_until_when_and_what_to_do(ann: User) -> None:
    rita, puppet = reporter(), made(ann)
    reset(rita, ann)
    until = AccountChange.objects.filter(account=puppet).latest("pk").at + timedelta(hours=72)
    said = accounts.why_not_approve(puppet, [rita.pk])
    first = f"{until.astimezone(UTC):%-d %b %H:%M}"
    assert said == (
        "Your account and that of rita, whose words these are, were both made, given a right or given a new password "
        f"within the last 72 hours by ann, so the two count as one person until {first} UTC. Ask another colleague, or "
        "come back then."
    )
    assert "The account rita, whose words these are, was made" in (accounts.why_not_approve(ann, [rita.pk]) or "")
    assert "within the last 72 hours by ann, whose words" in (accounts.why_not_approve(puppet, [ann.pk]) or "")


def test_chains_count(ann: User) -> None:
    second = made(ann, "second", group=GROUPS[Role.ADMINISTRATOR])
    third = made(second, "third")
    cannot(third, ann)
    assert ann.pk in through(third, ann) and {ann.pk, second.pk} <= through(third, second)


def groups_again(user: User) -> None:
    user.groups.clear()
    user.groups.add(Group.objects.get(name=EDITORS))


def deactivated_and_activated(user: User) -> None:
    for active in (False, True):
        user.is_active = active
        user.save()


def own_permission(user: User) -> None:
    user.user_permissions.add(Permission.objects.get(codename="approve_review"))


def by_raw_sql(statement: str) -> Callable[[User], None]:
    def run(user: User) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"id": user.pk})

    return run


CHANGES: dict[str, Callable[[User], None]] = {
    "password": lambda user: (user.set_password("new"), user.save())[1],  # type: ignore[func-returns-value]
    "e-mail": lambda user: User.objects.filter(pk=user.pk).update(email="mine@desk.example") and None,
    "user name": lambda user: User.objects.filter(pk=user.pk).update(username="other") and None,
    "group again": groups_again,
    "active again": deactivated_and_activated,
    "superuser": lambda user: User.objects.filter(pk=user.pk).update(is_superuser=True) and None,
    "own permission": own_permission,
    "raw password": by_raw_sql("UPDATE auth_user SET password = 'x' WHERE id = %(id)s"),
    "raw group": by_raw_sql(
        "INSERT INTO auth_user_groups (user_id, group_id) SELECT %(id)s, id FROM auth_group WHERE name = 'Chiefs'"
    ),
    "raw group moved": by_raw_sql(
        "UPDATE auth_user_groups SET group_id = (SELECT id FROM auth_group WHERE name = 'Chiefs')"
        " WHERE user_id = %(id)s"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_resets_or_grants_is_a_maker(ann: User, change: str) -> None:
    """An administrator takes over an old account, in each way that there is."""
    victim = factories.editor("victim")
    can(victim, ann)
    with acting(ann, reason=change):
        CHANGES[change](victim)
    cannot(victim, ann)
    row = AccountChange.objects.filter(account=victim, maker=ann, makes=True).latest("pk")
    assert (row.maker_name, row.reason, row.exempt, row.may_approve) == ("ann", change, False, True)


def test_a_permission_given_to_a_group_counts_for_its_members(ann: User) -> None:
    with noted(actor="administrator", actor_id=0):
        reporter = User.objects.create_user("reporter", is_staff=True)
        reporter.groups.add(Group.objects.get(name=GROUPS[Role.REPORTER]))
    with acting(ann, reason="group"):
        Group.objects.get(name=GROUPS[Role.REPORTER]).permissions.add(Permission.objects.get(codename="approve_review"))
    cannot(reporter, ann)


def test_what_one_does_to_ones_own_account_makes_nobody_a_maker(ann: User) -> None:
    ben = factories.editor("ben")
    with acting(ben, reason="own"):
        ben.set_password("new")
        ben.email = "ben@desk.example"
        ben.save()
    can(ben, ann)
    own = AccountChange.objects.filter(account=ben, what__in=["password", "email"])
    assert set(own.values_list("what", "makes")) == {("password", False), ("email", False)}


def test_a_maker_whom_the_audit_does_not_name_blocks(ann: User) -> None:
    with connection.cursor() as cursor:  # as in a transaction of its own
        cursor.execute("SELECT set_config('pghistory.context_metadata', '', true)")
    call_command("createsuperuser", interactive=False, username="root", email="root@desk.example")
    root = User.objects.get(username="root")
    with acting(root, reason="own role"):
        root.groups.add(Group.objects.get(name=EDITORS))
    assert through(root, ann) == through(ann, root) == {None}
    cannot(ann, root)
    with pytest.raises(Refused, match="whom the audit does not name"):
        workflow.approve(submitted(ann), actor=User.objects.get(pk=root.pk), shown="")


def test_accounts_made_before_anything_was_published_are_exempt() -> None:
    assert accounts.nothing_published()
    ann = factories.editor("ann")
    puppet = made(ann)
    can(puppet, ann)
    factories.published_review()
    assert not accounts.nothing_published()
    can(puppet, ann)


def test_the_database_lets_nobody_wait_faster(ann: User) -> None:
    puppet = made(ann)
    for statement in (
        "UPDATE claims_accountchange SET at = now() - interval '73 hours'",
        "UPDATE claims_accountchange SET exempt = true",
        "DELETE FROM claims_accountchange",
        "TRUNCATE claims_accountchange CASCADE",
        "ALTER TABLE auth_user DISABLE TRIGGER USER",
        "DROP FUNCTION factcheck_log_account CASCADE",
        "UPDATE auth_permission SET codename = 'approve_reviews' WHERE codename = 'approve_review'",
        "DELETE FROM auth_permission WHERE codename = 'view_topic'",
        "INSERT INTO auth_permission (name, content_type_id, codename) SELECT 'x', content_type_id, 'x'"
        " FROM auth_permission WHERE codename = 'approve_review'",
        "UPDATE auth_user SET id = 999999 WHERE username = 'puppet'",
        "CREATE OR REPLACE FUNCTION factcheck_circle(account bigint) RETURNS TABLE (member bigint, until timestamptz)"
        " LANGUAGE sql AS 'SELECT NULL::bigint, now() WHERE false'",
        "DROP FUNCTION factcheck_key_makers",
        "DROP FUNCTION factcheck_same_hand CASCADE",
    ):
        with pytest.raises(Error), transaction.atomic(), acting(ann, reason="raw"), connection.cursor() as cursor:
            cursor.execute(statement)
    cannot(puppet, ann)


def test_after_72_hours_it_may(ann: User) -> None:
    puppet = made(ann)
    # A row that is old already: nobody can make one older.
    long_ago = timezone.now() - timedelta(hours=73)
    old = factories.editor("old")
    AccountChange.objects.create(
        account=old, username="old", what="password", maker=ann, makes=True, may_approve=True, exempt=False, at=long_ago
    )
    can(old, ann)
    cannot(puppet, ann)


def test_no_password_and_no_hash_is_in_the_log(ann: User) -> None:
    puppet = made(ann)
    with acting(ann, reason="reset"):
        puppet.set_password("correct horse")
        puppet.save()
    rows = repr(list(AccountChange.objects.values()))
    assert puppet.password not in rows and "correct horse" not in rows


def test_resuming_a_review_is_an_approval_too(ann: User) -> None:
    review = factories.published_review(factories.claim("A third claim."))
    suspension.suspend(review, actor=ann, reason="A doubt.")
    suspension.request_resume(review, actor=ann, note="None any more.")
    puppet = made(ann)
    with pytest.raises(Refused, match="within the last 72 hours"):
        suspension.resume(review, actor=puppet)
    raw = "UPDATE claims_suspension SET resumed_by_id = %s, ended_at = now()"
    with (
        pytest.raises(Error, match="One person may be behind"),
        transaction.atomic(),
        acting(puppet, reason="raw"),
        connection.cursor() as cursor,
    ):
        cursor.execute(raw, [puppet.pk])
    suspension.resume(review, actor=factories.editor())


CARD = "of accounts that may approve"  # of the heading on the first screen, for one change and for many


def home(user: User) -> str:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client.get(reverse("admin:index")).content.decode()


@pytest.fixture
def chiefs() -> list[User]:
    """Two chiefs of old."""
    chiefs = [factories.editor("carla"), factories.editor("dora")]
    with noted(actor="administrator", actor_id=0):
        for chief in chiefs:
            chief.groups.add(Group.objects.get(name=GROUPS[Role.CHIEF]))
    return chiefs


def read_all(*readers: User) -> None:
    for reader in readers:
        for change in accounts.unread_grants(reader):
            accounts.mark_read(reader, change.pk)


def test_it_stands_on_every_chiefs_home_until_read(chiefs: list[User], ann: User) -> None:
    read_all(*chiefs)
    puppet = made(ann)
    assert CARD not in home(ann)
    assert all("puppet" in home(chief) and "added to a group: Editors" in home(chief) for chief in chiefs)

    change = AccountChange.objects.get(account=puppet, what="group")
    client = Client(HTTP_HOST="localhost")
    client.force_login(ann)
    address = reverse("desk:account_change_read", args=[change.pk])
    assert client.post(address).status_code == 403
    client.force_login(chiefs[0])
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert "puppet" not in home(chiefs[0])
    assert "puppet" in home(chiefs[1])


def test_whoever_lets_herself_in_as_a_chief_cannot_press_her_notices_away(chiefs: list[User], ann: User) -> None:
    carla, dora = chiefs
    read_all(*chiefs)
    reset(carla, ann)
    made(made(ann, "second", group=GROUPS[Role.ADMINISTRATOR]))
    factories.editor("other")
    hers = {ann.pk, User.objects.get(username="second").pk}
    rows = accounts.unread_grants(carla)
    theirs = {row.pk: row.maker_id not in hers for row in rows if row.account_id != ann.pk}
    assert set(theirs.values()) == {False, True}
    client = Client(HTTP_HOST="localhost")
    client.force_login(carla)
    for key in theirs:
        answer = client.post(reverse("desk:account_change_read", args=[key]), follow=True)
        assert ("stays unread until" in answer.content.decode()) is not theirs[key]
    left = set(accounts.unread_grants(carla).exclude(account=ann.pk).values_list("pk", flat=True))
    assert left == {key for key, honest in theirs.items() if not honest}
    assert any(row.account_id == carla.pk for row in accounts.unread_grants(carla))
    for key in left:
        with pytest.raises(Error, match="stays unread"), transaction.atomic(), acting(carla, reason="raw"):
            AccountChangeReading.objects.create(change_id=key, reader=carla)
    assert "Stays for 72 hours" in home(carla) and "puppet" in home(carla)
    assert "puppet" in home(dora) and "Stays for 72 hours" not in home(dora)
    read_all(dora)
    assert CARD not in home(dora)


def test_a_chief_let_in_by_somebody_unknown_reads_nothing_away(chiefs: list[User], ann: User) -> None:
    carla, dora = chiefs
    read_all(*chiefs)
    with connection.cursor() as cursor:  # as in a transaction of its own
        cursor.execute("SELECT set_config('pghistory.context_metadata', '', true)")
    User.objects.filter(pk=carla.pk).update(password="unknown")
    made(ann)
    assert all(accounts.mark_read(carla, row.pk) for row in accounts.unread_grants(carla))
    assert not any(accounts.mark_read(dora, row.pk) for row in accounts.unread_grants(dora))


def test_notices_are_not_hidden_by_a_later_date_of_joining(chiefs: list[User], ann: User) -> None:
    made(ann)
    with acting(ann, reason="edited"):
        User.objects.update(date_joined=timezone.now() + timedelta(days=9))
    assert all("puppet" in home(chief) for chief in chiefs)


def test_if_every_chief_was_let_in_lately_all_who_approve_are_told(chiefs: list[User], ann: User) -> None:
    ben = factories.editor("ben")
    reset(chiefs[0], ann)
    assert CARD not in home(ben)
    reset(chiefs[1], ann)
    assert CARD in home(ben)


def test_a_chief_of_her_own_making_is_told_by_no_one_else(chiefs: list[User], ann: User) -> None:
    """She takes the role from all chiefs, and gives it to an account of hers."""
    with acting(ann, reason="roles"):
        Group.objects.get(name=GROUPS[Role.CHIEF]).user_set.clear()
    made(ann, group=GROUPS[Role.CHIEF])
    assert all("puppet" in home(each) for each in chiefs)


def sender(name: str) -> Sender:
    return get_or_create_sender(Newsroom.objects.get(name=name).public_id, name)


def sent(name: str, sender: Sender) -> ReviewVersion:
    """A draft that the newsroom wrote by API and submitted."""
    draft = factories.draft(factories.claim(name), author=sender.user)
    return workflow.submit(draft, actor=sender.user)


def approves(user: User, version: ReviewVersion) -> bool:
    user = User.objects.get(pk=user.pk)
    try:
        return workflow.approve(version, actor=user, shown=leaving(version).sha256).approver == user
    except Refused as refused:
        assert "key" in str(refused) or "within the last 72 hours" in str(refused)
    approve = "UPDATE claims_reviewversion SET state = 'approved', approver_id = %s, approved_at = now(),"
    with (
        pytest.raises(Error, match="One person may be behind"),
        transaction.atomic(),
        acting(user, reason="raw"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{approve} approved_sha256 = repeat('0', 64) WHERE id = %s", [user.pk, version.pk])
    return False


def test_whoever_made_a_newsrooms_key_is_no_second_person_for_what_it_sends(ann: User) -> None:
    with acting(ann, reason="a key"):
        key = create_key("Puppet Paper", ["read", "write"])
    with noted(actor="partner", actor_id=-7):
        create_key("Other Paper", ["write"])
    with acting(ann, reason="a key that writes no drafts"):
        create_key("Other Paper", ["read", "tips"])
    puppet, other = sender("Puppet Paper"), sender("Other Paper")
    assert approves(ann, sent("A claim by another.", other))
    assert not approves(ann, sent("A claim by API.", puppet))
    assert not approves(made(ann), sent("A claim by API, once more.", puppet))
    assert approves(factories.editor(), sent("A third claim by API.", puppet))
    assert "You made a key with which Puppet Paper, by API writes" in (
        accounts.why_not_approve(ann, [puppet.user.pk]) or ""
    )
    with acting(factories.editor("ben"), reason="revoked"):
        revoke_key("Puppet Paper", key.split("_")[1])
    hand = accounts.same_hand(ann, [puppet.user.pk])[0]
    assert hand.until is not None and hand.until > timezone.now() + timedelta(hours=71)
    assert accounts.same_hand(User.objects.get(username="ben"), [puppet.user.pk]) == []


def test_a_newsroom_with_a_key_from_before_the_first_publication_is_nobodys() -> None:
    create_key("Old Paper", ["write"])
    factories.published_review(factories.claim("Something published."))
    assert approves(factories.editor(), sent("A claim by API.", sender("Old Paper")))


def test_who_hears_does_not_rest_on_the_name_of_a_group(chiefs: list[User], ann: User) -> None:
    with acting(ann, reason="a decoy"), connection.cursor() as cursor:
        cursor.execute("UPDATE auth_group SET name = 'Chiefs.' WHERE name = 'Chiefs'")
        cursor.execute("INSERT INTO auth_group (name) VALUES ('Chiefs')")
        User.objects.create_user("decoy").groups.add(Group.objects.get(name="Chiefs"))
    made(ann)
    assert all("puppet" in home(chief) for chief in chiefs)


def test_edits_of_published_claims_are_not_approved_by_the_same_hand(ann: User) -> None:
    published = factories.published_review(factories.claim("A claim to edit.")).claim
    rita, puppet = reporter(), made(ann)
    reset(rita, ann)
    rita, puppet = User.objects.get(pk=rita.pk), User.objects.get(pk=puppet.pk)
    with acting(rita, reason="edited"):
        published.text = "A claim that was edited."
        published.save()
    shown = amendments.shown_sha256(amendments.unpublished(rita))
    amendment = amendments.submit([published.pk], actor=rita, shown=shown)
    with pytest.raises(Refused, match="both made, given a right or given a new password within"):
        amendments.approve(amendment, actor=puppet, shown=shown)
    with (
        pytest.raises(Error, match="One person may be behind"),
        transaction.atomic(),
        acting(puppet, reason="raw"),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE claims_amendment SET state = 'approved', decided_at = now(), decided_by_id = %s", [puppet.pk]
        )
    assert amendments.approve(amendment, actor=factories.editor(), shown=shown).state == "approved"


def test_an_administrator_made_long_before_is_still_her_makers_when_it_makes_another(ann: User) -> None:
    """Ann makes an administrator, waits, and has it make an editor."""

    def row(account: User, maker: User, hours: int) -> None:
        AccountChange.objects.create(
            account=account,
            username=account.username,
            what="group",
            maker=maker,
            makes=True,
            may_approve=True,
            exempt=False,
            at=timezone.now() - timedelta(hours=hours),
        )

    second, third, other = (factories.editor(name) for name in ("second", "third", "other"))
    row(second, ann, 73)
    row(third, second, 2)
    cannot(third, ann)
    can(second, ann)
    row(other, third, 1)
    cannot(other, ann)
    row(second, factories.editor("old"), 75)
    can(third, User.objects.get(username="old"))


def test_chiefs_hear_of_administrators_and_nothing_is_buried(chiefs: list[User], ann: User) -> None:
    read_all(*chiefs)
    made(ann, "second", group=GROUPS[Role.ADMINISTRATOR])
    ben = factories.editor("ben")
    with acting(ann, reason="many"):
        for number in range(20):
            User.objects.filter(pk=ben.pk).update(email=f"ben-{number}@desk.example")
    shown = home(chiefs[0])
    assert "second" in shown and "added to a group: Administrators" in shown
    assert f"{accounts.unread_grants(chiefs[0]).count()} changes {CARD}" in shown


def test_by_the_admin_pages_the_maker_is_named(ann: User) -> None:
    client = Client(HTTP_HOST="localhost")
    client.force_login(ann)
    fields = {"username": "puppet", "password1": "correct-horse-9", "password2": "correct-horse-9"}
    client.post(reverse("admin:auth_user_add"), fields | {"usable_password": "true"})
    puppet = User.objects.get(username="puppet")
    assert ann.pk in through(puppet, ann)


def test_logging_in_with_an_outdated_hash_makes_nobody_a_maker(ann: User, settings: object) -> None:
    settings.PASSWORD_HASHERS = [  # type: ignore[attr-defined]
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    ben = factories.editor("ben")
    with acting(ben, reason="own"):
        User.objects.filter(pk=ben.pk).update(password=MD5PasswordHasher().encode("secret", "saltsalt"))
    Client(HTTP_HOST="localhost").post(reverse("account_login"), {"login": "ben", "password": "secret"})
    ben.refresh_from_db()
    assert ben.password.startswith("scrypt$")
    can(ben, ann)


def test_whoever_invites_a_guest_to_approve_is_a_maker(ann: User) -> None:
    """A chief invites somebody without a role, to approve what she wrote herself."""
    with noted(actor="administrator", actor_id=0):
        ann.groups.add(Group.objects.get(name=GROUPS[Role.CHIEF]))
        guest = User.objects.create_user("guest", is_staff=True)
    ann = User.objects.get(pk=ann.pk)
    for author, allowed in ((ann, False), (factories.editor(), True)):
        version = submitted(author)
        guests.invite(version, guest=guest, actor=ann)
        if allowed:
            assert workflow.approve(version, actor=guest, shown=leaving(version).sha256).approver == guest
        else:
            with pytest.raises(Refused, match="within the last 72 hours"):
                workflow.approve(version, actor=guest, shown=leaving(version).sha256)
    assert AccountChange.objects.filter(account=guest, what="guest", maker=ann).count() == 2
