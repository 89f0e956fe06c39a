// Toasts: one line at the bottom right for 10 seconds, with 撤销; what went wrong stays.
import { all, one } from "./dom.js";

const SECONDS = 10;

function watch(toast) {
  if (toast.classList.contains("bad")) return;
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), SECONDS * 1000); };
  const stop = () => clearTimeout(timer);
  // WCAG 2.2.1: time stands still while somebody reads or reaches for it.
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, () => { stop(); start(); });
  start();
}

export function say(message, { undo = "", row = "", bad = false } = {}) {
  const template = one("#toast-template");
  if (!template) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.classList.toggle("bad", bad);
  toast.action = undo;
  one("span", toast).textContent = message;
  const button = one("[data-undo]", toast);
  button.hidden = !undo;
  button.dataset.row = row;
  const said = (older) => older.matches(":not(.bad)") || one("span", older).textContent === message;
  all("#toasts .toast").filter(said).forEach((older) => older.remove());
  one("#toasts").append(toast);
  watch(toast);
}

export const undoLast = () => all("#toasts [data-undo]:not([hidden])").at(-1)?.click();

document.addEventListener("toast", (event) => event.detail.toasts.forEach((each) => say(each.text, each)));

document.addEventListener("click", (event) => {
  const toast = event.target.closest?.(".toast");
  if (toast && event.target.closest("[data-close]")) toast.remove();
});

// 撤销 puts the row back in place; where no row is named, the form loads the page anew.
document.addEventListener("submit", (event) => {
  const toast = event.target.closest(".toast");
  const row = toast && document.getElementById(one("[data-undo]", toast).dataset.row);
  if (!row) {
    if (toast && !one("[name=csrfmiddlewaretoken]", toast)) addToken(toast);
    return;
  }
  event.preventDefault();
  toast.remove();
  htmx.ajax("POST", toast.getAttribute("action"), { source: row, target: row, swap: "outerHTML" });
});

function addToken(form) {
  const token = one("[name=csrfmiddlewaretoken]");
  const next = Object.assign(document.createElement("input"), { type: "hidden", name: "next", value: location.pathname + location.search });
  form.append(token.cloneNode(true), next);
}

all(".toast").forEach(watch);
