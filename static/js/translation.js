// Lets a file be chosen instead of pasted: its text goes into the field that is sent. Where a browser cannot do it by
// itself, a field grows with its text.
(() => {
  "use strict";
  const grow = (field) => {
    field.style.height = "auto";
    field.style.height = field.scrollHeight + field.offsetHeight - field.clientHeight + "px";
  };
  if (!CSS.supports("field-sizing", "content")) {
    for (const field of document.querySelectorAll(".side-row textarea")) {
      grow(field);
      field.addEventListener("input", () => grow(field));
    }
  }
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
