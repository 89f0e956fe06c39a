// Things above the page: drawer for a link [data-drawer], dialog for a link or button [data-dialog],
// local dialogs [data-open], menus. Focus goes in and comes back; the server's page is the fallback.
import { all, one, rowOf, text } from "./dom.js";
import { say } from "./toast.js";

let opener = null; // what gets the focus back
let address = null; // what the address bar showed before the drawer

async function fetched(link) {
  const form = link.form;
  const body = form ? new FormData(form, link) : null;
  const response = await fetch(form ? link.formAction : link.href, {
    method: body ? "POST" : "GET", body, headers: { "HX-Request": "true" }, credentials: "same-origin",
  });
  const away = response.headers.get("HX-Redirect");
  if (away) location.assign(away);
  return { ok: response.ok && !away, html: await response.text() };
}

async function open(layer, link) {
  const { ok, html } = await fetched(link).catch(() => ({ ok: false, html: "" }));
  if (!ok) {
    const page = new DOMParser().parseFromString(html, "text/html");
    return say(one("[data-error]", page)?.textContent.trim() || text("offline"), { bad: true });
  }
  const body = one(`#${layer.id}-body`);
  body.innerHTML = html; // our own server's fragment, escaped there like every page
  htmx.process(body);
  body.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  opener = rowOf(link) ?? link;
  if (layer.open) return undefined;
  if (layer.classList.contains("drawer")) {
    address = location.href;
    history.replaceState(history.state, "", link.href);
    layer.show();
  } else layer.showModal();
  one("[autofocus], a, button:not([data-close]), input, textarea", body)?.focus();
  return undefined;
}

export function closeLayer() {
  const layer = all("dialog[open]").at(-1);
  if (layer) return layer.close(), true;
  const menu = one("details.menu[open]");
  if (menu) { menu.open = false; one("summary", menu).focus(); }
  return Boolean(menu);
}

document.addEventListener("click", (event) => {
  const target = event.target;
  all("details.menu[open]").filter((menu) => !menu.contains(target)).forEach((menu) => { menu.open = false; });
  if (target.closest("dialog [data-close]")) target.closest("dialog").close();
  if (target.matches("dialog:not(.drawer)") && outside(event)) target.close();
  if (target.closest("[data-print]")) window.print();
  const local = target.closest("[data-open]");
  if (local) {
    opener = local.closest("details")?.querySelector("summary") ?? local;
    one(local.dataset.open).showModal();
  }
  const link = target.closest("[data-drawer], [data-dialog]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(one(link.matches("[data-drawer]") ? "#drawer" : "#dialog"), link);
});

// A click on the backdrop hits the dialog itself, outside its box.
function outside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

document.addEventListener("close", (event) => {
  if (event.target.id === "drawer" && address) { history.replaceState(history.state, "", address); address = null; }
  if (document.contains(opener)) opener.focus();
  opener = null;
}, true);
