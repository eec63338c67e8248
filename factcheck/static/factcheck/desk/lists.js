// Comfort for lists: a select that was changed with the pointer submits the filters; one box ticks a page.
// By keyboard the arrows change a select at every press, so there the button (or Enter) submits.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-filters]")) {
    let byKey = false;
    form.addEventListener("keydown", () => { byKey = true; });
    form.addEventListener("pointerdown", () => { byKey = false; });
    form.addEventListener("change", (event) => {
      if (event.target instanceof HTMLSelectElement && !byKey) form.requestSubmit();
    });
    // An address without what is empty is one that can be read and sent.
    form.addEventListener("submit", () => {
      for (const field of form.elements) {
        if (field.name && !field.value) { field.disabled = true; setTimeout(() => { field.disabled = false; }, 0); }
      }
    });
  }
  const every = document.querySelector("[data-every-row]");
  if (every) {
    every.hidden = false;
    every.addEventListener("change", () => {
      for (const box of document.querySelectorAll("input[form=bulk][name=row]")) box.checked = every.checked;
    });
  }
})();
