/* Keeps a chat page live, and lets forms be sent without leaving it. Everything here is a
   convenience: without script the same forms and links work. ES5 and XMLHttpRequest only. */
(function () {
  "use strict";

  var NOTE_MS = 12000, POLL_MS = 5000, SILENT_MS = 45000, DOUBT_MS = 4000;
  var main = document.getElementById("main");
  if (!main || !main.getAttribute("data-live")) { return; }
  document.documentElement.className += " js";

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }
  function closest(node, name) {
    while (node && node.nodeName !== name) { node = node.parentNode; }
    return node && node.nodeType === 1 ? node : null;
  }
  function panelOf(key) { return document.getElementById("panel-" + key); }
  function listOf(panel) { return panel.querySelector(".bubbles"); }

  // Where a list scrolls: in itself on a high screen, with the page on a low one.
  function scroller(list) {
    return list.scrollHeight > list.clientHeight + 2 ? list : document.scrollingElement || document.body;
  }
  function isAtEnd(list) {
    var box = scroller(list);
    return box.scrollHeight - box.scrollTop - box.clientHeight < 160;
  }
  function toEnd(list) {
    var box = scroller(list);
    box.scrollTop = box.scrollHeight;
  }
  function isSeen(panel) { return panel.offsetParent !== null; }

  // Tabs

  function open(key) {
    all(".panel").forEach(function (panel) {
      panel.className = panel.className.replace(/ ?\bopen\b/, "");
    });
    all(".tabs a").forEach(function (tab) {
      var is = tab.getAttribute("data-tab") === key;
      if (is) { tab.setAttribute("aria-current", "page"); } else { tab.removeAttribute("aria-current"); }
      if (is) { tab.querySelector(".fresh").hidden = true; }
      if (is && history.replaceState) { history.replaceState(null, "", tab.href); }
    });
    var panel = panelOf(key);
    panel.className += " open";
    toEnd(listOf(panel));
  }
  document.addEventListener("click", function (event) {
    var link = closest(event.target, "A");
    var key = link && link.getAttribute("data-tab");
    if (key && panelOf(key)) { event.preventDefault(); open(key); }
  });

  // Notes

  var note = document.getElementById("note"), noteTimer = 0;
  function say(words) {
    if (!words) { return; }
    note.querySelector("p").textContent = words;
    note.className = "note shown";
    clearTimeout(noteTimer);
    noteTimer = setTimeout(hush, NOTE_MS);
  }
  function hush() { note.className = "note"; }
  note.querySelector(".close").addEventListener("click", hush);
  if (note.className.indexOf("shown") > 0) { noteTimer = setTimeout(hush, NOTE_MS); }

  var broken = null, doubt = 0;
  function setBroken(is) {
    clearTimeout(doubt);
    if (is && !broken) {
      broken = document.createElement("p");
      broken.className = "broken";
      broken.setAttribute("role", "status");
      broken.textContent = main.getAttribute("data-broken");
      main.parentNode.insertBefore(broken, main);
    } else if (!is && broken) {
      broken.parentNode.removeChild(broken);
      broken = null;
    }
  }

  // News

  function apply(news) {
    news.chats.forEach(function (chat) {
      var panel = panelOf(chat.key);
      if (!panel || chat.change <= Number(panel.getAttribute("data-change"))) { return; }
      panel.setAttribute("data-change", chat.change);
      var list = listOf(panel), stays = isAtEnd(list), added = false;
      chat.bubbles.forEach(function (bubble) { added = place(list, chat.key, bubble) || added; });
      if (added) { arrived(panel, list, stays); }
    });
    for (var key in news.asked) { if (panelOf(key)) { spend(panelOf(key), news.asked[key]); } }
    news.notes.forEach(say);
    var clock = document.getElementById("clock");
    if (clock && news.clock && clock.textContent !== news.clock) { clock.textContent = news.clock; }
  }
  // A question that was answered, or asked of somebody else, has nothing to tap.
  function spend(panel, asked) {
    all("[data-question]", panel).forEach(function (button) {
      button.disabled = button.getAttribute("data-question") !== asked;
    });
  }
  function place(list, key, bubble) {
    var holder = document.createElement("ol");
    holder.innerHTML = bubble.html;
    var item = holder.querySelector("li"), old = document.getElementById(key + "-" + bubble.id);
    if (old) {
      var had = document.activeElement && old.contains(document.activeElement);
      old.parentNode.replaceChild(item, old);
      if (had) { item.tabIndex = -1; item.focus(); }
      return false;
    }
    item.className += " arrived";
    list.appendChild(item);
    all("img", item).forEach(function (img) { img.onload = function () { toEnd(list); }; });
    return true;
  }
  function arrived(panel, list, stays) {
    var empty = panel.querySelector(".empty");
    if (empty) { empty.parentNode.removeChild(empty); }
    if (isSeen(panel)) {
      if (stays) { toEnd(list); }
      return;
    }
    all(".tabs a").forEach(function (tab) {
      if (tab.getAttribute("data-tab") === panel.getAttribute("data-key")) {
        tab.querySelector(".fresh").hidden = false;
      }
    });
  }
  function stamps() {
    return all(".panel").map(function (panel) {
      return panel.getAttribute("data-key") + "=" + panel.getAttribute("data-change");
    }).join("&");
  }
  function joined(url) { return url + (url.indexOf("?") < 0 ? "?" : "&") + stamps(); }

  var source = null, heardAt = 0, isAsking = false;
  function ask() {
    if (isAsking) { return; }
    isAsking = true;
    var request = new XMLHttpRequest();
    request.open("GET", joined(main.getAttribute("data-news")));
    request.onload = function () {
      isAsking = false;
      setBroken(request.status !== 200);
      if (request.status === 200) { apply(JSON.parse(request.responseText)); }
    };
    request.onerror = function () { isAsking = false; setBroken(true); };
    request.send();
  }
  function listen() {
    if (!window.EventSource) { return; }
    source = new EventSource(joined(main.getAttribute("data-live")));
    source.addEventListener("news", function (event) {
      heardAt = Date.now();
      setBroken(false);
      apply(JSON.parse(event.data));
    });
    source.addEventListener("error", function () {
      clearTimeout(doubt);
      doubt = setTimeout(function () { setBroken(true); }, DOUBT_MS);
      if (source && source.readyState === 2) { source = null; }
    });
  }
  // A proxy may hold the stream back without a word, so silence counts as a broken line.
  setInterval(function () {
    if (source && Date.now() - heardAt < SILENT_MS) { return; }
    if (source) { source.close(); source = null; }
    ask();
    if (!document.hidden) { heardAt = Date.now(); listen(); }
  }, window.EventSource ? SILENT_MS / 3 : POLL_MS);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { ask(); } });
  window.addEventListener("online", ask);
  heardAt = Date.now();
  listen();

  // Forms

  var pressed = null;
  document.addEventListener("click", function (event) {
    var button = closest(event.target, "BUTTON");
    pressed = button && button.form && button.name ? button : null;
  });
  document.addEventListener("submit", function (event) {
    var form = event.target;
    var is = /\b(buttons|composer)\b/.test(form.className) && window.FormData;
    if (!is) { return; }
    event.preventDefault();
    if (form.getAttribute("data-busy")) { return; }
    send(form, pressed && pressed.form === form ? pressed : null);
    pressed = null;
  });
  function send(form, button) {
    var body = new FormData(form), request = new XMLHttpRequest();
    if (button) { body.append(button.name, button.value); }
    form.setAttribute("data-busy", "1");
    all("button", form).forEach(function (one) { one.setAttribute("aria-disabled", "true"); });
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.onload = function () { sent(form, request); };
    request.onerror = function () { free(form); setBroken(true); say(main.getAttribute("data-broken")); };
    request.send(body);
  }
  function free(form) {
    form.removeAttribute("data-busy");
    all("button", form).forEach(function (one) { one.removeAttribute("aria-disabled"); });
  }
  function sent(form, request) {
    var answer = {};
    free(form);
    try { answer = JSON.parse(request.responseText); } catch (error) { setBroken(true); return; }
    if (answer.delivery) { form.querySelector("[name=delivery]").value = answer.delivery; }
    say(answer.note);
    if (!answer.ok) { return; }
    if (/\bcomposer\b/.test(form.className)) { clear(form); }
    var tip = document.getElementById("tip");
    if (tip && /\bcomposer\b/.test(form.className)) { tip.hidden = true; }
    var list = listOf(closest(form, "SECTION"));
    toEnd(list);
    ask();
  }
  function clear(form) {
    var field = form.querySelector("textarea");
    form.reset();
    field.value = "";
    grow(field);
    choose(form.querySelector("[type=file]"));
  }

  // The field grows with the words; Enter sends, unless a Chinese word is still being composed.

  function grow(field) {
    field.style.height = "auto";
    field.style.height = field.scrollHeight + 4 + "px";
  }
  all(".composer textarea").forEach(function (field) {
    field.addEventListener("input", function () { grow(field); });
    field.addEventListener("keydown", function (event) {
      var isEnter = event.keyCode === 13 && !event.shiftKey && !event.isComposing;
      if (isEnter) { event.preventDefault(); field.form.querySelector(".primary").click(); }
    });
    if (field.value) { grow(field); }
  });

  // What is to be pasted elsewhere is copied with one tap, also where a page has no clipboard.

  function copy(button) {
    var text = button.getAttribute("data-copy");
    function done() { say(button.getAttribute("data-done")); }
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done, function () { select(text, done); });
    } else {
      select(text, done);
    }
  }
  function select(text, done) {
    var field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    field.style.position = "fixed";
    field.style.opacity = "0";
    document.body.appendChild(field);
    field.select();
    field.setSelectionRange(0, text.length);
    if (document.execCommand("copy")) { done(); }
    document.body.removeChild(field);
  }
  document.addEventListener("click", function (event) {
    var button = closest(event.target, "BUTTON");
    if (button && button.getAttribute("data-copy")) { copy(button); }
  });

  // Photos are shown before they are sent.

  function choose(input) {
    var shown = input.form.querySelector(".chosen");
    shown.innerHTML = "";
    Array.prototype.slice.call(input.files || []).forEach(function (file) {
      if (/\.(xlsx|csv|xls|et|ods)$/i.test(file.name)) {
        var name = document.createElement("span");
        name.textContent = file.name;
        shown.appendChild(name);
        return;
      }
      var img = document.createElement("img");
      img.alt = file.name;
      img.src = (window.URL || window.webkitURL).createObjectURL(file);
      img.onload = function () { toEnd(listOf(closest(input, "SECTION"))); };
      shown.appendChild(img);
    });
  }
  all(".composer [type=file]").forEach(function (input) {
    input.addEventListener("change", function () { choose(input); });
    input.addEventListener("focus", function () { input.parentNode.className += " focus"; });
    input.addEventListener("blur", function () {
      input.parentNode.className = input.parentNode.className.replace(/ focus/g, "");
    });
  });

  all(".panel").forEach(function (panel) { if (isSeen(panel)) { toEnd(listOf(panel)); } });
})();
