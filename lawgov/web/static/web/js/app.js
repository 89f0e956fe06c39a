// Progressive extras of every page; without this file all links and forms still work.
// One module, one duty. Hooks are data attributes; nothing here knows a subject.
import { all, whenShown } from "./dom.js";
import "./toast.js";
import "./rows.js";
import "./selection.js";
import "./folding.js";
import "./filters.js";
import "./layers.js";
import "./upload.js";
import "./drafts.js";
import "./copy.js";
import "./keys.js";

// What needs a script is hidden until there is one.
whenShown((root) => all("[data-js]", root).forEach((element) => { element.hidden = false; }));

// A row of tabs that is wider than the screen shows the one that is open.
whenShown((root) => all(".tabs [aria-current]", root).forEach((tab) => {
  const row = tab.parentElement;
  const [left, begin] = [tab, row].map((element) => element.getBoundingClientRect().left);
  row.scrollLeft += left - begin - (row.clientWidth - tab.offsetWidth) / 2;
}));

// The browser's own print dialog; print.css makes the paper.
document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());

// A refused form: the summary takes the focus, so that it is read out and one is at the top.
whenShown((root) => all("[data-focus]", root).at(0)?.focus());
