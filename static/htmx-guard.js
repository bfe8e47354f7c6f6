// What a page needs beside htmx, 2 or 4, which replaces elements without a look
// at what they show. It has no part in selvedge.js, which does all of this. How
// requests are made is in htmx-requests.js.
import { byId, focusOn, notify } from "./requests.js";
import { answering, isOpen, pushed, requestOf, typed } from "./htmx-requests.js";

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
// prepares it for that. It came with the answer of a request, if there is one.
function mayReplace(old, fragment, request) {
  if (old.id === "notice") return tell(fragment, request);
  const next = fragment.firstElementChild;
  const isContent = !next?.id || next.id !== old.id;
  if (isContent) return loadOnce(fragment);
  const [shown, sent] = [old.dataset, next.dataset];
  if (sent.revision && sent.epoch === shown.epoch && Number(sent.revision) < Number(shown.revision)) return false;
  if (old.isEqualNode(next)) return false;
  if (isOpen(old)) return void pushed.set(old, next.cloneNode(true));
  for (const form of old.querySelectorAll("form[id]")) if (isOpen(form)) keepForm(form, next);
  for (const field of old.querySelectorAll("input[id], select[id], textarea[id]")) {
    const twin = typed.has(field) && next.querySelector("#" + CSS.escape(field.id));
    if (twin && !twin.closest("[hx-preserve]")) twin.setAttribute("hx-preserve", "true");
  }
  if (old.contains(document.activeElement)) keepFocus(document.activeElement, old);
  return loadOnce(fragment, old);
}

// tell says the notice of an answer, which is no element of its own in the page. It
// returns false.
function tell(fragment, request) {
  const notice = fragment.id ? fragment : fragment.firstElementChild;
  if (notice?.textContent.trim()) notify(request ?? { id: "" }, ...notice.childNodes);
  return false;
}

// keepForm has a form stay in what replaces its surroundings.
function keepForm(form, next) {
  const twin = next.querySelector("#" + CSS.escape(form.id));
  if (!twin) return;
  pushed.set(form, twin.cloneNode(true));
  for (const el of twin.querySelectorAll("[hx-preserve]")) el.removeAttribute("hx-preserve");
  twin.setAttribute("hx-preserve", "true");
}

// keepFocus gives the focus of an element that was replaced to what has its
// label or leads where it led, or to the closest element around that is still
// there, so that it is not at the top of the page.
function keepFocus(focused, old) {
  const around = [];
  for (let el = focused; el !== old.parentElement; el = el.parentElement) if (el.id) around.push(el.id);
  setTimeout(() => {
    const { activeElement, body } = document;
    if (activeElement !== body && !activeElement?.disabled) return;
    const left = around.map(byId).filter((el) => el && !el.disabled);
    const isSame = (el) => el.ariaLabel === focused.ariaLabel && el.href === focused.href;
    const next = left.flatMap((el) => [...el.querySelectorAll("a, [aria-label]:enabled")]).find(isSame) ?? left[0];
    if (next) focusOn(next);
  });
}

// htmx 2
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (!mayReplace(target, fragment, answering)) event.preventDefault();
});

// htmx 4, which finds the elements to replace before it replaces any
window.htmx?.registerExtension?.("selvedge-guard", {
  htmx_before_swap: (elt, { ctx, tasks }) => {
    const wanted = [];
    for (const task of tasks) {
      const { type, target, fragment } = task;
      const around = wanted.find((other) => other.target !== target && other.target?.contains?.(target));
      const inner = target?.id && around?.fragment.querySelector("#" + CSS.escape(target.id));
      if (inner) inner.replaceWith(fragment.firstElementChild);
      else if (type !== "oob" || mayReplace(target, fragment, requestOf(ctx))) wanted.push(task);
    }
    tasks.splice(0, tasks.length, ...wanted);
  },
});
