// When selvedge.js, which loads this module for it, may load a page again.

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
