// What was typed survives a login that ran out: forms with data-draft="name" are kept in this tab
// until their answer comes, and given to every form of that name: one thing to say has one name,
// on whichever page it is said. Only text of such forms, never passwords, gone when the tab is closed.
import { all, one, text, whenShown } from "./dom.js";
import { say } from "./toast.js";

const PREFIX = "draft:";
const fields = (form) => all("textarea[name], input[type=text][name], input[type=number][name], input[type=date][name]", form);
const key = (form) => `${PREFIX}${form.dataset.draft}`;
const drafts = () => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));

function keep(form, state) {
  const values = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
  sessionStorage.setItem(key(form), JSON.stringify({ state, values }));
}

function restore(form) {
  const { values } = JSON.parse(sessionStorage.getItem(key(form)) ?? "{}");
  const changed = fields(form).filter((field) => values?.[field.name] && values[field.name] !== field.value);
  changed.forEach((field) => { field.value = values[field.name]; });
  if (changed.length) say(text("restored"));
}

const listen = (name, state) => document.addEventListener(name, (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) keep(form, state);
});

// "sent" is dropped by the next page, unless that page is the login: then it has not arrived.
if (one("form[data-login]")) {
  if (drafts().some((name) => sessionStorage.getItem(name).includes('"sent"'))) say(text("restored"));
  drafts().forEach((name) => sessionStorage.setItem(name, sessionStorage.getItem(name).replace('"sent"', '"kept"')));
} else {
  drafts().filter((name) => sessionStorage.getItem(name).includes('"sent"')).forEach((name) => sessionStorage.removeItem(name));
  whenShown((root) => all("form[data-draft]", root).forEach(restore));
}
listen("input", "typing");
listen("submit", "sent");
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-draft]");
  if (form && event.detail.successful) sessionStorage.removeItem(key(form));
});
