// Drop zone: many files at once, a bar and 取消 for each, 重试 where it failed, pasted screenshots.
// Each file goes in a request of its own to the form's address; the answer replaces data-target.
import { all, one, rowOf, text, token, whenShown } from "./dom.js";
import { say } from "./toast.js";

const LIMIT = 50 * 1024 * 1024; // bytes; the server checks again
const AT_ONCE = 2;

class Upload {
  constructor(form, file) {
    this.form = form;
    this.file = file;
    this.line = document.createElement("li");
    this.line.innerHTML = '<span class="name"></span><span class="bar"><i></i></span><button type="button" class="btn plain small"></button>';
    one(".name", this.line).textContent = file.name;
    one(".uploads", form).append(this.line);
    this.button("cancel", () => this.cancel());
  }

  button(word, work) {
    const button = one("button", this.line);
    button.textContent = text(word);
    button.onclick = work;
  }

  send() {
    this.line.classList.remove("failed");
    if (this.file.size > LIMIT) return this.fail(text("tooBig"), false);
    this.button("cancel", () => this.cancel());
    return new Promise((done) => {
      const request = this.request = new XMLHttpRequest();
      request.open("POST", this.form.action);
      request.setRequestHeader("HX-Request", "true");
      request.setRequestHeader("X-CSRFToken", token());
      request.upload.onprogress = (event) => { one("i", this.line).style.width = `${100 * event.loaded / event.total}%`; };
      request.onload = () => { this.answered(request); done(); };
      request.onerror = () => { this.fail(text("offline")); done(); };
      request.onabort = done;
      request.send(this.body());
    });
  }

  body() {
    const body = new FormData(this.form);
    body.delete("files");
    body.append("files", this.file, this.file.name);
    return body;
  }

  answered(request) {
    const away = request.getResponseHeader("HX-Redirect");
    if (away) return location.assign(away);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (request.status >= 400) return this.fail(one("[data-error]", page)?.textContent.trim() || text("offline"), false);
    this.line.remove();
    htmx.swap(this.form.dataset.target, request.responseText, { swapStyle: "outerHTML" });
    document.body.dispatchEvent(new Event("uploaded"));
    const trigger = request.getResponseHeader("HX-Trigger");
    if (trigger) JSON.parse(trigger).toast?.toasts.forEach((each) => say(each.text, each));
    return undefined;
  }

  fail(reason, again = true) {
    this.line.classList.add("failed");
    one(".name", this.line).textContent = `${this.file.name}：${reason}`;
    if (again) this.button("retry", () => queue(this));
    else this.button("cancel", () => this.line.remove());
  }

  cancel() {
    this.cancelled = true;
    this.request?.abort();
    this.line.remove();
  }
}

const waiting = [];
let running = 0;

function queue(upload) {
  waiting.push(upload);
  next();
}

async function next() {
  if (running >= AT_ONCE || !waiting.length) return;
  running += 1;
  const upload = waiting.shift();
  if (!upload.cancelled) await upload.send();
  running -= 1;
  next();
}

const take = (form, files) => [...files].forEach((file) => queue(new Upload(form, file)));
const named = (file) => new File([file], `${text("pasted")}-${new Date().toLocaleString("sv").replace(/[: ]/g, "-")}.png`, { type: file.type });
const pictures = (items) => [...items].filter((item) => item.kind === "file" && item.type.startsWith("image/")).map((item) => named(item.getAsFile()));

async function paste(form) {
  const items = await navigator.clipboard.read().catch(() => []);
  for (const item of items) {
    const type = item.types.find((each) => each.startsWith("image/"));
    if (type) take(form, [named(await item.getType(type))]);
  }
}

function wire(form) {
  const input = one("[data-choose] input", form);
  input.addEventListener("change", () => { take(form, input.files); input.value = ""; });
  one("[data-paste]", form)?.addEventListener("click", () => paste(form));
  // The whole card takes the drop, not only the dashed box.
  const zone = form.closest(".card, .drawer, td") ?? form;
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      one(".drop", form).classList.toggle("over", name === "dragover");
      if (name === "drop") take(form, event.dataTransfer.files);
    });
  }
}

// Ctrl+V anywhere on the page: the picture goes to the only drop zone, or to that of the focused row.
document.addEventListener("paste", (event) => {
  const forms = all("form[data-upload]").filter((form) => form.offsetParent);
  const form = forms.find((each) => rowOf(each)?.contains(document.activeElement)) ?? (forms.length === 1 ? forms[0] : null);
  const found = form ? pictures(event.clipboardData.items) : [];
  if (found.length) { event.preventDefault(); take(form, found); }
});

whenShown((root) => all("form[data-upload]", root).forEach(wire));
window.addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
