// The requests under htmx, 2 or 4, by which a person changes something. htmx sends
// each of them. This script has those to one address follow each other, has one
// without an answer sent again with its key, and has a failure stay said.
import { addBusy, dispatch, isFragment, isLost, nameOf, newKey, notifyFailure, dispatchAnswer, dismiss } from "./requests.js";

// What a person has typed is theirs until it was sent with success.
export const typed = new WeakSet();
document.addEventListener("input", ({ target }) => typed.add(target));

const stateOf = (field) => field.value + field.checked;

// The requests without an answer, by address, in their order.
const queues = new Map();

// The requests by what htmx has for them: a carrier, the configuration of a request
// of htmx 2, or the context of one of htmx 4.
const requests = new WeakMap();
export const requestOf = (key) => requests.get(key);

// isOpen reports whether a form has a request without an answer, with which it has to
// stay as it is.
export const isOpen = (form) => [...queues.values()].flat().some(({ source, answered }) => source === form && !answered);

// Open forms, and the elements that were to replace them.
export const pushed = new Map();

// newRequest returns what is known of a request before it is sent. As under
// selvedge.js, listeners for selvedge:send may change its data.
function newRequest(source, submitter, verb, path, data, target) {
  const control = submitter ?? source;
  const { href, pathname } = new URL(path, location);
  const request = {
    source, control, verb, data, target,
    address: href,
    key: newKey(),
    name: nameOf(control),
    id: pathname + (control.value ?? ""),
    fields: String(new URLSearchParams(data)),
    repeats: data.has("idempotencyKey"),
    tries: 0,
  };
  const saves = [];
  const detail = { data, saves, follows: queues.has(href), guess() {} };
  dispatch(source, "selvedge:send", detail);
  const fields = [...(source.elements ?? []), ...saves].filter((field) => typed.has(field));
  request.typed = fields.map((field) => [field, stateOf(field)]);
  request.saved = saves.map((field) => [field, field.value]);
  return request;
}

// configure prepares what htmx is about to send from an element. It returns the
// request, or nothing if that has to wait for others.
function configure(elt, submitter, verb, path, data, target, headers) {
  let request = requests.get(elt);
  if (request) {
    for (const name of request.data.keys()) data.delete(name);
    for (const [name, value] of request.data) data.append(name, value);
  } else {
    request = newRequest(elt, submitter, verb, path, data, target);
    if (queues.has(request.address)) return enqueue(request);
  }
  headers["Idempotency-Key"] = '"' + request.key + '"';
  return request;
}

// isSent reports whether a method changes something.
const isSent = (method) => /^(post|put|patch|delete)$/i.test(method);

// patience is how long an answer may take, unless something long is sent.
const patience = ({ data }) => ([...data.values()].some((value) => value.name) ? 0 : 12000);

// enqueue sends a request when it is its turn, or at once if the form wants all to be
// sent. What is asked twice is sent once, and of what waits behind a request of a
// form, only the last is sent.
function enqueue(request) {
  const { address, source } = request;
  const all = /queue all/.test(source.getAttribute("hx-sync"));
  const last = queues.get(address)?.at(-1);
  if (!all && last?.source === source) {
    if (last.fields === request.fields) return;
    if (!last.sent) finish(last);
  }
  const queue = add(request);
  if (all || queue.length === 1) send(request);
}

// add puts a request into the queue of its address, which it returns.
function add(request) {
  const { address, control } = request;
  const queue = queues.get(address) ?? [];
  if (queue.includes(request)) return queue;
  queues.set(address, queue);
  queue.push(request);
  addBusy(control, 1);
  return queue;
}

// send has htmx send a request by an element of its own, the carrier. The source may
// be locked by a request before, have other fields by now, or be gone.
async function send(request) {
  const { source, verb, address, target } = request;
  const carrier = (request.carrier = document.createElement("template"));
  for (const { name, value } of source.attributes) if (/^(data-)?hx-(?!trigger)/.test(name)) carrier.setAttribute(name, value);
  if (source.enctype === "multipart/form-data") carrier.setAttribute("hx-encoding", source.enctype);
  if (source.isConnected) source.after(carrier);
  else document.body.append(carrier);
  requests.set(carrier, request);
  request.sent = false;
  await Promise.resolve(htmx.ajax(verb, address, { source: carrier, target })).catch(() => {});
  if (!request.sent) next(finish(request));
}

// started notes that a request is under way.
function started(request) {
  add(request);
  request.sent = true;
  request.answered = false;
  request.tries++;
}

// received prepares for the answer of a request, and reports whether it is the last
// one: a lost answer is asked for once more.
function received(request, status) {
  if (request.repeats && request.tries < 2 && !request.aborted && isLost(status)) return false;
  request.answered = true;
  request.again = (!status || status > 499) && (() => {
    request.tries = 0;
    enqueue(request);
  });
  dismiss(request.id);
  for (const [field, state] of request.typed) if (stateOf(field) === state) typed.delete(field);
  return true;
}

// ended decides what follows a request whose answer is in the page, or is not to come.
function ended(request, status, html) {
  request.carrier?.remove();
  if (!request.answered && !received(request, status)) return setTimeout(send, 1000, request);
  const queue = finish(request);
  const isForPage = !/^none/.test(request.source.closest("[hx-swap]")?.getAttribute("hx-swap"));
  const ok = status > 199 && status < 300 && (isForPage || isFragment(html));
  if (!ok) {
    for (const [field] of request.typed) typed.add(field);
    if (!request.aborted) notifyFailure(request, status);
  }
  for (const [field, value] of request.saved) {
    if (field.value !== value) continue;
    typed.delete(field);
    field.value = field.defaultValue;
  }
  swapPushed(request.source);
  dispatchAnswer(request, ok);
  next(queue);
}

// finish removes a request from its queue, which it returns.
function finish(request) {
  const { address, control } = request;
  const queue = queues.get(address);
  const at = queue?.indexOf(request) ?? -1;
  if (at < 0) return [];
  queue.splice(at, 1);
  if (!queue.length) queues.delete(address);
  addBusy(control, -1);
  request.sent = false;
  return queue;
}

// next sends the request of a queue whose turn it is.
function next(queue) {
  if (queue[0] && !queue.some(({ sent }) => sent)) send(queue[0]);
}

// swapPushed replaces a form that is open no more, unless its answer has done that.
function swapPushed(form) {
  const element = pushed.get(form);
  if (!element || isOpen(form)) return;
  pushed.delete(form);
  if (!form.isConnected) return;
  element.setAttribute("hx-swap-oob", "true");
  const { body } = document, text = element.outerHTML;
  if (htmx.registerExtension) htmx.swap({ sourceElement: body, target: body, swap: "none", text });
  else htmx.swap(body, text, { swapStyle: "none" });
}

// htmx 2

// The request whose answer is being swapped in.
export let answering;

// A form that has a request is locked by htmx 2, which would send what follows with
// the fields of then, if the form is still there. Both ask before they send, but not
// twice.
document.addEventListener("htmx:confirm", (event) => {
  const { target: elt, detail } = event;
  const request = requests.get(elt);
  if (event.defaultPrevented) return;
  if (request?.tries) {
    event.preventDefault();
    detail.issueRequest(true)?.catch(() => {});
  } else if (!request && isSent(detail.verb) && elt.matches("form") && queues.has(new URL(detail.path, location).href)) {
    event.preventDefault();
    const submitter = detail.triggeringEvent?.submitter;
    enqueue(newRequest(elt, submitter, detail.verb, detail.path, new FormData(elt, submitter), detail.target));
  }
});

document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event;
  const { elt, verb, path, formData, target, headers, triggeringEvent } = detail;
  if (!isSent(verb)) return;
  if (elt.matches("form") && !requests.has(elt)) dropLastButton(formData, new FormData(elt, triggeringEvent?.submitter));
  const request = configure(elt, triggeringEvent?.submitter, verb, path, formData, target, headers);
  if (!request) return event.preventDefault();
  requests.set(detail, request);
  detail.timeout ||= patience(request);
});

// dropLastButton drops the value of the button that was pressed last if a form was
// sent without it.
function dropLastButton(data, sent) {
  for (const name of new Set(sent.keys())) {
    const values = sent.getAll(name);
    if (data.getAll(name).length === values.length) continue;
    data.delete(name);
    for (const value of values) data.append(name, value);
  }
}

document.addEventListener("htmx:beforeSend", ({ detail: { elt, xhr, requestConfig } }) => {
  const request = requests.get(requestConfig);
  if (!request) return;
  started(request);
  const onAnswer = (event) => {
    if (event.detail.xhr !== xhr) return;
    if (received(request, xhr.status)) answering = request;
    else event.preventDefault();
  };
  // The element may be gone until then, so that the document does not hear of it.
  elt.addEventListener("htmx:beforeOnLoad", onAnswer);
  xhr.addEventListener("abort", () => (request.aborted = true));
  xhr.addEventListener("loadend", () => {
    elt.removeEventListener("htmx:beforeOnLoad", onAnswer);
    answering = null;
    ended(request, xhr.status, xhr.responseText);
  });
});

// htmx 4, whose extensions hear of elements that are gone, too

window.htmx?.registerExtension?.("selvedge-requests", {
  htmx_config_request(elt, { ctx }) {
    const { action, method, submitter, body, headers } = ctx.request;
    if (!isSent(method)) return;
    const request = configure(elt, submitter, method, action, body, ctx.target, headers);
    if (!request) return false;
    requests.set(ctx, request);
    request.aborted = true; // until there is an answer or an error
    ctx.request.timeout ??= patience(request);
  },
  htmx_before_request(elt, { ctx }) {
    if (requests.has(ctx)) started(requests.get(ctx));
  },
  htmx_before_response(elt, { ctx }) {
    const request = requests.get(ctx);
    if (!request) return;
    request.aborted = false;
    return received(request, ctx.response.status);
  },
  htmx_after_request(elt, { ctx }) {
    // Of an answer without a target, nothing would be swapped in.
    if (requests.has(ctx) && !ctx.target?.isConnected && /^none/.test(ctx.swap)) ctx.target = document.body;
  },
  htmx_error(elt, { ctx }) {
    const request = requests.get(ctx);
    if (request && ctx.text === undefined) Object.assign(request, { aborted: false, answered: false, lost: true });
  },
  htmx_finally_request(elt, { ctx }) {
    const request = requests.get(ctx);
    if (!request) return;
    const status = request.lost ? 0 : (ctx.response?.status ?? 0);
    request.lost = false;
    ended(request, status, ctx.text);
  },
});
