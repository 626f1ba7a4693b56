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
