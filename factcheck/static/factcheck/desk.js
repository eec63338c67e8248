// Small comforts and guards of the desk's pages. Without this script everything works, with less comfort.

// The theme is a preference of the person; what the browser kept of an earlier choice gives way to it.
{
  const wanted = /^theme\('(\w+)'\)$/.exec(document.documentElement.getAttribute("x-data") || "");
  if (wanted) localStorage.setItem("adminTheme", JSON.stringify(wanted[1]));
}

let main;
let before;
const state = () => (main ? JSON.stringify([...new FormData(main)].map(([name, value]) => [name, String(value)])) : "");

addEventListener("load", () => {
  // What a page shows once came by a form; loading the page again must not send the form again.
  if (document.querySelector(".desk-once")) history.replaceState(null, "", location.href);
  // What is typed from now on and not saved would be lost by a button of the row above the form.
  main = document.querySelector("form[id$=_form]");
  before = state();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-needs-saved]") && before !== undefined && state() !== before) {
    event.preventDefault();
    let said = document.getElementById("desk-unsaved");
    if (!said) {
      said = document.createElement("p");
      said.id = "desk-unsaved";
      said.className = "desk-card warn";
      said.setAttribute("role", "alert");
      said.textContent = "Not done: what you typed below is not saved yet. Press Save first, then this button again.";
      form.parentElement.after(said);
    }
    return;
  }
  // The second click of a double click.
  if (form.method === "post" && form.closest(".desk-plain, .desk-inline")) {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  }
});

// Similar claims under the field in which a claim is typed. Without this script the button lists them in a new tab.
const PAUSE = 600; // milliseconds after the last key
const LEAST = 8; // characters that are looked for

function lookWhileTyping(button) {
  const fields = button.form.elements;
  const field = fields[button.dataset.similar];
  const box = document.createElement("div");
  box.className = "desk-similar";
  box.setAttribute("aria-live", "polite");
  button.type = "button"; // so that Enter in another field does what it did
  field.after(button, box);
  let timer, asked, request;
  const look = async () => {
    clearTimeout(timer);
    const text = field.value.trim();
    if (text === asked) return;
    asked = text;
    request?.abort();
    if (text.length < LEAST) { box.replaceChildren(); return; }
    request = new AbortController();
    const sent = new FormData();
    sent.set("fragment", "1");
    sent.set("text", text);
    sent.set("language", fields.language?.value ?? "");
    sent.set("csrfmiddlewaretoken", fields.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(button.formAction, { method: "POST", body: sent, signal: request.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      box.innerHTML = await answer.text();
    } catch (error) {
      if (error.name === "AbortError") return;
      asked = undefined;
      box.textContent = "Similar claims cannot be looked up now.";
    }
  };
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
  button.addEventListener("click", () => { asked = undefined; look(); });
  if (field.value) look();
}

addEventListener("load", () => document.querySelectorAll("button[data-similar]").forEach(lookWhileTyping));
