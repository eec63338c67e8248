// The page at /link/: takes the token from behind the "#" of the address, which no server was sent, out of the address
// and the history, and sends it in the body of the form. It uses nothing up; the next page does.
const form = document.getElementById("link");

function open() {
  const token = location.hash.slice(1);
  if (form && token) {
    history.replaceState(null, "", location.pathname);
    form.elements.token.value = token;
    form.hidden = true;
    form.submit();
  }
}

open();
// Another link opened in the same tab changes what is behind the "#" alone, and loads nothing.
addEventListener("hashchange", open);
