// The map moved by hand: dragged, wheeled and pinched here, then drawn anew by the server.
let start = null, moved = false, waiting = 0, zoom = 1;
const world = () => document.getElementById("world");
const MOST = 200000;

const north = (up) => (2 * Math.atan(Math.exp((up * Math.PI) / 180)) - Math.PI / 2) * (180 / Math.PI);

function go(dx, dy, factor) {
  const box = world(), svg = box.querySelector("svg"), { longitude, middle, scale, url } = box.dataset;
  const ratio = svg.viewBox.baseVal.width / svg.getBoundingClientRect().width;
  const east = Math.max(-180, Math.min(180, +longitude - (dx * ratio) / +scale));
  const up = Math.max(-170, Math.min(170, +middle + (dy * ratio) / +scale));
  const next = Math.max(0.5, Math.min(MOST, +scale * factor));
  const at = `${east.toFixed(5)},${north(up).toFixed(5)},${next.toFixed(3)}`;
  const address = `${url}?at=${encodeURIComponent(at)}`;
  history.replaceState(null, "", address);
  window.htmx.ajax("GET", address, { target: "#world", swap: "outerHTML" });
}

document.addEventListener("pointerdown", (event) => {
  const svg = event.target.closest?.("#world svg");
  if (svg && event.isPrimary && event.button === 0) { start = { x: event.clientX, y: event.clientY, svg }; moved = false; }
});
document.addEventListener("pointermove", (event) => {
  if (!start || !event.isPrimary) return;
  const dx = event.clientX - start.x, dy = event.clientY - start.y;
  if (Math.abs(dx) + Math.abs(dy) > 8) { moved = true; start.svg.style.transform = `translate(${dx}px, ${dy}px)`; }
});
document.addEventListener("pointerup", (event) => {
  if (start && moved && event.isPrimary) go(event.clientX - start.x, event.clientY - start.y, 1);
  start = null;
});
document.addEventListener("pointercancel", () => {
  if (start) start.svg.style.transform = "";
  start = null;
});
document.addEventListener("click", (event) => {
  if (moved && event.target.closest("#world svg")) { event.preventDefault(); event.stopPropagation(); }
  moved = false;
}, true);
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("#world svg")) event.preventDefault(); });
document.addEventListener("wheel", (event) => {
  if (!event.target.closest?.("#world svg") || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  zoom *= event.deltaY < 0 ? 1.2 : 1 / 1.2;
  clearTimeout(waiting);
  waiting = setTimeout(() => { go(0, 0, zoom); zoom = 1; }, 200);
}, { passive: false });
