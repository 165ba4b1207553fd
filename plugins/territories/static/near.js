// Asks the browser where it is, only after a tap: sends the form of Near me, or fills the place of a visit.
const box = document.querySelector("[data-near]");
if (box && navigator.geolocation && window.isSecureContext) {
  const said = box.querySelector("p");
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => {
    said.textContent = said.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const form = box.closest("form"), { elements } = form;
        const at = [coords.latitude.toFixed(5), coords.longitude.toFixed(5)];
        if (box.dataset.near === "fill") {
          [elements.latitude.value, elements.longitude.value] = at;
          said.textContent = said.dataset.known;
        } else {
          elements.place.value = at.join(", ");
          form.requestSubmit();
        }
      },
      () => { said.textContent = said.dataset.refused; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}
