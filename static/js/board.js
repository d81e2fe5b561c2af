// While a title is typed, ideas like it are shown below the field. Without this the form asks once when it is sent.
"use strict";

(() => {
  const form = document.getElementById("suggest");
  const found = document.getElementById("found");
  const title = form.elements.title;
  const pause = 400; // milliseconds without a key
  let timer = 0;
  let asked = 0;

  function show(ideas) {
    found.replaceChildren();
    if (ideas.length === 0) return;
    const heading = document.createElement("p");
    heading.textContent = found.dataset.title;
    const list = document.createElement("ul");
    for (const idea of ideas) {
      const link = document.createElement("a");
      link.href = idea.href;
      link.textContent = idea.title;
      link.lang = idea.lang;
      link.dir = "auto";
      link.target = "_blank"; // what is typed stays here
      link.rel = "noopener";
      const about = document.createElement("span");
      about.textContent = idea.about;
      const item = document.createElement("li");
      item.append(link, about);
      list.append(item);
    }
    found.append(heading, list);
  }

  async function ask() {
    const typed = title.value.trim();
    const number = ++asked;
    if (typed.length < 3) return show([]);
    try {
      const body = new URLSearchParams({ q: typed, lang: form.elements.lang.value });
      const answer = await fetch(found.dataset.similar, { method: "POST", body }); // not in an address, which proxies log
      if (!answer.ok || number !== asked) return;
      show((await answer.json()).ideas);
      form.elements.seen.value = typed; // the form need not ask about this title again
    } catch { /* away: the form asks when it is sent */ }
  }

  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  });
})();
