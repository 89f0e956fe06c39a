// Group rows fold their <tbody data-group>; the button is made here, because it does nothing without a script.
import { all, one, text, whenShown } from "./dom.js";

function button(group) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn plain small fold";
  made.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-chev"/></svg><span class="sr"></span>';
  made.addEventListener("click", () => fold(group, made, made.getAttribute("aria-expanded") === "true"));
  fold(group, made, group.dataset.group === "folded");
  return made;
}

function fold(group, made, folded) {
  made.setAttribute("aria-expanded", !folded);
  one(".sr", made).textContent = text(folded ? "unfold" : "fold");
  all("tr:not(.group)", group).forEach((row) => { row.hidden = folded; });
}

whenShown((root) => all("tbody[data-group]", root).forEach((group) => {
  const head = one("tr.group th", group);
  if (head && !one(".fold", head)) head.prepend(button(group));
}));
