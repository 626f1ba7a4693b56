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
  onsubmit: (event) => event.preventDefault(), onreset: (event) => { event.preventDefault(); clear(); } },
  h("label", { class: "search" }, "Search jobs, changes and assets", search),
  choice("Reason", "code", sortedCopy(shared.codes)),
  choice("Manifest", "manifest", manifests),
  choice("With", "look", sortedCopy(looks)), reset);

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
