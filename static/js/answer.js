// What a browser can add to the pages that employees meet. Without it they work all the same.
"use strict";

(() => {
  const page = document.documentElement;
  page.classList.add("js");

  // The draft of a form stays in this browser, under the code or token of its address, until its answers are stored.
  const draftName = (code) => "soundings:" + code.toLowerCase();
  // That somebody has answered at this address stays here too, with a trace to forget it by when the answers are withdrawn:
  // nothing else about it, unless they want their receipt kept.
  const answeredPrefix = "soundings-answered:";
  const answeredName = (code) => answeredPrefix + code.toLowerCase();
  const code = /^\/[si]\/([^/]+)/.exec(location.pathname);
  const draftKey = code && draftName(code[1]);
  const sentKey = "soundings-sent";
  const longestKept = 24 * 3600 * 1000; // a draft is for the same person, not for the next one at this browser

  // A small number in the digits the program itself writes; browsers and servers differ on those of some languages.
  function number(n) {
    const zero = document.body.dataset.zero.codePointAt(0);
    return [...String(n)].map((digit) => String.fromCodePoint(zero + Number(digit))).join("");
  }

  function keep(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch { /* a private window or a full disk: there is no draft, and everything else works */ }
  }

  function kept(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function forget(key) {
    try {
      localStorage.removeItem(key);
    } catch { /* nothing was kept */ }
  }

  const ticks = (field) => field.type === "radio" || field.type === "checkbox";
  const ours = (field) => field.name.startsWith("q.") || field.name === "department" || field.name === "band";

  function draftOf(form) {
    const draft = { saved: Date.now() };
    for (const field of form.elements) {
      if (!ours(field) && field.name !== "receipt" && field.name !== "variant") continue;
      if (ticks(field) ? !field.checked : field.value === "") continue;
      (draft[field.name] ||= []).push(field.value);
    }
    return draft;
  }

  function restore(form, draft) {
    let found = false;
    for (const field of form.elements) {
      const values = draft[field.name];
      if (!Array.isArray(values)) continue;
      if (field.name === "receipt") {
        field.value = values[0]; // a send that may have arrived is repeated, not doubled
      } else if (ours(field)) {
        found = true;
        if (ticks(field)) field.checked = values.includes(field.value);
        else field.value = values[0];
      }
    }
    return found;
  }

  // What a survey of a department opens with is shown once the department is known; before, what was promised to all.
  function opening(form) {
    const place = document.getElementById("opening");
    const choice = form.elements.namedItem("department");
    if (!place || !choice) return;
    const lines = [...place.querySelectorAll("li")];
    const show = () => {
      for (const line of lines) line.hidden = choice.value ? !line.dataset.own.split(" ").includes(choice.value) : !line.dataset.all;
      place.hidden = lines.every((line) => line.hidden);
    };
    choice.addEventListener("change", show);
    show();
  }

  // Which of two texts somebody reads is chance's to say. An address that says it is for one reader, once: whoever copies it,
  // or sits down at this browser next, has a toss of their own.
  function toss() {
    const address = new URLSearchParams(location.search);
    if (!address.has("variant")) return;
    address.delete("variant");
    history.replaceState(null, "", location.pathname + (String(address) && "?" + address));
  }

  function drafts(form) {
    if (!draftKey) return;
    const save = () => keep(draftKey, draftOf(form));
    form.addEventListener("input", save);
    form.addEventListener("change", save);
    if ("filled" in form.dataset) {
      save();
      return;
    }
    const draft = kept(draftKey);
    if (!draft) return;
    if (!(Date.now() - draft.saved < longestKept)) return forget(draftKey);
    const read = form.elements.namedItem("variant");
    if (read && draft.variant && draft.variant[0] !== read.value) {
      // Of two texts they read on in the one that they began with.
      const address = new URLSearchParams(location.search);
      address.set("variant", draft.variant[0]);
      location.replace(location.pathname + "?" + address);
      return;
    }
    if (!restore(form, draft)) return;
    const note = form.querySelector("#draft");
    note.hidden = false;
    note.querySelector("button").addEventListener("click", () => {
      forget(draftKey);
      location.assign(location.pathname + location.search);
    });
  }

  // Somebody who has answered here is asked whether to change that, before they answer as somebody else.
  function again(box) {
    const record = code && kept(answeredName(code[1]));
    if (!record) return;
    const main = box.parentElement;
    const ask = (on) => {
      main.classList.toggle("asked", on);
      box.hidden = !on;
    };
    ask(true);
    const form = box.querySelector("form");
    form.addEventListener("submit", (event) => {
      if (record.receipt) form.elements.receipt.value = record.receipt;
      else event.preventDefault(), location.assign(box.dataset.look);
    });
    box.querySelector(".quiet").addEventListener("click", () => {
      ask(false);
      const first = main.querySelector("h1");
      first.tabIndex = -1;
      first.focus();
    });
  }

  // Questions that hang on an answer come and go with it. What is hidden is not sent.
  function conditions(form) {
    for (const block of form.querySelectorAll("[data-if]")) {
      const wanted = block.dataset.in.split(" ");
      const name = "q." + block.dataset.if;
      const shown = [...form.elements].some((field) =>
        field.name === name && field.checked && !field.disabled && wanted.includes(field.value));
      block.hidden = !shown;
      for (const field of block.querySelectorAll("input, select, textarea")) field.disabled = !shown;
    }
  }

  // Writing something else chooses it.
  function others(form) {
    for (const text of form.querySelectorAll(".own")) {
      text.addEventListener("input", () => {
        const tick = text.parentElement.querySelector("[value='other']");
        if (text.value !== "" && !tick.checked) {
          tick.checked = true;
          conditions(form);
        }
      });
    }
  }

  // A ranking is put in order with two buttons a row. The fields of the form stay, out of sight, and hold the ranks.
  function ranking(list) {
    const rows = [...list.children];
    const words = list.dataset;
    const said = list.nextElementSibling;
    const field = (row) => row.querySelector("select, input");
    const name = (row) => row.querySelector("label").textContent;
    let order = rows.filter((row) => field(row).value !== "").sort((a, b) => field(a).value - field(b).value);
    const before = []; // orders to go back to, with the row that was moved
    const undo = document.createElement("button");

    function draw() {
      rows.forEach((row) => {
        const at = order.indexOf(row);
        field(row).value = at < 0 ? "" : String(at + 1);
        row.classList.toggle("ranked", at >= 0);
        row.querySelector(".rank").textContent = at < 0 ? "–" : number(at + 1);
        row.querySelector(".up").setAttribute("aria-disabled", String(at === 0));
        row.querySelector(".down").setAttribute("aria-disabled", String(at < 0));
      });
      list.append(...order, ...rows.filter((row) => !order.includes(row)));
    }

    function tell(row) {
      undo.hidden = before.length === 0;
      const now = order.indexOf(row);
      said.textContent = (now < 0 ? words.out : words.is).replace("{option}", name(row)).replace("{n}", number(now + 1));
      field(row).dispatchEvent(new Event("change", { bubbles: true }));
    }

    // Puts a row at a place among the others; a place after the last ranked one leaves it without a rank.
    function put(row, place) {
      order = order.filter((other) => other !== row);
      if (place <= order.length) order.splice(place, 0, row);
      draw();
    }

    function move(row, step) {
      const at = order.indexOf(row);
      before.push([order, row]);
      if (at < 0) put(row, order.length);
      else if (at + step < order.length) put(row, Math.max(0, at + step));
      else put(row, order.length);
      tell(row);
    }

    // A row follows the finger or the mouse that holds its grip.
    function dragging(row, grip) {
      grip.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        const was = order;
        row.classList.add("held");
        const follow = (at) => {
          const others = [...list.children].filter((other) => other !== row);
          const above = others.filter((other) => {
            const box = other.getBoundingClientRect();
            return at.clientY > box.top + box.height / 2;
          });
          if (list.children[above.length] !== row || !order.includes(row)) put(row, above.length);
        };
        const drop = () => {
          removeEventListener("pointermove", follow);
          removeEventListener("pointerup", drop);
          removeEventListener("pointercancel", drop);
          row.classList.remove("held");
          if (was.length === order.length && was.every((other, at) => other === order[at])) return;
          before.push([was, row]);
          tell(row);
        };
        addEventListener("pointermove", follow);
        addEventListener("pointerup", drop);
        addEventListener("pointercancel", drop);
      });
    }

    for (const row of rows) {
      row.classList.add("live");
      field(row).hidden = true;
      const rank = document.createElement("span");
      rank.className = "rank";
      rank.setAttribute("aria-hidden", "true");
      row.prepend(rank);
      dragging(row, rank);
      for (const [kind, step, sign] of [["up", -1, "↑"], ["down", 1, "↓"]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = kind;
        button.textContent = sign;
        button.setAttribute("aria-label", words[kind] + ": " + name(row));
        button.addEventListener("click", () => {
          if (button.getAttribute("aria-disabled") === "true") return;
          move(row, step);
          button.focus(); // moving the row takes the focus away
        });
        row.append(button);
      }
    }
    undo.type = "button";
    undo.className = "quiet undo";
    undo.textContent = words.undo;
    undo.hidden = true;
    undo.addEventListener("click", () => {
      const [was, row] = before.pop();
      order = was;
      draw();
      tell(row);
      if (undo.hidden) row.querySelector(".up").focus();
    });
    said.after(undo);
    draw();
  }

  // Sending: never twice at once, always with the same receipt, until the program has said what became of it.
  function sending(form) {
    const button = form.querySelector(".send");
    const label = button.textContent;
    const trouble = form.querySelector("#trouble");
    const wait = form.querySelector("#wait");
    const longest = 60;
    let busy = false;
    let pause = 2;
    let timer = 0;

    function work(on) {
      busy = on;
      button.setAttribute("aria-disabled", String(on));
      button.textContent = on ? form.dataset.sending : label;
    }

    function later() {
      work(false);
      pause = Math.min(pause * 2, longest);
      trouble.textContent = form.dataset.failed;
      let left = pause;
      const tell = () => { wait.textContent = form.dataset.retry.replace("{n}", number(left)); };
      tell();
      timer = setInterval(() => {
        left -= 1;
        if (left > 0) tell();
        else send();
      }, 1000);
    }

    async function send() {
      if (busy) return;
      clearInterval(timer);
      timer = 0;
      work(true);
      wait.textContent = "";
      if (draftKey) keep(draftKey, draftOf(form));
      let response, text;
      try {
        // The form has a field called action, so its property of that name cannot be used.
        response = await fetch(form.getAttribute("action") || location.href, {
          method: "POST", body: new URLSearchParams(new FormData(form)), signal: AbortSignal.timeout?.(40000),
        });
        text = await response.text();
      } catch {
        later();
        return;
      }
      const at = new URL(response.url);
      if (response.ok && at.pathname === "/thanks") {
        try {
          sessionStorage.setItem(sentKey, draftKey || "");
        } catch { /* the page itself knows the code, unless another server made it */ }
        location.assign(at.href);
        return;
      }
      const answer = new DOMParser().parseFromString(text, "text/html").querySelector("main");
      // Anything else than an answer of this program comes from something on the way: try again.
      if (response.ok || response.status >= 500 || response.status === 429 || !answer) {
        later();
        return;
      }
      show(answer, text);
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    window.addEventListener("online", () => {
      if (timer && form.isConnected) send();
    });
  }

  // Puts the answer to a send in the place of what is there, and the reader before what it says.
  function show(main, text) {
    document.title = new DOMParser().parseFromString(text, "text/html").title;
    document.querySelector("main").replaceWith(document.importNode(main, true));
    start();
    const first = document.querySelector("#faults, main h1");
    first.tabIndex = -1;
    first.focus();
    first.scrollIntoView();
  }

  function thanks(sent) {
    if (sent.dataset.sent) forget(draftName(sent.dataset.sent));
    remember(sent);
    try {
      const key = sessionStorage.getItem(sentKey);
      if (key) forget(key);
      sessionStorage.removeItem(sentKey);
    } catch { /* then the code on the page has to do */ }
    const button = document.getElementById("copy");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const secret = document.getElementById("receipt");
      try {
        await navigator.clipboard.writeText(secret.textContent);
      } catch { // not over https: copy as a hand would
        getSelection().selectAllChildren(secret);
        if (!document.execCommand("copy")) return;
      }
      button.textContent = button.dataset.done;
      document.getElementById("copy-said").textContent = button.dataset.done;
    });
  }

  // Notes that this link was answered here, and offers to keep the receipt as well. Whoever answered before is forgotten.
  function remember(sent) {
    const box = document.getElementById("remember");
    if (!box) return;
    const key = answeredName(sent.dataset.sent);
    const receipt = document.getElementById("receipt").textContent;
    const tick = box.querySelector("input");
    const record = kept(key);
    tick.checked = Boolean(record && record.receipt === receipt); // the page was reloaded
    const trace = sent.dataset.trace;
    const note = () => keep(key, tick.checked ? { trace, receipt } : { trace });
    note();
    tick.addEventListener("change", note);
    box.hidden = false;
  }

  // Whoever has withdrawn their answers is not asked whether to change them.
  function withdrawn(trace) {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(answeredPrefix) && kept(key)?.trace === trace) forget(key);
      }
    } catch { /* nothing was kept */ }
  }

  function start() {
    const gone = document.querySelector("[data-withdrawn]");
    if (gone) withdrawn(gone.dataset.withdrawn);
    const sent = document.querySelector("[data-sent]");
    if (sent) thanks(sent);
    const form = document.getElementById("answers");
    if (!form) return;
    const answered = document.getElementById("answered");
    if (answered) again(answered);
    toss();
    drafts(form);
    opening(form);
    form.querySelectorAll(".ranks").forEach(ranking);
    others(form);
    conditions(form);
    form.addEventListener("change", () => conditions(form));
    sending(form);
  }

  start();
})();
