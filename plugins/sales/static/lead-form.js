// Works a moment before a form is sent, so that sending to thousands has a price. Without it the form is sent as well.
const form = document.querySelector('form[data-work]');
const bits = Number(form?.dataset.work);

const zeros = (bytes) => (((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> (32 - bits)) === 0;

const work = async (stamp) => {
  const text = new TextEncoder();
  for (let number = 0; ; number += 1) {
    const hash = await crypto.subtle.digest('SHA-256', text.encode(`${stamp}:${number}`));
    if (zeros(new Uint8Array(hash))) return number;
  }
};

if (form && crypto.subtle) {
  const proof = Object.assign(document.createElement('input'), { type: 'hidden', name: 'proof' });
  form.append(proof);
  const done = work(form.elements.stamp.value).then((number) => { proof.value = number; });
  form.addEventListener('submit', (event) => {
    if (proof.value) return;
    event.preventDefault();
    done.then(() => form.submit());
  });
}
