// Small courtesies for the staff pages, which work without them too: an open menu
// or filter closes with Escape and with a click elsewhere.
(() => {
  "use strict";
  const open = () => document.querySelectorAll("details.menu[open], details.filter[open]");

  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    }
  });
})();
