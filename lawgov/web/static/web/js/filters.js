// Filter forms: empty fields stay out of the address, so that it can be pasted into a chat.
import { all } from "./dom.js";

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches("[data-filters]")) return;
  const given = event.detail.parameters;
  for (const [name, value] of Object.entries(given)) if (value === "") delete given[name];
});

// The same without htmx: pressing 筛选 sends only what is filled in.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[method=get], form:not([method])")) return;
  all("input, select", event.target).filter((field) => field.name && field.value === "").forEach((field) => {
    field.disabled = true;
    setTimeout(() => { field.disabled = false; });
  });
});
