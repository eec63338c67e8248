// Comfort of the screen of a re-check: what goes out is shown once the answer is in sight, words are mirrored as they
// are typed, the letter can be copied. Without this script a link shows what goes out.

// Nothing is sent before it was read: the button waits for what it sends.
const wait = (form, waits) => { for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = waits; };

const show = async (option) => {
  const box = option.querySelector("[data-goes-out]");
  const form = option.querySelector("form");
  if (!box || !form || box.dataset.busy) return;
  box.dataset.busy = "1";
  wait(form, true);
  try {
    const response = await fetch(box.dataset.goesOut, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (response.ok && !response.redirected) box.innerHTML = await response.text();
  } catch {
    // The link that stands there still leads to it.
  } finally {
    delete box.dataset.busy;
    wait(form, false);
  }
};

const inSight = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    inSight.unobserve(entry.target);
    show(entry.target.closest(".opt"));
  }
});

for (const option of document.querySelectorAll(".answers > .opt")) {
  const box = option.querySelector("[data-goes-out]");
  if (box) inSight.observe(box);
  for (const place of option.querySelectorAll(".places input")) place.addEventListener("change", () => show(option));
}

for (const field of document.querySelectorAll("[data-mirror]")) {
  const said = document.getElementById(field.dataset.mirror);
  const empty = said.textContent;
  const mirror = () => { said.textContent = field.value.trim() || empty; };
  field.addEventListener("input", mirror);
  mirror();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value));
}

const recipient = document.getElementById("recipient");
for (const link of document.querySelectorAll("[data-mailto]")) {
  const field = document.getElementById(link.dataset.mailto);
  link.addEventListener("click", () => {
    const to = recipient.value.trim();
    const subject = new URLSearchParams(link.href.split("?")[1]).get("subject") || "";
    const address = to.includes("@") && !/\s/.test(to) ? encodeURIComponent(to).replaceAll("%40", "@") : "";
    link.href = `mailto:${address}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(field.value)}`;
  });
}
