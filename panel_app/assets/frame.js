// What a hand does anywhere in the page becomes a message, and every setting a part of the address.
const leadline = {
  shown: new Map(), // HTML by the mark of what shows it
  waiting: [],
  send: (message) => leadline.waiting.push(message),
  heard: performance.now(), // when the server last spoke
  told(message) {
    leadline.heard = performance.now();
    if (message.error) leadline.say(message.error);
    else if (message.done) leadline.say(message.done, "done");
    if (message.settings) leadline.address(message.settings);
    if (message.begins) leadline.pieces = [];
    if (message.piece) leadline.pieces.push(Uint8Array.from(atob(message.piece), (each) => each.charCodeAt(0)));
    if (message.file) leadline.keep(message.file);
  },
  pieces: [], // of a file that is on its way
  keep(name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(leadline.pieces.splice(0)));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  },
};

(() => {
  const KEPT = ["at", "tz", "up", "symbol"]; // what goes along to another page

  // Where an event began, through the shadows in which Bokeh draws.
  const origin = (event, selector) =>
    event.composedPath().find((each) => each instanceof Element && each.matches(selector));

  leadline.deep = function* (selector, root = document) {
    for (const each of root.querySelectorAll("*")) {
      if (each.matches(selector)) yield each;
      if (each.shadowRoot) yield* leadline.deep(selector, each.shadowRoot);
    }
  };

  leadline.address = (settings) => {
    const asked = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(settings))
      if (value === "" || value === null) asked.delete(name);
      else asked.set(name, value);
    const query = asked.toString();
    history.replaceState(null, "", location.pathname + (query && `?${query}`) + location.hash);
    carry();
  };

  // Links to other pages take time, zone and symbol along.
  function carry() {
    const asked = new URLSearchParams(location.search);
    for (const link of document.querySelectorAll("nav a, a.brand")) {
      if (!link.pathname.startsWith("/smart-money/dashboard")) continue;
      const query = new URLSearchParams();
      for (const name of KEPT) if (asked.has(name)) query.set(name, asked.get(name));
      link.search = query.toString();
    }
  }
  leadline.go = (path, settings = {}) => {
    const query = new URLSearchParams();
    const asked = new URLSearchParams(location.search);
    for (const name of KEPT) if (asked.has(name)) query.set(name, asked.get(name));
    for (const [name, value] of Object.entries(settings)) query.set(name, value);
    location.assign(path + (query.size ? `?${query}` : ""));
  };

  leadline.set = (settings) => {
    leadline.address(settings);
    leadline.send({ set: settings });
  };

  let later; // a word is set when the typing pauses
  document.addEventListener("input", (event) => {
    const field = origin(event, "[data-set]");
    if (!field) return;
    const value = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value;
    clearTimeout(later);
    const set = () => leadline.set({ [field.dataset.set]: value });
    if (field.matches("input[type=text], textarea")) later = setTimeout(set, 350);
    else set();
  });

  // Enter in a field sets it at once, and sends no form.
  document.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !origin(event, ".bar, .common")) return;
    event.preventDefault();
    const field = event.composedPath()[0];
    if (field.dataset.set) {
      clearTimeout(later);
      leadline.set({ [field.dataset.set]: field.value });
    }
  });

  document.addEventListener("click", (event) => {
    const button = origin(event, "[data-do], button[data-set], button[data-sets], [data-copy], [data-link], [data-export]");
    if (button) return press(button, event);
    if (origin(event, "a, button, summary, input, select, label")) return;
    const row = origin(event, "tr");
    if (row) leadline.open(row);
  });

  // A link in a table takes time and zone along, too.
  document.addEventListener("click", (event) => {
    const link = origin(event, "a[href^='/smart-money/dashboard']");
    if (!link || link.dataset.export !== undefined || event.ctrlKey || event.metaKey) return;
    const url = new URL(link.href);
    event.preventDefault();
    leadline.go(url.pathname, Object.fromEntries(url.searchParams));
  });

  function press(button, event) {
    const said = button.dataset;
    if (said.export !== undefined) {
      button.search = location.search;
      return;
    }
    event.preventDefault();
    if (said.set) leadline.set({ [said.set]: said.value });
    else if (said.sets) leadline.set(JSON.parse(said.sets));
    else if (said.copy !== undefined) copy(said.copy, button);
    else if (said.link) copy(location.href.split("#")[0] + `#${said.link}`, button);
    else leadline.send({ ...values(button), ...said });
  }

  // A button of a form sends along what stands in its fields.
  function values(button) {
    const form = button.form ?? button.closest("form");
    return form ? Object.fromEntries(new FormData(form)) : {};
  }

  async function copy(words, button) {
    await navigator.clipboard.writeText(words);
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = before), 1_200);
  }

  // A row sets what it stands for, or follows its first link.
  leadline.open = (row) => {
    if (row.dataset.sets) leadline.set(JSON.parse(row.dataset.sets));
    else row.querySelector("a[href], summary")?.click();
  };

  let hiding;
  leadline.say = (words, kind = "error") => {
    const banner = document.getElementById("banner");
    banner.textContent = words;
    banner.className = `banner ${kind}`;
    banner.hidden = false;
    clearTimeout(hiding);
    if (kind === "done") hiding = setTimeout(() => (banner.hidden = true), 6_000);
  };

  // Who hears nothing for some seconds says so, and looks whether the server is there again.
  // A page that slept, or was busy itself, was told meanwhile and has yet to hear it.
  let lost, looked = performance.now(), silent_s = 0;
  async function watch() {
    const before = looked;
    looked = performance.now();
    silent_s = leadline.heard > before ? 0 : silent_s + Math.min((looked - before) / 1_000, 2.5);
    if (document.hidden || silent_s < 6) {
      if (lost && silent_s < 6) document.getElementById("banner").hidden = true;
      lost = silent_s < 6 ? undefined : lost;
      return;
    }
    lost ??= new Date(Date.now() - silent_s * 1_000);
    leadline.say(`The server has not spoken since ${lost.toLocaleTimeString()}; what is shown is of then. Trying again.`);
    const now = await begun();
    if (now && (now !== process || silent_s > 60)) location.reload();
  }

  // When the server began: one that is busy is the same one, and its answers still come.
  const begun = () =>
    fetch("/health/live", { cache: "no-store" })
      .then((answer) => answer.json())
      .then((said) => said.since)
      .catch(() => null);
  let process;

  addEventListener("DOMContentLoaded", () => {
    carry();
    leadline.send({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
    begun().then((since) => (process = since));
    setInterval(watch, 2_000);
    addEventListener("visibilitychange", () => (leadline.heard = performance.now()));
  });

  // An address that ends with the name of a panel leads to it, once it is drawn.
  addEventListener("load", () => {
    const name = decodeURIComponent(location.hash.slice(1));
    if (!name) return;
    const until = performance.now() + 5_000;
    const look = () => {
      const panel = [...leadline.deep(`header.head#${CSS.escape(name)}`)][0];
      if (panel) panel.scrollIntoView();
      else if (performance.now() < until) setTimeout(look, 100);
    };
    look();
  });
})();
