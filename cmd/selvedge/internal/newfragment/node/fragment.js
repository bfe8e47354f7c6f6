// The fragment noname: a list of notes with a form.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

export const name = "noname"; // of the fragment, and of the group of its data
export const maxNote = 200; // characters
export const maxBody = 16 << 10; // bytes

const address = `/fragments/${name}`; // on the site, for the forms, links and files in the HTML
const hash = (body) => createHash("sha256").update(body).digest("hex");

const style = readFileSync(new URL("style.css", import.meta.url));
const stylePath = `/assets/style.${hash(style).slice(0, 12)}.css`; // another one after each change

const manifest = {
  name,
  version: "0.1.0",
  title: "A list of notes with a form",
  paths: [
    { pattern: "GET /list", title: "All notes", sample: "/list" },
    { pattern: "POST /add", title: "Add a note" },
  ],
};

const notes = []; // the data of the fragment, in memory

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// render returns the root element. Its id lets an open page replace it.
function render() {
  const items = notes.map((note) => `<li>${escape(note)}</li>`).join("");
  return `<section id="fragment-${name}" aria-label="${name}"><ul>${items}</ul>
<form method="post" action="${address}/add"><input name="note" aria-label="Note" maxlength="${maxNote}" required><button>Add</button></form>
</section>`;
}

// fragment is the request listener of the server.
export function fragment(request, response) {
  const path = ownPath(request);
  switch (`${request.method === "HEAD" ? "GET" : request.method} ${path}`) {
    case "GET /list": // rendered once for all visitors, and again after the group has changed
      return answer(request, response, 200, render(), {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Groups": `"${name}"`,
        "Cache-Control": "public, max-age=0, s-maxage=60",
        Link: `<${address}${stylePath}>; rel=preload; as=style`,
      });
    case `GET ${stylePath}`:
      return answer(request, response, 200, style, {
        "Content-Type": "text/css; charset=utf-8",
        "Cache-Control": "public, max-age=31536000, immutable",
      });
    case "GET /manifest.json":
      return answer(request, response, 200, JSON.stringify(manifest), {
        "Content-Type": "application/json",
        "Cache-Control": "public, max-age=60",
      });
    case "POST /add":
      return add(request, response);
    default:
      return refuse(request, response, 404, "There is nothing at this address.");
  }
}

// add changes the group, so all open pages are sent the list.
function add(request, response) {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (part) => {
    if (response.headersSent) return; // it is refused
    body += part;
    if (body.length > maxBody) {
      response.setHeader("Connection", "close"); // the rest of the body is not needed
      refuse(request, response, 413, "The form is too long.");
    }
  });
  request.on("end", () => {
    if (response.headersSent) return;
    const note = (new URLSearchParams(body).get("note") ?? "").trim();
    if (note.length < 1 || note.length > maxNote) {
      return refuse(request, response, 400, `A note has 1 to ${maxNote} characters.`);
    }
    notes.push(note);
    answer(request, response, 303, "", { Location: pageOf(request), "Cache-Group-Invalidation": `"${name}"` });
  });
}

// ownPath returns the path within the fragment, as a site sends it. A browser without a site
// has the whole one.
function ownPath(request) {
  const path = request.url.split("?")[0];
  return path.startsWith(address + "/") ? path.slice(address.length) : path;
}

// pageOf returns the path of the page with the form, without its host (open redirect).
function pageOf(request) {
  try {
    const page = new URL(request.headers.referer);
    return /^\/(?!\/)/.test(page.pathname) ? page.pathname + page.search : "/";
  } catch {
    return "/";
  }
}

// refuse answers with a text for the person, which the site may show.
function refuse(request, response, status, reason) {
  answer(request, response, status, `<p>${escape(reason)}</p>`, {
    "Content-Type": "text/html; charset=utf-8",
    "Selvedge-Error": "show",
    "Cache-Control": "no-store",
  });
}

function answer(request, response, status, body, header) {
  if (status === 200) {
    header.ETag = `"${hash(body).slice(0, 16)}"`;
    if (request.headers["if-none-match"]?.includes(header.ETag)) {
      response.writeHead(304, header).end();
      return;
    }
  }
  header["Content-Length"] = Buffer.byteLength(body);
  response.writeHead(status, header).end(request.method === "HEAD" ? undefined : body);
}
