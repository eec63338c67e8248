// “Paste a link or a text”: says that it reads, and lets Enter send a link.
for (const form of document.querySelectorAll("form[data-paste]")) {
  const button = form.querySelector("button[data-busy]");
  const label = button.textContent;
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "vh"; // the button says it to the eye
  button.after(status);
  const rest = () => { button.textContent = label; status.textContent = ""; form.removeAttribute("aria-busy"); };
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    form.setAttribute("aria-busy", "true");
    button.textContent = status.textContent = button.dataset.busy;
  });
  addEventListener("pageshow", rest); // back from the document
  const pasted = form.querySelector("textarea");
  pasted.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && /^\s*https?:\/\/\S+\s*$/.test(pasted.value)) {
      event.preventDefault();
      form.requestSubmit(button);
    }
  });
}
