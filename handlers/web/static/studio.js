// The studio without reloading: cards as they change, answers as they come, completion as one types.
// Everything here only adds to pages that work without it.

const body = document.body;
const words = body.dataset;
const composer = document.getElementById("composer");
const text = document.getElementById("text");
const wall = document.getElementById("wall");
const answers = document.getElementById("answers");
const trouble = document.getElementById("trouble");
const voice = document.getElementById("voice");

// ------------------------------------------------------------------------------------------------ showing

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

/** Make `from` look like `to` while keeping what need not change: focus, a playing film, a picture until the next is there. */
function morph(from, to) {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || from.id !== to.id) {
    from.replaceWith(to);
  } else if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data;
  } else if (from.nodeType === Node.ELEMENT_NODE && !from.isEqualNode(to)) {
    if (from.nodeName === "TIME" && from.dateTime === to.dateTime) return;
    dress(from, to);
    const old = [...from.childNodes], fresh = [...to.childNodes];
    fresh.forEach((node, n) => (old[n] ? morph(old[n], node) : from.append(node)));
    old.slice(fresh.length).forEach((node) => node.remove());
  }
}

function dress(from, to) {
  const kept = from.nodeName === "DIALOG" || from.nodeName === "DETAILS" ? ["open"] : [];
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !kept.includes(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value && !kept.includes(name)) from.setAttribute(name, value);
}

/** Make a list hold exactly these elements, in this order. */
function arrange(list, items) {
  const fresh = items.map((item) => parse(item.html));
  const wanted = new Set(fresh.map((item) => item.id));
  for (const child of [...list.children]) if (!wanted.has(child.id)) child.remove();
  fresh.forEach((item, n) => {
    const there = document.getElementById(item.id);
    if (there) morph(there, item);
    const now = document.getElementById(item.id) ?? item;
    if (list.children[n] !== now) list.insertBefore(now, list.children[n] ?? null);
  });
  settle();
}

function hang({ html }) {
  const fresh = parse(html);
  const there = document.getElementById(fresh.id);
  const before = there?.querySelector(".above, .title")?.textContent;
  if (there) morph(there, fresh);
  else wall.prepend(fresh);
  const after = document.getElementById(fresh.id)?.querySelector(".above, .title")?.textContent;
  if (after && after !== before) voice.textContent = after;
  settle();
}

function settle() {
  ages();
  const running = wall.querySelector("[data-fraction]");
  const percent = running?.dataset.fraction ? `${Math.round(running.dataset.fraction * 100)} % · ` : running ? "… · " : "";
  document.title = percent + words.title;
}

const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60]];

function ages() {
  for (const time of wall.querySelectorAll("time")) {
    const moment = new Date(time.dateTime);
    const seconds = (moment - Date.now()) / 1000;
    const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
    time.textContent = size === 1 ? relative.format(0, "second") : relative.format(Math.trunc(seconds / size), unit);
    time.title = moment.toLocaleString(document.documentElement.lang);
  }
}

function show(list) {
  const had = new Set([...answers.querySelectorAll("dialog")].map((dialog) => dialog.closest("li").id));
  arrange(answers, list);
  for (const dialog of answers.querySelectorAll("dialog")) if (!had.has(dialog.closest("li").id)) raise(dialog);
}

/** A form of the page becomes a window over it; closing it with Escape dismisses it for good. */
function raise(dialog) {
  dialog.removeAttribute("open");
  dialog.showModal();
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    dialog.querySelector(".dismiss button").click();
  });
  dialog.querySelector("textarea, input[type=text], select")?.focus();
}

function tell(sentence) {
  trouble.textContent = sentence;
  trouble.hidden = !sentence;
}

// ------------------------------------------------------------------------------------------------ asking

const underway = new Set();

async function ask(form, button) {
  const data = new FormData(form, button);
  const typed = form === composer ? text.value : button;
  if (underway.has(typed)) return; // pressed twice
  underway.add(typed);
  const sent = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  button?.setAttribute("aria-busy", "true");
  const before = new Set([...answers.children].map((answer) => answer.id));
  tell("");
  try {
    // Not form.action: a button of that name hides it.
    const response = await fetch(form.getAttribute("action"), { method: "POST", body: sent, headers: { accept: "application/json" } });
    if (response.status === 403) return tell(words.closed);
    if (!response.headers.get("content-type")?.includes("json")) return tell(words.failed);
    const { answers: now, bad } = await response.json();
    show(now);
    reveal(before);
    if (bad) explain(form);
    else if (typed === text.value) clear();
  } catch {
    tell(words.failed);
  } finally {
    underway.delete(typed);
    button?.removeAttribute("aria-busy");
  }
}

/** What answers a button far down the wall hangs above it, out of sight: go there. */
function reveal(before) {
  const fresh = [...answers.children].filter((answer) => !before.has(answer.id) && !answer.querySelector("dialog"));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  fresh.at(-1)?.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
}

/** What went wrong with a form is said inside it: the rest of the page lies behind. */
function explain(form) {
  const dialog = form.closest("dialog");
  const said = [...answers.querySelectorAll(".answer.bad .label")].at(-1)?.innerText;
  if (!dialog?.isConnected || !said) return;
  let told = dialog.querySelector(".told");
  if (!told) {
    told = Object.assign(document.createElement("p"), { className: "told" });
    told.setAttribute("role", "alert");
    form.before(told);
  }
  told.textContent = said.replace(/\n+/g, "\n");
}

function clear() {
  composer.reset();
  sessionStorage.removeItem("sentence");
  suggestions.close();
  grow();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-ask]")) return;
  event.preventDefault();
  ask(event.target, event.submitter ?? event.target.querySelector("button"));
});

// ------------------------------------------------------------------------------------------------ completion

const typedSoFar = () => text.value.slice(0, text.selectionStart);

const suggestions = new (class {
  list = document.getElementById("suggestions");
  choices = [];
  start = 0;
  active = -1;
  asked = 0;
  before = ""; // the text these suggestions are for
  waiting = ""; // a key that was pressed before suggestions for the newest text were there

  async fetch(every = false) {
    const turn = ++this.asked;
    const before = typedSoFar();
    this.active = -1;
    if (!before.trim() && !every) return this.close();
    const query = new URL(words.complete, location.href);
    query.searchParams.set("text", before);
    if (every) query.searchParams.set("every", "");
    const found = await fetch(query).then((response) => (response.ok ? response.json() : { choices: [] })).catch(() => ({ choices: [] }));
    if (turn !== this.asked) return;
    this.before = before;
    this.open(found);
    const key = this.waiting;
    this.waiting = "";
    if (key && this.choices.length) key === "Tab" ? this.accept(0) : this.move(key === "ArrowUp" ? -1 : 1);
  }

  open({ start, choices }) {
    this.choices = choices;
    this.start = start;
    this.active = -1;
    if (!choices.length) return this.close();
    this.list.replaceChildren(...choices.map((choice, n) => this.option(choice, n)));
    this.list.hidden = false;
    this.list.scrollTop = 0;
    text.setAttribute("role", "combobox");
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", "suggestions");
    text.setAttribute("aria-expanded", "true");
    text.removeAttribute("aria-activedescendant");
    voice.textContent = choices.length === 1 ? words.foundOne : words.found.replace("2", choices.length);
  }

  option(choice, n) {
    const item = Object.assign(document.createElement("li"), { id: `s-${n}` });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const label = Object.assign(document.createElement("span"), { textContent: choice.label });
    item.append(Object.assign(document.createElement("b"), { textContent: choice.insert.trim() }), label);
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.accept(n);
    });
    return item;
  }

  close() {
    this.asked++;
    this.waiting = "";
    this.choices = [];
    this.active = -1;
    this.list.hidden = true;
    for (const name of ["role", "aria-autocomplete", "aria-controls", "aria-expanded", "aria-activedescendant"]) text.removeAttribute(name);
  }

  move(step) {
    const many = this.choices.length;
    this.active = (this.active + step + (this.active < 0 && step < 0 ? 1 : 0) + many) % many;
    [...this.list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === this.active)));
    const item = this.list.children[this.active];
    text.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  accept(n) {
    const { insert } = this.choices[n];
    text.setRangeText(insert, this.start, text.selectionStart, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Returns whether the key was ours. */
  key(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
    const open = this.choices.length > 0;
    const word = text.selectionStart > this.start;
    if (event.key === "ArrowDown" && !open && text.value.indexOf("\n") < 0) this.fetch(true);
    else if (!open) {
      if (event.key === "Escape") this.close(); // those on their way are not wanted either
      return false;
    }
    else if (this.before !== typedSoFar() && /^(Tab|ArrowDown|ArrowUp)$/.test(event.key) && !event.shiftKey) this.waiting = event.key;
    else if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.active >= 0) this.accept(this.active);
    else if (event.key === "Tab" && !event.shiftKey && (this.active >= 0 || word)) this.accept(Math.max(this.active, 0));
    else return false;
    return true;
  }
})();

text.addEventListener("keydown", (event) => {
  if (suggestions.key(event)) return event.preventDefault();
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    suggestions.close();
    if (text.value.trim()) composer.requestSubmit(document.getElementById("make"));
  }
});
text.addEventListener("input", () => {
  sessionStorage.setItem("sentence", text.value);
  grow();
  suggestions.fetch();
});
text.addEventListener("blur", () => suggestions.close());

/** For browsers whose text areas do not grow by themselves. */
function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

// ------------------------------------------------------------------------------------------------ files

function weigh(input) {
  const limit = Number(input.dataset.limit);
  const over = [...input.files].some((file) => file.size > limit);
  input.setCustomValidity(over ? words.large.replace("#", Math.floor(limit / 1048576)) : "");
  input.reportValidity();
}

composer.addEventListener("change", (event) => {
  if (event.target.type === "file") weigh(event.target);
});

const drop = document.getElementById("drop");
const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files") && !document.querySelector("dialog:modal");

document.addEventListener("dragover", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  drop.hidden = false;
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) drop.hidden = true;
});
document.addEventListener("drop", (event) => {
  drop.hidden = true;
  if (!carries(event)) return;
  event.preventDefault();
  for (const file of event.dataTransfer.files) {
    const input = document.getElementById(file.type.startsWith("audio/") ? "p-audio" : "p-image");
    const held = new DataTransfer();
    held.items.add(file);
    input.files = held.files;
    input.closest("details").open = true;
    weigh(input);
  }
});

// ------------------------------------------------------------------------------------------------ menus and the line

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(".menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

function listen() {
  const source = new EventSource(words.events);
  let silence;
  const on = (kind, act) => source.addEventListener(kind, (event) => act(JSON.parse(event.data)));
  on("card", hang);
  on("gone", ({ id }) => { document.getElementById(`m-${id}`)?.remove(); settle(); });
  on("answers", ({ answers: now }) => show(now));
  on("wall", ({ cards, answers: now }) => { arrange(wall, cards); show(now); });
  source.addEventListener("open", () => { clearTimeout(silence); body.dataset.line = "open"; tell(""); });
  source.addEventListener("error", () => {
    body.dataset.line = "lost";
    clearTimeout(silence);
    silence = setTimeout(() => tell(words.lost), 2000);
    if (source.readyState === EventSource.CLOSED) {
      clearTimeout(silence);
      tell(words.closed);
      setTimeout(listen, 5000);
    }
  });
}

// ------------------------------------------------------------------------------------------------ beginning

if (!text.value) text.value = sessionStorage.getItem("sentence") ?? "";
grow();
settle();
setInterval(ages, 30000);
for (const dialog of answers.querySelectorAll("dialog[open]")) raise(dialog);
listen();
