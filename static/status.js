// The status of the live connection, for which selvedge.js loads this module where
// the page has an element for it.
const second = 1000; // ms

const words = {
  live: "Live",
  polling: "Not live, updated every 5 seconds",
  trying: "Trying to connect",
  reconnecting: "Reconnecting",
  offline: "Offline",
  still: "Still offline",
  ended: "No longer live",
};

// follow shows the state of the connection in an element: the last one that was
// dispatched, and each that follows. The function retry connects again, and focusOn
// gives an element the focus.
export function follow(status, last, retry, focusOn) {
  let tried; // a person has asked for a connection, and does not know yet what came of it
  let timer;
  if (last.state) show(last);
  document.addEventListener("selvedge:state", ({ detail }) => show((last = detail)));

  // show waits a moment with the news of an interruption: most are over then, or
  // the page is loaded again.
  function show(detail) {
    let { state } = detail;
    if (tried && state === "reconnecting") state = "trying";
    if (tried && state === "offline") state = "still";
    if (detail.ended) state = "ended";
    tried &&= state === "trying";
    clearTimeout(timer);
    timer = setTimeout(() => draw(state, detail), state === "reconnecting" || state === "still" ? second : 0);
  }

  // draw does not write again what is shown already, or it would be read out.
  function draw(state, { transport, ended }) {
    const [text, reconnect, refresh] = status.children;
    const focused = document.activeElement;
    const isKept = state === "live" || state === "polling";
    Object.assign(status.dataset, { state, transport });
    if (text.textContent !== words[state]) text.textContent = words[state];
    reconnect.hidden = isKept || ended;
    refresh.hidden = isKept;
    status.hidden = false;
    if (status.contains(focused) && focused.hidden) focusOn(status);
  }

  status.addEventListener("click", async ({ target }) => {
    if (target.type !== "button") return;
    tried = true;
    show({ ...last, state: "reconnecting", ended: false });
    if (target === status.children[1]) return retry();
    if (await answers()) location.reload();
    else show({ ...last, state: "offline", ended: false });
  });
}

// answers reports whether the server has the page, so that one that is there is not
// left for an error of the browser.
async function answers() {
  try {
    return (await fetch(location, { method: "HEAD", signal: AbortSignal.timeout?.(10 * second) })).status < 500;
  } catch {
    return false;
  }
}
