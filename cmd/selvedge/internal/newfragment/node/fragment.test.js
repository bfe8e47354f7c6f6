// The tests of the fragment: node --test

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fragment, maxBody, maxNote, name } from "./fragment.js";

const server = createServer(fragment);
let site;

before(async () => {
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  site = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

const get = (path, headers = {}) => fetch(site + path, { headers });

// post sends the form from a page, and follows no redirect.
const post = (path, note, page = "http://localhost/blog") =>
  fetch(site + path, { method: "POST", body: new URLSearchParams({ note }), headers: { Referer: page }, redirect: "manual" });

test("a note is added by the form", async () => {
  const before = await get("/list");
  const [, action] = (await before.text()).match(/action="([^"]+)"/);
  const form = await post(action, "Tea & <b>cake</b>");
  assert.deepEqual([form.status, form.headers.get("Location")], [303, "/blog"]);
  const after = await get("/list");
  assert.match(await after.text(), /<li>Tea &#38; &#60;b&#62;cake&#60;\/b&#62;<\/li>/);
  assert.equal(form.headers.get("Cache-Group-Invalidation"), after.headers.get("Cache-Groups"));
  assert.notEqual(before.headers.get("ETag"), after.headers.get("ETag"));
});

test("the list is shared and validated", async () => {
  const first = await get("/list");
  assert.match(first.headers.get("Cache-Control"), /s-maxage/);
  const second = await get("/list", { "If-None-Match": first.headers.get("ETag") });
  assert.equal(second.status, 304);
});

test("the stylesheet is served", async () => {
  const [, path] = (await get("/list")).headers.get("Link").match(/<(.+)>; rel=preload; as=style/);
  const style = await get(path);
  assert.equal(style.status, 200);
  assert.ok((await style.text()).includes(`#fragment-${name}`));
});

test("an empty note is refused", async () => {
  for (const note of [" ", "a".repeat(maxNote + 1)]) {
    const refused = await post("/add", note);
    assert.deepEqual([refused.status, refused.headers.get("Selvedge-Error")], [400, "show"]);
    assert.match(await refused.text(), /1 to 200 characters/);
  }
});

test("a long body is refused", async () => {
  assert.equal((await post("/add", "a".repeat(maxBody))).status, 413);
});

test("a form leads to no other host", async () => {
  for (const page of ["http://localhost//elsewhere.example", "http://localhost/\\elsewhere.example", "about:blank"]) {
    assert.match((await post("/add", "x", page)).headers.get("Location"), /^\/(?![/\\])/);
  }
});
