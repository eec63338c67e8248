// Offers the time zone of the device on the screen of one's own settings.
const button = document.querySelector("[data-own-zone]");
const zones = document.getElementById("id_time_zone");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (button && zones && own !== zones.value && [...zones.options].some((each) => each.value === own)) {
  button.hidden = false;
  button.append(` (${own.replaceAll("_", " ")})`);
  button.addEventListener("click", () => { zones.value = own; button.hidden = true; });
}
