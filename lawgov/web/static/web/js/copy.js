// [data-copy="#id"]: puts the text of a field on the clipboard, and selects it where that is refused.
import { all, one, text, whenShown } from "./dom.js";
import { say } from "./toast.js";

async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without TLS there is no clipboard for scripts; the older command still copies a selection.
    if (!document.execCommand("copy")) return;
  }
  say(text("copied"));
}

whenShown((root) => all("[data-copy]", root).forEach((button) => {
  button.onclick = () => copy(one(button.dataset.copy));
}));
