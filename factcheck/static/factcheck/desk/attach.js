// Comfort for choosing a quote: the words shown beside, several sentences from first to last, words by mouse, copies.
(() => {
  const form = document.getElementById("attach");
  if (!form) return;
  document.documentElement.classList.add("js");
  const boxes = [...form.querySelectorAll("input[name=s]")];
  const words = document.getElementById("chosen-words");
  const exact = document.getElementById("exact");
  const copies = document.getElementById("copies");
  const pattern = document.getElementById("copy-of");
  const text = (box) => box.parentElement.textContent.replace(/\s+/g, " ").trim();
  const chosen = () => boxes.filter((box) => box.checked);

  function show() {
    const on = chosen();
    const said = exact.value.trim() || on.map(text).join(" ");
    words.textContent = said ? `“${said}”` : words.dataset.none;
    const same = on.length === 1 ? boxes.filter((box) => text(box) === text(on[0])) : [];
    copies.querySelectorAll("label").forEach((label) => label.remove());
    copies.hidden = same.length < 2;
    if (copies.hidden) return;
    same.forEach((box, index) => {
      const label = pattern.content.firstElementChild.cloneNode(true);
      const before = boxes[boxes.indexOf(box) - 1];
      label.querySelector("b").append(` ${index + 1}`);
      label.querySelector(".hint").textContent = before ? `… ${text(before).slice(-60)}` : "";
      const radio = label.querySelector("input");
      radio.checked = box.checked;
      radio.addEventListener("change", () => {
        boxes.forEach((other) => { other.checked = other === box; });
        box.parentElement.scrollIntoView({ block: "center" });
        show();
      });
      copies.append(label);
    });
  }

  // A second tick reaches from the first; a third begins anew.
  form.addEventListener("change", (event) => {
    if (event.target.name !== "s") return;
    const box = event.target;
    exact.value = "";
    if (box.checked) {
      const others = chosen().filter((other) => other !== box).map((other) => boxes.indexOf(other));
      const here = boxes.indexOf(box);
      if (others.length === 1) {
        const [from, to] = [Math.min(others[0], here), Math.max(others[0], here)];
        boxes.forEach((other, index) => { other.checked = index >= from && index <= to; });
      } else if (others.length > 1) {
        boxes.forEach((other) => { other.checked = other === box; });
      }
    }
    show();
  });
  exact.addEventListener("input", show);

  // A mouse seldom hits the edge of a word.
  function wholeWords(said, all) {
    let from = all.indexOf(said);
    if (from < 0) return said;
    let to = from + said.length;
    const isLetter = (at) => at >= 0 && at < all.length && /[\p{L}\p{N}]/u.test(all[at]);
    while (isLetter(from) && isLetter(from - 1)) from -= 1;
    while (isLetter(to - 1) && isLetter(to)) to += 1;
    return all.slice(from, to);
  }

  // Words that were selected with the mouse are the quote; the sentences that they touch say where.
  document.addEventListener("mouseup", () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const touched = boxes.filter((box) => range.intersectsNode(box.parentElement));
    if (!touched.length) return;
    const all = touched.map(text).join(" ");
    const said = wholeWords(selection.toString().replace(/\s+/g, " ").trim(), all);
    if (said.length < 3) return;
    boxes.forEach((box) => { box.checked = touched.includes(box); });
    exact.value = said === all ? "" : said;
    show();
  });

  // Arrow keys go from sentence to sentence.
  form.addEventListener("keydown", (event) => {
    const at = boxes.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || !step || !boxes[at + step]) return;
    event.preventDefault();
    boxes[at + step].focus();
  });
  show();
})();
