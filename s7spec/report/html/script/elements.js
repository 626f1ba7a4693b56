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
// Long ones are folded until their job is opened (plan.css).
const LONG = 300;
const name = (text) =>
  h("bdi", { class: text.length > LONG ? "long" : null }, h("code", {}, text));
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
// What found no room, and where it can be read all the same.
const elsewhere = (said) => h("p", { class: "elsewhere" }, `${said} `,
  h("code", {}, "s7spec show plan.json --detail full"), " tells it, as does the plan's JSON.");
