// What the shop's pages do beyond what selvedge.js does for any site. It knows
// the markup of the shop's fragments, and uses the events of selvedge.js.
(() => {
  "use strict";
  const euros = new Intl.NumberFormat("en-US", { style: "currency", currency: "EUR" });

  // A form that changes a line of the cart shows at once what it will bring.
  document.addEventListener("selvedge:send", ({ target: form, detail: { data, follows, guess } }) => {
    if (!form.dataset.line) return;
    // What follows another change of the line is about what that brings, and not
    // about the version that the page shows.
    if (follows) data.delete("version");
    const quantity = data.get("_method") === "DELETE" ? 0 : Number(data.get("quantity"));
    guess((set) => {
      const line = document.getElementById(form.dataset.line);
      if (!line) return;
      for (const el of line.querySelectorAll("[data-cents]")) {
        set(el, "textContent", euros.format((el.dataset.cents * quantity) / 100));
      }
      for (const el of document.querySelectorAll("[data-pieces]")) {
        set(el, "textContent", String(el.textContent - line.dataset.quantity + quantity));
      }
      set(line.dataset, "quantity", String(quantity));
      set(line, "hidden", !quantity);
    });
  });
})();
