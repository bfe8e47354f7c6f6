// What a page needs beside htmx, 2 or 4, which replaces elements without a look
// at what they show. It has no part in selvedge.js, which does all of this.
(() => {
  "use strict";

  // What a person has typed is theirs until it is sent.
  const typed = new WeakSet();
  document.addEventListener("input", ({ target }) => typed.add(target));

  const ran = new Set(); // the addresses of scripts that were loaded

  // loadOnce leaves out the scripts that have run, and the stylesheets that the
  // page has outside of the element that is replaced. It returns true.
  function loadOnce(fragment, replaced) {
    for (const { attributes } of document.scripts) ran.add(attributes.src?.value);
    for (const script of fragment.querySelectorAll("script[src]")) {
      const src = script.getAttribute("src");
      if (ran.has(src)) script.remove();
      ran.add(src);
    }
    for (const link of fragment.querySelectorAll("link[rel=stylesheet]")) {
      const other = document.querySelector("link[rel=stylesheet][href=" + CSS.escape(link.getAttribute("href")) + "]");
      if (other && !replaced?.contains(other)) link.remove();
    }
    return true;
  }

  // mayReplace reports whether an element may take the place of another, and
  // prepares it for that.
  function mayReplace(old, fragment) {
    const next = fragment.firstElementChild;
    const isContent = !next?.id || next.id !== old.id;
    if (isContent) return loadOnce(fragment);
    const [shown, sent] = [old.dataset, next.dataset];
    if (sent.revision && sent.epoch === shown.epoch && Number(sent.revision) < Number(shown.revision)) return false;
    if (old.isEqualNode(next)) return false;
    // A form that sends each click is not taken away below the next one. Its key
    // does not matter, for every request has its own.
    if (/queue all/.test(old.getAttribute("hx-sync"))) return false;
    for (const field of old.querySelectorAll("input[id], select[id], textarea[id]")) {
      const twin = typed.has(field) && next.querySelector("#" + CSS.escape(field.id));
      if (twin && !twin.closest("[hx-preserve]")) twin.setAttribute("hx-preserve", "true");
    }
    if (old.contains(document.activeElement)) keepFocus(document.activeElement, old);
    return loadOnce(fragment, old);
  }

  // keepFocus gives the focus of an element that was replaced to what has its
  // label, or to the closest element around that is still there, so that it is
  // not at the top of the page.
  function keepFocus(focused, old) {
    const around = [];
    for (let el = focused; el !== old.parentElement; el = el.parentElement) if (el.id) around.push(el.id);
    setTimeout(() => {
      const current = document.activeElement;
      if (current && current !== document.body && !current.disabled) return;
      const label = focused.ariaLabel;
      const same = label && document.querySelector("[aria-label=" + CSS.escape(label) + "]");
      const next = [same, ...around.map((id) => document.getElementById(id))].find((el) => el && !el.disabled);
      if (next?.tabIndex < 0) next.tabIndex = -1;
      next?.focus({ preventScroll: true });
    });
  }

  // prepare gives a request a key of its own.
  function prepare(source, headers) {
    headers["Idempotency-Key"] = '"' + crypto.getRandomValues(new Uint32Array(4)).join("-") + '"';
    for (const field of source.elements ?? []) typed.delete(field);
  }

  // htmx 2
  document.addEventListener("htmx:configRequest", ({ detail }) => prepare(detail.elt, detail.headers));
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (!mayReplace(target, fragment)) event.preventDefault();
  });

  // htmx 4, whose events do not leave a form that was replaced while its request
  // was open
  window.htmx?.registerExtension?.("selvedge-guard", {
    htmx_config_request: (elt, { ctx }) => prepare(elt, ctx.request.headers),
    htmx_before_swap: (elt, { tasks }) => {
      const wanted = tasks.filter(({ type, target, fragment }) => type !== "oob" || mayReplace(target, fragment));
      tasks.splice(0, tasks.length, ...wanted);
    },
  });
})();
