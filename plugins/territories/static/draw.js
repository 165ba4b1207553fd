// Draws polygons on the map of the form: a tap is a corner, a closed area is added to the GeoJSON in the field.
const box = document.querySelector("[data-draw]");
if (box) {
  const svg = box.querySelector("svg"), draft = svg.querySelector(".terr-draft");
  const field = document.getElementById("shape");
  const { longitude, middle, scale } = svg.dataset;
  let corners = [];
  for (const hidden of box.querySelectorAll("[hidden]")) hidden.hidden = false;
  const show = () => draft.setAttribute("points", corners.map(({ x, y }) => `${x},${y}`).join(" "));
  const degrees = ({ x, y }) => {
    const { width, height } = svg.viewBox.baseVal;
    const up = +middle - (y - height / 2) / +scale;
    const north = (2 * Math.atan(Math.exp((up * Math.PI) / 180)) - Math.PI / 2) * (180 / Math.PI);
    return [+(+longitude + (x - width / 2) / +scale).toFixed(5), +north.toFixed(5)];
  };
  const polygons = () => {
    try {
      const found = JSON.parse(field.value || "{}");
      if (found.type === "MultiPolygon") return found.coordinates;
      if (found.type === "Polygon") return [found.coordinates];
    } catch { /* what is no GeoJSON is replaced */ }
    return [];
  };
  svg.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    corners.push({ x: Math.round(point.x * 10) / 10, y: Math.round(point.y * 10) / 10 });
    show();
  });
  const acts = {
    undo: () => { corners.pop(); },
    clear: () => { corners = []; field.value = ""; },
    close: () => {
      if (corners.length < 3) return;
      const ring = corners.map(degrees);
      field.value = JSON.stringify({ type: "MultiPolygon", coordinates: [...polygons(), [[...ring, ring[0]]]] });
      const made = document.createElementNS("http://www.w3.org/2000/svg", "path");
      made.setAttribute("class", "q4 terr-area");
      made.setAttribute("d", `M${corners.map(({ x, y }) => `${x},${y}`).join("L")}Z`);
      svg.insertBefore(made, draft);
      corners = [];
    },
  };
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) { acts[button.dataset.do](); show(); }
  });
}
