// Draws a page from a description and changes only what differs, so that focus, scrolling and typing survive an update.

const SVG = "http://www.w3.org/2000/svg";
const HTML = "http://www.w3.org/1999/xhtml";

/** Describe one element: h("p", {class: "note"}, "text", [more]). */
export function h(name, given, ...inner) {
  return { name, given: given ?? {}, inner: flat(inner) };
}

function flat(inner) {
  return inner.flat(Infinity).filter((part) => part !== null && part !== undefined && part !== false);
}

let drawing = false, next = null;

/** Make what stands in an element equal to a description. Moving a field that has the focus makes it tell its change, and
 *  who listens draws: that drawing waits until this one is done. */
export function render(root, ...wanted) {
  if (drawing) {
    next = [root, ...wanted];
    return;
  }
  drawing = true;
  try {
    children(root, flat(wanted), root.namespaceURI === SVG ? SVG : HTML);
  } finally {
    drawing = false;
  }
  if (next) {
    const waiting = next;
    next = null;
    render(...waiting);
  }
}

function children(parent, wanted, space) {
  const keyed = new Map();
  for (const node of parent.childNodes) if (node.drawnKey !== undefined) keyed.set(node.drawnKey, node);
  let place = parent.firstChild;
  for (const part of wanted) {
    let node = existing(part, place, keyed);
    if (node === null) {
      node = made(part, space);
      parent.insertBefore(node, place);
    } else if (node === place) {
      place = place.nextSibling;
    } else {
      parent.insertBefore(node, place);
    }
    if (typeof part === "object") update(node, part);
    else if (node.data !== String(part)) node.data = String(part);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function existing(part, place, keyed) {
  if (typeof part !== "object") return place && place.nodeType === 3 ? place : null;
  const key = part.given.key;
  if (key !== undefined) {
    const node = keyed.get(key);
    return node && node.localName === part.name ? node : null;
  }
  const fits = place && place.nodeType === 1 && place.localName === part.name && place.drawnKey === undefined;
  return fits ? place : null;
}

function made(part, space) {
  if (typeof part !== "object") return document.createTextNode(String(part));
  const node = document.createElementNS(part.name === "svg" ? SVG : space, part.name);
  if (part.given.key !== undefined) node.drawnKey = part.given.key;
  return node;
}

function update(node, part) {
  const before = node.drawn ?? {};
  for (const name of Object.keys(before)) if (!(name in part.given)) set(node, name, null);
  for (const [name, value] of Object.entries(part.given)) if (name !== "key") set(node, name, value);
  node.drawn = part.given;
  if (!part.given.still) children(node, part.inner, node.namespaceURI);
}

function set(node, name, value) {
  if (name.startsWith("on")) {
    node[name] = value;
  } else if (name === "style") {
    for (const [property, wish] of Object.entries(value ?? {})) node.style.setProperty(property, wish);
  } else if (name === "value") {
    if (document.activeElement !== node && node.value !== String(value ?? "")) node.value = value ?? "";
  } else if (name === "checked" || name === "disabled" || name === "open") {
    if (node[name] !== Boolean(value)) node[name] = Boolean(value);
  } else if (name === "still") {
    return;
  } else if (value === null || value === undefined || value === false) {
    node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value === true ? "" : value)) {
    node.setAttribute(name, value === true ? "" : value);
  }
}

/** Data that the server has put into the page. */
export function embedded(id) {
  return JSON.parse(document.getElementById(id).textContent);
}
