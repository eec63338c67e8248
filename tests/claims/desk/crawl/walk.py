"""Walk from link to link through the desk as one person, and say what is wrong with each page."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

EACH = 2  # addresses of a kind that are asked for
RAW = re.compile(r"</?(span|div|p|a|b|li|td|ins|del|strong|em)\b[^<]{0,80}>|&(lt|gt|amp|quot|#x?\d+);|\{\{|\{%")
OBJECT = re.compile(r"object at 0x|<\w+: |QuerySet \[|'\w+': |: None\b|\bNone,|__proxy__|\bSafeString\b")
LIBRARY = re.compile(r"\b(Pgh|pip|pghistory|Unfold|Django|Celery|psycopg|UniqueViolation)\b|\bpgh_\w+")
_UNSEEN = "//script | //style | //template | //svg | //*[@hidden] | //head | //noscript"
_LABELLED = ("aria-label", "aria-labelledby", "title")
_NO_FIELD = {"hidden", "submit", "button", "image", "reset"}


@dataclass
class Seen:
    """A page as somebody got it."""

    address: str
    status: int
    is_ours: bool
    tree: Any = None
    faults: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return visible_text(self.tree)


def walk(client: Client, starts: list[str], *, rare: bool, each: int = EACH) -> Iterator[Seen]:
    """Every kind of page that links lead to from these addresses, `each` of a kind at most.

    A kind is a route and, of our own screens, the names in the query. Of the pages of rare tables one of a kind is
    asked for, those that screens of ours lead to; with `rare`, all. Addresses of `starts` may be refused to this
    person; a link that was shown to her may not.
    """
    asked: Counter[str] = Counter()
    known = set(starts)
    waiting = deque((start, "") for start in starts)
    while waiting:
        address, shown_on = waiting.popleft()
        kind = kind_of(address)
        if kind is None or (shown_on and asked[kind] >= (each if kind.endswith("]") else 1)):
            continue
        asked[kind] += 1
        seen = look(client, address)
        if shown_on and seen.status >= 400:
            seen.faults.append(f"answers {seen.status}, and {shown_on} links to it")
        yield seen
        if seen.tree is None or not (rare or seen.is_ours):
            continue
        for found in links(seen):
            if found not in known:
                known.add(found)
                waiting.append((found, address))


def kind_of(address: str) -> str | None:
    """The route and the names in the query; None for what is no page of the desk, or no GET."""
    parts = urlsplit(address)
    if parts.netloc or not parts.path.startswith("/admin/") or parts.path.startswith("/admin/logout"):
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return f"unknown {parts.path}"
    if match.namespace != "desk":
        return match.route  # a rare table, or a page of the account
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{match.route} {names[:2]}"


def links(seen: Seen) -> list[str]:
    found = [urldefrag(urljoin(seen.address, href))[0] for href in seen.tree.xpath("//a/@href")]
    return [href for href in dict.fromkeys(found) if href.startswith("/")]


def look(client: Client, address: str) -> Seen:
    """Ask for one address, and follow where it leads on."""
    response = client.get(address, follow=True)
    content = response.headers.get("Content-Type", "")
    status = response.status_code
    if not content.startswith("text/html") or getattr(response, "streaming", False) or not response.content:
        return Seen(address, status, False, faults=[] if status < 500 else [f"answers {status}"])
    body = response.content.decode()
    tree = html.document_fromstring(body)
    seen = Seen(address, status, "desk" in (tree.body.get("class") or "").split(), tree)
    if status >= 500:
        seen.faults.append(f"answers {status}")
    elif status < 400:
        seen.faults.extend(faults(seen, body, response.headers.get("Content-Security-Policy", "")))
    return seen


def faults(seen: Seen, body: str, policy: str) -> Iterator[str]:
    """What is wrong with a page, whoever made it; and with a screen of ours, by the rules of ours."""
    text = seen.text
    for name, pattern in (("mark-up", RAW), ("a thing of the program", OBJECT), ("a library", LIBRARY)):
        if found := pattern.search(text):
            yield f"{name} can be read: {text[max(0, found.start() - 40) : found.end() + 40]!r}"
    tree = seen.tree
    if not tree.get("lang"):
        yield "no language"
    if any(urlsplit(href).scheme in ("javascript", "data") for href in tree.xpath("//a/@href | //form/@action")):
        yield "a link that is a program"
    for link in tree.xpath("//a[starts-with(@href, 'http')]"):
        if "noreferrer" not in (link.get("rel") or ""):
            yield f"a link to elsewhere that says where it comes from: {link.get('href')}"
    if seen.is_ours:
        yield from faults_of_ours(seen, body, policy)


def faults_of_ours(seen: Seen, body: str, policy: str) -> Iterator[str]:
    tree = seen.tree
    headings = tree.xpath("//h1")
    if len(headings) != 1 or not headings[0].text_content().strip():
        yield f"{len(headings)} headings of the first grade"
    if len(tree.xpath("//main")) != 1:
        yield "not one main part"
    for name, count in Counter(tree.xpath("//@id")).items():
        if count > 1:
            yield f"the id {name} {count} times"
    for attribute in tree.xpath("//@*[starts-with(name(), 'on')] | //@style"):
        yield f"an inline {attribute.attrname}: {str(attribute)[:60]}"
    if tree.xpath("//style") or tree.xpath("//script[not(@src) and not(@type='application/json')]"):
        yield "an inline script or style"
    if re.search(r"unsafe-(inline|eval)", policy) or "script-src 'self'" not in policy:
        yield f"a loose policy: {policy}"
    for control in tree.xpath("//input | //select | //textarea"):
        if control.get("type", "").lower() not in _NO_FIELD and not is_labelled(tree, control):
            yield f"a field without a label: {control.get('name') or html.tostring(control)[:80]!r}"
    for control in tree.xpath("//button | //a[@href] | //summary"):
        if not name_of(control):
            yield f"a control without a name: {html.tostring(control)[:100]!r}"
    for image in tree.xpath("//img[not(@alt)]"):
        yield f"a picture without words: {image.get('src')}"
    for cards, count in Counter(
        " ".join(card.text_content().split()) for card in tree.xpath("//main//article | //main//tbody/tr")
    ).items():
        if count > 1 and cards:
            yield f"{count} times the same: {cards[:120]}"
    for level in tree.xpath("//h1 | //h2 | //h3 | //h4"):
        if not level.text_content().strip():
            yield "an empty heading"
    if re.search(r"[ap]\.m\.|\bUTC UTC\b", seen.text):
        yield "a time that is written in two ways"


def is_labelled(tree: Any, control: Any) -> bool:
    if any((control.get(name) or "").strip() for name in _LABELLED):
        return True
    if any(label.text_content().strip() for label in control.iterancestors("label")):
        return True
    own = control.get("id")
    return bool(own) and any(label.text_content().strip() for label in tree.xpath("//label[@for=$own]", own=own))


def name_of(control: Any) -> str:
    """A rough accessible name: what stands in it, or its label."""
    said = control.text_content().strip() or (control.get("aria-label") or control.get("title") or "").strip()
    return said or " ".join(control.xpath(".//img/@alt | .//*/@aria-label | .//title/text()")).strip()


def visible_text(tree: Any) -> str:
    """The text of a page without what is never shown."""
    copy = html.fromstring(html.tostring(tree))
    for gone in copy.xpath(_UNSEEN):
        if gone.getparent() is not None:
            gone.drop_tree()
    return " ".join(" ".join(copy.itertext()).split())
