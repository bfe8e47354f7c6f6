// The filters and the order of a list act at once. The controls are those of the
// form "productlist-filters", which works without this script by its buttons.
(() => {
  "use strict";
  const key = "selvedge-filter";
  let price = null; // the field of a price that was changed
  const isFilter = (el) => el.form?.id === "productlist-filters";
  document.documentElement.classList.add("filters-at-once");

  // The next page gives the focus back to the control that was used.
  function apply(control) {
    control.form.requestSubmit();
    sessionStorage.setItem(key, control.id);
  }

  // A price counts when both fields are left, because who has typed the lower
  // one is likely to type the higher one next.
  document.addEventListener("change", ({ target }) => {
    if (!isFilter(target)) return;
    if (target.closest(".productlist-range")) price = target;
    else apply(target);
  });
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    const range = target.closest?.(".productlist-range");
    if (range && price && !range.contains(relatedTarget)) apply(price);
  });

  document.addEventListener("formdata", ({ target, formData }) => {
    if (target.method !== "get") return;
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });

  const used = document.getElementById(sessionStorage.getItem(key));
  sessionStorage.removeItem(key);
  if (used) {
    const folded = used.closest("details");
    if (folded) folded.open = true;
    used.focus();
  }
})();
