/* What a page does beyond its links and forms, all of which work without this: drafts of what is typed, files
   that are too large told before they are sent, a job that is looked at again without loading the page, and the
   palette (Ctrl-K). No page needs it. */
(() => {
  "use strict";
  const json = {headers: {Accept: "application/json"}, credentials: "same-origin"};
  const make = (name, attributes, text) => {
    const node = document.createElement(name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    if (text) node.textContent = text;
    return node;
  };

  /* ---- drafts: what is typed outlives a reload, a crash and a session that has ended ---- */
  const form = document.querySelector("form.edit[data-draft]"), store = window.sessionStorage;
  const field = control => control.name && control.name.startsWith("f.") && control.type !== "file" && control.type !== "hidden";
  const typed = () => [...form.elements].filter(field).map(c => [c.name, /checkbox|radio/.test(c.type) ? c.checked : c.value]);
  const sent = store.getItem("sent");
  if (sent) { /* the page that answers it tells whether it was taken */
    store.removeItem("sent");
    if (document.querySelector(".menu") && !document.querySelector(".problem, .wrong, .conflict")) store.removeItem(sent);
  }
  if (form) {
    const key = "draft " + form.getAttribute("action") + " " + (form.elements.rev?.value || "");
    const was = JSON.stringify(typed()), kept = store.getItem(key);
    const note = document.getElementById("draft");
    if (kept && kept !== was && !document.querySelector(".wrong, .conflict")) {
      const values = JSON.parse(kept), controls = [...form.elements].filter(field);
      if (values.length === controls.length && values.every((v, i) => v[0] === controls[i].name)) {
        controls.forEach((c, i) => { if (/checkbox|radio/.test(c.type)) c.checked = values[i][1]; else c.value = values[i][1]; });
        note.hidden = false;
        note.querySelector("button").addEventListener("click", () => { store.removeItem(key); location.reload(); });
      }
    }
    form.addEventListener("input", () => {
      const now = JSON.stringify(typed());
      if (now === was) store.removeItem(key); else store.setItem(key, now);
    });
    /* Whoever goes on typing means theirs. */
    form.addEventListener("input", event => {
      const mine = event.target.type !== "radio" && event.target.closest(".side")?.querySelector("[type=radio]");
      if (mine) mine.checked = true;
    });
    form.addEventListener("submit", () => store.setItem("sent", key));
  }

  /* ---- focus: where the same page comes again, one is where one was; Escape folds the menu of the account ---- */
  const alike = (name, type, text) => [...document.querySelectorAll("main :is(button, input, select, textarea)")]
    .filter(c => c.name === name && c.type === type && c.textContent === text);
  const before = JSON.parse(store.getItem("at") || "null");
  store.removeItem("at");
  /* After the browser has gone to the place that the address names, which takes the focus away. */
  if (before && before[0] === location.pathname && !document.querySelector("main [autofocus]")) addEventListener("load", () => setTimeout(() => {
    const found = alike(...before.slice(1, 4)), last = found[Math.min(before[4], found.length - 1)];
    if (last) (last.closest("details:not([open])")?.querySelector("summary") || last).focus();
  }));
  const remember = c => {
    if (c && c.closest("main") && "name" in c) store.setItem("at", JSON.stringify([location.pathname, c.name, c.type, c.textContent, alike(c.name, c.type, c.textContent).indexOf(c)]));
  };
  document.addEventListener("submit", event => remember(event.submitter));
  document.addEventListener("keydown", event => {
    const open = event.key === "Escape" && document.querySelector(".me[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  /* ---- files ---- */
  document.querySelectorAll("input[type=file][data-most]").forEach(input => input.addEventListener("change", () => {
    const large = [...input.files].some(file => file.size > +input.dataset.most);
    input.setCustomValidity(large ? input.dataset.tooLarge : "");
    input.reportValidity();
  }));

  /* ---- a job ---- */
  const job = document.querySelector("[data-job]");
  if (job) {
    const said = job.querySelector("[data-job-text]"), bar = job.querySelector("progress");
    const again = async () => {
      try {
        const answer = await fetch(job.dataset.job, json), now = await answer.json();
        const parts = now.stages || [now], made = part => "state" in part
          ? part.state !== "waiting" && part.state !== "running" : part.fresh || now.failed;
        if (!answer.ok || parts.every(made)) {
          remember(document.activeElement);
          return location.reload();
        }
        if (now.progress && now.progress !== said.textContent) {
          said.textContent = now.progress;
          const figures = now.progress.match(/: (\d+) of (\d+)$/);
          if (figures) { bar.max = +figures[2]; bar.value = +figures[1]; }
        }
      } catch (error) { /* the next attempt may get through */ }
      setTimeout(again, 1000);
    };
    setTimeout(again, 700);
  }

  /* ---- the palette ---- */
  const find = document.getElementById("find");
  const words = document.getElementById("palette-words");
  if (!find || !words) return;
  const dialog = document.getElementById("palette"), list = document.getElementById("palette-list"), told = document.getElementById("palette-told");
  const search = find.form.action;
  const pages = [...document.querySelectorAll(".menu a")].map(a => ({
    text: a.textContent.trim(), url: a.href, about: a.closest("details")?.querySelector("summary").textContent.trim() || ""}));
  let shown = [], at = -1, asked = 0, timer;

  const mark = n => {
    if (shown[at]) shown[at].setAttribute("aria-selected", "false");
    at = n;
    if (!shown[at]) return words.removeAttribute("aria-activedescendant");
    shown[at].setAttribute("aria-selected", "true");
    shown[at].scrollIntoView({block: "nearest"});
    words.setAttribute("aria-activedescendant", shown[at].id);
  };
  const show = hits => {
    list.replaceChildren(...hits.map((hit, i) => {
      const row = make("li", {role: "option", id: "palette-" + i, "aria-selected": "false"});
      row.dataset.url = hit.url;
      row.append(make("span", {}, hit.text), make("span", {class: "soft small"}, hit.about));
      return row;
    }));
    shown = [...list.children];
    told.textContent = words.value.trim() ? told.dataset[hits.length ? "some" : "none"].replace("#", hits.length) : "";
    mark(hits.length ? 0 : -1);
  };
  const plain = text => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const pagesFor = text => {
    const parts = plain(text).split(/\s+/).filter(Boolean);
    return pages.filter(p => parts.every(part => plain(p.text + " " + p.about).includes(part)));
  };
  const ask = async () => {
    const text = words.value.trim(), mine = ++asked, first = pagesFor(text).slice(0, text ? 8 : 60);
    show(first);
    if (text.length < 2) return;
    try {
      const answer = await fetch(search + "?words=" + encodeURIComponent(text), json), found = await answer.json();
      if (mine !== asked || !answer.ok) return;
      const base = search.replace(/\/search$/, "/r/");
      const records = (found.records || []).slice(0, 12).map(r => ({
        text: r.fields.label || r.fields.ref, about: r.fields.ref,
        url: base + encodeURIComponent(r.fields.register) + "/" + encodeURIComponent(r.fields.ref)}));
      const kept = at;
      show(first.concat(records));
      if (kept > 0) mark(Math.min(kept, shown.length - 1));
    } catch (error) { /* the pages are there all the same */ }
  };
  const open = () => {
    if (dialog.open) return;
    words.value = "";
    dialog.showModal();
    ask();
    words.focus();
  };
  const go = () => {
    if (shown[at]) location.href = shown[at].dataset.url;
    else if (words.value.trim()) location.href = search + "?words=" + encodeURIComponent(words.value.trim());
  };

  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  words.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  words.addEventListener("keydown", event => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && shown.length) {
      event.preventDefault();
      mark((at + step + shown.length) % shown.length);
    } else if (event.key === "Enter" || event.key === "Escape") { /* which would only empty the field */
      event.preventDefault();
      if (event.key === "Enter") go(); else dialog.close();
    }
  });
  list.addEventListener("click", event => {
    const row = event.target.closest("li");
    if (row) { mark(shown.indexOf(row)); go(); }
  });
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
  if (matchMedia("(min-width: 48rem)").matches) find.placeholder += "  (Ctrl-K)";
})();
