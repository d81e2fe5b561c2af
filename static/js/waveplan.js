// Shows the next openings of a plan while it is typed, and the quiet weeks to a plan that recurs. Without this script, a
// button of the form shows the openings.
(() => {
  "use strict";
  const form = document.querySelector("[data-plan]");
  const list = form.querySelector("[data-dates]");
  const none = form.querySelector("[data-no-dates]");
  form.querySelector("[data-show]").hidden = true;
  let latest = 0;

  form.addEventListener("change", async (event) => {
    if (event.target.id === "every" && event.target.value !== "once") form.querySelector(".quiet-weeks").open = true;
    const mine = ++latest;
    const typed = new URLSearchParams(new FormData(form));
    typed.delete("csrf");
    const answer = await fetch("/waves/dates.json?" + typed, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok || mine !== latest) return;
    const { dates } = await answer.json();
    list.replaceChildren(...dates.map((date) => Object.assign(document.createElement("li"), { textContent: date })));
    none.hidden = dates.length > 0;
  });
})();
