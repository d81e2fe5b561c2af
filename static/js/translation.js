// Lets a file be chosen instead of pasted: its text goes into the field that is sent.
(() => {
  "use strict";
  const input = document.querySelector("[data-file-into]");
  if (!input) return;
  input.closest("[data-file-row]").hidden = false;
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    const field = document.getElementById(input.dataset.fileInto);
    field.value = await file.text();
    field.focus();
  });
})();
