// What others change in the page is said to screen readers, which shop.js loads this
// module for: at most once in five seconds, and only what the page is about.
const wait = 300; // ms, in which one change after the other comes into the page
const between = 5000; // ms

const byId = (id) => document.getElementById(id);
const numberIn = (text) => Number(/\d+/.exec(text ?? "") ?? 0);

// stockBeside returns the id of the element with the stock of a product, for an
// element of its card.
const stockBeside = (el) => el.closest(".productcard")?.querySelector("[id^='stock-']")?.id;

// The stock beside what had the focus last.
let focused = stockBeside(document.activeElement);

// look returns sentences about what the page shows, by what they are about.
function look() {
  const facts = new Map();
  for (const el of document.querySelectorAll("[id^='stock-']")) {
    const name = el.closest("#product, .productcard")?.querySelector("h1, h2, h3");
    if (name && el.querySelector(".stock-out")) facts.set(el.id, name.textContent + " is sold out.");
  }
  for (const el of document.querySelectorAll(".cart-short[id]")) {
    facts.set(el.id, el.closest(".cart-line").querySelector("a").textContent + ": " + el.textContent.trim());
  }
  return facts;
}

// A cart has a version, which grows with each change, and the note of an answer says
// to which one the person has changed it.
const cart = () => {
  const { dataset, ariaLabel } = byId("cart-mini") ?? { dataset: {} };
  return { version: Number(dataset.revision ?? 0), epoch: dataset.epoch, text: ariaLabel };
};

let facts = look(), known = cart();
let timer, said = -between;

// isOfPage reports whether the page, or the product with the focus, is what a
// sentence is about.
const isOfPage = (id) => !id.startsWith("stock-") || id === focused || byId(id)?.closest("#product");

function tell() {
  timer = 0;
  if (document.querySelector("[aria-busy=true]")) return expect(); // the answer may say it
  const news = [];
  const next = look(), current = cart();
  for (const [id, text] of next) if (facts.get(id) !== text && isOfPage(id)) news.push(text);
  const own = numberIn(document.querySelector("#added .note")?.id);
  if (current.epoch === known.epoch && current.version > Math.max(known.version, own)) news.push("Your cart has " + current.text.replace("Cart, ", "") + " now.");
  facts = next;
  known = current;
  if (!news.length) return;
  said = performance.now();
  byId("announcement").textContent = news.join(" ");
}

function expect() {
  timer ||= setTimeout(tell, Math.max(wait, said + between - performance.now()));
}

document.addEventListener("focusin", ({ target }) => (focused = stockBeside(target)));
new MutationObserver(expect).observe(document.body, { childList: true, subtree: true, characterData: true, attributeFilter: ["data-revision"] });
