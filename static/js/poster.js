// A button that prints; without this script the browser's own does.
(() => {
  "use strict";
  const button = document.querySelector("[data-print]");
  button.hidden = false;
  document.querySelector("[data-by-hand]").hidden = true;
  button.addEventListener("click", () => print());
})();
