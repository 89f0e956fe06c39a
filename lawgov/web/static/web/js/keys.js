// The keyboard map. Single letters can be switched off by the person (html[data-single-keys=off]).
import { all, one, rowOf, shownRows } from "./dom.js";
import { closeLayer } from "./layers.js";
import { clearSelection, selectRange } from "./selection.js";
import { undoLast } from "./toast.js";

const GO_WITHIN = 1500; // milliseconds between G and the letter
let goUntil = 0;

const typing = (element) => element.matches("input:not([type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable]");
const row = () => rowOf(document.activeElement);
const layer = () => all("dialog[open]").at(-1) ?? document;

function move(step) {
  const list = shownRows();
  const here = list.indexOf(row());
  const next = list[Math.min(Math.max(here + step, 0), list.length - 1)];
  if (!next) return;
  next.tabIndex = 0;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

// A letter works on the row in focus, else on the one button of the page that carries it.
function press(letter) {
  const found = (row() && one(`[data-key=${letter}]`, row())) ?? one(`[data-key=${letter}]`, layer());
  if (!found) return false;
  if (found.matches("textarea, input, select")) found.focus();
  else found.click();
  return true;
}

function tick(event) {
  const box = row() && one(".tick, .select", row());
  if (!box) return false;
  if (event.shiftKey && box.matches(".select")) selectRange(box);
  else box.click();
  return true;
}

// Each answers false when there was nothing to do; then the key keeps its own meaning.
const SINGLE = {
  j: () => move(1),
  k: () => move(-1),
  x: tick,
  e: () => press("e"),
  a: () => press("a"),
  r: () => press("r"),
  z: () => undoLast(),
  g: () => { goUntil = Date.now() + GO_WITHIN; },
  "/": () => one("[data-search], .filters input[type=search]")?.focus(),
  "?": () => one("#keys")?.showModal(),
};

const ALWAYS = {
  ArrowDown: () => (row() ? move(1) : false),
  ArrowUp: () => (row() ? move(-1) : false),
  Enter: () => (document.activeElement === row() ? one("a.main", row())?.click() : false),
  Escape: () => closeLayer() || clearSelection(),
};

function go(letter) {
  goUntil = 0;
  return one(`.rail [data-go="${letter}"]`)?.click();
}

function send(event) {
  const form = event.target.closest("form");
  // Its buttons may stand elsewhere on the page: <button form="…">.
  const buttons = [...form?.elements ?? []].filter((each) => each.matches("button:not([type=button])"));
  // What is typed as the reason of a return is never sent as a pass: such a field names its button.
  const own = document.getElementById(event.target.dataset.sends ?? "");
  const button = own ?? buttons.find((each) => each.matches(".primary")) ?? buttons[0];
  if (button && button.getAttribute("aria-disabled") !== "true") form.requestSubmit(button);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return; // an input method is at work
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "Enter") send(event);
    return;
  }
  if (typing(event.target)) {
    if (event.key !== "Escape") return;
    if (!event.target.closest("dialog")) { event.target.blur(); return; }
  }
  const single = document.documentElement.dataset.singleKeys !== "off";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (single && Date.now() < goUntil && key.length === 1) { go(key); event.preventDefault(); return; }
  const work = ALWAYS[key] ?? (single ? SINGLE[key] : undefined);
  if (!work || (event.repeat && !"jkArrowDownArrowUp".includes(key))) return;
  if (work(event) !== false) event.preventDefault();
});

// A button that says why it cannot work stays in the tab order but does nothing.
document.addEventListener("click", (event) => {
  if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
}, true);
