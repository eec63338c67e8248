import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from factcheck.demo import pages
from factcheck.demo.folder import DemoError, DemoFolder
from factcheck.demo.pages import ABOUT, BULLETIN, FIGURES, LABEL, NOTICE, PAGES, SELF_EDIT
from factcheck.demo.site import MAX_FORM, Content, Site, self_edit_later


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


class Reader:
    """A reader of the site, with the headers a browser would send."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.site.server_port, timeout=5)) as client:
            client.request(method, path, body, headers)
            response = client.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read().decode())

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        return self.ask("POST", path, urlencode({"token": self.site.token, **fields}), **headers)


@pytest.fixture
def folder(tmp_path: Path) -> DemoFolder:
    folder = DemoFolder(tmp_path)
    folder.make()
    return folder


@pytest.fixture
def reader(folder: DemoFolder) -> Iterator[Reader]:
    with Site(0, Content(folder.path)) as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.01,))
        thread.start()
        yield Reader(site)
        site.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/", *PAGES])
def test_every_page_says_that_it_is_a_demo_and_runs_no_script(reader: Reader, path: str) -> None:
    answer = reader.ask("GET", path)
    assert answer.status == 200
    assert LABEL in answer.text
    assert "<script" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_three_pages_that_carry_quotes_say_them_once_and_whole(reader: Reader) -> None:
    for page in (NOTICE, FIGURES, BULLETIN):
        (quoted,) = [sentence for sentence in page.sentences() if sentence.quoted]
        assert reader.ask("GET", page.path).text.count(quoted.text) == 1


def test_an_edit_shows_on_the_page_and_outlives_a_restart(reader: Reader, folder: DemoFolder) -> None:
    changed = "As of June 1, units run public accounts in 15 localities. <b>&"
    assert reader.post(f"/edit{NOTICE.path}", {"start": changed}).status == 303
    assert "15 localities. &lt;b&gt;&amp;" in reader.ask("GET", NOTICE.path).text
    again = Content(folder.path)
    assert again.texts(NOTICE)["start"] == changed
    assert again.texts(NOTICE)["networks"] == "The accounts are found on Weibo and WeChat."
    assert again.texts(ABOUT) == {sentence.id: sentence.text for sentence in ABOUT.sentences()}


def test_an_emptied_sentence_is_gone_and_restoring_brings_it_back(reader: Reader) -> None:
    original = reader.ask("GET", NOTICE.path).text
    reader.post(f"/edit{NOTICE.path}", {"start": "  "})
    assert "50 localities" not in reader.ask("GET", NOTICE.path).text
    assert reader.post(f"/restore{NOTICE.path}", {}).headers["Location"] == NOTICE.path
    restored = reader.ask("GET", NOTICE.path).text
    assert restored.split("Last edited")[0] == original.split("Last edited")[0]


def test_the_form_tells_quoted_sentences_from_the_others(reader: Reader) -> None:
    form = reader.ask("GET", f"/edit{NOTICE.path}").text
    assert form.count("A published verdict rests on this sentence.") == 1
    assert form.count("Not quoted anywhere.") == len(list(NOTICE.sentences())) - 1
    assert 'href="/edit' not in form
    assert f'action="/edit{NOTICE.path}" method="get"' in reader.ask("GET", NOTICE.path).text


def test_what_did_not_change_is_answered_with_304(reader: Reader) -> None:
    first = reader.ask("GET", FIGURES.path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert reader.ask("GET", FIGURES.path, **{"If-None-Match": f'"other", W/{etag}'}).status == 304
    assert reader.ask("GET", FIGURES.path, **{"If-Modified-Since": modified}).status == 304
    # RFC 9110, 13.1.3: with If-None-Match the date does not count.
    conditions = {"If-None-Match": '"other"', "If-Modified-Since": modified}
    assert reader.ask("GET", FIGURES.path, **conditions).status == 200
    reader.post(f"/edit{FIGURES.path}", {"final": "They are final."})
    assert reader.ask("GET", FIGURES.path, **{"If-None-Match": etag}).status == 200
    assert reader.ask("GET", FIGURES.path, **{"If-Modified-Since": "yesterday"}).status == 200
    head = reader.ask("HEAD", FIGURES.path)
    assert head.status == 200
    assert head.text == ""


def test_saving_without_a_change_changes_nothing(reader: Reader) -> None:
    etag = reader.ask("GET", FIGURES.path).headers["ETag"]
    reader.post(f"/edit{FIGURES.path}", {"removed": next(iter(FIGURES.sentences())).text})
    assert reader.ask("GET", FIGURES.path).headers["ETag"] == etag


@pytest.mark.parametrize("host", ["factcheck.example", "127.0.0.1", "127.0.0.1.example:80", ""])
def test_a_foreign_name_pointed_at_this_machine_gets_nothing(reader: Reader, host: str) -> None:
    answer = reader.ask("GET", f"/edit{NOTICE.path}", Host=host)
    assert answer.status == 421
    assert reader.site.token not in answer.text
    assert reader.post(f"/edit{NOTICE.path}", {"start": "x"}, Host=host).status == 421
    assert "50 localities" in reader.ask("GET", NOTICE.path).text


def test_a_form_on_another_site_cannot_edit(reader: Reader) -> None:
    page = f"/edit{NOTICE.path}"
    assert reader.post(page, {"start": "x", "token": "guess"}).status == 403
    assert reader.ask("POST", page, "start=x").status == 403
    assert reader.post(page, {"start": "x"}, Origin="http://other.example").status == 403
    assert reader.ask("POST", page, "x" * (MAX_FORM + 1)).status == 413
    assert "50 localities" in reader.ask("GET", NOTICE.path).text
    # What a browser sends from our own form, which asks for no referrer.
    assert reader.post(page, {"start": "x"}, Origin="null").status == 303


def test_unknown_paths_and_methods_are_refused(reader: Reader) -> None:
    assert reader.ask("GET", "/nothing").status == 404
    assert reader.ask("GET", "/edit/nothing").status == 404
    assert reader.post("/nothing", {}).status == 404
    assert reader.post(f"/other{NOTICE.path}", {}).status == 404
    assert reader.ask("DELETE", NOTICE.path).status == 501


def test_the_site_changes_one_figure_of_a_quoted_sentence_once(folder: DemoFolder) -> None:
    content = Content(folder.path)
    thread = threading.Thread(target=self_edit_later, args=(content, folder, 0.1))
    thread.start()
    time.sleep(0.6)
    assert SELF_EDIT.before in content.texts(FIGURES)[SELF_EDIT.sentence]  # the demo is not in the database yet
    folder.seeded.touch()
    thread.join(5)
    (quoted,) = [sentence for sentence in FIGURES.sentences() if sentence.quoted]
    assert quoted.id == SELF_EDIT.sentence
    assert content.texts(FIGURES)[quoted.id] == quoted.text.replace("758,000", "785,000")
    content.restore(FIGURES)
    Content(folder.path).self_edit()
    assert json.loads((folder.path / "site.json").read_text())["edits"][FIGURES.path] == {}


def test_the_site_leaves_a_sentence_alone_that_somebody_has_edited(folder: DemoFolder) -> None:
    content = Content(folder.path)
    content.edit(FIGURES, {SELF_EDIT.sentence: "In all, 758,000 pieces were removed."})
    content.self_edit()
    assert content.texts(FIGURES)[SELF_EDIT.sentence] == "In all, 758,000 pieces were removed."
    assert Content(folder.path).has_self_edited


def test_the_port_stays_and_a_taken_one_is_told(folder: DemoFolder) -> None:
    port = folder.port()
    assert DemoFolder(folder.path.parent).port() == port
    with Site(port, Content(folder.path)), pytest.raises(DemoError, match=f"Port {port} .* is taken"):
        folder.port()


def test_passwords_are_made_once_and_kept_private(folder: DemoFolder) -> None:
    passwords = folder.passwords(("a", "b"))
    assert passwords["a"] != passwords["b"]
    assert folder.passwords(("a", "b")) == passwords
    assert (folder.path / "logins").stat().st_mode & 0o077 == 0


def test_a_noisy_page_changes_by_itself_but_for_its_sentences() -> None:
    texts = {sentence.id: sentence.text for sentence in BULLETIN.sentences()}
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    shown = [
        pages.page(BULLETIN, texts, modified=noon, turn=pages.turn_of_noise(noon + timedelta(seconds=seconds)))
        for seconds in (0, 29, 30, 61)
    ]
    assert shown[0] == shown[1]
    assert len(set(shown)) == 3
    assert all(text in html for html in shown for text in texts.values())
    often = {pages.turn_of_noise(noon + timedelta(seconds=seconds), 6) for seconds in (0, 5, 6, 13)}
    assert len(often) == 3
    quiet = {
        pages.page(NOTICE, {one.id: one.text for one in NOTICE.sentences()}, modified=noon, turn=turn)
        for turn in (noon, noon + timedelta(seconds=30))
    }
    assert len(quiet) == 1
