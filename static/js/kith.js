// Small enhancements of pages that work without them, marked in the HTML:
// form[data-draft] keeps its text, [data-clear-drafts] forgets it; [data-confirm], [hx-confirm] ask first; [data-auto]
// submits on change; [data-repeat] may be sent twice; Escape presses [data-cancel]; [aria-keyshortcuts] one letter.
const doc = document, body = doc.body, user = body.dataset.user;
const $ = (s, from = doc) => from.querySelector(s), all = (s, from = doc) => [...from.querySelectorAll(s)];
const on = (event, run, early) => doc.addEventListener(event, run, early);
const words = doc.getElementById("words"), say = words?.dataset ?? {}, ask = $("#ask");
const attr = (e, name) => e.getAttribute(name) ?? "";
const choice = e => /radio|checkbox/.test(e.type);
let local, session;
try { local = localStorage; session = sessionStorage } catch { /* storage is switched off: no drafts */ }

function toast(text, kind = "bad", again) {
  let t = all("#toasts .js").find(t => $("span", t).textContent == text);
  if (!t) {
    t = words.content.cloneNode(true).firstElementChild;
    t.dataset.k = kind;
    t.classList.toggle("brief", kind != "bad");
    $("span", t).textContent = text;
    $("#toasts").append(t);
  }
  const b = $("button", t);
  b.hidden = !again;
  b.onclick = () => { t.remove(); again() };
}
on("animationend", e => e.animationName == "fade" && e.target.matches(".toast") && e.target.remove());

// Drafts survive a lost connection and a closed tab.
const PRE = "kith:draft:", SENT = "kith:sent", seen = new WeakSet(), busy = new WeakSet();
let timer, gone;
const keyOf = f => PRE + [user, location.pathname, attr(f, "id") || attr(f, "action")].join(":");
const controls = f => [...f.elements].filter(e => e.name && !/^(hidden|password|file|submit|button|reset)$/.test(e.type));
const changed = e => choice(e) ? e.checked != e.defaultChecked : e.options ? e.selectedIndex != Math.max(0, [...e.options].findIndex(o => o.defaultSelected)) : e.value != e.defaultValue;
const forms = (from = doc) => user && local ? all("form[data-draft]", from) : [];
function keep(f) {
  const values = controls(f).filter(changed);
  if (values.some(e => !choice(e) && !e.options && e.value.trim())) local.setItem(keyOf(f), JSON.stringify(values.map(e => [e.name, e.value, e.checked])));
  else local.removeItem(keyOf(f));
}
function restore(f) {
  const key = keyOf(f), found = JSON.parse(local.getItem(key));
  if (!found || seen.has(f) || $("[aria-invalid=true]", f)) return;
  seen.add(f);
  for (const [name, value, checked] of found)
    for (const e of controls(f).filter(e => e.name == name && !changed(e)))
      if (!choice(e)) e.value = value;
      else if (e.value == value) e.checked = checked;
  const note = doc.createElement("p"), drop = doc.createElement("button");
  note.className = "draft";
  note.setAttribute("role", "status");
  drop.type = "button";
  drop.textContent = say.discard;
  drop.onclick = () => { forget(key); f.reset(); controls(f)[0]?.focus() };
  note.append(say.restored, drop);
  f.prepend(note);
}
function forget(key) {
  local?.removeItem(key);
  all(".draft").forEach(n => keyOf(n.parentNode) == key && n.remove());
}
function forgetAll() {
  gone = true;
  Object.keys(local ?? {}).forEach(k => k.startsWith(PRE) && local.removeItem(k));
}
on("input", e => {
  const f = e.target.form;
  if (!forms().includes(f)) return;
  clearTimeout(timer);
  timer = setTimeout(keep, 250, f);
});
addEventListener("pagehide", () => gone || forms().forEach(f => busy.has(f) || controls(f).some(changed) && keep(f)));

// A draft goes when the server answered it with another page: a redirect after the POST, a toast that says so, or a
// page that somebody left for this one before its script ran.
const bare = url => url.split("#")[0];
function settled() {
  const [key, ...ours] = JSON.parse(session?.getItem(SENT) ?? "[]"), nav = performance.getEntriesByType("navigation")[0];
  session?.removeItem(SENT);
  const by = bare(doc.referrer), moved = ours.includes(by) ? nav?.redirectCount && by == ours[0] : by;
  if (key && user && nav?.type == "navigate" && (moved || $("#toasts [data-k=ok]"))) forget(key);
}

function confirmed(title, { confirmText = "", confirmLabel = say.sure }, go, stop) {
  $("#ask-h").textContent = title;
  $("#ask-p").textContent = confirmText;
  $("#ask-yes").textContent = confirmLabel;
  ask.returnValue = "";
  ask.onclose = () => ask.returnValue ? go() : stop?.();
  ask.showModal();
}
const free = f => { if (f) { busy.delete(f); f.removeAttribute("aria-busy") } };
let sure;
on("submit", e => {
  const f = e.target, by = e.submitter, data = by?.dataset.confirm ? by.dataset : f.dataset;
  const stop = () => { e.preventDefault(); e.stopImmediatePropagation() };
  if (busy.has(f)) return stop();
  if (data.confirm && ask && sure != f) {
    stop();
    return confirmed(data.confirm, data, () => { sure = f; f.requestSubmit(by); sure = null });
  }
  if (f.matches("[data-clear-drafts]")) forgetAll();
  if (!/post/i.test(attr(f, "method")) || f.matches("[data-repeat]")) return;
  busy.add(f);
  f.setAttribute("aria-busy", true);
  setTimeout(free, 8000, f);
  clearTimeout(timer);
  if (!forms().includes(f)) return;
  keep(f);
  session.setItem(SENT, JSON.stringify([keyOf(f), bare(location.href), bare(new URL(attr(f, "action"), location).href)]));
}, true);
on("change", e => e.target.form?.matches("[data-auto]") && e.target.form.requestSubmit());
addEventListener("pageshow", e => {
  if (!e.persisted) return;
  session?.removeItem(SENT);
  all("[aria-busy]").forEach(free);
});

// htmx: confirmation, failures, focus.
const formOf = ctx => ctx?.request?.form ?? ctx?.sourceElement?.closest?.("form");
const isPage = ctx => /^\s*<!doctype/i.test(ctx.text);
let held, fresh;
on("htmx:confirm", e => {
  const { ctx, issueRequest, dropRequest } = e.detail;
  if (!ask) return;
  e.preventDefault();
  confirmed(ctx.confirm, ctx.sourceElement.dataset, issueRequest, dropRequest);
});
on("htmx:error", ({ detail: { ctx, error } }) => {
  const from = ctx?.sourceElement;
  if (!from) return;
  if (!/TypeError|AbortError/.test(error.name)) return toast(say.failed);
  toast(say.offline, "bad", () => from.isConnected && (from.requestSubmit ? from.requestSubmit() : from.click()));
});
on("htmx:before:swap", e => {
  const { ctx, tasks } = e.detail, { status, raw } = ctx.response ?? {}, active = doc.activeElement;
  if (raw && isPage(ctx) && ctx.request.headers["HX-Request-Type"] == "partial" && (status >= 400 || raw.redirected)) {
    e.preventDefault();
    if (status < 400) return location.assign(raw.url);
    return toast($(".err-page p", new DOMParser().parseFromString(ctx.text, "text/html"))?.textContent || say.failed);
  }
  // htmx copies what somebody drew larger (a style) as an attribute, which the policy refuses.
  for (const t of tasks) all("[id][style]", t.target?.parentNode ?? doc).forEach(n => n.removeAttribute("style"));
  fresh = null;
  held = tasks.some(t => t.target?.contains?.(active)) || ctx.sourceElement?.contains?.(active);
});
on("htmx:after:request", ({ detail: { ctx } }) => {
  const f = formOf(ctx);
  if (forms().includes(f) && ctx.request.method != "GET" && ctx.response.status < 400 && !isPage(ctx) && !ctx.hx.redirect) forget(keyOf(f));
});
on("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!formOf(ctx) || ctx.request.method == "GET") return;
  free(formOf(ctx));
  if (!ctx.hx?.redirect) session?.removeItem(SENT);
});
on("htmx:after:settle", ({ detail: { task, newContent } }) => {
  const added = newContent.filter(n => n.nodeType == 1);
  added.forEach(n => forms(n.parentNode ?? n).forEach(restore));
  if (task.type == "main") fresh = { added, grows: task.swapSpec.style == "beforeend" };
});
on("htmx:after:swap", () => {
  const lost = !doc.activeElement || doc.activeElement == body;
  if (!held || !fresh || !(lost || fresh.grows)) return;
  const find = s => fresh.added.flatMap(n => n.matches(s) ? n : all(s, n))[0];
  const to = find("[autofocus]") ?? find(".hit,.edit") ?? find("h1,h2,h3") ?? find("a,button,input") ?? fresh.added[0];
  if (!to) return;
  if (to.tabIndex < 0) to.tabIndex = -1;
  to.focus({ preventScroll: !fresh.grows });
});

// Keys.
const writes = e => e.matches("input:not([type=checkbox],[type=radio],[type=button]),textarea,select,[contenteditable]");
const hits = at => all(".hit", at.closest("[data-keys]") ?? $("#hits") ?? $("#rows") ?? body).filter(a => a.checkVisibility());
const enter = e => { e.focus(); e.select?.() };
function find() {
  const box = $("[data-search]"), p = $("#palette");
  if (box) return enter(box);
  if (!p || $("dialog[open]")) return;
  p.showModal();
  import(p.dataset.src).then(m => m.open());
}
on("keydown", e => {
  const at = e.target, { key } = e, plain = !e.ctrlKey && !e.metaKey && !e.altKey;
  let act;
  if (key == "Escape" && !e.isComposing) {
    const back = $("[data-cancel]", at.closest(".editing") ?? doc.createElement("i"));
    act = back && (() => back.click());
  } else if (key == "k" && (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey) {
    act = find;
  } else if (/^Arrow(Up|Down)$/.test(key) && plain && !e.shiftKey && (at.matches(".hit") || at.type == "search")) {
    const list = hits(at), i = list.indexOf(at) + (key == "ArrowDown" ? 1 : -1);
    const to = i == -1 ? $("main input[type=search]") : list[i];
    act = to && (() => to.focus());
  } else if (plain && key.length == 1 && !writes(at) && body.dataset.keys != "off" && !$("dialog[open]")) {
    const to = all("[aria-keyshortcuts]").find(a => attr(a, "aria-keyshortcuts").toLowerCase() == key);
    act = to && (() => writes(to) ? enter(to) : to.click());
  }
  if (act) { e.preventDefault(); act() }
});

// Presses.
let last;
on("click", e => {
  const at = e.target, near = s => at.closest(s), copy = near("[data-copy]");
  if (near("[data-close]")) near(".toast")?.remove();
  const link = !(e.ctrlKey || e.metaKey || e.shiftKey) && near("a"), stop = go => { e.preventDefault(); go() };
  if (link && link.href == $("#find")?.href) stop(find);
  if (link && link.matches("td > .edit")) stop(() => htmx.ajax("GET", link.href, { source: link, target: link.parentNode }));
  if (copy) stop(() => navigator.clipboard.writeText(copy.dataset.copy).then(() => toast(say.copied, "ok")));
  if (near("[data-print]")) print();
  near(".menu :is(a, button)")?.closest("[popover]")?.hidePopover();
  if (!at.matches(".pick input")) return;
  const list = all(".pick input", near("tbody")), from = list.indexOf(last), to = list.indexOf(at);
  if (e.shiftKey && from >= 0) list.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(one => { one.checked = at.checked });
  last = at;
});

if (body.matches("[data-clear-drafts]")) forgetAll();
settled();
forms().forEach(restore);
