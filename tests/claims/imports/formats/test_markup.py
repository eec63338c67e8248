"""Structured data in pages: what readers of the page could meet is read, in any of three syntaxes; the rest is not."""

import html
import json
from time import process_time

import pytest

from claims.imports.formats.reading import Refusal
from claims.imports.formats.records import Record
from tests.claims.imports.formats.test_formats import read
from tests.claims.sample_claimreviews import claim_review

URL = "https://checkers.example/page"
MICRODATA = """
<article itemscope itemtype="https://schema.org/ClaimReview" itemref="more">
  <link itemprop="url" href="/2024/9"><h1 itemprop="headline">Nine <b>bridges</b>?</h1>
  <p itemprop="claimReviewed">9 bridges &amp; tunnels need repair.</p>
  <time itemprop="datePublished" datetime="2024-03-05">last week</time>
  <div itemprop="author publisher" itemscope itemtype="https://schema.org/Organization">
    <a itemprop="url" href="https://checkers.example/"><span itemprop="name">The Checkers</span></a></div>
  <div itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating">
    <meta itemprop="ratingValue" content="2"><meta itemprop="bestRating" content="5">
    <meta itemprop="worstRating" content="1"><b itemprop="alternateName">Mostly false</b></div>
</article>
<div id="more"><div itemprop="itemReviewed" itemscope itemtype="https://schema.org/Claim">
  <span itemprop="author" itemscope itemtype="https://schema.org/Person"><i itemprop="name">A. Minister</i></span>
  <link itemprop="appearance" href="https://paper.example/1"><link itemprop="appearance" href="https://paper.example/2">
</div></div>"""
RDFA = """
<div vocab="https://schema.org/" typeof="ClaimReview"><a property="url" href="https://checkers.example/2024/9">here</a>
  <p property="claimReviewed">9 bridges &amp; tunnels need repair.</p>
  <meta property="datePublished" content="2024-03-05">
  <div property="author" typeof="Organization"><b property="name">The Checkers</b></div>
  <div property="reviewRating" typeof="schema:Rating"><b property="schema:alternateName">Mostly false</b>
    <meta property="ratingValue" content="2"></div>
  <div property="itemReviewed" typeof="Claim"><p property="author" typeof="Person">
    <b property="name">A. Minister</b></p>
  </div></div>"""


def block(number: int) -> str:
    return f'<script type="application/ld+json">{json.dumps(claim_review(number))}</script>'


@pytest.mark.parametrize("markup", [MICRODATA, RDFA])
def test_microdata_and_rdfa_are_read(markup: str) -> None:
    (record,) = read(f"<!doctype html><title>x</title>{markup}", form="html", url=URL)
    assert isinstance(record, Record)
    assert (record.text, record.rating) == ("9 bridges & tunnels need repair.", "Mostly false")
    assert (record.publisher, record.url) == ("The Checkers", "https://checkers.example/2024/9")
    assert record.published_at is not None
    assert record.published_at.date().isoformat() == "2024-03-05"
    assert {place.speaker.name for place in record.appearances if place.speaker} == {"A. Minister"}
    if markup is MICRODATA:
        assert record.numbers == (2, 1, 5)
        assert record.title == "Nine bridges?"
        assert [place.url for place in record.appearances] == ["https://paper.example/1", "https://paper.example/2"]


def test_the_same_review_in_two_syntaxes_is_one() -> None:
    same = MICRODATA.replace("9 bridges &amp; tunnels", "9 bridges")
    (record,) = read(f"<!doctype html>{block(9)}{same}", form="html", url=URL)
    assert isinstance(record, Record)
    assert record.title == "Do 9 bridges need repair?"
    assert len(read(f"<!doctype html>{block(8)}{same}", form="html", url=URL)) == 2


@pytest.mark.parametrize(
    "page",
    [
        f"<!-- {block(1)} -->",
        f"<template>{block(1)}</template>",
        f'<div data-ld="{html.escape(json.dumps(claim_review(1)))}"></div>',
        f"<textarea>{block(1)}</textarea>",
    ],
)
def test_what_no_reader_of_the_page_can_meet_is_not_read(page: str) -> None:
    (refusal,) = read(f"<!doctype html>{page}", form="html", url=URL)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "The page has no ClaimReview in JSON-LD, microdata or RDFa."


@pytest.mark.parametrize(
    "page",
    [
        f'<iframe srcdoc="{html.escape(block(1))}"></iframe>',
        f"<noscript>{block(1)}</noscript>",
        block(1).replace("{", "/*<![CDATA[*/{", 1).replace("</script>", "/*]]>*/</script>"),
        block(1).replace(json.dumps(claim_review(1)), html.escape(json.dumps(claim_review(1)))),
        block(1).replace('"application/ld+json"', "'Application/LD+JSON; charset=utf-8' id=x"),
        block(1).replace('"ratingValue": 1', '"ratingValue": undefined'),
        block(1).replace("</script>", ";</script>"),
        block(1).replace("bridges need", "brid\x00ges need"),
    ],
)
def test_a_block_is_read_however_it_is_wrapped(page: str) -> None:
    (record,) = read(f"<!doctype html>{page}", form="html", url=URL)
    assert isinstance(record, Record)
    assert record.text == "1 bridges need repair."


def test_a_page_of_very_many_properties_takes_a_bounded_time() -> None:
    item = '<div itemscope itemtype="https://schema.org/ClaimReview">'
    wide = f"<!doctype html>{item}{'<b itemprop=claimReviewed>x</b>' * 100_000}</div>"
    deep = f"<!doctype html>{item}{'<b itemprop=name>x' * 20_000}</div>"
    began = process_time()
    for page in (wide, deep):
        (entry,) = read(page, form="html", url=URL)
        assert isinstance(entry, Refusal)
    assert process_time() - began < 20
