// Who else has the page open, and names of colleagues after an @. Without this script the names are typed.

const here = document.getElementById("here");
if (here && here.dataset.presence) {
  let edited = false;
  document.addEventListener("input", (event) => {
    if (event.isTrusted && event.target.closest("textarea, input, select") && !event.target.closest("[role=search]")) edited = true;
  });
  const tell = async () => {
    if (document.visibilityState !== "visible") return;
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    const body = new URLSearchParams({ csrfmiddlewaretoken: token ? token.value : "", editing: edited ? "1" : "" });
    try {
      const answer = await fetch(here.dataset.presence, { method: "POST", body, credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return;
      const told = (await answer.json()).here;
      if (here.textContent !== told) here.textContent = told;
    } catch { /* the next sign comes in 20 seconds */ }
  };
  tell();
  setInterval(tell, 20000);
  document.addEventListener("visibilitychange", tell);
}

const known = document.getElementById("team-names");
const people = known ? JSON.parse(known.textContent) : [];
const MOST = 6;

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function offer(field) {
  const list = document.createElement("ul");
  list.className = "team-names";
  list.id = `${field.id}-names`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  let chosen = 0;
  let found = [];

  const begun = () => /(^|[^\w@.+-])@([\w.+-]{0,40})$/u.exec(field.value.slice(0, field.selectionStart));
  const close = () => {
    list.hidden = true;
    found = [];
    field.removeAttribute("aria-activedescendant");
  };
  const mark = () => {
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", at === chosen ? "true" : "false"));
    field.setAttribute("aria-activedescendant", `${list.id}-${chosen}`);
  };
  const take = (at) => {
    const start = begun();
    if (!start || !found[at]) return close();
    const end = field.selectionStart;
    field.setRangeText(`${found[at].username} `, end - start[2].length, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    field.focus();
  };
  field.addEventListener("input", () => {
    const start = begun();
    if (!start) return close();
    const wanted = plain(start[2]);
    found = people.filter((each) => plain(each.username).startsWith(wanted)
      || plain(each.name).split(/\s+/).some((part) => part.startsWith(wanted))).slice(0, MOST);
    if (!found.length) return close();
    chosen = 0;
    list.replaceChildren(...found.map((each, at) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${at}`;
      item.setAttribute("role", "option");
      item.dir = "auto";
      item.textContent = each.name === each.username ? each.username : `${each.name} (@${each.username})`;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(at); });
      return item;
    }));
    list.hidden = false;
    mark();
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      mark();
    } else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey && !event.shiftKey) take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  field.addEventListener("blur", close);
}

if (people.length) document.querySelectorAll("textarea[data-mentions]").forEach(offer);
