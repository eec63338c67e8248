// Words that were typed and not sent yet stand there again after a reload, or when another form of the screen was sent.
// They stay in this tab, and go with it. Forms that the desk keeps itself (`data-keep`) are left to the workbench.

const PLACE = `typed:${document.body.dataset.user}:${location.pathname}:`;
const FIELDS = "textarea[name], input[name]:not([type]), input[name][type=text]";
const { again } = document.body.dataset;

const forms = [...document.querySelectorAll("main form")].filter((form) => form.method === "post" && !("keep" in form.dataset));
const counts = {};
const kept = (key) => JSON.parse(sessionStorage.getItem(key) ?? "null");

// What the last page sent was taken, unless this page says that it was not.
if (!document.querySelector(".messages .error, .errors")) {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("typed:") && kept(key).sent) sessionStorage.removeItem(key);
}

function standAgain(field) {
  const note = document.createElement("p");
  note.className = "mut sm";
  note.setAttribute("role", "status");
  note.textContent = again;
  field.after(note);
  field.closest("details")?.setAttribute("open", "");
  const answer = field.closest(".opt")?.querySelector("input[name=set]");
  if (answer) answer.checked = true;
}

for (const form of forms) {
  // Forms of one screen that lead to the same place differ by their hidden answer, else by their order.
  const address = `${form.getAttribute("action") ?? ""}:${form.querySelector("input[name=answer]")?.value ?? ""}`;
  counts[address] = (counts[address] ?? 0) + 1;
  for (const field of form.querySelectorAll(FIELDS)) {
    const key = `${PLACE}${address}:${counts[address]}:${field.name}`;
    const found = kept(key);
    if (found && found.base === field.defaultValue && found.value !== field.value) {
      field.value = found.value;
      standAgain(field);
    }
    const keep = (sent) => {
      if (field.value === field.defaultValue) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify({ base: field.defaultValue, value: field.value, sent }));
    };
    field.addEventListener("input", () => keep(false));
    form.addEventListener("submit", () => { if (kept(key)) keep(true); });
  }
}

// Whoever logs out leaves nothing behind.
document.querySelector(".side .me form")?.addEventListener("submit", () => sessionStorage.clear());
