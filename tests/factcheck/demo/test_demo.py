"""The first two minutes of a newcomer, on everything that `up` starts: a quote breaks, its claim is flagged."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
import pytest

from factcheck.demo import DEMO_ACCOUNTS
from factcheck.demo.pages import ABOUT, BULLETIN, FIGURES, NOTICE, SELF_EDIT, SitePage
from factcheck.embedded import postgres
from tests.docs_walk import DocsWalk
from tests.running_demo import EDIT_AFTER, Newcomer, Up, ask, eventually, manage


def database(data: Path) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(postgres.database_url(data, role="app"), autocommit=True)


def swept(data: Path, page: SitePage, latest_text: str) -> bool:
    """Whether a text of the page with these words was seen, and every change of the page was looked at.

    A quiet poll keeps no text: there the poll that read what was sent last is enough.
    """
    with database(data) as connection:
        row = connection.execute(
            """
            SELECT (count(*) FILTER (WHERE text.text LIKE %(words)s) > 0 OR max(polling.quiet_polls) > 0)
                   AND count(*) FILTER (WHERE change.id IS NOT NULL AND sweep.change_id IS NULL) = 0
            FROM sources_page AS page JOIN sources_polling AS polling ON polling.page_id = page.id
            LEFT JOIN sources_change AS change ON page.id = change.page_id
            LEFT JOIN sources_snapshot AS after ON after.id = change.after_id
            LEFT JOIN sources_text AS text ON text.sha256 = after.text_id
            LEFT JOIN claims_sweep AS sweep ON sweep.change_id = change.id
            WHERE page.url LIKE %(url)s
            """,
            {"words": f"%{latest_text}%", "url": f"%{page.path}"},
        ).fetchone()
    return bool(row and row[0])


def quoted(page: SitePage) -> str:
    return next(sentence.text for sentence in page.sentences() if sentence.quoted)


@pytest.fixture
def ups(tmp_path: Path) -> Iterator[Callable[[], Up]]:
    """Starts `up`, as often as wanted in one data folder; what still runs at the end is stopped."""
    started: list[Up] = []

    def start() -> Up:
        started.append(Up(tmp_path / "data"))
        return started[-1]

    yield start
    for up in started:
        if up.process.poll() is None:
            up.stop()


def test_a_newcomer_sees_a_verdict_flagged_and_breaks_another(ups: Callable[[], Up], tmp_path: Path) -> None:
    up = ups()
    assert [line.split(" ")[0] for line in up.lines].count("ready") == 1
    newcomer = Newcomer(up)

    # At first everything stands.
    published = newcomer.claims()
    assert {claim["verification"]["status"] for claim in published} == {"checked"}
    assert {item["state"] for claim in published for r in claim["reviews"] for item in r["evidence"]} == {"intact"}
    assert [claim["demo"] for claim in published] == [True, True]
    newcomer.log_in("demo-editor-a")
    assert re.search(r">3</b>\s*stand where they stood", newcomer.see("/admin/"))
    quotes = unescape(newcomer.see("/admin/quotes/"))
    assert all(quoted(page) in quotes for page in (NOTICE, FIGURES, BULLETIN))

    # Sentences that nothing rests on are edited, by hand; the site changes a figure by itself.
    newcomer.edit(NOTICE, networks="The accounts are found on Weibo alone.")
    newcomer.edit(BULLETIN, children="There are 12 campaigns.")
    newcomer.edit(FIGURES, rounded="All figures are exact.")
    newcomer.edit(ABOUT, hours="The reading room is closed.")
    (broken,) = eventually(newcomer.flagged, EDIT_AFTER + 40).values()
    assert time.monotonic() - up.ready_at < EDIT_AFTER + 40
    assert broken["before"] == quoted(FIGURES)
    assert broken["after"] == quoted(FIGURES).replace(SELF_EDIT.before, SELF_EDIT.after)
    assert broken["result"] == "altered"
    assert "number" in broken["changed"]
    for page, words in ((NOTICE, "Weibo alone"), (BULLETIN, "12 campaigns"), (FIGURES, "are exact")):
        eventually(lambda page=page, words=words: swept(up.data, page, words), 40)
    assert list(newcomer.flagged()) == [quoted(FIGURES)]
    first_screen = newcomer.see("/admin/")
    assert ">figure changed<" in first_screen and re.search(r">1</b>\s*no longer stands", first_screen)
    queue = newcomer.see("/admin/rechecks/")
    links = set(re.findall(r'href="(/admin/rechecks/\d+/)"', queue))
    assert len(links) == 1
    shown = unescape(re.sub(r"<[^>]+>", "", newcomer.see(links.pop())))
    assert broken["before"] in shown
    assert broken["after"] in shown

    # Another quoted sentence, by hand.
    newcomer.edit(NOTICE, start=quoted(NOTICE).replace("50 localities", "15 localities"))
    flagged = eventually(lambda: len(found := newcomer.flagged()) == 2 and found, 40)
    assert flagged[quoted(NOTICE)]["after"] == quoted(NOTICE).replace("50", "15")

    # By now the noisy page has changed by itself, too, and was looked at.
    with database(up.data) as connection:
        query = "SELECT max(quiet_polls) FROM sources_polling"
        eventually(lambda: connection.execute(query).fetchone()[0] >= 2, EDIT_AFTER + 15)
    assert set(newcomer.flagged()) == {quoted(FIGURES), quoted(NOTICE)}

    made = manage(up.data, "newsroom", "A newsroom of our own")
    assert made.returncode == 0
    assert ask(f"{newcomer.web}/admin/nowhere/?token={newcomer.key}")[0] in (302, 404)
    assert up.stop() == 0
    assert set(newcomer.secrets()) == {"csrftoken", "factcheck_browser", "sessionid"}
    kept = {**up.secrets(), **newcomer.secrets(), "the second key": made.stdout.split()[-1]}
    assert [where for where, secret in kept.items() if secret in up.logged()] == []

    # What the walks below leave is somebody's work, with which the demo could not be taken out.
    as_it_was = tmp_path / "as it was"
    subprocess.run(["cp", "-a", up.data, as_it_was], check=True)

    # A second start has the same demo, and no second one.
    again = ups()
    assert [where for where, secret in kept.items() if secret in "".join(again.lines)] == []
    logins = manage(up.data, "demo", "logins").stdout
    assert all(up.said(rf"user {name} (password \S+)") in logins for name in DEMO_ACCOUNTS)
    assert again.said(r"rest on are at (http://\S+?)/?$") == newcomer.site
    newcomer.web = again.said(r"^ready (http://\S+)")
    assert len(newcomer.claims()) == 2
    assert "15 localities" in ask(f"{newcomer.site}{NOTICE.path}")[2]
    running = manage(up.data, "demo", "remove")
    assert running.returncode == 1
    assert "already runs" in running.stderr

    # The walks of the docs, word by word; they tell of both.
    if shutil.which("curl") or os.environ.get("CI"):
        walks = DocsWalk(newcomer, tmp_path)
        said = walks.walk("docs/api.md")
        assert said.count("needs_recheck | ") == len(newcomer.claims("?verification=needs_recheck"))
        assert all(each in said for each in (quoted(NOTICE), "etag: ", ": OK\n", "304", '"logged_as":"resumed"'))
        walks.walk("docs/webhooks.md")
        assert quoted(NOTICE) in walks.walk("README.md")
    assert again.stop() == 0
    shutil.rmtree(up.data)
    as_it_was.rename(up.data)

    # It can be taken out, but not with somebody's work in it.
    refused = manage(up.data, "demo", "remove")
    assert refused.returncode == 1
    assert "(1 newsroom)" in refused.stderr
    cluster = postgres.Cluster(up.data)
    cluster.start()
    with database(up.data) as connection:
        connection.execute("DELETE FROM newsrooms_keyuse")
        connection.execute("DELETE FROM newsrooms_apikey")
        connection.execute("DELETE FROM newsrooms_newsroom WHERE NOT is_demo")
    cluster.stop()
    removed = manage(up.data, "demo", "remove")
    assert removed.returncode == 0, removed.stderr
    assert {file.name for file in (up.data / "demo").iterdir()} == {"removed"}  # so that it does not come back
    cluster.start()
    with database(up.data) as connection:
        for table in ("claims_claim", "claims_publication", "sources_page", "auth_user", "newsrooms_newsroom"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    cluster.stop()
    assert not (up.data / "snapshots").exists()
