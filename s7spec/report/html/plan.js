
"use strict";
(() => {
  const FIRST = 100, STEP = 500, MOST_PRINTED = 2000, FIRST_PICTURES = 24, FIRST_ASSETS = 20;
  const $ = (id) => document.getElementById(id);
  // Read when it is first needed: what nobody opens costs nothing.
  const read = {};
  const data = (name) => (read[name] ??= JSON.parse($(`data-${name}`).textContent));

  // Everything that comes out of a plan goes through textContent or an attribute, never markup.
  function h(tag, props = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }
  const name = (text) => h("bdi", {}, h("code", {}, text));
  const number = (value) => value.toLocaleString("en");
  const count = (value, word) => `${number(value)} ${word}${value === 1 ? "" : "s"}`;
  function bytes(value) {
    if (value < 1000) return count(value, "byte");
    const units = ["kB", "MB", "GB", "TB"];
    let power = 0;
    value /= 1000;
    while (value >= 999.5 && power < 3) { value /= 1000; power += 1; }
    return `${value < 9.95 ? value.toFixed(1) : number(Math.round(value))} ${units[power]}`;
  }

  // ---- the jobs -----------------------------------------------------------------------------
  const rows = data("rows"), shared = data("shared");
  const MANIFEST = 0, EXPORT = 1, ACTION = 2, CODES = 3, GROUP = 4, FILES = 5, BYTES = 6,
    ESTIMATED = 7, ASSETS = 8, NOTE = 9, LOOKS = 10;
  const key = (row) => `${shared.manifests[row[MANIFEST]]}/${row[EXPORT]}`;
  const codes = (row) => row[CODES].map((each) => shared.codes[each]).join(", ");
  const action = (row) => shared.actions[row[ACTION]][0];
  const why = (row) => [codes(row), ...shared.groups[row[GROUP]], shared.notes[row[NOTE]]]
    .filter(Boolean);

  const wanted = { text: "", actions: new Set(), code: "", manifest: "", look: "", group: "",
    sort: "", descending: false };
  // What waits for people first, what does not change last.
  const turn = (row) => ({ bad: 0, quiet: 2 })[shared.actions[row[ACTION]][2]] ?? 1;
  const usual = [0, 1, 2].flatMap((nth) =>
    rows.flatMap((row, place) => (turn(row) === nth ? [place] : [])));
  let shown = usual, drawn = 0;
  const opened = new Map();

  let haystacks = null, assetNames = null;
  const haystack = (place) => (haystacks ??= rows.map((row) =>
    [key(row), action(row), ...why(row)].join("\n").toLowerCase()))[place];

  function setsWith(text) {
    const { assets, sets } = data("assets");
    assetNames ??= assets.map((asset) => asset[0].toLowerCase());
    const hit = assetNames.map((each) => each.includes(text));
    return sets.map((members) => members.some((member) => hit[member]));
  }

  function matching() {
    const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
    const inAssets = words.map((word) => (word.length > 1 ? setsWith(word) : []));
    const numberOf = (values, value) => (value === "" ? -1 : values.indexOf(value));
    const code = numberOf(shared.codes, wanted.code);
    const manifest = numberOf(shared.manifests, wanted.manifest);
    const look = numberOf(shared.looks, wanted.look);
    const found = [];
    usual.forEach((place) => {
      const row = rows[place];
      if (wanted.actions.size && !wanted.actions.has(action(row))) return;
      if (wanted.group !== "" && row[GROUP] !== Number(wanted.group)) return;
      if (wanted.code !== "" && !row[CODES].includes(code)) return;
      if (wanted.manifest !== "" && row[MANIFEST] !== manifest) return;
      if (wanted.look !== "" && !row[LOOKS].includes(look)) return;
      const misses = (word, nth) => !haystack(place).includes(word) && !inAssets[nth][row[ASSETS]];
      if (words.some(misses)) return;
      found.push(place);
    });
    return found;
  }

  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const columns = [
    ["action", "Action", (row) => action(row)],
    ["job", "Job", (_, place) => place],
    ["why", "Why", (row) => why(row).join("\n")],
    ["files", "Files", (row) => row[FILES]],
    ["size", "Size", (row) => row[BYTES]],
  ];
  function sorted(places) {
    const column = columns.find(([id]) => id === wanted.sort);
    if (!column) return places;
    const values = new Map(places.map((place) => [place, column[2](rows[place], place)]));
    places.sort((one, other) => {
      const [a, b] = [values.get(one), values.get(other)];
      return (typeof a === "number" ? a - b : compare(a, b)) || one - other;
    });
    return wanted.descending ? places.reverse() : places;
  }

  // ---- the table ----------------------------------------------------------------------------
  const body = h("tbody", { role: "rowgroup" });
  const heads = columns.map(([id, label]) => h("th",
    { role: "columnheader", scope: "col", "aria-sort": "none", "data-column": id,
      class: id === "files" || id === "size" ? "number" : null },
    h("button", { type: "button", onclick: () => sortBy(id) }, label)));
  const table = h("table", { class: "jobs", role: "table", "aria-labelledby": "jobs-title" },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads)), body);
  const status = h("p", { class: "told", role: "status", "aria-live": "polite" });
  const more = h("p", { class: "more" });

  function tableRow(place) {
    const row = rows[place], [label, sign, tone] = shared.actions[row[ACTION]];
    const toggle = h("button", { type: "button", class: "open", "aria-expanded": "false",
      "data-job": place, onclick: () => toggleDetail(place) }, name(key(row)));
    const size = row[BYTES] < 0 ? "" : `${row[ESTIMATED] ? "about " : ""}${bytes(row[BYTES])}`;
    const lines = why(row).flatMap((line, nth) => (nth ? [h("br"), name(line)] : [line]));
    return h("tr", { role: "row", id: `job-${place}` },
      h("td", { role: "cell", class: `tone-${tone}` },
        h("span", { class: "sign", "aria-hidden": "true" }, sign), label),
      h("th", { role: "rowheader", scope: "row" }, toggle),
      h("td", { role: "cell" }, ...lines),
      h("td", { role: "cell", class: "number", "data-label": "files" },
        row[FILES] < 0 ? "" : number(row[FILES])),
      h("td", { role: "cell", class: "number", "data-label": "size" }, size));
  }

  function draw(upTo) {
    const fresh = document.createDocumentFragment();
    for (; drawn < Math.min(upTo, shown.length); drawn += 1) {
      const place = shown[drawn];
      fresh.append(tableRow(place));
      if (opened.has(place)) { fresh.append(opened.get(place)); }
    }
    body.append(fresh);
    for (const place of opened.keys()) markOpen(place, true);
    const rest = shown.length - drawn;
    more.replaceChildren(...(rest > 0 ? [
      h("button", { type: "button", onclick: () => draw(drawn + STEP) },
        `Show ${number(Math.min(STEP, rest))} more of ${number(rest)}`), " ",
      h("button", { type: "button", onclick: () => draw(shown.length) }, "Show all")] : []));
  }

  function update() {
    shown = sorted(matching());
    drawn = 0;
    body.replaceChildren();
    draw(FIRST);
    const all = shown.length === rows.length;
    status.textContent = all ? count(rows.length, "job")
      : `${number(shown.length)} of ${count(rows.length, "job")}`;
    for (const head of heads) {
      const on = head.dataset.column === wanted.sort;
      head.setAttribute("aria-sort", !on ? "none" : wanted.descending ? "descending" : "ascending");
    }
    for (const button of document.querySelectorAll("[data-filter]")) {
      const { filter, value } = button.dataset;
      const on = filter === "action" ? wanted.actions.has(value) : wanted.group === value;
      button.setAttribute("aria-pressed", String(on));
    }
    reset.hidden = all && !wanted.sort;
    remember();
  }

  function sortBy(id) {
    const again = wanted.sort === id;
    if (again && wanted.descending) { wanted.sort = ""; wanted.descending = false; }
    else if (again) wanted.descending = true;
    else { wanted.sort = id; wanted.descending = false; }
    update();
  }

  // ---- the filters, and the address that remembers them --------------------------------------
  const search = h("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false",
    oninput: () => { wanted.text = search.value; update(); } });
  function choice(label, field, values) {
    const select = h("select", { id: `only-${field}`,
      onchange: () => { wanted[field] = select.value; update(); } },
      h("option", { value: "" }, "all"), ...values.map((each) => h("option", { value: each }, each)));
    choices.push([select, field]);
    return values.length ? h("label", {}, label, select) : null;
  }
  const choices = [];
  const reset = h("button", { type: "reset", hidden: true }, "Reset");
  const sortedCopy = (values) => [...values].sort(compare);
  const form = h("form", { role: "search", "aria-label": "Jobs",
    onsubmit: (event) => event.preventDefault(), onreset: () => setTimeout(clear) },
    h("label", { class: "search" }, "Search jobs, changes and assets", search),
    choice("Reason", "code", sortedCopy(shared.codes)),
    choice("Manifest", "manifest", shared.manifests),
    choice("With", "look", sortedCopy(shared.looks)), reset);

  function clear() {
    Object.assign(wanted, { text: "", code: "", manifest: "", look: "", group: "", sort: "",
      descending: false });
    wanted.actions.clear();
    showWanted();
    update();
  }
  function showWanted() {
    search.value = wanted.text;
    for (const [select, field] of choices) select.value = wanted[field];
  }
  function remember() {
    const said = new URLSearchParams();
    for (const field of ["text", "code", "manifest", "look", "group", "sort"])
      if (wanted[field] !== "") said.set(field, wanted[field]);
    if (wanted.actions.size) said.set("actions", [...wanted.actions].join(" "));
    if (wanted.descending) said.set("descending", "1");
    const hash = said.toString();
    if (hash === location.hash.slice(1)) return;
    try { history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search); }
    catch { /* a page out of an archive has no address of its own */ }
  }
  function recall() {
    const said = new URLSearchParams(location.hash.slice(1));
    for (const field of ["text", "code", "manifest", "look", "group", "sort"])
      wanted[field] = said.get(field) ?? "";
    wanted.actions = new Set((said.get("actions") ?? "").split(" ").filter(Boolean));
    wanted.descending = said.has("descending");
    showWanted();
  }

  function filterButton(filter, value, ...content) {
    return h("button", { type: "button", "data-filter": filter, "data-value": value,
      "aria-pressed": "false", onclick: () => {
        if (filter === "action") {
          if (!wanted.actions.delete(value)) wanted.actions.add(value);
        } else wanted.group = wanted.group === value ? "" : value;
        update();
        if (filter === "group") $("jobs").scrollIntoView();
      } }, ...content);
  }
  for (const item of document.querySelectorAll(".counts li"))
    item.replaceChildren(filterButton("action", item.dataset.action, ...item.childNodes));
  for (const item of document.querySelectorAll(".groups li[data-group]"))
    item.append(" ", filterButton("group", item.dataset.group, "Show only",
      h("span", { class: "visually-hidden" }, ` ${item.textContent}`)));

  // ---- one job in full ----------------------------------------------------------------------
  function toggleDetail(place) {
    const open = opened.get(place);
    if (open) { open.remove(); opened.delete(place); markOpen(place, false); return; }
    const row = h("tr", { role: "row", class: "detail", id: `detail-${place}` },
      h("td", { role: "cell", colspan: columns.length }, ...detail(place)));
    opened.set(place, row);
    $(`job-${place}`)?.after(row);
    markOpen(place, true);
  }
  function markOpen(place, on) {
    const button = $(`job-${place}`)?.querySelector(".open");
    button?.setAttribute("aria-expanded", String(on));
    if (on) button?.setAttribute("aria-controls", `detail-${place}`);
    else button?.removeAttribute("aria-controls");
  }
  function openJob(place) {
    if (!shown.includes(place)) clear();
    if (shown.indexOf(place) >= drawn) draw(shown.indexOf(place) + 1);
    if (!opened.has(place)) toggleDetail(place);
    const row = $(`job-${place}`);
    row.scrollIntoView();
    row.querySelector(".open").focus({ preventScroll: true });
  }

  function listing(caption, labels, lines) {
    const heads = labels.map((label) => h("th", { scope: "col" }, label));
    return h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption },
      h("table", { class: labels.length > 4 ? "exact" : null }, h("caption", {}, caption), h("thead", {}, h("tr", {}, ...heads)),
        h("tbody", {}, ...lines.map((line) => h("tr", {}, ...line.map((cell) =>
          h("td", {}, cell)))))));
  }
  const fact = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, value));

  function* detail(place) {
    const row = rows[place], told = data("details")[place];
    if (!told) {
      yield h("p", {}, "The page has no room for the details of this job. ",
        h("code", {}, "s7spec show plan.json --detail full"), " has them.");
      yield* pictures(place);
    } else {
      yield* reasons(row, told);
      yield* foretold(told);
      yield* pictures(place);
      yield* modifier(told);
      yield* payload(told);
      yield* assetChanges(told);
    }
    yield* assetTable(row, told);
    if (told) yield* excluded(told);
  }
  function* payload(told) {
    yield h("h3", {}, "What is sent");
    yield h("dl", { class: "facts" },
      ...[...(told.payload ?? []), ...(told.facts ?? [])].map(([label, value]) =>
        fact(label, name(value))));
  }
  function* reasons(row, told) {
    yield h("h3", {}, "Why");
    const lines = (told.why ?? []).map(([code, text]) =>
      h("li", {}, h("b", {}, code), text ? `: ${text}` : ""));
    const changes = shared.groups[row[GROUP]].map((text) => h("li", {}, name(text)));
    yield h("ul", {}, ...lines, ...changes);
    if (told.unsafe)
      yield h("p", { class: "tone-bad" }, `Uses commands that had to be allowed: ${told.unsafe.join(", ")}`);
  }
  function* foretold(told) {
    if (!told.becomes) return;
    yield h("h3", {}, "What becomes of the pictures");
    yield h("p", {}, told.becomes);
    if (told.preview) yield preview(told.preview);
  }
  function preview(address) {
    const place = h("p", { class: "preview" });
    const link = h("a", { href: address, target: "_blank", rel: "noopener noreferrer" },
      "Preview of one of them");
    const button = h("button", { type: "button", onclick: () => {
      button.replaceWith(h("img", { src: address, alt: "Preview from the image server" }));
    } }, "Show it here (asks the image server)");
    place.append(link, " ", button);
    return place;
  }
  function* modifier(told) {
    if (!told.modifier) return;
    const { pieces, rows: modifiers } = data("modifiers");
    yield listing("The modifier, command by command", ["Command", "What it does", "Said by"],
      modifiers[told.modifier - 1].map((each) => {
        const [text, words, origin, remark] = pieces[each];
        const lost = remark.startsWith("overridden");
        return [h("span", { class: lost ? "overridden" : null }, name(text)),
          remark ? `${words} (${remark})` : words, name(origin)];
      }));
  }
  function* assetChanges(told) {
    if (!told.changes) return;
    yield listing("What changed about its assets", ["", "Asset", "Was → is"],
      told.changes.map(([sign, kind, path, facts]) => [
        h("span", { class: `tone-${{ "+": "new", "-": "gone" }[sign] ?? "change"}` },
          `${sign} ${kind}`), name(path), facts]));
    if (told.more_changes) yield h("p", {}, `… and ${number(told.more_changes)} more`);
  }
  function* assetTable(row, told) {
    if (row[FILES] <= 0) return;
    if (row[ASSETS] < 0) {
      yield h("p", {}, `${count(row[FILES], "asset")}: not listed, for the page would be too large. `,
        h("code", {}, "s7spec show plan.json --detail full"), " lists them.");
      return;
    }
    const { assets, sets } = data("assets"), members = sets[row[ASSETS]];
    const signs = new Map((told?.changes ?? []).map(([sign, , path]) => [path, sign]));
    const lines = members.map((each) => {
      const [path, type, pixels, size, date] = assets[each];
      return [signs.get(path) ?? "", name(path), type, pixels, size, date];
    });
    const labels = ["", "Asset", "Type", "Pixels", "Bytes", "Changed"];
    const listed = (most) => listing(count(members.length, "asset"), labels, lines.slice(0, most));
    const part = listed(FIRST_ASSETS);
    yield part;
    if (lines.length > FIRST_ASSETS) {
      const button = h("button", { type: "button", onclick: () => {
        part.replaceWith(listed(lines.length));
        button.remove();
      } }, `Show all ${count(lines.length, "asset")}`);
      yield button;
    }
  }
  function* excluded(told) {
    if (!told.excluded) return;
    yield listing("Excluded", ["Asset", "Type", "Why"],
      told.excluded.map(([path, type, reason]) => [name(path), type, reason]));
    if (told.more_excluded) yield h("p", {}, `… and ${number(told.more_excluded)} more`);
  }

  // ---- pictures -----------------------------------------------------------------------------
  function picture([uri, words, width, height], className, alt) {
    const image = h("img", { src: data("pictures").uris[uri], decoding: "async",
      alt: `${alt}: ${words}` });
    // As large as the square around it takes, and no larger: around it nothing is transparent.
    const longer = Math.max(width, height, 1);
    image.style.width = `${(100 * width) / longer}%`;
    image.style.height = `${(100 * height) / longer}%`;
    return h("span", { class: `layer ${className}` }, image);
  }
  const lastPart = (path) => path.split("/").pop() || path;

  function* pictures(place) {
    const samples = data("pictures").jobs[place];
    if (!samples) return;
    yield h("h3", {}, "Pictures, before and after");
    yield h("div", { class: "comparisons" }, ...samples.map(comparison));
  }
  function comparison([path, traits, before, beforeIs, after, problem, notes]) {
    const stage = h("span", { class: "stage" });
    const told = [...traits.map((trait) => h("span", { class: "trait" }, trait)), name(path)];
    let range = null;
    if (after) stage.append(picture(after, "after", "after"));
    if (before) stage.append(picture(before, after ? "before" : "only", beforeIs));
    if (before && after) {
      stage.append(h("span", { class: "edge" }), h("span", { class: "tag left" }, "before"),
        h("span", { class: "tag right" }, "after"));
      range = h("input", { type: "range", class: "compare", min: "0", max: "100", value: "50",
        "aria-label": `Before and after: ${path}`, oninput: () => slide() });
      const slide = () => {
        stage.style.setProperty("--at", `${range.value}%`);
        range.setAttribute("aria-valuetext",
          `left ${range.value} % before, right ${100 - range.value} % after`);
      };
      slide();
    }
    if (before) told.push(h("br"), `before (${beforeIs}): ${before[1]}`);
    if (after) told.push(h("br"), `after: ${after[1]}`);
    if (problem) told.push(h("br"), h("span", { class: "tone-bad" }, problem));
    for (const note of notes) told.push(h("br"), h("span", { class: "quiet" }, note));
    return h("figure", {}, stage, range, h("figcaption", {}, ...told));
  }
  function contactSheet() {
    const place = $("contact");
    if (!place) return;
    const all = Object.entries(data("pictures").jobs).flatMap(([job, samples]) =>
      samples.filter((sample) => sample[4]).map((sample) => [Number(job), sample]));
    // The first of each job first: what jobs do differs more than what their assets are.
    const seen = new Map();
    const rank = all.map(([job]) => { const nth = seen.get(job) ?? 0; seen.set(job, nth + 1); return nth; });
    const order = all.map((_, nth) => nth).sort((a, b) => rank[a] - rank[b] || a - b);
    const fill = (from, to) => place.append(...order.slice(from, to).map((nth) => {
      const [job, [path, traits, , , after]] = all[nth];
      return h("button", { type: "button", onclick: () => openJob(job) },
        h("span", { class: "stage" }, picture(after, "after", "after")), name(lastPart(path)), h("br"), key(rows[job]),
        traits.length ? h("span", { class: "quiet" }, ` (${traits.join(", ")})`) : null);
    }));
    fill(0, FIRST_PICTURES);
    if (all.length > FIRST_PICTURES) {
      const button = h("button", { type: "button",
        onclick: () => { fill(FIRST_PICTURES, all.length); button.remove(); } },
        `Show all ${number(all.length)} pictures`);
      place.after(button);
    }
  }

  // ---- theme, copying, printing ---------------------------------------------------------------
  const root = document.documentElement, theme = $("theme");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (prefersDark.matches ? "dark" : "light")) === "dark";
  const showTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("s7spec-theme", root.dataset.theme); } catch { /* not kept then */ }
    showTheme();
  });
  try {
    const kept = localStorage.getItem("s7spec-theme");
    if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  } catch { /* nothing is kept */ }
  prefersDark.addEventListener("change", showTheme);
  showTheme();

  $("copy")?.addEventListener("click", async (event) => {
    const button = event.currentTarget, text = $("command").textContent;
    try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; }
    catch {
      getSelection().selectAllChildren($("command"));
      button.textContent = "Selected: copy it";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 3000);
  });
  addEventListener("beforeprint", () => draw(MOST_PRINTED));
  addEventListener("hashchange", () => { recall(); update(); });

  $("filters").append(form, status);
  $("table").append(table, more);
  root.classList.add("scripted");
  recall();
  update();
  performance.mark("s7spec-ready");
  setTimeout(contactSheet);
})();
