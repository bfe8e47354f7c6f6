// After this time a main part that was late is said to be missing.
const patience = 10000; // ms

// follow follows a main part that is not in its page yet, until it is there.
export function follow(part) {
  const { id } = part;
  const late = part.querySelector(".loading");
  const sorry = setTimeout(() => {
    if (!late?.isConnected) return;
    const { content } = part.querySelector("template");
    say(content.querySelector("h1").textContent);
    late.replaceWith(content.cloneNode(true));
  }, patience);

  const observer = new MutationObserver(arrive);
  observer.observe(document.getElementById("main"), { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
  arrive();

  // arrive tells of the part once it has taken its place, and gives the page its
  // title if the head of the page did not come in time either.
  function arrive() {
    const found = document.getElementById(id);
    if (!found || found.matches(".awaited")) return;
    observer.disconnect();
    clearTimeout(sorry);
    if (found.dataset.title) document.title = found.dataset.title;
    say("Loaded: " + document.title);
  }
}

function say(text) {
  document.getElementById("announcement").textContent = text;
}
