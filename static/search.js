// The suggestions of the shop's search field, which shop.js loads this module for
// when the field gets the focus. They follow the pattern "Editable Combobox With
// List Autocomplete" of the ARIA Authoring Practices: the focus stays in the
// field, and aria-activedescendant says which option the arrow keys have chosen.

const pause = 150; // ms without typing, after which the server is asked
const ready = new WeakSet(); // fields

const set = (el, attributes) => Object.entries(attributes).forEach((pair) => el.setAttribute(...pair));

// suggest has a field show what the server suggests for its text, in a list below.
export function suggest(field, url) {
  if (ready.has(field)) return;
  ready.add(field);
  const list = document.createElement("div");
  const id = "search-suggestions";
  set(list, { id, class: id, role: "listbox", "aria-label": "Suggestions" });
  set(field, { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": id });
  field.after(list);
  let active, request, timer;

  function show(isOpen) {
    list.hidden = !isOpen;
    set(field, { "aria-expanded": isOpen });
    activate();
  }

  function activate(option) {
    if (active) set(active, { "aria-selected": false });
    active = option;
    if (!option) return field.removeAttribute("aria-activedescendant");
    set(option, { "aria-selected": true });
    set(field, { "aria-activedescendant": option.id });
    option.scrollIntoView({ block: "nearest" });
  }

  function empty() {
    list.replaceChildren();
    show(false);
  }

  // say has a screen reader tell how many options there are, which it cannot see.
  function say(count) {
    const text = count === 1 ? "1 suggestion" : (count || "No") + " suggestions";
    const status = document.getElementById("announcement");
    if (status) status.textContent = text;
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    show(false);
  }

  async function ask() {
    const { signal } = (request = new AbortController());
    try {
      const answer = await fetch(url + "?q=" + encodeURIComponent(field.value), { signal });
      if (!answer.ok) return;
      const template = document.createElement("template");
      template.innerHTML = await answer.text();
      if (signal.aborted) return;
      list.replaceChildren(...template.content.querySelectorAll("[role=option]"));
      show(list.children.length > 0);
      say(list.children.length);
    } catch {
      // Without an answer there are no suggestions, and the form works.
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    request?.abort();
    activate();
    if (field.value.trim()) timer = setTimeout(ask, pause);
    else empty();
  });

  field.addEventListener("keydown", (event) => {
    const { key, altKey, isComposing } = event;
    if (isComposing) return;
    const options = [...list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && list.hidden && options.length) {
      show(true);
      if (!altKey) activate(options.at(step > 0 ? 0 : -1));
    } else if (step && !list.hidden) {
      // After the last comes the field, and then the first.
      const at = options.indexOf(active) + step;
      activate(active || step > 0 ? options[at] : options.at(-1));
    } else if (key === "Escape" && !list.hidden) {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });

  field.addEventListener("blur", close);
  field.form.addEventListener("submit", (event) => {
    // The Enter key submits the form; the button has taken the focus.
    if (!active) return close();
    event.preventDefault();
    active.click();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
  show(false);
  if (field.value !== field.defaultValue) ask(); // what was typed before this was loaded
}
