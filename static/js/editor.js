// What a browser adds to the editor of a survey: it saves by itself, shows one card at a time, lets questions be dragged,
// and puts the answer to a button in place without loading the page anew. Without it the page is one plain form.
(() => {
  "use strict";
  const quiet = 1500; // ms without a key before a save
  const retryAfter = 5000;
  let form, words, timer = 0, busy = null, dirty = false, stale = false;

  const one = (selector, within = form) => within.querySelector(selector);
  const all = (selector, within = form) => [...within.querySelectorAll(selector)];
  const field = (name) => form.elements[name];
  const tell = (text) => { one("#saved").textContent = text; };

  // The card in hand: of the survey itself or of one question.
  function choose(id, focus) {
    const card = document.getElementById(id)?.closest(".card-edit") || one("#survey");
    for (const other of all(".card-edit")) other.classList.toggle("current", other === card);
    for (const item of all(".outline-item")) {
      item.classList.toggle("current", item.dataset.card === card.id);
      const link = one("a", item);
      if (item.dataset.card === card.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    field("at").value = card.id === "survey" ? "-1" : String(all(".cards [data-key]").indexOf(card));
    if (!focus) return;
    let target = document.getElementById(id);
    target.closest("details")?.setAttribute("open", "");
    if (target === card) target = one("textarea, input:not([type=hidden])", card);
    else if (!target.matches("input, select, textarea, button")) target = one("input:checked, input, button", target) || target;
    target.focus();
  }

  // Fields that the kind of a question does not have.
  function kinds(card) {
    const kind = one('input[name$=".kind"]:checked', card)?.value;
    for (const part of all("[data-for]", card)) part.hidden = !part.dataset.for.split(" ").includes(kind);
    const points = Number(one('input[name$=".points"]:checked', card)?.value || 5);
    for (const line of all("[data-point]", card)) line.hidden = Number(line.dataset.point) >= points;
  }

  function body(op) {
    const data = new URLSearchParams(new FormData(form));
    data.set("op", op);
    return data;
  }

  function later(wait = quiet) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function touched(event) {
    dirty = true;
    if (!stale) tell(words.unsaved);
    const card = event.target.closest("[data-key]");
    if (card && event.target.matches('[name$=".text"]')) one('.outline-item[data-key="' + card.dataset.key + '"] .outline-text').textContent = event.target.value;
    if (event.target.id === "title" && event.target.value.trim()) one(".headline").textContent = event.target.value;
    const row = event.target.closest(".option-row");
    if (row && event.target.value) more(row);
    later();
  }

  // Another empty row below the last option.
  function more(row) {
    const rows = all(".option-row", row.parentElement);
    if (rows.at(-1) !== row) return;
    const copy = row.cloneNode(true);
    const input = one("input.form-control", copy);
    all("button", copy).forEach((button) => button.remove());
    one("[data-option-id]", copy).value = "";
    input.value = "";
    const number = rows.length;
    input.id = input.id.replace(/\d+$/, String(number));
    input.removeAttribute("aria-describedby");
    for (const name of ["aria-label", "placeholder"]) input.setAttribute(name, input.getAttribute(name).replace(/\d+/, String(number + 1)));
    const after = row.nextElementSibling?.matches(".invalid-feedback") ? row.nextElementSibling : row;
    after.after(copy);
  }

  // The question somebody is typing gets its name for good only when the text is whole.
  function typing() {
    const at = document.activeElement;
    return at && at.matches('[name$=".text"], [name$=".option"]') ? at.closest("[data-key]")?.dataset.key || "" : "";
  }

  // One request at a time: each is made of the version that the one before has made.
  function save() {
    clearTimeout(timer);
    if (stale || !dirty) return;
    if (busy) return later(200);
    busy = send().finally(() => { busy = null; });
  }

  async function send() {
    dirty = false;
    tell(words.saving);
    field("typing").value = typing();
    const sent = body("autosave");
    field("typing").value = "";
    try {
      const response = await fetch(form.getAttribute("action") + "/autosave.json", { method: "POST", body: sent });
      if (response.status === 409) return conflict();
      if (!response.ok) throw new Error(String(response.status));
      keep(await response.json());
    } catch {
      dirty = true;
      tell(words.failed);
      later(retryAfter);
    }
  }

  function conflict() {
    stale = true;
    dirty = true;
    tell(words.conflict);
    one("#compare").hidden = false;
  }

  function keep(saved) {
    for (const other of document.querySelectorAll('input[name="version"]')) other.value = saved.version;
    field("seen").value = saved.seen;
    for (const card of all(".cards [data-key]")) {
      const key = card.dataset.key;
      if (saved.ids[key] !== undefined) one("[data-id]", card).value = saved.ids[key];
      // Rows without a text are not stored, so the ids belong to those that have one, or had an id before.
      const rows = all(".option-row", card).filter((row) => one("input.form-control", row).value.trim() || one("[data-option-id]", row).value);
      (saved.options[key] || []).forEach((id, i) => { if (rows[i]) one("[data-option-id]", rows[i]).value = id; });
    }
    const own = all("[data-own-id]").filter((id) => id.value || id.nextElementSibling.value.trim());
    (saved.own || []).forEach((id, i) => { if (own[i]) own[i].value = id; });
    one("#left").textContent = saved.left;
    if (field("check")) faults(saved);
    if (!dirty) tell(saved.said);
    const preview = document.getElementById("preview");
    if (preview && preview.offsetParent) preview.contentWindow.location.reload();
  }

  // Faults are shown once they were asked for, and then as they stand after each save.
  function faults(saved) {
    for (const text of all('.invalid-feedback[id^="e-"]')) {
      const id = text.id.slice(2);
      const fault = saved.faults[id] || "";
      text.textContent = fault;
      text.hidden = !fault;
      const input = document.getElementById(id);
      input?.classList.toggle("is-invalid", Boolean(fault) && input.matches(".form-control, .form-select"));
    }
    for (const item of all(".outline-item[data-key]")) {
      const flag = one(".flag", item);
      if (flag) flag.hidden = !Object.keys(saved.faults).some((id) => id.startsWith(item.dataset.card + "-"));
    }
    const list = one("#faults ul");
    if (!list) return;
    one("#faults-title").textContent = saved.left;
    list.replaceChildren(...(saved.lines || []).map((line) => {
      const entry = document.createElement("li");
      const name = document.createElement(line.Target ? "a" : "span");
      if (line.Target) name.href = "#" + line.Target;
      name.textContent = line.Label;
      entry.append(name, ": " + line.Text);
      return entry;
    }));
  }

  // A button of the form: the page that answers takes the place of this one, and the focus goes on where it says.
  async function press(op, button) {
    clearTimeout(timer);
    while (busy) await busy;
    clearTimeout(timer); // a save that failed meanwhile is made good by this one
    let done;
    busy = new Promise((resolve) => { done = resolve; }).finally(() => { busy = null; });
    try {
      await post(op, button);
    } finally {
      done();
    }
  }

  async function post(op, button) {
    const before = document.activeElement?.id;
    // What is typed now would be gone with the page that is about to be replaced.
    form.inert = true;
    tell(words.saving);
    let response, text;
    try {
      response = await fetch(form.getAttribute("action"), { method: "POST", body: body(op) });
      text = await response.text();
    } catch {
      dirty = true;
      form.inert = false;
      button?.focus();
      tell(words.failed);
      return later(retryAfter);
    }
    dirty = false;
    const page = new DOMParser().parseFromString(text, "text/html");
    const main = page.querySelector("main");
    if (!main) return location.assign(response.url);
    if (!main.querySelector("#editor") && response.ok) return location.assign(response.url);
    document.title = page.title;
    document.querySelector("main").replaceWith(document.importNode(main, true));
    if (response.ok) {
      const at = new URL(response.url);
      history.replaceState(null, "", at.pathname + (at.searchParams.has("check") ? "?check=1" : ""));
    }
    start();
    if (!form) return;
    const target = document.querySelector("main [autofocus]") || (op === "check" || op === "publish" ? document.getElementById("faults") : null);
    if (target) {
      target.focus();
      target.scrollIntoView({ block: "nearest" });
    } else if (before) {
      document.getElementById(before)?.focus();
    }
    // A live region speaks when its text changes, not when it arrives with it.
    const said = document.getElementById("said");
    const sentence = said.textContent;
    said.textContent = "";
    requestAnimationFrame(() => { said.textContent = sentence; });
  }

  function drag() {
    const list = one("#outline");
    if (typeof Sortable === "undefined") return;
    Sortable.create(list, {
      handle: ".grip", draggable: "[data-key]", animation: 120,
      onEnd: (event) => {
        const from = event.oldDraggableIndex, to = event.newDraggableIndex;
        if (from !== to) press("move." + event.item.dataset.key + "." + to);
      },
    });
  }

  // A way out of the editor first saves what is not saved yet.
  async function leave(event) {
    const link = event.target.closest('a[href^="/"]');
    if (!link || !(dirty || busy) || stale || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    while (busy) await busy;
    save();
    while (busy) await busy;
    if (!dirty) location.assign(link.href);
  }

  function start() {
    form = document.getElementById("editor");
    stale = false;
    if (!form) return;
    words = form.dataset;
    form.classList.add("scripted");
    all(".cards [data-key]").forEach(kinds);
    const cards = all(".cards [data-key]");
    const flagged = location.hash.slice(1);
    choose(flagged && document.getElementById(flagged)?.closest(".card-edit") ? flagged : cards[Number(words.at)]?.id || "survey");
    drag();
    form.addEventListener("input", touched);
    form.addEventListener("change", (event) => {
      const card = event.target.closest("[data-key]");
      if (card && event.target.matches('[name$=".kind"], [name$=".points"]')) kinds(card);
      if (event.target.matches('[name$=".if"]')) press("save", event.target);
    });
    const follow = (event) => {
      const link = event.target.closest('a[href^="#"]');
      if (!link || !document.getElementById(link.hash.slice(1))?.closest(".cards")) return;
      event.preventDefault();
      choose(link.hash.slice(1), true);
    };
    form.addEventListener("click", follow);
    form.addEventListener("click", leave);
    // Enter has a second half, which would be typed into the field that has the focus by then.
    form.addEventListener("keydown", (event) => { if (event.key === "Enter") follow(event); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = event.submitter;
      if (button?.getAttribute("aria-disabled") === "true") return;
      if (!button || button.tabIndex < 0 && !stale) { // Enter in a field
        dirty = true;
        save();
      } else {
        press(button.value, button);
      }
    });
  }

  start();
  window.addEventListener("beforeunload", (event) => {
    if (form && dirty) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { if (form) form.inert = false; }); // back again after publishing
  window.addEventListener("online", () => { if (form && dirty) later(0); });
})();
