// Dragging cards on the board: by mouse at once, by touch after holding for a moment. Dropping a card presses the button
// of its own form "Move to", so that everything else is as without a script.
const HOLD = 350, SLACK = 6, EDGE = 48;
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
  card.classList.add("dragging");
  navigator.vibrate?.(10);
}

function follow(x, y) {
  drag.ghost.style.transform = `translate(${x - drag.dx}px, ${y - drag.dy}px)`;
  const over = stageAt(x, y), box = board.getBoundingClientRect();
  for (const col of board.querySelectorAll(".over-drop")) if (col != over) col.classList.remove("over-drop");
  over?.classList.add("over-drop");
  if (x > box.right - EDGE) board.scrollBy({ left: 12, behavior: "instant" });
  else if (x < box.left + EDGE) board.scrollBy({ left: -12, behavior: "instant" });
}

function end(drop) {
  if (!drag) return;
  const { card, on, ghost, x, y, timer } = drag;
  clearTimeout(timer);
  const over = on && drop ? stageAt(x, y) : null;
  ghost?.remove();
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
  if (drag.on) follow(e.clientX, e.clientY);
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
