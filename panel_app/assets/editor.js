// An editor of SQL. What is typed stands, without colour, over the same text in colours.
const WORDS = "/smart-money/dashboard/words.json";
const KEYWORDS = `all and anti any as asc asof between by case cast cross date desc distinct else end
  except exclude exists false filter first following from full group having ilike in inner intersect
  interval is join last lateral left like limit not null nulls offset on or order outer over partition
  preceding qualify range replace right rows select semi similar then timestamptz to true unbounded
  union unnest using values when where window with`.split(/\s+/);
const KEYWORD = new Set(KEYWORDS);
const TOKEN = /(--[^\n]*|\/\*[^]*?(?:\*\/|$))|('(?:[^']|'')*(?:'|$))|("(?:[^"]|"")*(?:"|$))|(\$[A-Za-z_]\w*)|(\b\d[\d_]*(?:\.\d+)?(?:e-?\d+)?\b)|([A-Za-z_]\w*)|(\s+|[^])/g;
const MOST = 9;
// What analysts read comes first, what the engine and its checks need last.
const SCHEMAS = ["reports", "curated", "features", "scores", "detectors", "raw", "ops", "backtest", "checks"];
const FORMS = ["csv", "parquet", "arrow", "json", "xlsx"];

let words; // asked once a page
const known = () => (words ??= fetch(WORDS).then((answer) => answer.json()));

function tokens(sql) {
  const found = [];
  for (const [all, note, text, quoted, bind, number, word] of sql.matchAll(TOKEN)) {
    const kind = note ? "c1" : text ? "s1" : bind ? "nv" : number ? "mi" : word && KEYWORD.has(word.toLowerCase()) ? "k" : "";
    found.push([all, kind, quoted]);
  }
  return found;
}

// A type as people write it.
const short = (kind) => kind.toLowerCase().replace("timestamp with time zone", "timestamptz").replace("varchar", "text");

const make = (name, said = {}, ...inside) => {
  const made = Object.assign(document.createElement(name), said);
  made.append(...inside);
  return made;
};

// The names that a text has to be filled in; none of a comment or a quote.
const gaps = (sql) => [...new Set(tokens(sql).filter(([, kind]) => kind === "nv").map(([word]) => word.slice(1)))];

export function render({ model }) {
  const area = make("textarea", { id: "sql", value: model.sql, spellcheck: false, autocapitalize: "off", autocomplete: "off", name: "sql" });
  area.dataset.set = "sql";
  area.setAttribute("aria-label", "SQL");
  area.setAttribute("aria-describedby", "sql-keys");
  const layer = make("pre", { className: "layer sql", ariaHidden: "true" });
  const list = make("ul", { className: "completion", hidden: true, id: "completion" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Completions");
  area.setAttribute("aria-controls", "completion");
  area.setAttribute("aria-autocomplete", "list");
  const paper = make("div", { className: "paper" }, layer, area, list);
  const binds = make("div", { className: "binds" });
  const run = make("button", { type: "button", className: "action main", textContent: "Run", title: "Ctrl Enter" });
  const cancel = make("button", { type: "button", className: "action", textContent: "Cancel" });
  const exports = make("details", { className: "menu" }, make("summary", { textContent: "Export" }));
  const forms = make("div", {}, ...FORMS.map((form) => make("button", { type: "button", textContent: form, onclick: () => take(form) })));
  exports.append(forms);
  const field = (name, label, value, hint) => {
    const input = make("input", { type: "text", name, value, placeholder: hint, autocomplete: "off", spellcheck: false });
    input.dataset.set = name;
    return make("label", { className: `field ${name}` }, make("span", { textContent: label }), input);
  };
  const span = [field("since", "Since", model.since, "all time"), field("until", "Until", model.until, "as shown")];
  const keys = make("span", { className: "quiet", id: "sql-keys", textContent: "Ctrl Enter runs · Ctrl Space completes" });
  const bar = make("div", { className: "bar" }, run, cancel, exports, ...span, keys);
  const find = make("input", { type: "text", placeholder: "views and columns", autocomplete: "off", spellcheck: false });
  find.setAttribute("aria-label", "Find views and columns");
  const tree = make("div", { className: "tree", tabIndex: 0, role: "group" });
  tree.setAttribute("aria-label", "Views");
  const schema = make("aside", { className: "schema" }, find, tree);
  const root = make("div", { className: "bench" }, make("div", { className: "pad-in" }, paper, binds, bar), schema);

  // The text in colours, line by line; the one that is wrong is marked.
  function paint() {
    const lines = [[]];
    for (const [text, kind] of tokens(area.value)) {
      text.split("\n").forEach((piece, place) => {
        if (place) lines.push([]);
        if (piece) lines.at(-1).push(kind ? make("span", { className: kind, textContent: piece }) : piece);
      });
    }
    layer.replaceChildren(
      ...lines.map((pieces, place) => {
        const line = make("span", { className: "line" }, ...(pieces.length ? pieces : ["\u200b"]));
        if (place + 1 === model.mark) line.classList.add("wrong");
        return line;
      }),
    );
  }

  // A field for each $name; what was filled in before stays.
  const values = Object.fromEntries(new URLSearchParams(model.binds));
  function fill() {
    const names = gaps(area.value);
    const have = [...binds.querySelectorAll("input")].map((each) => each.name);
    if (names.join() === have.join()) return;
    binds.replaceChildren(
      ...names.map((name) => {
        const input = make("input", { type: "text", name, value: values[name] ?? "", autocomplete: "off", spellcheck: false });
        input.addEventListener("input", () => {
          values[name] = input.value;
          clearTimeout(later);
          later = setTimeout(() => leadline.set({ binds: said() }), 350);
        });
        return make("label", { className: "field" }, make("span", { textContent: `$${name}` }), input);
      }),
    );
  }
  let later;
  const said = () => new URLSearchParams(gaps(area.value).map((name) => [name, values[name] ?? ""])).toString();

  const asked = () => ({ sql: area.value, binds: said(), ...Object.fromEntries(span.map(({ lastChild }) => [lastChild.name, lastChild.value])) });
  function start() {
    if (!model.runs || model.running) return;
    shut();
    const set = asked();
    leadline.address(set);
    leadline.send({ do: "run", set });
  }
  run.addEventListener("click", start);
  cancel.addEventListener("click", () => leadline.send({ do: "cancel" }));

  // All rows as a file, in the query's own order.
  function take(form) {
    exports.open = false;
    leadline.send({ do: "export", form, set: asked() });
  }

  // Completion: columns of an alias after its dot, else views, columns of named views, functions.
  let at = 0;
  let offered = [];
  const shut = () => {
    list.hidden = true;
    offered = [];
    area.removeAttribute("aria-activedescendant");
  };
  async function offer(isAsked = false) {
    const { views, functions } = await known();
    const before = area.value.slice(0, area.selectionStart);
    const inside = tokens(before).at(-1)?.[1];
    const word = before.match(/[A-Za-z_][\w.]*$/)?.[0] ?? "";
    if (inside === "c1" || inside === "s1" || (!word && !isAsked)) return shut();
    const lower = word.toLowerCase();
    const [first, dot, last] = [lower.split(".")[0], lower.includes("."), lower.slice(lower.lastIndexOf(".") + 1)];
    const named = new Map();
    for (const [, view, alias] of area.value.matchAll(/\b([a-z_]+\.[a-z_0-9]+)(?:\s+(?:as\s+)?([a-z_]\w*))?/gi))
      if (views[view.toLowerCase()]) {
        const name = view.toLowerCase();
        named.set(name.split(".")[1], name);
        if (alias && !KEYWORD.has(alias.toLowerCase())) named.set(alias.toLowerCase(), name);
      }
    const columns = (view) => views[view].columns.map(([name, kind, note]) => [name, note ?? short(kind), "column"]);
    let all;
    if (dot && named.has(first)) all = columns(named.get(first)).map((each) => [`${word.slice(0, word.indexOf(".") + 1)}${each[0]}`, ...each.slice(1)]);
    else
      all = [
        ...[...new Set(named.values())].flatMap(columns),
        ...Object.entries(views).map(([name, each]) => [name, each.what, "view"]),
        ...KEYWORDS.map((each) => [each, "", "word"]),
        ...functions.map((each) => [`${each}(`, "", "function"]),
      ];
    const score = ([name]) => {
      const own = name.toLowerCase();
      const tail = own.slice(own.lastIndexOf(".") + 1);
      return own.startsWith(lower) ? 0 : tail.startsWith(last) ? 1 : lower.length > 2 && own.includes(lower) ? 2 : 9;
    };
    const seen = new Set();
    offered = all
      .map((each, place) => [score(each), place, each])
      .filter(([rank, , [name]]) => rank < 9 && name !== word && !seen.has(name) && seen.add(name))
      .sort((one, other) => one[0] - other[0] || one[1] - other[1])
      .slice(0, MOST)
      .map(([, , each]) => each);
    if (!offered.length) return shut();
    at = 0;
    list.replaceChildren(
      ...offered.map(([name, note, kind], place) => {
        const item = make("li", { id: `c${place}` }, make("b", { textContent: name }), make("i", { textContent: kind }), make("small", { textContent: note }));
        item.setAttribute("role", "option");
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          accept(place);
        });
        return item;
      }),
    );
    list.hidden = false;
    choose(0);
    place();
  }
  function choose(to) {
    at = (to + offered.length) % offered.length;
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
    area.setAttribute("aria-activedescendant", `c${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  }
  // The list stands below the line that is written.
  function place() {
    const before = area.value.slice(0, area.selectionStart).split("\n");
    const line = layer.children[before.length - 1];
    if (!line) return;
    const letter = parseFloat(getComputedStyle(area).fontSize) * 0.602;
    list.style.top = `${line.offsetTop + line.offsetHeight + 2}px`;
    list.style.left = `${Math.max(0, Math.min(44 + letter * (before.at(-1).length - 1), paper.clientWidth - list.offsetWidth))}px`;
  }
  function accept(n) {
    const before = area.value.slice(0, area.selectionStart);
    const word = before.match(/[A-Za-z_][\w.]*$/)?.[0] ?? "";
    put(offered[n][0], word.length);
    shut();
  }
  function put(text, over = 0) {
    area.focus();
    area.setRangeText(text, area.selectionStart - over, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    shut();
  }

  area.addEventListener("input", (event) => {
    model.mark = 0;
    paint();
    fill();
    if (event.inputType?.startsWith("insert") || event.inputType?.startsWith("delete")) offer();
  });
  area.addEventListener("blur", shut);
  area.addEventListener("click", shut);
  area.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      return start();
    }
    if (event.ctrlKey && event.key === " ") {
      event.preventDefault();
      return offer(true);
    }
    if (list.hidden) return;
    const does = {
      ArrowDown: () => choose(at + 1), ArrowUp: () => choose(at - 1), Escape: shut,
      Tab: () => accept(at), Enter: () => accept(at),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  });

  // Every view; opened, its columns. A click writes the name into the text.
  async function browse() {
    const { views } = await known();
    const rank = ([name]) => SCHEMAS.indexOf(name.split(".")[0]);
    const word = find.value.trim().toLowerCase();
    const fits = Object.entries(views).filter(
      ([name, each]) => !word || name.includes(word) || each.columns.some(([column]) => column.includes(word)),
    ).sort((one, other) => rank(one) - rank(other));
    tree.replaceChildren(
      ...fits.map(([name, each]) => {
        const item = make("details", {}, make("summary", { textContent: name, title: each.what }));
        item.addEventListener("toggle", () => {
          if (!item.open || item.children.length > 1) return;
          const write = make("button", { type: "button", className: "action", textContent: "Write its name", onclick: () => put(name) });
          const lead = make("a", { href: `/smart-money/dashboard/detectors?view=${name}`, textContent: "All about it" });
          item.append(make("p", { className: "quiet", textContent: each.what }), make("p", {}, write, " ", lead));
          for (const [column, kind, note] of each.columns)
            item.append(make("button", { type: "button", className: "column", title: note ?? "", onclick: () => put(column) }, make("b", { textContent: column }), make("small", { textContent: short(kind) })));
        });
        return item;
      }),
    );
    if (!fits.length) tree.replaceChildren(make("p", { className: "quiet", textContent: "No view or column is called so." }));
  }
  find.addEventListener("input", browse);

  const state = () => {
    run.disabled = model.running || !model.runs;
    cancel.disabled = !model.running;
    exports.hidden = !model.runs;
    root.ariaBusy = String(model.running);
  };
  model.on("running", state);
  model.on("mark", paint);
  model.on("sql", () => {
    if (area.value === model.sql) return;
    area.value = model.sql;
    paint();
    fill();
  });
  paint();
  fill();
  state();
  browse();
  leadline.send({ do: "warm" });
  if (model.begins && area.value.trim()) start();
  return root;
}
