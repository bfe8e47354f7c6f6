// When selvedge.js, which loads this module where it is needed, loads a page again.

const key = "selvedge-reloaded";
const pause = 600000; // ms

// mayReload reports whether a page of this tab may be loaded again because the
// server finds it outdated, and notes that it is. It may once in ten minutes: where
// cookies are refused, each page is of a session of its own, and loading it again
// does not help.
export function mayReload() {
  try {
    const last = sessionStorage.getItem(key);
    if (last && Math.abs(Date.now() - last) < pause) return false;
    sessionStorage.setItem(key, Date.now());
    return true;
  } catch {
    return false; // storage is not allowed here, so nothing would end a loop
  }
}

const typed = "selvedge-typed";
let leaving = false; // this page

// reload loads the page again because the server says so. What was typed into
// fields until the page is left comes back, by their ids. Without any, there may be
// what an earlier reload has kept, and this page has not restored yet.
export function reload(fields) {
  leaving = true;
  addEventListener("pagehide", () => {
    try {
      if (fields.size) sessionStorage.setItem(typed, JSON.stringify([...fields].map(([id, { value, checked }]) => [id, value, checked])));
    } catch {
      // Storage is not allowed here, or full.
    }
  });
  location.reload();
}

// restore types what reload has kept, unless the page is loaded again meanwhile.
export function restore() {
  if (leaving) return;
  const fields = JSON.parse(sessionStorage.getItem(typed));
  sessionStorage.removeItem(typed);
  for (const [id, value, checked] of fields) {
    const field = document.getElementById(id);
    if (!field || field.type === "file") continue;
    Object.assign(field, { value, checked });
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
