// Conveniences only: every page works without this file.
"use strict";
(() => {
  const typing = (e) => e.target.closest("input, select, textarea, [contenteditable]") || e.ctrlKey || e.metaKey || e.altKey;

  // Queue: j and k move, Enter follows the focused link, c claims.
  const links = [...document.querySelectorAll("#cases tbody .number")];
  const mark = () => document.querySelectorAll("#cases tr").forEach((row) =>
    row.classList.toggle("current", row.contains(document.activeElement)));
  const move = (step) => {
    if (!links.length) return;
    const row = document.activeElement.closest?.("#cases tbody tr");
    const at = links.findIndex((a) => row && row.contains(a));
    const next = links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("focusin", mark);
  // Case: what has a key of its own is pressed by it; a menu opens with its first control in focus.
  const press = (key) => {
    const control = [...document.querySelectorAll(`main [data-key="${CSS.escape(key)}"]`)].find((e) => e.checkVisibility());
    if (!control) return false;
    control.click();
    if (control.tagName === "SUMMARY") control.parentElement.querySelector("summary ~ * :is(a, button, input:not([type=hidden]), select, summary)")?.focus();
    return true;
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    c: () => document.activeElement.closest?.("#cases tbody tr")?.querySelector(".owner button")?.click(),
    u: () => { location.href = "/queue"; },
    "?": () => { location.href = "/help"; },
    "/": () => document.getElementById("words")?.focus(),
  };
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      return;
    }
    if (typing(e) || !("keys" in document.body.dataset)) return;
    if (/^[a-z]$/.test(e.key) && press(e.key)) e.preventDefault();
    else if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
  });

  // One open menu at a time, closed by a click beside it.
  document.addEventListener("click", (e) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(e.target)) menu.open = false;
  }));

  // A letter half written is not left by accident.
  let unsaved = false;
  document.querySelectorAll("form[data-unsaved]").forEach((form) => {
    form.addEventListener("input", () => { unsaved = true; });
    form.addEventListener("submit", () => { unsaved = false; });
  });
  window.addEventListener("beforeunload", (e) => { if (unsaved) e.preventDefault(); });

  // The session ends after a while without requests: say so before, and let it be prolonged.
  const idle = Number(document.body.dataset.idle);
  const box = document.getElementById("expiry");
  if (idle && box) {
    let timer;
    const wait = () => { box.hidden = true; clearTimeout(timer); timer = setTimeout(() => { box.hidden = false; }, Math.max(30, idle - 120) * 1000); };
    document.getElementById("stay").addEventListener("click", async () => {
      const answer = await fetch("/help", { method: "HEAD", redirect: "error" }).catch(() => null);
      if (answer?.ok) wait(); else location.reload();
    });
    wait();
  }
})();
