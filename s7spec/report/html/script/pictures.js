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
