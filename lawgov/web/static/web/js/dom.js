// Shorthands for looking things up, and the texts that the server has translated.
export const all = (selector, root = document) =>
  [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
export const one = (selector, root = document) => root.querySelector(selector);
export const text = (name) => one("#texts")?.dataset[name] ?? "";
export const token = () => one("[name=csrfmiddlewaretoken]")?.value ?? "";

export const ROW = "tr.row, .taskcard";
export const shownRows = () => all(ROW).filter((row) => row.offsetParent);
export const rowOf = (element) => element?.closest?.(ROW) ?? null;

// Runs now, and again for every part that htmx brings in (its first call is the whole body).
export function whenShown(work) {
  work(document);
  document.addEventListener("htmx:load", (event) => event.target !== document.body && work(event.target));
}
