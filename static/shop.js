// What the shop's pages do beyond what selvedge.js does for any site. It knows
// the markup of the shop's fragments, and uses the events of selvedge.js.
(() => {
  "use strict";

  // The format is made when a sum is guessed: to make it takes a phone 0.1 s.
  const euros = (cents) => new Intl.NumberFormat("en-US", { style: "currency", currency: "EUR" }).format(cents / 100);

  // The next pages need not wait for a main part that is late (see awaited.js).
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = "scripts=1; path=/; max-age=31536000; samesite=lax" + secure;

  const awaited = document.querySelector("#main .awaited");
  if (awaited) import("./awaited.js").then(({ follow }) => follow(awaited)).catch(() => {});

  // A field suggests what its form says that the server suggests.
  document.addEventListener("focusin", ({ target }) => {
    const url = target.form?.dataset.suggest;
    if (url && target.type === "search") import("./search.js").then(({ suggest }) => suggest(target, url)).catch(() => {});
  });

  // What others change is said where a page is kept true.
  if (document.getElementById("live")) import("./changes.js").catch(() => {});

  // What a swap has changed is told to other scripts, in the words of the shop's JSON
  // protocol.
  document.addEventListener("selvedge:swapped", ({ target, detail: { revision: version, source } }) => {
    const dispatch = (type, detail) => target.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: { ...detail, source } }));
    const [, productId] = /^stock-(\d+)$/.exec(target.id) ?? [];
    if (productId) dispatch("inventory-updated", { productId: Number(productId), inStock: !target.querySelector(".stock-out") });
    const pieces = target.id === "cart-mini" && target.querySelector("[data-pieces]");
    if (pieces) dispatch("cart-updated", { version, count: Number(pieces.textContent) });
  });

  // A note goes away by itself, by its style.
  document.addEventListener("animationend", ({ target, animationName }) => animationName === "note-leaves" && target.remove());

  // A link to a picture shows it enlarged, above the page.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".productdetails-figure a");
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere) return;
    event.preventDefault();
    import("./picture.js").then(({ enlarge }) => enlarge(link)).catch(() => location.assign(link.href));
  });

  // Quantities save themselves: after a pause in typing or stepping, with the
  // Enter key, on leaving the field, and before an order or another page.
  document.documentElement.classList.add("saves-quantities");
  const pause = 400; // ms
  const unsaved = new Map(); // fields, and the timers that save them
  const isQuantity = (el) => el.matches?.(".cart-quantity input[type=number]");
  const quantityOf = (form) => form.querySelector("input[type=number]");

  function save(field) {
    if (!unsaved.has(field)) return;
    clearTimeout(unsaved.get(field));
    unsaved.delete(field);
    if (field.isConnected && field.value) field.closest("form").requestSubmit(); // the answer says what is possible
  }

  const saveAll = () => [...unsaved.keys()].forEach(save);

  document.addEventListener("input", ({ target }) => {
    if (!isQuantity(target)) return;
    clearTimeout(unsaved.get(target));
    unsaved.set(target, setTimeout(save, pause, target));
  });

  document.addEventListener("change", ({ target }) => save(target));

  function onKey(event) {
    if (event.key !== "Enter" || !isQuantity(event.target)) return;
    event.preventDefault(); // it would place the order
    if (event.target.value) save(event.target);
    else event.target.reportValidity();
  }
  document.addEventListener("keydown", onKey);
  document.addEventListener("keypress", onKey);

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".cart-quantity [data-step]");
    if (!button) return;
    event.preventDefault();
    const field = quantityOf(button.form);
    const before = field.value;
    if (button.dataset.step > 0) field.stepUp();
    else field.stepDown();
    if (field.value !== before) field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // An order waits for its sum.
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "checkout") return;
    saveAll();
    if (!event.target.querySelector(":scope > [aria-disabled=true]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  addEventListener("beforeunload", saveAll);
  addEventListener("pagehide", saveAll);

  // After an order that was refused, the first mistake has the focus, unless the
  // person is in another field by then.
  let sentFrom; // the id of what had the focus
  document.addEventListener("selvedge:send", ({ target }) => target.id === "checkout" && (sentFrom = document.activeElement.id));
  document.addEventListener("selvedge:answer", ({ detail: { address, ok } }) => {
    if (ok || !address.endsWith("/api/checkout")) return;
    // The focus of an element that was replaced finds its place first.
    setTimeout(() => {
      const { activeElement } = document;
      if (activeElement.matches("input, select") && activeElement.id !== sentFrom) return;
      const message = document.querySelector("#cart [data-field]");
      const field = document.getElementById(message?.dataset.field);
      field?.focus();
      field?.scrollIntoView({ block: "center" });
    });
  });

  // A message about a field ends when something else stands there.
  document.addEventListener("input", ({ target }) => {
    const message = document.getElementById(target.id + "-message");
    if (!message || message.dataset.field !== target.id) return;
    message.remove();
    target.removeAttribute("aria-invalid");
    target.removeAttribute("aria-describedby");
  });

  // The field belongs to the checkout form, and is sent with that of its line.
  document.addEventListener("formdata", ({ target: form, formData }) => {
    if (form.matches(".cart-quantity")) formData.set("quantity", quantityOf(form).value);
  });

  // A form that adds to the cart counts at once. That is over with the version of the
  // cart that is to come of it, since a push may bring it before the answer.
  let coming;
  document.addEventListener("selvedge:send", ({ target: form, detail: { data, follows, guess } }) => {
    const quantity = Number(data.get("quantity") ?? 1);
    if (form.id !== "add-to-cart" || !(quantity > 0)) return;
    const versionOf = (el) => Number(el.closest("[data-revision]")?.dataset.revision);
    const badges = () => document.querySelectorAll("[data-pieces]");
    const version = (coming = Math.max(follows ? coming : 0, ...[...badges()].map(versionOf)) + 1);
    guess((set) => {
      for (const el of badges()) {
        if (versionOf(el) >= version) continue;
        set(el, "textContent", String(Number(el.textContent) + quantity));
        set(el, "className", "cart-mini-count");
      }
    });
  });

  // A form that changes a line of the cart shows at once what it will bring, but for
  // the sums, which are dimmed until they are true.
  document.addEventListener("selvedge:send", ({ target: form, detail: { data, follows, guess, saves } }) => {
    if (!form.dataset.line) return;
    if (form.matches(".cart-quantity")) saves.push(quantityOf(form));
    // What follows another change of the line is about what that brings, and not
    // about the version that the page shows.
    if (follows) data.delete("version");
    const quantity = data.get("_method") === "DELETE" ? 0 : Number(data.get("quantity"));
    guess((set) => {
      const line = document.getElementById(form.dataset.line);
      if (!line) return;
      for (const el of line.querySelectorAll("[data-cents]")) {
        set(el, "textContent", euros(el.dataset.cents * quantity));
      }
      for (const el of document.querySelectorAll("[data-pieces]")) {
        set(el, "textContent", String(el.textContent - line.dataset.quantity + quantity));
      }
      for (const el of document.querySelectorAll(".cart-totals, .checkout-lines, #checkout > button")) {
        set(el, "ariaBusy", "true");
        if (el.type) set(el, "ariaDisabled", "true");
      }
      set(line.dataset, "quantity", String(quantity));
      set(line, "hidden", !quantity);
    });
  });
})();
