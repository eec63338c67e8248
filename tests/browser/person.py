"""A person at the desk, in a browser context of her own, who finds what she presses by what it is called.

Controls are found by role and accessible name, as a screen reader finds them, and never by the classes of our pages.
Each press of a link, button, tick or radio is counted; typing and Tab are not. `Person` uses the mouse, `AtTheKeyboard`
nothing but keys, so that one journey can be walked by either.

Whatever the person sees is watched: a request to another origin, a dialog, an error of a script, something that the
policy of the page refused, visible mark-up or a page of an error fails the test at the next step.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 30_000  # milliseconds for a page to answer
RAW = re.compile(r"</?(span|div|p|a|b|li|td|ins|del)\b[^<]{0,80}>|&(lt|gt|amp|quot|#x?\d+);|\{\{|\{%|object at 0x")
_PRESSED = ("button", "link", "radio", "checkbox", "tab", "menuitem", "switch")
_VISIBLE = ":visible"
_FOCUSED = "el => el === document.activeElement"
_IS_BEFORE = """el => document.activeElement !== document.body &&
    !!(el.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"""
_HIDDEN_INPUT = """el => { const box = el.getBoundingClientRect(), style = getComputedStyle(el);
    return box.width < 4 || style.opacity === '0' || style.clipPath !== 'none' }"""
_UNFILLED = """el => el.type !== 'submit' || !el.form || el.form.noValidate || el.formNoValidate ? [] :
    [...el.form.elements].filter(each => each.willValidate && !each.validity.valid).map(each => each.name)"""
_MAX_TABS = 250


@dataclass
class Journey:
    """What a person did between two moments."""

    name: str
    presses: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    """The kinds of pages, in the order in which they were first seen: addresses without numbers and queries."""

    def at_most(self, presses: int, *, kinds: int | None = None) -> None:
        assert len(self.presses) <= presses, f"{self.name}: {len(self.presses)} presses: {self.presses}"
        assert kinds is None or len(self.kinds) <= kinds, f"{self.name}: {self.kinds}"


class Person:
    """Somebody with a mouse."""

    def __init__(self, context: Any, web: str, name: str = "", *, hostile: bool = False) -> None:
        self.web, self.name = web, name
        self.hostile = hostile  # whether the texts on the pages hold mark-up, which is then to be seen as such
        self.errors: list[str] = []
        self.journeys: list[Journey] = []
        self.ledger: list[Journey] = []
        self._pending: Any = None
        self.context = context
        self.page = context.new_page()
        self.page.set_default_timeout(TIMEOUT)
        watch(context, self.page, web, self.errors)
        self.page.on("request", self._requested)
        self.page.on("requestfailed", self._ended)
        self.page.on("framenavigated", lambda frame: self._ended() if frame == self.page.main_frame else None)

    def _requested(self, request: Any) -> None:
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self._pending = request

    def _ended(self, request: Any = None) -> None:
        if request is None or request == self._pending:
            self._pending = None

    # going and looking

    def open(self, path: str) -> "Person":
        """Go to an address by typing it, which is no press."""
        self.page.goto(path if path.startswith("http") else f"{self.web}{path}")
        self._settle()
        return self

    def reload(self) -> None:
        self.page.reload()
        self._settle()

    @property
    def address(self) -> str:
        return str(self.page.url)

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def heading(self) -> str:
        return " ".join(str(self.page.get_by_role("heading", level=1).first.inner_text()).split())

    @property
    def text(self) -> str:
        """What can be read on the page."""
        return " ".join(str(self.page.inner_text("body")).split())

    def sees(self, *words: str) -> bool:
        """Whether each of these can be read on the page, whatever letters the style makes big."""
        text = self.text.lower()
        return all(" ".join(each.split()).lower() in text for each in words)

    def must_see(self, *words: str) -> None:
        missing = [each for each in words if not self.sees(each)]
        assert not missing, f"{self.name} at {self.address} does not see {missing}: {self.text[:3000]}"

    def must_not_see(self, *words: str) -> None:
        seen = [each for each in words if self.sees(each)]
        assert not seen, f"{self.name} at {self.address} sees {seen}"

    def until(self, *words: str, seconds: float = 40) -> None:
        """Look again until these can be read: what the worker does comes a little later."""
        for _ in range(int(seconds / 0.5)):
            if self.sees(*words):
                return
            self.page.wait_for_timeout(500)
            self.reload()
        self.must_see(*words)

    # pressing and typing

    def offered(self, name: str, *, within: str = "") -> bool:
        """Whether something with this name can be pressed."""
        found = self._find(name, within)
        return found is not None and bool(found.is_enabled())

    def press(self, name: str, *, within: str = "") -> None:
        """Press the link or button, or choose the tick or radio, whose accessible name is this or begins so."""
        self._press(self._must_find(name, within), name)

    def press_what_says(self, words: str, *, within: str = "") -> None:
        """Press the link, tick or radio whose name holds these words: a sentence, a claim."""
        holding = re.compile(re.escape(words), re.I)
        for role in ("link", "checkbox", "radio"):
            found = self._scope(within).get_by_role(role, name=holding)
            if found.count():
                self._press(found.first, words)
                return
        raise AssertionError(f"{self.name} at {self.address} finds nothing to press that says “{words}”")

    def press_one_of(self, *names: str, within: str = "") -> None:
        """Press the first of these that is there."""
        for name in names:
            if self._find(name, within) is not None:
                self.press(name, within=within)
                return
        self._must_find(names[0], within)

    def fill(self, label: str, text: str, *, within: str = "") -> None:
        """Type into the field with this label, instead of what is in it."""
        self._type(self._field(label, within), text)

    def choose(self, label: str, option: str, *, within: str = "") -> None:
        """Choose from a list that folds out; one press, like a radio."""
        field = self._field(label, within)
        self._select(field, option)
        self._counted(f"{label}: {option}")
        self._settle()

    def upload(self, label: str, path: str, *, within: str = "") -> None:
        self._scope(within).get_by_label(_starting(label)).first.set_input_files(path)

    def reach(self, name: str, *, most: int) -> int:
        """How many Tabs after the skip link the control is; fails if it is not within `most`."""
        self.page.evaluate("document.activeElement && document.activeElement.blur()")
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")  # the skip link
        target = self._must_find(name, "")
        for count in range(1, most + 1):
            self.page.keyboard.press("Tab")
            if target.evaluate(_FOCUSED):
                return count
        raise AssertionError(f"{name} is not within {most} Tabs of the skip link at {self.address}")

    @contextmanager
    def counting(self, name: str | Journey) -> Iterator[Journey]:
        """Count presses and kinds of pages in the block; with a journey, on from where somebody else stopped."""
        journey = name if isinstance(name, Journey) else Journey(f"{name}, {self.hands}")
        self.journeys.append(journey)
        try:
            yield journey
            if journey not in self.ledger:
                self.ledger.append(journey)
        finally:
            self.journeys.remove(journey)

    hands = "by mouse"

    def _press(self, target: Any, name: str) -> None:
        self._may_leave(target, name)
        kind = str(target.evaluate("el => el.type || el.tagName").lower())
        if kind in ("radio", "checkbox") and target.evaluate(_HIDDEN_INPUT):
            target.evaluate_handle("el => el.labels[0]").as_element().click()
        else:
            target.click()
        self._counted(name)
        self._settle()

    def _may_leave(self, target: Any, name: str) -> None:
        """A form with a field that still has to be filled stays where it is, and the browser says so to nobody here."""
        empty = target.evaluate(_UNFILLED)
        assert not empty, f"{self.name} at {self.address} presses “{name}” without having filled {empty}"

    def _type(self, field: Any, text: str) -> None:
        field.fill(text)

    def _select(self, field: Any, option: str) -> None:
        labels = field.locator("option").all_inner_texts()
        field.select_option(label=next(each for each in labels if each.strip().startswith(option)))

    def _counted(self, name: str) -> None:
        for journey in self.journeys:
            journey.presses.append(name)

    # finding

    def _scope(self, within: str) -> Any:
        """The innermost named part of the page that holds these words: a card, a row, a region, a form."""
        if not within:
            return self.page
        parts = "article, section, li, tr, fieldset, dialog, [role=region], [role=dialog], [popover], details, form"
        return self.page.locator(parts).filter(has_text=within).filter(visible=True).last

    def _find(self, name: str, within: str) -> Any:
        scope = self._scope(within)
        for pattern in (_exactly(name), _starting(name)):
            for role in _PRESSED:
                for found in scope.get_by_role(role, name=pattern).all():
                    if found.is_visible() or role in ("radio", "checkbox"):
                        return found
            # a fold has no role of its own in the tree of roles
            folds = scope.locator(f"summary{_VISIBLE}").filter(has_text=pattern)
            if folds.count():
                return folds.first
        return None

    def _must_find(self, name: str, within: str) -> Any:
        for _ in range(20):
            found = self._find(name, within)
            if found is not None:
                return found
            self.page.wait_for_timeout(50)
        offers = sorted({each.strip().split("\n")[0] for each in self.page.locator(
            f"main button{_VISIBLE}, main a{_VISIBLE}, main summary{_VISIBLE}, main label{_VISIBLE}"
        ).all_inner_texts()})  # fmt: skip
        raise AssertionError(f"{self.name} at {self.address} finds no “{name}” (in “{within}”) among {offers}")

    def _field(self, label: str, within: str) -> Any:
        scope = self._scope(within)
        for pattern in (_exactly(label), _starting(label)):
            for found in scope.get_by_label(pattern).all():
                if found.is_visible() and found.evaluate("el => /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)"):
                    return found
        labels = sorted({each.strip() for each in self.page.locator(f"label{_VISIBLE}").all_inner_texts()})
        raise AssertionError(f"{self.name} at {self.address} finds no field “{label}” among {labels}")

    # after each step

    def _settle(self) -> None:
        """Wait until what the press began is there, and look at it."""
        self.page.wait_for_timeout(60)
        for _ in range(TIMEOUT // 20):
            if self._pending is None:
                break
            self.page.wait_for_timeout(20)
        assert self._pending is None, f"{self._pending.url} does not answer"
        self.page.wait_for_load_state()
        kind = re.sub(r"\d+", "N", self.path)
        for journey in self.journeys:
            if kind not in journey.kinds:
                journey.kinds.append(kind)
        self.look()

    def look(self) -> None:
        assert self.errors == [], (self.address, self.errors)
        text = str(self.page.inner_text("body"))
        if not self.hostile:
            raw = RAW.search(text)
            assert raw is None, f"mark-up can be seen at {self.address}: {raw and raw[0]}"
        assert not re.search(r"Server Error|Something went wrong on our side", text), self.address


class AtTheKeyboard(Person):
    """The same person without a mouse: Tab and Shift+Tab, Enter, Space, arrows, and letters."""

    hands = "by keyboard"

    def _go(self, target: Any) -> None:
        if target.evaluate(_FOCUSED):
            return
        key = "Shift+Tab" if target.evaluate(_IS_BEFORE) else "Tab"
        for _ in range(_MAX_TABS):
            self.page.keyboard.press(key)
            if target.evaluate(_FOCUSED):
                self._focus_is_seen(target)
                return
        raise AssertionError(f"the keyboard does not reach {target} at {self.address}")

    def _focus_is_seen(self, target: Any) -> None:
        """What has the focus shows it: by an outline, a shadow, or on its label or row."""
        seen = target.evaluate(
            """el => { for (let each = el, i = 0; each && i < 4; each = each.parentElement, i++) {
                const style = getComputedStyle(each);
                if ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none')
                    return true }
                const label = el.labels && el.labels[0];
                if (!label) return false;
                const style = getComputedStyle(label);
                return style.outlineStyle !== 'none' || style.boxShadow !== 'none' }"""
        )
        assert seen, f"the focus cannot be seen on {target} at {self.address}"

    def _press(self, target: Any, name: str) -> None:
        self._may_leave(target, name)
        kind = str(target.evaluate("el => el.type || el.tagName").lower())
        if kind == "radio":
            self._go_to_radio(target)
        else:
            self._go(target)
            self.page.keyboard.press("Space" if kind == "checkbox" else "Enter")
        self._counted(name)
        self._settle()

    def _go_to_radio(self, target: Any) -> None:
        """Into the group by Tab, to the radio by arrows; Space chooses one that none was chosen before."""
        group = target.evaluate_handle(
            "el => [...document.querySelectorAll(`input[type=radio][name='${el.name}']`)]"
            ".filter(each => each.form === el.form && !each.disabled)"
        )
        inside = "(all) => all.includes(document.activeElement)"
        key = "Shift+Tab" if target.evaluate(_IS_BEFORE) else "Tab"
        for _ in range(_MAX_TABS):
            if group.evaluate(inside):
                break
            self.page.keyboard.press(key)
        assert group.evaluate(inside), f"the keyboard does not reach {target} at {self.address}"
        for _ in range(int(group.evaluate("all => all.length"))):
            if target.evaluate(_FOCUSED):
                break
            self.page.keyboard.press("ArrowDown")
        assert target.evaluate(_FOCUSED), f"arrows do not reach {target} at {self.address}"
        if not target.is_checked():
            self.page.keyboard.press("Space")

    def _type(self, field: Any, text: str) -> None:
        self._go(field)
        self.page.keyboard.press("Control+a")
        if field.get_attribute("type") in ("date", "datetime-local", "time"):
            field.fill(text)  # the parts of a date are typed in an order that the system's language decides
        else:
            self.page.keyboard.insert_text(text)

    def _select(self, field: Any, option: str) -> None:
        self._go(field)
        self.page.keyboard.type(option)


def watch(context: Any, page: Any, web: str, errors: list[str]) -> None:
    """Let whatever leaves for elsewhere, asks, or fails in a script be an error of the page."""
    own = urlsplit(web).netloc

    def route(request: Any) -> None:
        url = urlsplit(request.request.url)
        if url.scheme in ("data", "blob", "about") or url.netloc == own:
            request.continue_()
            return
        errors.append(f"a request to {request.request.url}")
        request.abort()

    def dialog(asked: Any) -> None:
        # “Leave the page?” is asked by the browser, not by a page's text.
        if asked.type != "beforeunload":
            errors.append(f"a dialog: {asked.message}")
        asked.accept()

    def console(message: Any) -> None:
        if re.search(r"Content Security Policy|Refused to", message.text):
            errors.append(message.text)

    context.route("**/*", route)
    page.on("dialog", dialog)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", console)
    context.on("page", lambda opened: errors.append("a window opened"))


def _exactly(name: str) -> "re.Pattern[str]":
    return re.compile(rf"^\s*{re.escape(name)}\s*$", re.I)


def _starting(name: str) -> "re.Pattern[str]":
    return re.compile(rf"^\s*{re.escape(name)}(?!\w)", re.I)
