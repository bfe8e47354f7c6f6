// Pages work without this script. With it, forms are sent in the background and
// open pages stay true. It speaks the wire format of htmx: an answer or a live
// message is HTML, whose top-level elements say with hx-swap-oob how they
// replace the element of the page that has their id.
//
// It has these parts: swapping, forms, leaving, guesses, and the live connection.
// It knows nothing of the site that uses it; the package's doc.go says by which
// events a script of the site takes part.
import { addBusy, byId, contents, dispatch, focusOn, isFragment, isLost, keepingFocus, nameOf, newKey, notify, notifyFailure, dispatchAnswer, dismiss } from "./requests.js";

document.addEventListener("DOMContentLoaded", () => {
  // An operator chose htmx, which does all of this.
  if (window.htmx) return;

  const now = () => performance.now();
  const within = (ms) => AbortSignal.timeout?.(ms);

  // Swapping

  // When the poll or the request was sent whose answer is being applied; a push may
  // be from after everything.
  let askedAt = Infinity;
  // When an element was last replaced by a push.
  const pushedAt = new WeakMap();

  // apply puts the elements of a live message into the page: of a push, or of the
  // answer to a poll that was sent at a time.
  function apply(html, time = Infinity) {
    onTruth(() => swapAll(html, time));
  }

  // swapAll puts the elements of an HTML text into the page, except those of which
  // the page shows something newer. It returns how many were of another epoch than
  // what they replaced.
  function swapAll(html, time, request) {
    const template = document.createElement("template");
    template.innerHTML = html;
    let foreign = 0;
    askedAt = time;
    for (const next of [...template.content.children]) {
      try {
        foreign += swapOne(next, request);
      } catch (error) {
        reportError(error);
        dispatch(document, "selvedge:error", { status: 0, kind: "message" });
      }
    }
    askedAt = Infinity;
    return foreign;
  }

  function swapOne(next, request) {
    const { id } = next;
    const [, style, selector] = /^([^:]*):?(.*)/.exec(next.getAttribute("hx-swap-oob") ?? "");
    if (!style || !id) return 0;
    if (id === "live" && "reload" in next.dataset) {
      import("./reload.js").then(({ reload }) => reload(drafts), () => location.reload());
      return 0;
    }
    if (request && id === "notice") {
      if (next.textContent.trim()) notify(request, ...next.childNodes);
      return 0;
    }
    let foreign = 0;
    const isOurs = /^live(-styles)?$/.test(id); // and no fragment
    for (const old of selector ? document.querySelectorAll(selector) : [byId(id)]) {
      if (!old || isStale(old, next, !places[style])) continue;
      const element = next.cloneNode(true);
      const { revision, epoch, groups } = next.dataset;
      const detail = { id, revision: revision && Number(revision), epoch, groups: groups?.split(" ") ?? [], element };
      if (!request && !isOurs && !dispatch(byId(id) ?? document.body, "selvedge:message", detail, true)) continue;
      if (next.dataset.epoch && old.dataset.epoch && !sameEpoch(old, next)) {
        foreign++;
        if (request && [...drafts.values()].some((field) => old.contains(field))) continue; // see leaveSession
      }
      loadOnce(element, places[style] ? null : old);
      keepingFocus(old, () => swap(old, element, style));
      const shown = old.isConnected ? old : element;
      const isPush = askedAt === Infinity;
      if (isPush) for (const el of [shown, ...shown.querySelectorAll("[data-revision]")]) pushedAt.set(el, now());
      if (!isOurs && !sending.has(old)) dispatchSwapped(shown, request ? "answer" : isPush ? "push" : "poll");
    }
    return foreign;
  }

  function dispatchSwapped(el, source) {
    const { revision } = el.dataset;
    if (el.isConnected) dispatch(el, "selvedge:swapped", { id: el.id, revision: revision && Number(revision), source });
  }

  const places = { beforebegin: "before", afterbegin: "prepend", beforeend: "append", afterend: "after" };

  // The URLs of scripts that were loaded.
  const ran = new Set();

  // loadOnce leaves out the stylesheets that the page has outside of what is
  // replaced, and makes scripts that have not run: those of the parser never do.
  // Their ids keep morph from turning a script that has run into another one.
  function loadOnce(next, replaced) {
    for (const { src } of document.scripts) ran.add(src);
    for (const el of next.querySelectorAll("script, [rel=stylesheet]")) {
      const copy = document.createElement(el.nodeName);
      for (const { name, value } of el.attributes) copy.setAttribute(name, value);
      copy.textContent = el.textContent;
      const { href, src } = copy;
      if (href) {
        const other = [...document.querySelectorAll("[rel=stylesheet]")].find((el) => el.href === href);
        if (other && !replaced?.contains(other)) el.remove();
      } else if (!src || !ran.has(src)) {
        ran.add(src);
        copy.id ||= src;
        el.replaceWith(copy);
      }
    }
  }

  function swap(old, next, style) {
    if (places[style]) old[places[style]](...next.childNodes);
    else if (style === "delete") old.remove();
    else if (style.startsWith("inner")) morphChildren(old, next);
    else morph(old, next);
  }

  // A revision only grows. Of an equal one, or of a fragment that has none, the last
  // push is right: an answer that was asked for before it may have been rendered
  // before it. Revisions of different epochs, such as those of two sessions, are not
  // compared.
  function isStale(old, next, isWhole) {
    const [shown, sent] = [old, next].map((el) => el.dataset?.revision);
    if (shown && sent ? !sameEpoch(old, next) : shown || sent || !isWhole) return false;
    return Number(sent) < Number(shown) || (sent === shown && pushedAt.get(old) > askedAt);
  }

  const sameEpoch = (a, b) => a.dataset.epoch === b.dataset.epoch;

  // What a person has typed or chosen is theirs until it was sent with success.
  const typed = new WeakSet(); // fields
  // Fields of them by id, which come back if they were removed.
  const drafts = new Map();

  document.addEventListener("input", ({ target }) => {
    // With a radio button, its group is chosen.
    for (const el of target.form?.elements ?? []) if (el.name === target.name) typed.add(el);
    typed.add(target);
    if (target.id) drafts.set(target.id, target);
  });

  document.addEventListener("reset", ({ target }) => [...target.elements].forEach(disown));

  function disown(field) {
    typed.delete(field);
    drafts.delete(field.id);
  }

  // adopt puts drafts into an element that came into the page.
  function adopt(el) {
    for (const next of [el, ...(el.querySelectorAll?.("[id]") ?? [])]) {
      const draft = drafts.get(next.id);
      if (!draft || draft.isConnected || draft.nodeName !== next.nodeName) continue;
      morph(draft, next.cloneNode(true));
      next.replaceWith(draft);
    }
  }

  // What a person changes in a field, and what the server had put there.
  const inputs = [["value", "defaultValue"], ["checked", "defaultChecked"], ["selected", "defaultSelected"]];

  // morph turns an element into another one in place. It keeps all nodes that
  // it can, because with a node go focus, selection, scroll position and, for a
  // live region, the ear of a screen reader.
  function morph(old, next) {
    if (old.nodeName !== next.nodeName) {
      old.replaceWith(next);
      return adopt(next);
    }
    // Text has no attributes.
    if (!old.attributes) {
      if (old.data !== next.data) old.data = next.data;
      return;
    }
    if (isStale(old, next) || (next.id && next.hasAttribute("hx-preserve"))) return;
    if (sending.has(old)) return sending.set(old, next);
    const isTyped = typed.has(old.closest("select") ?? old);
    const untouched = inputs.filter(([is, was]) => !isTyped && was in old && old[is] === old[was]);
    for (const { name } of [...old.attributes]) {
      if (!next.hasAttribute(name) && name !== "open" && name !== "aria-busy") old.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
      if (old.getAttribute(name) !== value && name !== "hx-swap-oob") old.setAttribute(name, value);
    }
    morphChildren(old, next);
    for (const [is] of untouched) {
      if (old[is] !== next[is]) old[is] = next[is];
    }
  }

  // morphChildren pairs children that have the same name and id, in order.
  function morphChildren(parent, next) {
    const pairs = (a, b) => a.nodeName === b.nodeName && a.id === b.id;
    const wanted = [...next.childNodes];
    for (const child of [...parent.childNodes]) {
      if (child.id && !wanted.some((n) => pairs(child, n))) child.remove();
    }
    let at = parent.firstChild;
    for (const child of wanted) {
      let match = at;
      while (match && !pairs(match, child)) match = match.nextSibling;
      if (!match) {
        parent.insertBefore(child, at);
        adopt(child);
        continue;
      }
      if (match === at) at = at.nextSibling;
      else if (parent.moveBefore) parent.moveBefore(match, at); // keeps the focus
      else parent.insertBefore(match, at);
      morph(match, child);
    }
    while (at) {
      const rest = at;
      at = at.nextSibling;
      rest.remove();
    }
  }

  // Forms

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (event.defaultPrevented || !form.matches("[hx-post], [hx-get]") || button?.hasAttribute("formaction")) return;
    event.preventDefault();
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    send(form, button ?? form, data);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[hx-post], a[hx-get]");
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere || event.defaultPrevented) return;
    event.preventDefault();
    send(link, link, new FormData());
  });

  // The requests that have no answer yet, by address, in their order. Those of
  // one address follow each other, since the second is meant to come after the
  // first; others do not wait for them.
  const queues = new Map();
  // Forms whose request is under way, and what a push has for them.
  const sending = new Map();

  // send makes a request of what a person did. It has a key of its own, by which
  // the server knows it however often it is sent.
  function send(source, control, data) {
    const post = source.hasAttribute("hx-post");
    const url = new URL(source.getAttribute(post ? "hx-post" : "hx-get"), location.href);
    const request = {
      source, control, post, address: url.href,
      key: newKey(),
      name: nameOf(control),
      made: Date.now(),
    };
    request.fields = url.href + new URLSearchParams(data);
    const saves = []; // fields of other forms that are sent with this one
    const detail = { data, saves, follows: queues.has(url.href), guess: (draw) => (request.draw = draw) };
    dispatch(source, "selvedge:send", detail);
    const fields = new URLSearchParams(data).toString();
    if (!post) url.search += (url.search && "&") + fields;
    request.url = url.href;
    request.id = url.pathname + (control.value ?? "");
    const isPlain = source.enctype !== "multipart/form-data" && [...data.values()].every((value) => value.trim);
    request.body = !post ? null : isPlain ? fields : data;
    request.repeats = !post || data.has("idempotencyKey");
    request.contents = contents(source);
    request.saved = saves.map((field) => [field, field.value]);
    enqueue(request, /queue all/.test(source.getAttribute("hx-sync")));
  }

  // enqueue sends a request when it is its turn, or at once if all are to be
  // sent. What is asked twice is sent once, and of what waits behind a request
  // of a form, only the last is sent.
  function enqueue(request, all) {
    const { address, source, control, draw } = request;
    const queue = queues.get(address) ?? [];
    const last = queue.at(-1);
    if (!all && source && last?.source === source) {
      if (last.fields === request.fields) return;
      if (!last.sent) finish(last);
    }
    queues.set(address, queue);
    queue.push(request);
    addBusy(control, 1);
    keep();
    if (draw) onTruth(() => guesses.add(draw));
    if (all || queue.length === 1) run(request);
  }

  async function run(request) {
    const { source } = request;
    request.sent = true;
    request.askedAt = now();
    sending.set(source, sending.get(source));
    const answer = await exchange(request);
    const queue = finish(request);
    conclude(request, answer, !queue.some((other) => other.source === source && other.sent));
    if (queue[0] && !queue.some((other) => other.sent)) run(queue[0]);
  }

  // finish removes a request from its queue, which it returns.
  function finish(request) {
    const { address, control } = request;
    const queue = queues.get(address);
    queue.splice(queue.indexOf(request), 1);
    if (!queue.length) queues.delete(address);
    addBusy(control, -1);
    guesses.delete(request.draw);
    request.sent = false;
    keep();
    return queue;
  }

  // exchange returns the answer to a request, or nothing. An answer that is lost
  // is asked for again, if the server knows by the key that it is the same.
  async function exchange({ url, post, body, key, repeats, source }) {
    const headers = { Accept: "text/html", "HX-Request": "true", "HX-Current-URL": location.href };
    if (post) headers["Idempotency-Key"] = '"' + key + '"';
    if (post && body.trim) headers["Content-Type"] = "application/x-www-form-urlencoded";
    for (let more = repeats; ; more = false) {
      try {
        const options = { method: post ? "POST" : "GET", body, headers, keepalive: isShort(body) };
        // A long body takes as long as it takes.
        if (options.keepalive) options.signal = within(12000);
        const hasFile = body?.values && [...body.values()].some((value) => value.size);
        const { upload } = hasFile ? await import("./upload.js").catch(() => ({})) : {};
        const answer = await (upload ?? fetch)(url, options, source);
        const html = await answer.text();
        if (!more || !isLost(answer.status)) return { answer, html };
      } catch {
        if (!more) return;
      }
      await new Promise((done) => setTimeout(done, 1000));
    }
  }

  // conclude shows what came of a request. If it was the last of its form, the
  // form becomes what was pushed for it meanwhile.
  function conclude(request, { answer, html } = {}, isLast) {
    const { source, id, post } = request;
    const page = answer?.headers.get("HX-Redirect") ?? (answer?.redirected && answer.url);
    if (page) return location.assign(page);
    const ok = Boolean(answer?.ok && isFragment(html));
    dismiss(id);
    request.again = (!answer || answer.status > 499) && (() => enqueue(request));
    onTruth(() => {
      // What was sent is no longer the person's, unless it was refused.
      if ((ok ? post : request.draw) && contents(source) === request.contents) source?.reset?.();
      for (const [field, value] of request.saved ?? []) {
        if ((ok || request.draw) && field.value === value) {
          disown(field);
          field.value = field.defaultValue;
        }
      }
      if (isLast) {
        const pushed = sending.get(source);
        sending.delete(source);
        if (pushed) {
          morph(source, pushed);
          dispatchSwapped(source, "push");
        }
      }
      if (answer && swapAll(html, request.askedAt, request)) hasNewSession = true;
    });
    if (hasNewSession || answer?.headers.get("HX-Refresh")) leaveSession();
    if (!ok) notifyFailure(request, answer?.status);
    dispatchAnswer(request, ok);
  }

  // The page is outdated, mostly of another session than its last answer.
  let hasNewSession = false;

  // leaveSession loads a page again whose session has ended, when all requests
  // are answered. It does not where that could lose what a person has typed.
  function leaveSession() {
    hasNewSession = true;
    if (drafts.size) notify({ id: "session" }, "This page is out of date. Please load the page again.");
    else if (!queues.size) location.reload();
  }

  // Leaving

  // A browser sends a short body although its page is left.
  const isShort = (body) => !body || body.length < 8000;

  // keep stores in the tab what has no answer, for its next page. That page sends
  // it once more, unless the server could not know that it is the same.
  const kept = ({ post, repeats, body }) => post && repeats && body.trim;
  function keep() {
    const all = [...queues.values()].flat().filter(kept);
    try {
      sessionStorage.setItem("selvedge", JSON.stringify(all, (name, value) => (/^(source|control|sent|saved)$/.test(name) ? undefined : value)));
      return true;
    } catch {
      return !all.length;
    }
  }

  try {
    const hour = 3600000; // for which a server is sure to know a key
    for (const request of JSON.parse(sessionStorage.getItem("selvedge") ?? "[]")) {
      if (Date.now() - request.made < hour) enqueue(request);
    }
    if (sessionStorage.getItem("selvedge-typed")) import("./reload.js").then(({ restore }) => restore());
  } catch {
    // Storage is not allowed here.
  }

  addEventListener("beforeunload", (event) => {
    const isSafe = (request) => !request.post || (kept(request) ? keep() : request.sent && isShort(request.body));
    if (![...queues.values()].flat().every(isSafe)) event.preventDefault();
  });

  // Guesses

  // A listener for selvedge:send can show what a request will bring before its
  // answer is there. guesses are those of the requests under way, in order. The
  // page shows the truth, with all of them drawn over it in that order, so that
  // each can be dropped without a trace of it.
  const guesses = new Set();
  const drawn = []; // what they have changed: object, property, value before
  // The element with the focus that a guess hid, and the one with it since.
  let hid, substitute;

  function set(object, property, value) {
    drawn.push([object, property, object[property]]);
    object[property] = value;
  }

  // onTruth changes the page as it is without the guesses.
  function onTruth(change) {
    while (drawn.length) {
      const [object, property, value] = drawn.pop();
      object[property] = value;
    }
    const changed = change();
    for (const draw of guesses) draw(set);
    const hidden = document.activeElement?.closest("[hidden], :disabled");
    if (hidden) {
      hid = document.activeElement;
      focusOn((substitute = hidden.parentNode));
    } else if (hid && !hid.closest("[hidden], :disabled")) {
      if (document.activeElement === substitute) hid.focus();
      hid = null;
    }
    return changed;
  }

  // The live connection

  const address = () => byId("live")?.getAttribute("ws-connect"); // messages replace its token
  if (address()) keepLive(new URL(address(), location));

  // keepLive holds a connection by the best transport that works: WebSocket,
  // then server-sent events, then polling. A connection counts from its first
  // sign of life, because there are proxies that open one and hold back what it
  // carries. A better transport than the one that works is tried again every
  // minute, beside it.
  function keepLive(base) {
    const url = () => new URL(address() + "&renew=true", base).href;
    const second = 1000, minute = 60 * second;
    // Close codes after which nobody comes back; 4001 is a token that has expired or
    // is of another session.
    const forGood = [1000, 1003, 1007, 1008, 1009, 4001];
    const isFull = 1013; // the close code where a session has as many connections as it may
    const names = ["ws", "sse", "poll", "none"];
    // The number of transports that are taken to fail, for who wants to see it.
    let failing = Math.max(0, names.indexOf(new URLSearchParams(location.search).get("transport")));
    let current, attempt; // the open channel, and the one that is being opened
    let failures = 0; // since a connection that lasted
    const strikes = [0, 0, 0, 0]; // against each transport, while the server answers; two are enough
    let ended = false; // the server wants no more of this page
    let trouble; // the state of the connection, unless it works
    let told = {}; // the last state that was dispatched
    let resting; // the transport of a hidden page that gave its channel back
    let askedFor = -minute; // when the hidden pages were last asked to give theirs back
    const others = new BroadcastChannel("selvedge-live"); // the pages of other tabs
    let timer;

    // Each transport opens a channel. It calls opened when it is connected, heard
    // at each sign of life, down at the end, mute if it cannot be used, and rest
    // if it is not needed while the page is hidden. It returns close and, unless a
    // channel has to be opened anew for that, ask, which asks the server for a sign
    // of life.
    const transports = [
      ({ opened, heard, down }) => {
        const socket = new WebSocket(url().replace(/^http/, "ws"));
        const ask = () => socket.readyState === 1 && socket.send("ping");
        socket.onopen = () => {
          opened();
          ask();
        };
        socket.onmessage = (event) => {
          heard();
          apply(event.data);
        };
        socket.onclose = (event) => down(event.code);
        return { ask, close: () => socket.close() };
      },
      (channel) => {
        const stop = new AbortController();
        import("./events.js")
          .then(({ listen }) => listen(url(), stop.signal, channel, isLive, apply))
          .catch(() => {})
          .then(() => channel.down());
        return { close: () => stop.abort() };
      },
      ({ heard, down }) => {
        const ask = async () => document.hidden || ((await poll()) ? heard() : down());
        ask();
        const every = setInterval(ask, 5 * second);
        return { ask, close: () => clearInterval(every) };
      },
    ];

    function open(level) {
      clearTimeout(timer);
      attempt?.close();
      let openTimer, hangUp;
      const channel = (attempt = {
        opened: () => wait(5 * second),
        heard() {
          channel.last = now();
          if (channel === current && trouble) tell();
          if (channel !== attempt) return;
          clearTimeout(openTimer);
          attempt = null;
          current?.close();
          current = channel;
          channel.since = channel.last;
          strikes[level] = 0;
          tell();
          if (level > failing) timer = setTimeout(open, minute, failing);
        },
        down: (code) => onClose(channel, code),
        mute: () => onClose(channel, 0, true),
        rest() {
          if (channel !== current) return;
          resting = level;
          close();
        },
        close() {
          clearTimeout(openTimer);
          hangUp?.();
        },
        level,
      });
      const wait = (ms) => {
        clearTimeout(openTimer);
        if (channel === attempt) openTimer = setTimeout(channel.mute, ms);
      };
      wait(10 * second);
      try {
        ({ ask: channel.ask, close: hangUp } = transports[level](channel));
      } catch {
        setTimeout(channel.mute); // this browser does not have it
      }
    }

    // best returns the first transport that has not been found useless.
    const best = () => Math.max(failing, strikes.findIndex((n, level) => level >= failing && n < 2));

    // onClose decides what follows the end of a channel, which may have been mute.
    async function onClose(channel, code, mute) {
      const { level, since } = channel;
      channel.close();
      if (channel === attempt) attempt = null;
      else if (channel === current) current = null;
      else return;
      if (forGood.includes(code)) return end(code > 4000);
      if (code === isFull && !document.hidden && now() - askedFor > minute / 2) {
        askedFor = now();
        others.postMessage("full");
        timer = setTimeout(open, second, level);
        return;
      }
      if (code === isFull) strikes[0] = strikes[1] = 2; // streams count, and polls do not
      if (current) { // a better transport does not work yet; perhaps the one after it
        if (level + 1 < current.level) open(level + 1);
        else timer = setTimeout(open, minute, failing);
        return;
      }
      failures = now() - since > 10 * second ? 0 : failures + 1;
      tell("reconnecting");
      if (attempt) return;
      if (mute || failures > 3) strikes[level] = 2;
      else if (!since) strikes[level]++;
      if (strikes[level]) {
        const there = await poll();
        if (current || attempt || ended) return;
        if (there && strikes[level] > 1 && level < 2) return open(level + 1);
        if (!there) {
          strikes.fill(0);
          tell("offline");
        }
      }
      // Full jitter: after a restart, pages do not come back all at once.
      timer = setTimeout(open, Math.random() * Math.min(30 * second, second * 2 ** failures), best());
    }

    // poll asks once for what the page does not show yet, and reports whether the
    // server has answered.
    async function poll() {
      if (failing > 2) return false;
      try {
        const sent = now();
        const answer = await fetch(url(), { headers: { Accept: "text/html" }, signal: within(10 * second) });
        if (!isLive(answer)) return false;
        apply(await answer.text(), sent);
        return true;
      } catch {
        return false;
      }
    }

    // isLive reports whether the server has answered, and not a proxy or a login
    // page on the way, and whether it wants to keep the page true.
    function isLive(answer) {
      const state = answer.headers.get("Selvedge-Live");
      if (/closed|outdated/.test(state)) end(state === "outdated");
      return state === "open";
    }

    // wake makes sure of the connection of a page that a person comes back to.
    function wake() {
      if (document.hidden || ended) return;
      if (current) probe(current);
      else if (!attempt) open(resting ?? best());
      if (current?.level === 2 && failing < 2) open(failing); // there may be room now
      resting = null;
    }

    // probe finds out whether a channel is alive, since a dead one looks like a
    // quiet one. Blame says that it is the transport's fault if not.
    function probe(channel, blame) {
      const asked = now();
      if (channel.ask) channel.ask();
      else open(channel.level); // beside it
      setTimeout(() => channel.last < asked && onClose(channel, 0, blame), 2 * second);
    }

    function check() {
      if (!current || document.hidden || now() - current.last < minute) return;
      if (current.ask) probe(current, true);
      else current.mute(); // there is a comment every 25 s
    }

    function close() {
      clearTimeout(timer);
      current?.close();
      attempt?.close();
      current = attempt = null;
    }

    // end gives up. A page whose token is outdated is left, but not time after time.
    function end(isOutdated) {
      ended = true;
      close();
      tell("offline");
      if (isOutdated) import("./reload.js").then(({ mayReload }) => (drafts.size || mayReload()) && leaveSession());
    }

    others.onmessage = () => document.hidden && current?.level < 2 && current.rest();
    setInterval(check, 15 * second);
    document.addEventListener("visibilitychange", wake);
    addEventListener("online", wake);
    addEventListener("offline", () => tell("offline"));
    addEventListener("pagehide", close); // a page with connections is not kept for Back
    addEventListener("pageshow", (event) => event.persisted && wake());

    // tell dispatches the state of the connection if it is another than before.
    function tell(state) {
      trouble = state;
      const before = JSON.stringify(told);
      told = { state: state ?? (current?.level === 2 ? "polling" : "live"), transport: names[current?.level ?? 3], ended };
      if (JSON.stringify(told) !== before) dispatch(document, "selvedge:state", told);
    }

    // retry is what a person wants who asks for a connection.
    function retry() {
      failures = 0;
      strikes.fill(0);
      wake();
    }

    const status = byId("live-status");
    if (status) import("./status.js").then(({ follow }) => follow(status, told, retry, focusOn)).catch(() => {});

    const failure = byId("live-failure"); // in development mode
    if (failure) failure.value = names[failing];
    failure?.addEventListener("change", () => {
      failing = names.indexOf(failure.value);
      strikes.fill(0);
      close();
      open(best());
    });

    open(best());
  }
});
