// Three small guards of the desk's pages. Without this script everything works, with less comfort.

// What a page shows once came by a form; loading the page again must not send the form again.
if (document.querySelector(".desk-once")) history.replaceState(history.state, "", location.href);

// What was typed and not saved would be lost by a button of the row above the form.
const main = document.querySelector("#content-main form[id$=_form], form[id$=_form]");
const state = () => (main ? JSON.stringify([...new FormData(main)].map(([name, value]) => [name, String(value)])) : "");
let before;
addEventListener("load", () => { before = state(); });

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
