// Comfort for reading a document: statements open beside the text without a jump, words are selected, keys.
// Offsets count characters as the database does, by code points; elements with data-at say where their text begins.
const text = document.getElementById("text");
const off = document.body.dataset.keys === "off";
const length = (string) => [...string].length;

// Open a statement in place: the rail, the bar and the marks come from the page that the link leads to.
let going = 0;
async function open(url, { push = true, focus = true } = {}) {
  const mine = ++going;
  let answer;
  try {
    answer = await fetch(url, { headers: { Accept: "text/html" } });
  } catch {
    location.href = url;
    return;
  }
  if (mine !== going) return;
  if (!answer.ok || answer.redirected) { location.href = url; return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const column = page.querySelector("#text .column");
  if (mine !== going || !column) { location.href = url; return; }
  text.querySelector(".column").replaceWith(column);
  for (const id of ["sel", "bar"]) document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
  for (const nav of ["nav.seg", "nav.parts"]) {
    const others = page.querySelectorAll(nav);
    document.querySelectorAll(nav).forEach((each, place) => others[place] && each.replaceWith(others[place]));
  }
  if (push) history.pushState(null, "", url);
  document.getElementById("sel").scrollTop = 0;
  if (focus) current()?.focus({ preventScroll: true });
  current()?.scrollIntoView({ block: "nearest" });
  selection();
}

const current = () => text.querySelector("a.s[aria-current]");
const wide = matchMedia("(min-width: 68.01rem)");

document.addEventListener("click", (event) => {
  const link = event.target.closest("#text a.s, #sel a[data-key]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  if (link.closest("#text") && !getSelection().isCollapsed) { event.preventDefault(); return; }
  if (!wide.matches) return; // the rail stands below the text: the link leads there
  event.preventDefault();
  open(link.href);
});
addEventListener("popstate", () => open(location.href, { push: false, focus: false }));

// Selected words: where they begin and end in the document.
function offset(node, at) {
  const holder = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
  if (!holder || !text.contains(holder)) return null;
  const range = document.createRange();
  range.setStart(holder, 0);
  range.setEnd(node, at);
  const before = range.cloneContents();
  for (const each of before.querySelectorAll("[data-skip]")) each.remove();
  let count = Number(holder.dataset.at);
  for (const each of before.querySelectorAll("[data-n]")) { count += Number(each.dataset.n); each.remove(); }
  return count + length(before.textContent);
}

// A border of a selection that lies between two marked pieces is moved to the nearest one.
function border(range, first) {
  const own = offset(...(first ? [range.startContainer, range.startOffset] : [range.endContainer, range.endOffset]));
  if (own !== null) return own;
  const pieces = [...text.querySelectorAll("[data-at]")].filter((each) => range.intersectsNode(each));
  const piece = first ? pieces[0] : pieces.at(-1);
  if (!piece) return null;
  return first ? Number(piece.dataset.at) : offset(piece, piece.childNodes.length);
}

function selected() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return null;
  const range = chosen.getRangeAt(0);
  if (!range.intersectsNode(text) || !text.contains(range.commonAncestorContainer)) return null;
  const start = border(range, true), end = border(range, false);
  return start === null || end === null || start >= end ? null : { start, end };
}

function selection() {
  const form = document.getElementById("selected");
  if (!form) return;
  const words = selected();
  form.hidden = !words;
  if (words) { form.elements.start.value = words.start; form.elements.end.value = words.end; }
}
document.addEventListener("selectionchange", selection);

// Keys, while the text has the focus.
const press = (key) => document.querySelector(`#sel [data-key="${key}"], #bar [data-key="${key}"]`);

text.addEventListener("keydown", (event) => {
  if (off || event.metaKey || event.ctrlKey || event.altKey) return;
  const key = event.key === "?" ? "?" : event.key.toLowerCase();
  if (key === "?") { document.getElementById("keys").togglePopover?.(); event.preventDefault(); return; }
  if (key === "j" || key === "k") {
    const link = press(key);
    if (link) { event.preventDefault(); open(link.href); }
    return;
  }
  if (key === "a") {
    const form = document.getElementById("selected");
    if (form && !form.hidden) { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (key === "s") {
    const fold = document.getElementById("split");
    if (!fold) return;
    event.preventDefault();
    const words = selected();
    if (words) {
      fold.querySelector("[name=at]").value = words.start;
      fold.querySelector("form").requestSubmit();
      return;
    }
    fold.open = true;
    fold.querySelector("[name=before]").focus();
    return;
  }
  if ("clxe".includes(key) && key.length === 1) {
    const found = press(key);
    if (!found) return;
    event.preventDefault();
    if (key === "e") found.focus();
    else found.click();
  }
});

// What is typed to find the place of a split takes the place of an offset.
document.addEventListener("input", (event) => {
  if (event.target.id === "before") event.target.form.elements.at.value = "";
});
