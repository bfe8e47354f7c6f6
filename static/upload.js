// The requests of selvedge.js that send a file, for which it loads this module: fetch
// does not tell how much of a body was sent.

// upload sends a form as fetch does, and returns the part of its response that
// selvedge.js reads. Meanwhile the form's <progress> is filled in.
export function upload(url, { method, headers, body }, form) {
  const request = new XMLHttpRequest();
  const restore = followProgress(request.upload, form);
  return new Promise((resolve, reject) => {
    request.open(method, url);
    for (const header of Object.entries(headers)) request.setRequestHeader(...header);
    request.onload = () => resolve(responseOf(request, url));
    request.onerror = request.onabort = () => reject(new TypeError("the server does not answer"));
    request.onloadend = restore;
    request.send(body);
  });
}

// followProgress dispatches how much was sent, and shows it. It returns a function
// that has the form's <progress> be as it was.
function followProgress(sent, form) {
  const bar = form.querySelector("progress[data-upload]") ?? form.querySelector("progress");
  const before = bar?.cloneNode();
  sent.onprogress = ({ loaded, total }) => {
    if (bar) Object.assign(bar, { max: total, value: loaded });
    form.dispatchEvent(new CustomEvent("selvedge:progress", { bubbles: true, detail: { loaded, total } }));
  };
  return () => {
    for (const name of bar ? ["max", "value"] : []) {
      if (before.hasAttribute(name)) bar.setAttribute(name, before.getAttribute(name));
      else bar.removeAttribute(name);
    }
  };
}

function responseOf(request, url) {
  const { status, responseURL, responseText } = request;
  return {
    status,
    ok: status > 199 && status < 300,
    url: responseURL,
    redirected: responseURL !== url.split("#")[0],
    headers: { get: (name) => request.getResponseHeader(name) },
    text: async () => responseText,
  };
}
