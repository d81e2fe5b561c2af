// Says that a file is being read while the next page is on its way, and keeps it from being sent twice.
(() => {
  "use strict";
  const forms = () => document.querySelectorAll("form[data-busy]");

  const rest = (form) => {
    form.removeAttribute("aria-busy");
    for (const button of form.querySelectorAll("button[data-held]")) {
      button.disabled = false;
      button.removeAttribute("data-held");
    }
    const text = form.querySelector("[data-busy-text]");
    if (text) text.textContent = "";
  };

  for (const form of forms()) {
    form.addEventListener("submit", () => {
      form.setAttribute("aria-busy", "true");
      for (const button of form.querySelectorAll("button:not([disabled])")) {
        button.disabled = true;
        button.setAttribute("data-held", "");
      }
      const text = form.querySelector("[data-busy-text]");
      if (text) text.textContent = form.dataset.busy;
    });
  }
  // The back button may bring the page back as it was left.
  addEventListener("pageshow", () => forms().forEach(rest));
})();
