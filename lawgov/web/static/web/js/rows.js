// A row that saves in place: faded while it goes, green for 2 s when it came back, red with 重试 when not.
import { ROW, one, rowOf, text } from "./dom.js";
import { say } from "./toast.js";

const FLASH = 2000; // milliseconds
let held = null; // where the keyboard was inside the row that is being replaced

const requestRow = (event) => rowOf(event.detail.elt) ?? rowOf(event.detail.target);

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb === "get") return;
  const row = requestRow(event);
  if (!row) return;
  row.classList.remove("failed");
  one(".retry", row)?.remove();
  row.classList.add("saving");
});

// Whatever is swapped around it, the row that had the focus has it again: the next J goes on from there.
document.addEventListener("htmx:beforeSwap", (event) => {
  const row = rowOf(document.activeElement);
  if (!row?.id || !event.detail.target.contains(row)) return;
  held = { id: row.id, control: document.activeElement.matches(".tick, .select") ? document.activeElement.className : "" };
});

document.addEventListener("htmx:afterSettle", () => {
  const row = held && document.getElementById(held.id);
  if (row && !row.contains(document.activeElement)) (held.control && one(`.${held.control}`, row) || row).focus();
  held = null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const row = event.detail.elt?.matches?.(ROW) ? event.detail.elt : null;
  if (!row || event.detail.requestConfig?.verb === "get" || event.detail.xhr?.status >= 400) return;
  row.classList.add("changed");
  setTimeout(() => row.classList.remove("changed"), FLASH);
});

// The error pages answer htmx with one sentence; what the server did not say, the line was cut.
function sentence(xhr) {
  const page = new DOMParser().parseFromString(xhr?.responseText ?? "", "text/html");
  return one("[data-error]", page)?.textContent.trim() || text("offline");
}

function fail(event) {
  const { xhr, requestConfig } = event.detail;
  if (event.type === "htmx:responseError" && xhr.status === 422 && !xhr.responseText.includes("data-error")) return;
  say(sentence(xhr), { bad: true });
  const row = requestRow(event);
  if (!row || requestConfig.verb === "get") return;
  row.classList.remove("saving");
  row.classList.add("failed");
  if (xhr?.status) return; // refused: trying again would be refused again
  const retry = Object.assign(document.createElement("button"), { type: "button", className: "btn small retry", textContent: text("retry") });
  retry.addEventListener("click", () => requestConfig.elt.click());
  row.lastElementChild.append(" ", retry);
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, fail);
