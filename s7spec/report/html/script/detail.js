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

// A table of facts. What its cells are is said to all, also where they are stacked (plan.css).
const SAID = new Set(["Said by", "Overrides", "Changed"]); // of which the value alone says too little
function listing(caption, labels, lines) {
  const heads = labels.map((label) => h("th", { role: "columnheader", scope: "col" }, label));
  const main = labels.findIndex(Boolean);
  const cell = (content, nth) => h("td", { role: "cell", class: nth === main ? "main" : null,
    "data-label": SAID.has(labels[nth]) ? labels[nth] : null }, content);
  const table = h("table", { role: "table", class: labels.length > 4 ? "exact" : null },
    h("caption", {}, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads)),
    h("tbody", { role: "rowgroup" },
      ...lines.map((line) => h("tr", { role: "row" }, ...line.map(cell)))));
  const place = h("div", { class: "wide", "data-caption": caption }, table);
  widths.observe(place);
  return place;
}
// What is wider than its place can be scrolled from the keyboard; the rest is no stop on the way.
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth;
    const said = { tabindex: "0", role: "region", "aria-label": `${target.dataset.caption}, scrolls` };
    for (const [attribute, value] of Object.entries(said)) {
      if (scrolls) target.setAttribute(attribute, value);
      else target.removeAttribute(attribute);
    }
  }
});
const stacked = (parts) => (parts.length
  ? h("span", {}, ...parts.flatMap((part, nth) => (nth ? [h("br"), part] : [part]))) : null);
const OVERRIDES = 3, INFERRED = 4;
const fact = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, value));

function* detail(place) {
  const row = rows[place], told = data("details")[place];
  if (!told) {
    yield elsewhere("The page has no room for the details of this job.");
    yield* pictures(place);
  } else {
    if (told.shortened)
      yield elsewhere("Long texts and lists are shortened, for the page would be too large.");
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
  const changes = changesOf(row).map((text) => h("li", {}, name(text)));
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
  if (told.modifier > 0) yield inForce(told.modifier);
  else if (told.modifier)
    yield elsewhere("The modifier in force is not shown, for the page would be too large.");
  else if ((told.payload ?? []).some(([label]) => label === "is_modifier" || label === "macro"))
    yield h("p", { class: "quiet" },
      "The modifier in force is told of jobs that something is done about.");
}
function inForce(number) {
  const { pieces, rows: modifiers } = data("modifiers");
  const commands = modifiers[number - 1].map((each) => pieces[each]);
  const heads = ["Command", "What it does", "Said by"];
  const overrides = commands.some((each) => each[OVERRIDES].length || each[INFERRED]);
  return listing("The modifier in force, its presets filled in",
    overrides ? [...heads, "Overrides"] : heads,
    commands.map(([command, words, origin, lost, isInferred]) => {
      const over = lost.map((text) => h("span", { class: "overridden" }, name(text)));
      if (isInferred) over.push(h("span", { class: "quiet" }, "which prevails is inferred"));
      const cells = [name(command), words, name(origin)];
      return overrides ? [...cells, stacked(over)] : cells;
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
    const assets = count(row[FILES], "asset");
    yield elsewhere(`${assets}: not listed, for the page would be too large.`);
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
