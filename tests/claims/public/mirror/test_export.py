"""The mirror on disk: every link leads somewhere, nothing but public words, and a second run writes what changed."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import CommandError, call_command

from claims.models import Review
from claims.proof import checkpoints, keys
from claims.public.mirror import export as mirror
from claims.public.mirror.addresses import target
from claims.public.mirror.files import LIST
from claims.public.mirror.rewrite import rewritten
from claims.reviews import publish, suspension, workflow
from tests import factories
from tests.claims.proof.conftest import data
from tests.claims.proof.test_verify_history import SCRIPT

__all__ = ["data"]
pytestmark = pytest.mark.django_db
HOST = "testserver"
BASE = f"http://{HOST}"


def exported(folder: Path) -> mirror.Folder:
    return mirror.export(folder, host=HOST, secure=False)


def content(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


class Links(HTMLParser):
    """What a page leads to, and the names of its places."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.actions: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src") if name in given]
        self.ids |= {given["id"]} if "id" in given else set()
        if tag == "form":
            self.actions.append(given.get("action", ""))
        assert tag != "script" or given["type"] == "application/ld+json"


def broken(folder: Path) -> list[str]:
    """Links of the mirror's pages that lead nowhere on disk, or that only a server understands."""
    found = []
    pages = {each: Links(each.read_text()) for each in folder.rglob("*.html")}
    for page, read in pages.items():
        for link in read.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            place = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            named = pages[place].ids if parts.fragment and place in pages else {parts.fragment}
            if parts.netloc or parts.query or link.startswith("/") or not place.is_file():
                found.append(f"{page.relative_to(folder)}: {link}")
            elif parts.fragment not in named | {"main"}:
                found.append(f"{page.relative_to(folder)}: no place {link}")
        found += [f"{page}: form to {action}" for action in read.actions if not action.startswith(f"{BASE}/")]
    return found


def withdrawn(review: Review) -> None:
    version = workflow.start_version(review, kind="withdrawal", actor=factories.editor(), public_note="It was wrong.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)


@pytest.fixture
def review() -> Review:
    made = factories.published_review(factories.claim("412 bridges need repair."))
    factories.linked(made.claim)
    factories.published_again(made.claim)
    return made


def test_it_opens_from_disk_without_a_broken_link_and_holds_nothing_but_what_is_public(
    review: Review, tmp_path: Path
) -> None:
    gone = factories.published_review(factories.claim("The weir is sound."))
    withdrawn(gone)
    part = factories.published_review(factories.claim("412 bridges are to be repaired."))
    factories.merged(part.claim, into=review.claim)
    removed = factories.published_review(factories.claim("Removed words."))
    factories.redacted(removed.claim)
    draft = factories.draft(factories.claim("Nobody has read this yet."))
    assert checkpoints.write()
    done = exported(tmp_path / "site")
    files = content(tmp_path / "site")
    assert broken(tmp_path / "site") == []
    assert done.written == len(files) - 1 and done.removed == 0
    for name in (
        *("index.html", "topics.html", "corrections.html", "method.html", "policy.html", "about.html", "feed.atom"),
        *(f"claims/{each.claim.public_id}.html" for each in (review, gone, part, removed)),
        *(f"embed/{review.claim.public_id}.html", f"claims/{review.claim.public_id}/proof.html"),
        *(f"claims/{review.claim.public_id}/proof.json", "proof/log.ndjson.gz", "static/factcheck/readers.css"),
    ):
        assert name in files, name
    words = b"\n".join(files.values())
    assert b"Nobody has read this yet." not in words and draft.review.claim.public_id.encode() not in words
    html = files[f"claims/{gone.claim.public_id}.html"].decode()
    assert "Withdrawn on" in html and f'href="{BASE}/claims/{gone.claim.public_id}/report' in html
    assert f'<link rel="canonical" href="{BASE}/claims/{gone.claim.public_id}">' in html


def test_the_script_verifies_a_claim_from_the_mirror_alone(review: Review, tmp_path: Path) -> None:
    assert checkpoints.write()
    exported(tmp_path / "site")
    page = (tmp_path / "site/claims" / review.claim.public_id / "proof.html").read_text()
    [command] = [each for each in page.split(">") if each.startswith("python proof/verify_history.py")]
    arguments = command.partition("<")[0].replace("KEY", keys.current().public).split()[1:]
    assert (tmp_path / "site" / arguments[0]).read_bytes() == SCRIPT.read_bytes()
    run = [sys.executable, "-I", *arguments]
    done = subprocess.run(run, cwd=tmp_path / "site", capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "Proved: 2 of 2 entries" in done.stdout, done.stderr


def test_a_second_run_writes_what_changed_and_removes_what_is_gone(review: Review, tmp_path: Path) -> None:
    site = tmp_path / "site"
    exported(site)
    again = exported(site)
    assert (again.written, again.removed) == (0, 0)
    damaged = site / "index.html"
    damaged.write_text("else")
    (site / "foreign.txt").write_text("mine")
    with factories.acting_as("editor"):
        suspension.suspend(review, actor=factories.editor(), reason="Looking.")
    later = exported(site)
    assert 0 < later.written < again.unchanged
    assert "Right" not in (site / f"embed/{review.claim.public_id}.html").read_text()
    assert "<h1" in damaged.read_text() and (site / "foreign.txt").read_text() == "mine"
    lines = (site / LIST).read_text()
    (site / LIST).write_text(lines + '{"file": "claims/clm_gone/proof.html", "state": "x"}\n{"file": "cut o')
    (site / "claims/clm_gone").mkdir()
    (site / "claims/clm_gone/proof.html").write_text("gone")
    assert exported(site).removed == 1
    assert not (site / "claims/clm_gone").exists() and (site / LIST).read_text() == lines
    assert broken(site) == []


def test_a_run_that_was_broken_off_resumes(review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    respond = mirror._Export._response

    def counted(self: mirror._Export, address: str) -> object:
        if len(made) == 8:
            raise KeyboardInterrupt
        made.append(address)
        return respond(self, address)

    monkeypatch.setattr(mirror._Export, "_response", counted)
    with pytest.raises(KeyboardInterrupt):
        exported(tmp_path / "site")
    first = list(made)
    made.clear()
    with pytest.raises(KeyboardInterrupt):
        exported(tmp_path / "site")
    assert len(set(made) - set(first)) >= 4, "pages of before are not made again"
    monkeypatch.undo()
    exported(tmp_path / "site")
    exported(tmp_path / "fresh")
    assert content(tmp_path / "site") == content(tmp_path / "fresh")


def test_it_takes_no_folder_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(CommandError, match="holds no mirror"):
        call_command("export_site", str(tmp_path), host=HOST)
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["letter.txt"]


def test_names_of_files_are_safe_and_different() -> None:
    addresses = ["/topics/a", "/topics/A%2F", "/topics/%2e%2e", "/topics/ä", "/topics/~", "/topics/a?before=1"]
    names = [found.file for each in addresses if (found := target(each))]
    assert names == [
        *("topics/a.html", "topics/~2E~2E.html", "topics/~C3~A4.html", "topics/~7E.html", "topics/a~before~3D1.html"),
    ]
    for away in ("/search?q=x", "/claims/clm_1/report", "/admin/", "/topics/a?utm=1", "/complaints/x", "/ask"):
        assert target(away) is None


def test_text_that_looks_like_a_link_stays_text() -> None:
    html = '<p>href=&quot;/topics&quot;</p><script type="application/ld+json">{"a": "href=\\"/topics\\""}</script>'
    assert rewritten(html, address="/", file="index.html", base=BASE).text == html


def test_the_live_site_may_have_a_host_that_this_process_does_not_answer(tmp_path: Path) -> None:
    factories.published_review()
    call_command("export_site", str(tmp_path / "mirror"), host="checks.elsewhere.example")
    assert (
        '<link rel="canonical" href="http://checks.elsewhere.example/">'
        in (tmp_path / "mirror" / "index.html").read_text()
    )
