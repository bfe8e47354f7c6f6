"""Comments below a page: a fragment in Python's standard library."""

import html
import http.server
import json
import sys
import urllib.parse

comments = {}  # lists of texts, by the page


class Comments(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        slug = urllib.parse.parse_qs(url.query).get("slug", [""])[0]
        texts = comments.get(slug, [])
        read = {"Cache-Groups": json.dumps("comments:" + slug), "Cache-Control": "max-age=60"}
        if url.path == "/thread":
            items = "".join("<li>" + html.escape(text) + "</li>" for text in texts)
            self.answer(200, "text/html; charset=utf-8", f"""<section id="comments"><ul>{items}</ul>
<form method="post" action="/fragments/comments/add"><input type="hidden" name="slug" value="{html.escape(slug)}">
<input id="comment" name="comment" aria-label="Comment"><button>Send</button></form></section>""", read)
        elif url.path == "/api/comments":
            self.answer(200, "application/json", json.dumps({"comments": texts}), read)
        else:
            self.answer(404, "text/plain; charset=utf-8", "There are no such comments.\n")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = urllib.parse.parse_qs(body)
        slug = form.get("slug", [""])[0]
        comments.setdefault(slug, []).append(form["comment"][0])
        visitor = "Set-Cookie", "session=" + urllib.parse.quote(form["comment"][0]) + "; Path=/; HttpOnly"
        self.answer(303, "text/plain; charset=utf-8", "", {
            "Location": "/blog/" + slug, "Cache-Group-Invalidation": json.dumps("comments:" + slug), visitor[0]: visitor[1]})

    def answer(self, status, content_type, body, header={}):
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": len(body.encode()), **header}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body.encode())


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Comments).serve_forever()
