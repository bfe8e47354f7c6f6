// Outlines the includes of a page that is requested with ?selvedge=debug. Comments in the page
// say where the output of each include begins and ends, and rows of the panel what it is. The
// outlines are drawn above the page, which stays as it is.

const root = document.querySelector("selvedge-debug")?.shadowRoot;
const rows = root?.querySelectorAll("tr[data-include]") ?? [];
const layer = root?.querySelector(".boxes");
const choice = root?.querySelector(".outline");
const boxes = new Map(); // the outlines, by the number of the include

// Returns the ranges between the comments, by the numbers of the includes.
function findRanges() {
  const starts = new Map(), ranges = new Map();
  const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  while (comments.nextNode()) {
    const comment = comments.currentNode;
    const [, end, number] = /^(\/?)selvedge:(\d+)/.exec(comment.data) ?? [];
    if (number && !end) {
      starts.set(number, comment);
    } else if (number && starts.has(number)) {
      const range = document.createRange();
      range.setStartAfter(starts.get(number));
      range.setEndBefore(comment);
      ranges.set(number, range);
    }
  }
  return ranges;
}

// Returns the rectangle around a range, or nothing if it takes no place.
function rectangleOf(range) {
  const r = range.getBoundingClientRect();
  return r.width > 0 && r.height > 0 ? r : null;
}

let isPlanned = false;

function plan() {
  if (!isPlanned) {
    isPlanned = true;
    requestAnimationFrame(draw);
  }
}

function draw() {
  isPlanned = false;
  const isOn = choice.querySelector("input").checked;
  const origin = layer.getBoundingClientRect();
  const ranges = findRanges(); // again, because a swap replaces comments too
  for (const [number, box] of boxes) {
    const range = ranges.get(number);
    const r = isOn && range && rectangleOf(range);
    box.hidden = !r;
    if (r) {
      box.style.cssText = `top:${r.top - origin.top}px;left:${r.left - origin.left}px;width:${r.width}px;height:${r.height}px`;
    }
  }
}

function addBox(row) {
  const box = document.createElement("div"), label = document.createElement("span"), text = document.createElement("span");
  const [version, , cache, age, time] = [...row.querySelectorAll("td")].map(cell => cell.textContent);
  const failure = row.querySelector(".failure")?.textContent;
  text.textContent = [row.querySelector("code").textContent, version, failure ?? cache, age, time].filter(Boolean).join(" · ");
  box.className = row.classList.contains("failed") ? "box failed" : "box";
  label.append(row.dataset.include, " ", text);
  box.append(label);
  layer.append(box);
  boxes.set(row.dataset.include, box);
  row.addEventListener("pointerenter", () => box.classList.add("marked"));
  row.addEventListener("pointerleave", () => box.classList.remove("marked"));
}

if (layer) {
  rows.forEach(addBox);
  choice.hidden = false;
  choice.addEventListener("change", draw);
  new ResizeObserver(plan).observe(document.documentElement);
  new MutationObserver(plan).observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
  for (const event of ["resize", "scroll", "load", "transitionend", "toggle"]) {
    addEventListener(event, plan, { capture: true, passive: true });
  }
  draw();
}
