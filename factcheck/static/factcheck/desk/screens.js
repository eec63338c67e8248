// Comfort of every screen of the desk. Without this script all works, with more presses.

// The second click of a double click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 5000);
});

// Shortcuts: "/" leads to the search, ⌘⏎ or Ctrl+⏎ presses the main button. Single letters are each screen's own.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const off = document.body.dataset.keys === "off";

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
    const main = document.querySelector(".foot > button.go:not([disabled]), .foot > form > button.go");
    if (main) { event.preventDefault(); main.click(); }
    return;
  }
  if (off || event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q")?.focus();
  }
});
