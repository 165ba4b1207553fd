// The palette: arrows, Enter and what a screen reader is told; finding is htmx, opening is kith.js. Enter waits for the
// answer to what was typed, so that a fast hand never opens the hit of the letters before.
const doc = document, palette = doc.getElementById("palette"), $ = s => palette.querySelector(s);
const box = $("#pq"), found = $("#found"), said = $("[role=status]");
const options = () => [...palette.querySelectorAll("[role=option]")];
const chosen = () => $("[aria-selected=true]");
const typed = () => box.value.trim(), fresh = () => found.firstElementChild?.dataset.q == typed();
let wanted, first;

function choose(to) {
  chosen()?.setAttribute("aria-selected", false);
  box.setAttribute("aria-activedescendant", to?.id ?? "");
  to?.setAttribute("aria-selected", true);
  to?.scrollIntoView({ block: to == first ? "end" : "nearest" });
  if (to == first) found.scrollTop = 0;
}
const now = () => box.dispatchEvent(new Event("now"));
const close = () => palette.close();
function press(apart) {
  const to = chosen();
  if (!fresh()) wanted = { apart };
  else if (apart && to?.href) window.open(to.href, "_blank", "noopener");
  else to?.click();
}
export function open() {
  box.select();
  if (!fresh() || !typed()) now();
}

palette.addEventListener("keydown", e => {
  const list = options(), i = list.indexOf(chosen()), step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (e.isComposing || !(step || /^(Enter|Escape)$/.test(e.key)) || e.key == "Enter" && e.target != box) return;
  e.preventDefault();
  e.stopPropagation();
  if (e.key == "Escape") close();
  else if (step) choose(list[(i + step + list.length) % list.length]);
  else {
    if (!fresh()) now();
    press(e.ctrlKey || e.metaKey);
  }
});
palette.addEventListener("click", e => {
  const at = e.target, to = at.closest("[role=option]");
  if (at == palette || at.closest("[command]")) return close();
  if (!to?.href || e.ctrlKey || e.metaKey || e.shiftKey) return;
  if (!to.dataset.fill) return close();
  e.preventDefault();
  box.value = to.dataset.fill;
  box.focus();
  now();
});
found.addEventListener("pointermove", e => {
  const to = e.target.closest("[role=option]");
  if (to && to != chosen()) choose(to);
});
palette.addEventListener("close", () => { wanted = null });
doc.addEventListener("htmx:after:swap", () => {
  if (!palette.open || chosen()) return;
  first = options()[0];
  choose(first);
  const { q = "", said: words = "" } = found.firstElementChild?.dataset ?? {};
  said.textContent = q ? words : "";
  if (wanted && fresh()) press(wanted.apart);
  if (fresh()) wanted = null;
});
doc.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  if (ctx?.sourceElement != box || error?.name == "AbortError") return;
  wanted = null;
  said.textContent = doc.getElementById("words")?.dataset.offline ?? "";
  found.replaceChildren(Object.assign(doc.createElement("p"), { textContent: said.textContent }));
});
