// Dragging cards on the board: by mouse at once, by touch after holding for a moment. Dropping a card presses the button
// of its own form "Move to", so that everything else is as without a script.
const HOLD = 350, SLACK = 6, EDGE = 48, STEP = 9;
const board = document.getElementById("board");
let drag = null;

const stageAt = (x, y) => document.elementFromPoint(x, y)?.closest("#board [data-stage]");

function begin() {
  const { card, x, y } = drag, box = card.getBoundingClientRect();
  drag.on = true;
  drag.ghost = card.cloneNode(true);
  drag.ghost.removeAttribute("id");
  drag.ghost.querySelectorAll("[id]").forEach(e => e.remove());
  drag.ghost.className = "card lifted";
  drag.ghost.inert = true;
  drag.ghost.style.inlineSize = `${box.width}px`;
  drag.dx = x - box.left;
  drag.dy = y - box.top;
  board.append(drag.ghost);
  board.classList.add("moving");
  card.classList.add("dragging");
  requestAnimationFrame(pan);
  navigator.vibrate?.(10);
}

function follow() {
  const { ghost, x, y, dx, dy } = drag, over = stageAt(x, y);
  ghost.style.transform = `translate(${x - dx}px, ${y - dy}px)`;
  for (const col of board.querySelectorAll(".over-drop")) if (col != over) col.classList.remove("over-drop");
  over?.classList.add("over-drop");
}

// While a card is held at an edge the board moves on beneath it, also when the finger rests.
function pan() {
  if (!drag?.on) return;
  const box = board.getBoundingClientRect();
  const way = drag.x > Math.min(box.right, innerWidth) - EDGE ? STEP : drag.x < Math.max(box.left, 0) + EDGE ? -STEP : 0;
  if (way) board.scrollBy({ left: way, behavior: "instant" });
  follow();
  requestAnimationFrame(pan);
}

function end(drop) {
  if (!drag) return;
  const { card, on, ghost, x, y, timer } = drag;
  clearTimeout(timer);
  const over = on && drop ? stageAt(x, y) : null;
  ghost?.remove();
  board.classList.remove("moving");
  card.classList.remove("dragging");
  board.querySelectorAll(".over-drop").forEach(col => col.classList.remove("over-drop"));
  drag = null;
  if (!over || over.contains(card)) return;
  const form = card.querySelector("form"), button = form.querySelector(`button[value="${over.dataset.stage}"]`);
  if (button) {
    over.querySelector("ul").prepend(card);
    form.requestSubmit(button);
  }
}

board.addEventListener("pointerdown", e => {
  const card = e.target.closest("[data-card]");
  if (!card || e.button || e.target.closest(".pop")) return;
  drag = { card, id: e.pointerId, touch: e.pointerType == "touch", x: e.clientX, y: e.clientY, fromX: e.clientX, fromY: e.clientY };
  if (drag.touch) drag.timer = setTimeout(() => drag && begin(), HOLD);
});
addEventListener("pointermove", e => {
  if (!drag || e.pointerId != drag.id) return;
  drag.x = e.clientX;
  drag.y = e.clientY;
  const far = Math.hypot(e.clientX - drag.fromX, e.clientY - drag.fromY) > SLACK;
  if (!drag.on && far) {
    if (drag.touch) return end(false);
    begin();
  }
  if (drag.on) follow();
});
addEventListener("pointerup", e => {
  if (!drag || e.pointerId != drag.id) return;
  if (drag.on) addEventListener("click", c => { c.preventDefault(); c.stopPropagation() }, { capture: true, once: true });
  end(true);
});
addEventListener("pointercancel", () => end(false));
addEventListener("keydown", e => e.key == "Escape" && end(false));
board.addEventListener("touchmove", e => drag?.on && e.preventDefault(), { passive: false });
board.addEventListener("dragstart", e => e.preventDefault());
board.addEventListener("contextmenu", e => drag?.on && e.preventDefault());
