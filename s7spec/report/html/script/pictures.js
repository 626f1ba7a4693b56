// ---- pictures -----------------------------------------------------------------------------
const URI = 0, WORDS = 1, WIDTH = 2, HEIGHT = 3;
const WIDEST = 4, TALLEST = 2, MOST_HEIGHT = 420, MOST_LARGER = 3;
// A frame is as large as what it holds: pictures stand in it with their own shapes.
function frameOf(pictures, scales) {
  let width = Math.max(...pictures.map((each, nth) => each[WIDTH] * scales[nth]));
  let height = Math.max(...pictures.map((each, nth) => each[HEIGHT] * scales[nth]));
  width = Math.max(width, height / TALLEST);
  height = Math.max(height, width / WIDEST);
  return { width, height };
}
function picture(shown, scale, frame, className, alt) {
  const image = h("img", { src: data("pictures").uris[shown[URI]], decoding: "async",
    alt: `${alt}: ${shown[WORDS]}` });
  image.style.width = `${(100 * shown[WIDTH] * scale) / frame.width}%`;
  image.style.height = `${(100 * shown[HEIGHT] * scale) / frame.height}%`;
  return h("span", { class: `layer ${className}` }, image);
}
const longer = (shown) => Math.max(shown[WIDTH], shown[HEIGHT], 1);
const pixels = (shown) => `${shown[WIDTH]}x${shown[HEIGHT]}`;
// Pixel for pixel, unless one of them would be too small to be seen: then the longer sides match.
function scalesOf(pictures) {
  const sides = pictures.map(longer);
  const together = Math.max(...sides) <= MOST_LARGER * Math.min(...sides);
  return together ? sides.map(() => 1) : sides.map((side) => 1 / side);
}
const ratio = (aspect) => (aspect < 1 ? `1:${Number((1 / aspect).toFixed(2))}`
  : `${Number(aspect.toFixed(2))}:1`);
function shapeWords([before, after], [scale, other]) {
  const [was, is] = [before, after].map((each) => each[WIDTH] / Math.max(each[HEIGHT], 1));
  const words = [];
  if (Math.abs(was / is - 1) > 0.01)
    words.push(`shape ${ratio(was)} → ${ratio(is)}`);
  if (pixels(before) !== pixels(after))
    words.push(scale === other ? "shown at one scale" : "each shown as large as fits");
  return words.join(", ");
}
const lastPart = (path) => path.split("/").pop() || path;

function* pictures(place) {
  const samples = data("pictures").jobs[place];
  if (!samples) return;
  yield h("h3", {}, "Pictures, before and after");
  yield h("div", { class: "comparisons" }, ...samples.map(comparison));
}
function comparison([path, traits, before, beforeIs, after, problem, notes]) {
  const both = [before, after].filter(Boolean), scales = scalesOf(both);
  const frame = frameOf(both, scales), stage = h("span", { class: "stage" });
  stage.style.aspectRatio = `${frame.width} / ${frame.height}`;
  const told = [...traits.map((trait) => h("span", { class: "trait" }, trait)), name(path)];
  const layer = (shown, className, alt) =>
    picture(shown, scales[both.indexOf(shown)], frame, className, alt);
  let sides = null, range = null;
  if (after) stage.append(layer(after, "after", "after"));
  if (before) stage.append(layer(before, after ? "before" : "only", beforeIs));
  if (before && after) {
    stage.append(h("span", { class: "edge" }));
    sides = h("span", { class: "sides", "aria-hidden": "true" },
      h("span", {}, h("b", {}, "before"), ` ${pixels(before)}`),
      h("span", {}, h("b", {}, "after"), ` ${pixels(after)}`));
    range = slider(path, stage);
    const shape = shapeWords(both, scales);
    if (shape) told.push(h("br"), shape);
  }
  if (before) told.push(h("br"), `before (${beforeIs}): ${before[WORDS]}`);
  if (after) told.push(h("br"), `after: ${after[WORDS]}`);
  if (problem) told.push(h("br"), h("span", { class: "tone-bad" }, problem));
  for (const note of notes) told.push(h("br"), h("span", { class: "quiet" }, note));
  const framed = h("div", { class: "framed" }, sides, stage, range);
  framed.style.width = `min(100%, ${(MOST_HEIGHT * frame.width) / frame.height}px)`;
  return h("figure", {}, framed, h("figcaption", {}, ...told));
}
function slider(path, stage) {
  const range = h("input", { type: "range", class: "compare", min: "0", max: "100", value: "50",
    "aria-label": `Before and after: ${path}`, oninput: () => slide() });
  const slide = () => {
    stage.style.setProperty("--at", `${range.value}%`);
    range.setAttribute("aria-valuetext",
      `left ${range.value} % before, right ${100 - range.value} % after`);
  };
  slide();
  return range;
}
function contactSheet() {
  const place = $("contact");
  if (!place) return;
  const { jobs, kinds, left_out: missing } = data("pictures");
  const all = Object.entries(jobs).flatMap(([job, samples], nth) => (!rows[job] ? [] :
    samples.filter((sample) => sample[4]).map((sample, rank) =>
      ({ job: Number(job), sample, rank, kind: kinds[nth] }))));
  if (missing)
    place.before(h("p", { class: "elsewhere" },
      `Those of ${count(missing, "job")} that the page has no room to list are not shown.`));
  // The first of each kind of change first: what jobs do differs more than what their assets are.
  // An asset to which many jobs do the same stands here once, until somebody wants all.
  const counted = (counts, of) => counts.set(of, (counts.get(of) ?? 0) + 1).get(of) - 1;
  const alike = new Map(), turns = new Map();
  const same = ({ kind, sample: [path] }) => `${kind} ${path}`;
  all.sort((one, other) => one.rank - other.rank);
  for (const each of all) {
    each.again = counted(alike, same(each));
    each.turn = counted(turns, `${each.again} ${each.kind}`);
  }
  all.sort((one, other) => one.again - other.again || one.turn - other.turn);
  const fill = (from, to) => place.append(...all.slice(from, to).map((each) => {
    const { job, sample: [path, traits, , , after] } = each;
    const others = each.again ? 0 : alike.get(same(each)) - 1;
    const side = longer(after), square = { width: side, height: side };
    return h("button", { type: "button", onclick: () => openJob(job) },
      h("span", { class: "stage" }, picture(after, 1, square, "after", "after")),
      name(lastPart(path)), h("br"), key(rows[job]),
      traits.length ? h("span", { class: "quiet" }, ` (${traits.join(", ")})`) : null,
      others ? h("span", { class: "quiet" }, ` and ${count(others, "picture")} alike`) : null);
  }));
  const first = Math.min(FIRST_PICTURES, all.filter((each) => !each.again).length);
  fill(0, first);
  if (all.length > first) {
    const button = h("button", { type: "button",
      onclick: () => { fill(first, all.length); button.remove(); } },
      `Show all ${number(all.length)} pictures`);
    place.after(button);
  }
}
