// The pages of a blog: a fragment in Express. Like many sites, it compresses, sets a policy
// with a nonce, and redirects.
const crypto = require("node:crypto");
const zlib = require("node:zlib");
const express = require("express");

const app = express();

// page sends a template: the composer puts the included fragments into it.
function page(req, res, title, main) {
  const body = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><esi:vars>$(SELVEDGE_STYLES)</esi:vars></head>
<body><h1>${title}</h1>${main}</body></html>`;
  res.set("Surrogate-Control", 'content="ESI/1.0"');
  res.set("Content-Security-Policy", `script-src 'self' 'nonce-${crypto.randomUUID()}'`);
  res.set("Vary", "Accept-Encoding").type("html");
  if (!req.acceptsEncodings("gzip")) return res.send(body);
  res.set("Content-Encoding", "gzip").send(zlib.gzipSync(body));
}

const escape = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);

app.get("/home", (req, res) => page(req, res, "A blog", '<a href="/blog/hello">Hello</a>'));
app.get("/post", (req, res) => {
  if (req.query.slug === "old") return res.redirect(301, "/blog/hello");
  page(req, res, escape(req.query.slug),
    '<esi:include src="/fragments/comments/thread?slug=$(SELVEDGE_PATH{slug})">No comments today.</esi:include>');
});
app.get("/extra", (req, res) => res.type("html").send(`<p class="extra">${escape(String(req.query.of))}</p>`));
app.get("/not-found", (req, res) => page(req, res, "Not here", '<main><esi:include src="/-/answer"/></main>'));
app.get("/error", (req, res) => page(req, res, "Trouble", '<main><esi:include src="/-/answer"/></main>'));

app.listen(Number(process.argv[2]), "127.0.0.1");
