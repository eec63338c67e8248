// Three small guards of the desk's pages. Without this script everything works, with less comfort.

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
