// What changes in the queue while somebody looks at it. Rows never move: a row on the page changes in its place, unless it is being
// used; what is new is counted, and shown when asked for. The page works without this file.
"use strict";
(() => {
  const news = document.getElementById("news");
  const body = document.querySelector("#cases tbody");
  const all = document.getElementById("choose-all");
  if (all && body) {
    all.hidden = false;
    all.querySelector("input").addEventListener("change", (e) =>
      body.querySelectorAll(".choose input").forEach((box) => { box.checked = e.target.checked; }));
  }
  if (!news || !("EventSource" in window)) return;

  const rowOf = (id) => document.querySelector(`#cases tr[data-id="${id}"]`);
  const told = new Map(); // id -> version, of what is not on the page
  const plural = (n) => {
    const few = n % 10, teen = n % 100;
    if (n === 1) return news.dataset.single;
    return few >= 2 && few <= 4 && (teen < 12 || teen > 14) ? news.dataset.few : news.dataset.many;
  };
  const announce = (text) => {
    const line = news.querySelector("p");
    line.querySelector("span").textContent = text;
    line.hidden = false;
  };
  const busy = (row) => row.contains(document.activeElement) || row.matches(":hover") || row.querySelector(".choose input")?.checked;
  const note = (row, text) => {
    row.classList.add("stale");
    let mark = row.querySelector(".rownote");
    if (!mark) {
      mark = document.createElement("span");
      mark.className = "rownote sub";
      row.querySelector("th").append(mark);
    }
    mark.textContent = text;
  };

  // Rows that changed are fetched together, at most every two seconds.
  const due = new Set();
  let timer = 0;
  const refresh = async () => {
    timer = 0;
    const ids = [...due].filter(rowOf).slice(0, 50);
    due.clear();
    if (!ids.length) return;
    const query = new URLSearchParams(location.search);
    ids.forEach((id) => query.append("id", id));
    const answer = await fetch("/queue/rows?" + query, { redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString("<table><tbody>" + await answer.text() + "</tbody></table>", "text/html");
    for (const id of ids) {
      const old = rowOf(id), now = page.querySelector(`tr[data-id="${id}"]`);
      if (!old) continue;
      if (!now) { note(old, news.dataset.gone); continue; }
      if (busy(old)) { note(old, news.dataset.changed); continue; }
      const row = document.importNode(now, true);
      old.replaceWith(row);
      note(row, news.dataset.changed);
    }
  };
  const want = (id) => {
    due.add(id);
    if (!timer) timer = setTimeout(refresh, 300 + Math.random() * 1700); // not everybody at once
  };

  const changed = (e) => {
    const change = JSON.parse(e.data);
    if (change.reload) { announce(news.dataset.flood); return; }
    for (const [id, version] of [...change.in, ...change.out]) {
      const row = rowOf(id);
      if (row && Number(row.dataset.version) < version) want(id);
    }
    for (const [id, version] of change.in) if (!rowOf(id)) told.set(id, version);
    for (const [id] of change.out) told.delete(id);
    if (told.size) announce(plural(told.size).replace("%d", told.size));
    else news.querySelector("p").hidden = true;
  };
  const pulse = (e) => {
    const now = JSON.parse(e.data);
    const channels = document.getElementById("pulse-channels"), ledger = document.getElementById("pulse-ledger");
    channels.querySelector("span").textContent = now.channels;
    channels.hidden = !now.channels;
    ledger.querySelector("span").textContent = now.ledger;
    ledger.hidden = !now.ledger;
    ledger.className = now.ok ? "ok" : "bad";
  };

  // A page in the background lets go of its stream, and takes it up again where it was.
  let stream = null, last = "";
  const open = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(last ? news.dataset.live.replace(/since=\d+/, "since=" + last) : news.dataset.live);
    const keep = (handle) => (e) => { last = e.lastEventId || last; handle(e); };
    stream.addEventListener("changed", keep(changed));
    stream.addEventListener("pulse", keep(pulse));
    stream.addEventListener("end", close);
  };
  const close = () => { stream?.close(); stream = null; };
  document.addEventListener("visibilitychange", () => document.hidden ? close() : open());
  window.addEventListener("pagehide", close);
  open();
})();
