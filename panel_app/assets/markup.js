// Turns what stands into what was sent, and touches only what differs. An element with a data-key
// stays itself wherever it moves, so it keeps its focus, its place of scrolling and what was opened.
const OWN = new Set(["open", "data-own"]); // attributes that the reader sets

function same(old, fresh) {
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !OWN.has(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (!OWN.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
}

function turn(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  const before = old.defaultValue;
  same(old, fresh);
  if (old.matches("input, select, textarea") && old.getRootNode().activeElement === old) return;
  // What somebody has begun to write stays, until the server has something new to say there.
  if (old.matches("input, textarea") && fresh.defaultValue !== before) old.value = fresh.defaultValue;
  children(old, fresh);
}

function children(old, fresh) {
  const keyed = new Map();
  for (const child of old.children) if (child.dataset.key) keyed.set(child.dataset.key, child);
  const isFirst = !old.firstChild;
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const key = next.dataset?.key;
    const fits = at && at.nodeName === next.nodeName && !at.dataset?.key;
    const match = key ? keyed.get(key) : fits ? at : undefined;
    if (!match) {
      if (key && !isFirst) next.classList.add("fresh");
      old.insertBefore(next, at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else old.insertBefore(match, at);
    turn(match, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

export function render({ model }) {
  const root = document.createElement("div");
  // By its mark, for it may be drawn anew elsewhere after it has changed.
  if (!leadline.shown.has(model.mark)) leadline.shown.set(model.mark, model.first);
  const show = () => {
    const fresh = document.createElement("template");
    fresh.innerHTML = leadline.shown.get(model.mark);
    children(root, fresh.content);
  };
  show();
  model.on("first", () => {
    leadline.shown.set(model.mark, model.first);
    show();
  });
  model.on("splice", () => {
    const old = leadline.shown.get(model.mark);
    const [, begin, end, text] = model.splice;
    const fresh = old.slice(0, begin) + text + (end < 0 ? "" : old.slice(end));
    leadline.shown.set(model.mark, fresh);
    show();
  });
  model.send_msg("drawn");
  return root;
}
