// What the requests that a person makes have in common under selvedge.js and
// under htmx: a key, a control that is busy, and a message about a failure.

export const byId = (id) => document.getElementById(id);

// newKey returns a key for the header Idempotency-Key, by which the server knows a
// request however often it is sent.
export const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

// nameOf returns what a control is called, and a form by its first label.
export function nameOf(control) {
  return control.ariaLabel ?? (control.matches("form") ? control.querySelector("label") : control)?.textContent.trim();
}

// isLost reports whether the answer of the server is not there, by the status of
// the response, which is 0 if there is none.
export const isLost = (status) => !status || (status > 501 && status < 505);

// isFragment reports whether an answer is what a request in the background asks
// for, and no page.
export const isFragment = (html) => !/^\s*<(!doctype|html)/i.test(html);

// Controls, and how many of their requests have no answer.
const busy = new WeakMap();

export function addBusy(control, n) {
  if (!control) return;
  busy.set(control, (busy.get(control) ?? 0) + n);
  if (busy.get(control)) control.setAttribute("aria-busy", "true");
  else control.removeAttribute("aria-busy");
}

// dispatch dispatches an event to the scripts of the site. It reports whether none
// of them has prevented its default action.
export const dispatch = (target, type, detail, cancelable) => target.dispatchEvent(new CustomEvent(type, { bubbles: true, cancelable, detail }));

// targetOf returns where the events of a request are dispatched when it is over.
const targetOf = ({ source }) => (source?.isConnected ? source : document);

// dispatchAnswer dispatches the result of a request.
export function dispatchAnswer(request, ok) {
  dispatch(targetOf(request), "selvedge:answer", { address: request.address, ok });
}

// contents returns what a person can have put into the fields of a form.
export function contents(form) {
  const fields = [...(form?.elements ?? [])].filter((el) => el.matches("input:not([type=hidden]), select, textarea"));
  return fields.map((el) => [el.value, el.checked]).join();
}

// Where the element with the focus goes away, its surroundings get it, so
// that the Tab key does not begin again at the top of the page.
export function keepingFocus(around, change) {
  const focused = document.activeElement;
  change();
  if (focused && !focused.isConnected) focusOn(around);
}

// An element without a box of its own cannot have the focus: one around has it then.
export function focusOn(el) {
  if (el.tabIndex < 0) el.tabIndex = -1;
  el.focus({ preventScroll: true });
  if (document.activeElement !== el && el.parentElement) focusOn(el.parentElement);
}

// Elements that say what went wrong with a request, by its id.
const messages = new Map();

// notify shows the action of a person with its result, until the message is dismissed or
// the action succeeds. It offers to repeat the action if the request has a function again.
export function notify({ id, name, control, again }, ...content) {
  const make = (tag, ...content) => {
    const el = document.createElement(tag);
    el.append(...content);
    return el;
  };
  const message = make("div", make("div", name ? make("strong", name) : "", " ", ...content));
  const button = (text, action) => {
    const el = make("button", text);
    message.append(el);
    el.type = "button";
    el.className = "button quiet";
    el.onclick = () => {
      keepingFocus(control?.isConnected ? control : byId("main"), () => dismiss(id));
      action?.();
    };
    return el;
  };
  if (again) button("Try again", again);
  button("Dismiss").ariaLabel = "Dismiss: " + (name ?? message.textContent);
  dismiss(id);
  messages.set(id, message);
  byId("notice")?.append(message);
}

export function dismiss(id) {
  messages.get(id)?.remove();
  messages.delete(id);
}

// A message with data-while="SELECTOR" ends when the page has had what that selects,
// and has it no longer.
new MutationObserver(() => {
  for (const message of messages.values()) {
    const condition = message.querySelector("[data-while]");
    if (!condition) continue;
    if (document.querySelector(condition.dataset.while)) condition.held = true;
    else if (condition.held) message.lastChild.click(); // Dismiss
  }
}).observe(document, { subtree: true, childList: true, attributes: true });

// notifyFailure dispatches the failure of a request, and shows it unless its answer
// has shown it.
export function notifyFailure(request, status = 0) {
  dispatch(targetOf(request), "selvedge:error", { status, kind: "request" });
  if (messages.has(request.id)) return;
  if (status) notify(request, "That did not work. Please load the page again.");
  else if (request.repeats) notify(request, "The server does not answer.");
  else notify(request, "The server did not answer. It is not known whether this was done.");
}
