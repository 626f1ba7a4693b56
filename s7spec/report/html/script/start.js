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
if (shared.left_out)
  $("filters").append(elsewhere(`${count(shared.left_out, "more job")}, unchanged ones first, `
    + "not listed, for the page would be too large."));
if (shared.shortened)
  $("filters").append(
    elsewhere("Long names and changes are shortened, for the page would be too large."));
$("table").append(table, more);
root.classList.add("scripted");
recall();
update();
performance.mark("s7spec-ready");
setTimeout(contactSheet);
