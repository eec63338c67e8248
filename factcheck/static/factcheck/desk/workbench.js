// The workbench: keeps what is typed, and shows near claims. Without this script all works, with more presses.

const PAUSE = 1000; // milliseconds after the last key before what is typed is kept
const state = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "sitting"].includes(name)).map(([name, value]) => [name, String(value)]));

function keepsTyped(form) {
  const said = form.querySelector("[data-kept]");
  let kept = state(form);
  let timer;
  let leaving = false;
  // A sitting ends with a button: what is under way to be kept then must not come back after it was saved.
  const sitting = document.createElement("input");
  sitting.type = "hidden";
  sitting.name = "sitting";
  const begin = () => { sitting.value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""); };
  begin();
  form.append(sitting);
  const body = () => {
    const sent = new FormData(form);
    sent.set("typed_in", form.dataset.place);
    return sent;
  };
  const keep = async () => {
    clearTimeout(timer);
    const now = state(form);
    if (now === kept) return;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: body() });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      kept = now;
      if (said) said.textContent = (await answer.json()).kept;
    } catch {
      timer = setTimeout(keep, 4 * PAUSE);
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, PAUSE); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); setTimeout(() => { leaving = false; begin(); }, 5000); });
  addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; begin(); } });
  const keepNow = () => {
    const now = state(form);
    if (!leaving && now !== kept && navigator.sendBeacon(form.dataset.keep, body())) kept = now;
  };
  // Before the next page is asked for, so that it shows these words; `pagehide` comes only after its answer.
  document.addEventListener("submit", (event) => {
    if (event.target === form) return;
    const { drop, typed_in: place } = event.target.elements;
    if (!drop || place?.value !== form.dataset.place) { keepNow(); return; }
    leaving = true; // they are thrown away, with what is under way
    event.target.append(sitting.cloneNode());
  });
  addEventListener("beforeunload", keepNow);
  addEventListener("pagehide", keepNow);
}

async function near(box, body) {
  const address = new URL(box.dataset.near ?? box.dataset.nearText, location.href);
  if (!body) address.searchParams.set("part", "1");
  const answer = await fetch(address, body ? { method: "POST", body } : {});
  if (answer.ok && !answer.redirected) box.innerHTML = await answer.text();
}

function nearWhileTyping(box) {
  const form = document.getElementById(box.dataset.of);
  const field = form.elements.text;
  let timer;
  const look = () => {
    if (field.value.trim().length < 8) { box.replaceChildren(); return; }
    const sent = new FormData();
    for (const name of ["text", "language", "csrfmiddlewaretoken"]) sent.set(name, form.elements[name]?.value ?? "");
    sent.set("part", "1");
    near(box, sent).catch(() => {});
  };
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 600); });
  if (field.value) look();
}

function onlyOfKind(part) {
  const kind = part.closest("form").elements.kind;
  const show = () => { part.hidden = kind.value !== part.dataset.onlyKind; };
  kind.addEventListener("change", show);
  show();
}

for (const form of document.querySelectorAll("form[data-keep]")) keepsTyped(form);
for (const box of document.querySelectorAll("[data-near]")) near(box).catch(() => {});
for (const box of document.querySelectorAll("[data-near-text]")) nearWhileTyping(box);
for (const part of document.querySelectorAll("[data-only-kind]")) onlyOfKind(part);
