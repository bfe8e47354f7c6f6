/// <reference path="../selvedge.d.ts" />

// What a site's own script may do with the events of selvedge.js.

document.addEventListener("selvedge:message", (event) => {
  const { id, revision, epoch, groups, element } = event.detail;
  if (id === "cart" && groups.includes("product:42") && (revision ?? 0) > 1 && epoch) event.preventDefault();
  element.classList.add("news");
});

document.body.addEventListener("selvedge:swapped", ({ detail }) => {
  const source: "push" | "poll" | "answer" = detail.source;
  console.log(detail.id, detail.revision?.toFixed(), source);
  // @ts-expect-error: a fragment may have no revision
  detail.revision.toFixed();
});

addEventListener("selvedge:state", ({ detail: { state, transport, ended } }) => {
  document.title = state === "polling" || ended ? transport : state;
  // @ts-expect-error: there is no such state
  if (state === "trying") document.title = "";
});

document.querySelector("form")?.addEventListener("selvedge:error", ({ detail: { status, kind } }) => {
  if (kind === "request" && status > 499) console.log(status);
});

document.querySelector("form")?.addEventListener("selvedge:progress", ({ detail: { loaded, total } }) => {
  console.log(loaded / total);
});

document.addEventListener("selvedge:send", ({ detail: { data, saves, follows, guess } }) => {
  if (follows) data.delete("version");
  const field = document.querySelector("input");
  if (field) saves.push(field);
  guess((set) => {
    if (field) set(field, "hidden", true);
    // @ts-expect-error: a flag is no text
    if (field) set(field, "hidden", "yes");
  });
});

document.addEventListener("selvedge:answer", ({ detail: { address, ok } }) => {
  if (ok) location.assign(address);
});
