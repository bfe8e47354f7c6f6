"""The fragment noname: a list of notes with a form.

python3 server.py [PORT] serves it at the port, or at that of PORT, or at 7001.
"""

import hashlib
import html
import http.server
import json
import os
import pathlib
import sys
import urllib.parse

NAME = "noname"  # of the fragment, and of the group of its data
ADDRESS = "/fragments/" + NAME  # on the site, for the forms, links and files in the HTML
MAX_NOTE = 200  # characters
MAX_BODY = 16 << 10  # bytes

STYLE = (pathlib.Path(__file__).parent / "style.css").read_bytes()
STYLE_PATH = f"/assets/style.{hashlib.sha256(STYLE).hexdigest()[:12]}.css"  # another one after each change

MANIFEST = {
    "name": NAME,
    "version": "0.1.0",
    "title": "A list of notes with a form",
    "paths": [
        {"pattern": "GET /list", "title": "All notes", "sample": "/list"},
        {"pattern": "POST /add", "title": "Add a note"},
    ],
}

notes = []  # the data of the fragment, in memory


def render():
    """Returns the root element. Its id lets an open page replace it."""
    items = "".join(f"<li>{html.escape(note)}</li>" for note in list(notes))
    return (
        f'<section id="fragment-{NAME}" aria-label="{NAME}"><ul>{items}</ul>'
        f'<form method="post" action="{ADDRESS}/add">'
        f'<input name="note" aria-label="Note" maxlength="{MAX_NOTE}" required><button>Add</button></form></section>'
    )


class Fragment(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.own_path()
        if path == "/list":
            # Rendered once for all visitors, and again after the group has changed.
            self.answer(200, "text/html; charset=utf-8", render(), {
                "Cache-Groups": f'"{NAME}"',
                "Cache-Control": "public, max-age=0, s-maxage=60",
                "Link": f"<{ADDRESS}{STYLE_PATH}>; rel=preload; as=style",
            })
        elif path == STYLE_PATH:
            self.answer(200, "text/css; charset=utf-8", STYLE, {"Cache-Control": "public, max-age=31536000, immutable"})
        elif path == "/manifest.json":
            self.answer(200, "application/json", json.dumps(MANIFEST), {"Cache-Control": "public, max-age=60"})
        else:
            self.refuse(404, "There is nothing at this address.")

    do_HEAD = do_GET

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True  # the body is not read
            return self.refuse(413, "The form has no length, or is too long.")
        form = urllib.parse.parse_qs(self.rfile.read(int(length)).decode(errors="replace"))
        if self.own_path() != "/add":
            return self.refuse(404, "There is nothing at this address.")
        note = form.get("note", [""])[0].strip()
        if not 1 <= len(note) <= MAX_NOTE:
            return self.refuse(400, f"A note has 1 to {MAX_NOTE} characters.")
        notes.append(note)
        # The group has changed, so all open pages are sent the list.
        self.answer(303, "text/plain", "", {"Location": self.page(), "Cache-Group-Invalidation": f'"{NAME}"'})

    def own_path(self):
        """Returns the path within the fragment, as a site sends it. A browser without a site has the whole one."""
        path = urllib.parse.urlsplit(self.path).path
        return path.removeprefix(ADDRESS)

    def page(self):
        """Returns the path of the page with the form, without its host (open redirect)."""
        try:
            page = urllib.parse.urlsplit(self.headers.get("Referer", ""))
        except ValueError:
            return "/"
        path = urllib.parse.quote(page.path, safe="/%:@!$&'()*+,;=~")
        if not path.startswith("/") or path.startswith("//"):
            return "/"
        return path + ("?" + page.query if page.query else "")

    def refuse(self, status, reason):
        """Answers with a text for the person, which the site may show."""
        self.answer(status, "text/html; charset=utf-8", f"<p>{html.escape(reason)}</p>", {
            "Selvedge-Error": "show", "Cache-Control": "no-store",
        })

    def answer(self, status, content_type, body, header):
        body = body if isinstance(body, bytes) else body.encode()
        if status == 200:
            header["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if header["ETag"] in self.headers.get("If-None-Match", ""):
                status, body = 304, b""
        self.send_response(status)
        for name, value in header.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def serve(port):
    """Returns the server. Its method serve_forever answers requests."""
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), Fragment)


if __name__ == "__main__":
    server = serve(int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PORT", 7001)))
    print(f"serving {NAME} at http://127.0.0.1:{server.server_port}/list", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
