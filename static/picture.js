// What shop.js loads when a person wants to see a picture of a product enlarged.

// enlarge shows the picture of a link as large as the window lets it be, until the
// Escape key or a click. The focus is then where it was.
export function enlarge(link) {
  const dialog = document.createElement("dialog");
  const picture = link.querySelector("img").cloneNode();
  const close = document.createElement("button");
  dialog.className = "picture";
  dialog.ariaLabel = picture.alt;
  close.type = "button";
  close.className = "button quiet";
  close.textContent = "Close";
  dialog.append(close, picture);
  dialog.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
}
