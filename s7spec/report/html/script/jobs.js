// ---- the jobs -----------------------------------------------------------------------------
const rows = data("rows"), shared = data("shared");
const MANIFEST = 0, EXPORT = 1, ACTION = 2, CODES = 3, GROUP = 4, FILES = 5, BYTES = 6,
  ESTIMATED = 7, ASSETS = 8, NOTE = 9, LOOKS = 10;
const key = (row) => `${shared.manifests[row[MANIFEST]]}/${row[EXPORT]}`;
const codes = (row) => row[CODES].map((each) => shared.codes[each]).join(", ");
const action = (row) => shared.actions[row[ACTION]][0];
const groups = data("groups"); // those that found no room are missing at the end
const changesOf = (row) => groups[row[GROUP]] ?? [];
const why = (row) => [codes(row), ...changesOf(row), shared.notes[row[NOTE]]]
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

// Shortened, several may read the same: each is chosen by a name of its own.
function distinct(values) {
  const found = new Set(), times = new Map();
  for (const value of values) {
    let nth = times.get(value) ?? 1;
    while (found.has(nth > 1 ? `${value} (${nth})` : value)) nth += 1;
    found.add(nth > 1 ? `${value} (${nth})` : value);
    times.set(value, nth);
  }
  return [...found];
}
const manifests = distinct(shared.manifests), looks = distinct(shared.looks);

function matching() {
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
  const inAssets = words.map((word) => (word.length > 1 ? setsWith(word) : []));
  const numberOf = (values, value) => (value === "" ? -1 : values.indexOf(value));
  const code = numberOf(shared.codes, wanted.code);
  const manifest = numberOf(manifests, wanted.manifest);
  const look = numberOf(looks, wanted.look);
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
// Jobs stand in the data by urgency; a plan has them by manifest and export.
let ranks = null;
function ranked() {
  const before = (one, other) => (one < other ? -1 : Number(one > other));
  const manifest = (row) => shared.manifests[row[MANIFEST]];
  const places = rows.map((_, place) => place).sort((one, other) => {
    const [a, b] = [rows[one], rows[other]];
    return before(manifest(a), manifest(b)) || before(a[EXPORT], b[EXPORT]);
  });
  const found = [];
  places.forEach((place, rank) => { found[place] = rank; });
  return found;
}
const columns = [
  ["action", "Action", (row) => action(row)],
  ["job", "Job", (_, place) => (ranks ??= ranked())[place]],
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
