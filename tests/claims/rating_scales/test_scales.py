"""The shipped scales are whole, and a change of them is a new version."""

import hashlib
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from claims.models import Verdict
from claims.rating_scales import scales as module
from claims.rating_scales.scales import SCALES_VERSION, VERDICTS, BadScale, read, scales, scales_by_host

# Version and digest of the data. A change of either without the other is an error; a change of the rules of matching
# takes a new version too.
DIGESTS = {1: "4545b9cf5bc1559f"}
GOOD: dict[str, Any] = {
    "publisher": "The Checkers",
    "names": ["The Checkers"],
    "hosts": ["checkers.example"],
    "languages": ["en"],
    "sources": ["pages"],
    "verified": True,
    "labels": [{"label": "Right", "value": 2, "verdict": "true"}, {"label": "Wrong", "value": 1, "verdict": "false"}],
}


def test_all_files_are_read() -> None:
    assert len(scales()) >= 50
    assert sum(len(scale.labels) for scale in scales().values()) > 500
    assert scales_by_host()["politifact.com"].name == "politifact"
    assert set(Verdict.values) == VERDICTS


def test_a_change_is_a_new_version() -> None:
    folder = files(module.__package__ or "")
    paths = [folder.joinpath("turning_words.toml")]
    paths += sorted(folder.joinpath("publishers").iterdir(), key=lambda path: path.name)
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in paths if path.is_file())).hexdigest()[:16]
    assert DIGESTS[SCALES_VERSION] == digest, "raise SCALES_VERSION, and write the digest of the new version here"


def test_nobody_stands_behind_a_label_that_was_not_seen() -> None:
    """Where nothing of a publisher was seen, none of its labels maps."""
    for scale in scales().values():
        if set(scale.sources) == {"memory"}:
            assert not any(label.mapped for label in scale.labels), scale.name


def test_a_label_that_turns_itself_is_not_plainly_true_or_false() -> None:
    for name, text in (("poligrafo", "verdadeiro, mas"), ("chequeado", "verdadero, pero"), ("lupa", "verdadeiro, mas")):
        assert scales()[name].by_key[text].mapped is None


def test_shared_hosts_are_those_of_general_news() -> None:
    hosts = ("reuters.com", "apnews.com", "lemonde.fr", "washingtonpost.com", "abc.net.au", "tempo.co")
    assert all(host in scales_by_host()[host].shared_hosts for host in hosts)


def test_a_good_file_is_read() -> None:
    scale = read("checkers", GOOD)
    assert scale.by_key["right"].mapped == "true"
    assert scale.is_named("THE CHECKERS (fact checks)")
    assert not scale.is_named("Checkers")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hosts": ["www.checkers.example"]}, "without www"),
        ({"hosts": []}, "hosts is an empty list"),
        ({"shared_hosts": ["other.example"]}, "shared_hosts"),
        ({"sources": ["hearsay"]}, "sources are some of"),
        ({"colour": "red"}, "unknown colour"),
        ({"labels": [{"label": "Right", "verdict": "maybe"}]}, "unknown verdict"),
        ({"labels": [{"label": "…", "verdict": "true"}, {"label": ""}]}, "empty"),
        ({"labels": [{"label": "A", "value": 1}, {"label": "B", "value": 1}]}, "same value"),
        ({"labels": [{"label": "A", "value": "1"}]}, "no whole number"),
        ({"labels": [{"label": "Half true"}, {"label": "B", "spellings": ["HALF-TRUE"]}]}, "spelling of two"),
        ({"labels": [{"label": "A", "meaning": "x"}]}, "unknown meaning"),
    ],
)
def test_a_bad_file_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadScale, match=sentence):
        read("checkers", GOOD | changes)


def test_a_file_that_lacks_something_is_refused() -> None:
    with pytest.raises(BadScale, match="lacks hosts"):
        read("checkers", {name: value for name, value in GOOD.items() if name != "hosts"})


def test_two_scales_do_not_share_a_host() -> None:
    with pytest.raises(BadScale, match="belongs to"):
        module.by_host([read("one", GOOD), read("two", GOOD)])


def test_files_hold_facts_alone() -> None:
    """No definitions of labels, whose words are their publishers'."""
    for path in files(module.__package__ or "").joinpath("publishers").iterdir():
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        assert all(len(label["label"]) <= 60 for label in data["labels"])
