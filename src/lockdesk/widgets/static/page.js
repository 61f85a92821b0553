// What every exercise needs to build its page.

const page = Math.random().toString(36).slice(2); // every question is a module of its own, so a counter is not enough
let serial = 0;

function uniqueId() {
  serial += 1;
  return `ld-${page}-${serial}`;
}

/** An element with properties and children; a string child is text, never markup. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("aria-") || name === "role" || name === "for") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}
