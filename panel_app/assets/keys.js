// All of the page by keyboard: / j k Enter, g and a letter, ? and the command bar.
(() => {
  const typing = (event) => event.composedPath()[0].matches?.("input, textarea, select, [contenteditable], .ace_text-input");
  const seen = (each) => each.checkVisibility();
  let waits = false; // for the letter after g

  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      return command();
    }
    if (event.key === "Escape" && typing(event)) return event.composedPath()[0].blur();
    if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (waits) {
      waits = false;
      const link = document.querySelector(`nav a[data-letter="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    const does = { "/": focus, j: () => move(1), k: () => move(-1), Enter: open, g: () => (waits = true), "?": help, ":": command, x: mark }[event.key];
    if (!does) return;
    if (event.key === "Enter" && event.composedPath()[0].matches?.("a, button, summary")) return;
    if (does() !== false) event.preventDefault();
  });

  function focus() {
    const field = [...leadline.deep(".bar input, .bar select, textarea#sql")].find(seen) ?? document.getElementById("find");
    field.focus();
    field.select?.();
  }

  // j and k walk the rows of all lists of the page; the one that is walked on is shown.
  const rows = () => [...leadline.deep("tbody tr, details.alert")].filter(seen);
  const here = () => [...leadline.deep("[data-own=here]")][0];
  function move(step) {
    const all = rows();
    const from = here();
    const to = all[from ? all.indexOf(from) + step : step > 0 ? 0 : all.length - 1];
    if (!to) return;
    from?.removeAttribute("data-own");
    to.setAttribute("data-own", "here");
    to.scrollIntoView({ block: "nearest" });
  }
  function open() {
    const row = here();
    if (!row) return false;
    if (row.matches("details")) row.open = !row.open;
    else leadline.open(row);
  }
  function mark() {
    const button = here()?.querySelector("[data-do]");
    if (!button) return false;
    button.click();
  }
  const help = () => document.getElementById("keys").showModal();

  function command() {
    const dialog = document.getElementById("command");
    dialog.showModal();
    dialog.querySelector("input").select();
    fill();
  }

  // Pages whose name has the word; what is no page is a symbol.
  function fill() {
    const word = document.querySelector("#command input").value.trim();
    const pages = [...document.querySelectorAll("nav a[data-letter]")]
      .filter((link) => link.textContent.toLowerCase().includes(word.toLowerCase()))
      .map((link) => [link.dataset.title, () => link.click()]);
    const symbol = word.toUpperCase();
    const at = symbol.includes("-") ? ["whales", { pair: symbol }] : ["symbol", { symbol }];
    const isSymbol = /^[A-Z0-9][A-Z0-9./:_-]*$/.test(symbol);
    if (isSymbol) pages.unshift([`${symbol}: everything about it`, () => leadline.go(`/smart-money/dashboard/${at[0]}`, at[1])]);
    const list = document.getElementById("found");
    list.replaceChildren(
      ...pages.map(([name, go], place) => {
        const item = document.createElement("li");
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(place === 0));
        item.textContent = name;
        item.addEventListener("click", go);
        return item;
      }),
    );
  }
  function walk(event) {
    const all = [...document.querySelectorAll("#found li")];
    const at = all.findIndex((each) => each.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") all[at]?.click();
    else if (step && all.length) {
      all[at].ariaSelected = "false";
      const to = all[(at + step + all.length) % all.length];
      to.ariaSelected = "true";
      to.scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
  }

  addEventListener("DOMContentLoaded", () => {
    document.getElementById("find").addEventListener("click", command);
    document.getElementById("help").addEventListener("click", help);
    const input = document.querySelector("#command input");
    input.addEventListener("input", fill);
    input.addEventListener("keydown", walk);
    for (const dialog of document.querySelectorAll("dialog"))
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  });
})();
