// Selected rows and the bulk bar: boxes, a range with Shift, all of the page, all that is filtered.
import { all, one, rowOf, whenShown } from "./dom.js";

let last = null; // the box that was changed last: where a range begins

const boxes = () => all(".select").filter((box) => !box.disabled);
const bar = () => one("#bulk");

function show() {
  const chosen = boxes().filter((box) => box.checked);
  boxes().forEach((box) => rowOf(box)?.setAttribute("aria-selected", box.checked));
  const whole = one(".select-all");
  if (whole) {
    whole.checked = chosen.length > 0 && chosen.length === boxes().length;
    whole.indeterminate = chosen.length > 0 && !whole.checked;
  }
  if (!bar()) return;
  bar().hidden = chosen.length === 0;
  const everything = one("[data-everything]", bar());
  if (everything) everything.hidden = !whole?.checked || one("[data-all]", bar()).value === "1";
  count(chosen.length);
}

function count(chosen) {
  const label = one("[data-count]", bar());
  const n = one("[data-all]", bar()).value === "1" ? label.dataset.total : chosen;
  label.textContent = label.dataset.text.replace("{n}", n);
}

function takeAll(value) {
  if (bar()) one("[data-all]", bar()).value = value ? "1" : "";
}

export function selectRange(to) {
  const list = boxes();
  const [from, until] = [list.indexOf(last), list.indexOf(to)].sort((a, b) => a - b);
  list.slice(Math.max(from, 0), until + 1).forEach((box) => { box.checked = true; });
  last = to;
  takeAll(false);
  show();
}

export function clearSelection() {
  const any = boxes().some((box) => box.checked);
  boxes().forEach((box) => { box.checked = false; });
  takeAll(false);
  show();
  return any;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-clear]")) clearSelection();
  if (event.target.closest("[data-everything]")) { takeAll(true); show(); }
  if (event.shiftKey && event.target.matches(".select") && last) selectRange(event.target);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches(".select, .select-all")) return;
  if (event.target.matches(".select-all")) boxes().forEach((box) => { box.checked = event.target.checked; });
  else last = event.target;
  takeAll(false);
  show();
});

whenShown(show);
