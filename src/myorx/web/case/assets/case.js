/* The form renews the plan by itself: post it, put the answer in place, keep the user's place.
   The server makes the same fragments as without script; nothing of a patient is kept here. */
"use strict";

(function () {
  var form = document.getElementById("case");
  var opener = document.querySelector("form.open");
  var beside = document.getElementById("plan-side");
  var told = document.getElementById("told");
  if (!form || !beside || !window.fetch || !window.DOMParser) {
    return;
  }
  document.body.classList.add("script");

  var WAIT = 80; /* milliseconds between changes while an answer is on its way */
  var timer = 0;
  var asked = 0; /* number of the newest change */
  var running = null;
  var busy = false;
  var touched = false;
  var leaving = false;

  /* -- what the form says --------------------------------------------------------------------- */

  function body() {
    var at = document.activeElement;
    var row = at && at.closest ? at.closest(".fact.asked") : null;
    document.getElementById("stay").value = row ? row.id.slice(2) : "";
    return new URLSearchParams(new FormData(form));
  }

  function post(address, sent, signal) {
    return window.fetch(address, {
      method: "POST",
      body: sent,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: signal
    }).then(function (answer) {
      if (!answer.ok) {
        var refused = new Error("refused");
        refused.status = answer.status;
        throw refused;
      }
      return answer.text();
    });
  }

  /* -- renewing ------------------------------------------------------------------------------- */

  /* At once; while an answer is on its way, when the user pauses. */
  function soon() {
    asked += 1;
    touched = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(renew, busy ? WAIT : 0);
  }

  function renew() {
    var mine = asked;
    var sent = body();
    if (running) {
      running.abort();
    }
    running = window.AbortController ? new window.AbortController() : null;
    var signal = running ? running.signal : undefined;
    busy = true;
    beside.setAttribute("aria-busy", "true");
    return post(form.dataset.renew, sent, signal)
      .then(function (text) {
        if (mine !== asked) {
          return null;
        }
        put(text);
        state("");
        return post(form.dataset.ask, sent, signal);
      })
      .then(function (text) {
        /* What was entered in the meantime is newer than this answer. */
        if (text !== null && mine === asked) {
          inside(text);
        }
      })
      .catch(function (error) {
        if (error.name !== "AbortError" && mine === asked) {
          state(error.status === 401 ? form.dataset.out : form.dataset.failed);
        }
      })
      .then(function () {
        if (mine === asked) {
          busy = false;
          beside.removeAttribute("aria-busy");
        }
      });
  }

  function parsed(text) {
    return new window.DOMParser().parseFromString(text, "text/html");
  }

  function put(text) {
    var fresh = parsed(text);
    keepingPlace(function () {
      morph(beside, fresh.getElementById("plan-side"));
    });
    var line = fresh.getElementById("told").textContent;
    if (line !== told.textContent) {
      told.textContent = line;
    }
    document.dispatchEvent(new CustomEvent("plan-renewed"));
  }

  function inside(text) {
    var fresh = parsed(text);
    ["basics", "next", "history", "groups"].forEach(function (name) {
      keepingPlace(function () {
        morph(document.getElementById(name), fresh.getElementById(name));
      });
    });
    document.getElementById("asked-before").value = fresh.getElementById("asked-before").value;
  }

  function state(text) {
    var line = document.getElementById("state");
    if (!line) {
      line = document.createElement("p");
      line.id = "state";
      line.setAttribute("role", "alert");
      document.body.appendChild(line);
    }
    line.hidden = !text;
    if (line.textContent !== text) {
      line.textContent = text;
    }
  }

  /* -- keeping the place ---------------------------------------------------------------------- */

  function keepingPlace(change) {
    var at = document.activeElement;
    var key = at && at !== document.body ? selector(at) : "";
    var top = key ? at.getBoundingClientRect().top : 0;
    change();
    if (!key) {
      return;
    }
    var again = document.contains(at) ? at : document.querySelector(key);
    if (!again) {
      return;
    }
    if (again !== document.activeElement) {
      again.focus({ preventScroll: true });
    }
    var moved = again.getBoundingClientRect().top - top;
    if (Math.abs(moved) > 1) {
      window.scrollBy(0, moved);
    }
  }

  function selector(element) {
    if (element.name) {
      var value = element.type === "radio" ? '[value="' + window.CSS.escape(element.value) + '"]' : "";
      return '[name="' + window.CSS.escape(element.name) + '"]' + value;
    }
    return element.id ? "#" + window.CSS.escape(element.id) : "";
  }

  /* -- making one tree like another ------------------------------------------------------------ */

  function key(node) {
    return node.nodeType === 1 ? node.id || node.getAttribute("data-key") || "" : "";
  }

  function alike(old, fresh) {
    return (
      old.nodeType === fresh.nodeType &&
      old.nodeName === fresh.nodeName &&
      key(old) === key(fresh) &&
      (old.nodeName !== "INPUT" || (old.name === fresh.name && old.type === fresh.type))
    );
  }

  function morph(old, fresh) {
    if (old.nodeType !== 1) {
      if (old.nodeValue !== fresh.nodeValue) {
        old.nodeValue = fresh.nodeValue;
      }
      return;
    }
    attributes(old, fresh);
    children(old, fresh);
    if (old === document.activeElement) {
      return;
    }
    if (old.nodeName === "SELECT" || old.nodeName === "INPUT") {
      if (old.type === "radio" || old.type === "checkbox") {
        old.checked = fresh.checked;
      } else if (old.type !== "file" && old.value !== fresh.value) {
        old.value = fresh.value;
      }
    }
  }

  function attributes(old, fresh) {
    var i;
    for (i = 0; i < fresh.attributes.length; i += 1) {
      var each = fresh.attributes[i];
      if (each.name !== "open" && old.getAttribute(each.name) !== each.value) {
        old.setAttribute(each.name, each.value);
      }
    }
    for (i = old.attributes.length - 1; i >= 0; i -= 1) {
      var name = old.attributes[i].name;
      /* What the user has opened stays open. */
      if (name !== "open" && name !== "aria-busy" && !fresh.hasAttribute(name)) {
        old.removeAttribute(name);
      }
    }
    if (fresh.hasAttribute("open") && fresh.querySelector(".faulty") && !old.open) {
      old.open = true;
    }
  }

  function children(old, fresh) {
    var keyed = {};
    var node;
    for (node = old.firstChild; node; node = node.nextSibling) {
      if (key(node)) {
        keyed[key(node)] = node;
      }
    }
    var place = old.firstChild;
    for (node = fresh.firstChild; node; node = node.nextSibling) {
      var same = key(node) ? keyed[key(node)] : null;
      if (same && alike(same, node)) {
        if (same !== place) {
          old.insertBefore(same, place);
        } else {
          place = place.nextSibling;
        }
        morph(same, node);
      } else if (place && !key(place) && !key(node) && alike(place, node)) {
        same = place;
        place = place.nextSibling;
        morph(same, node);
      } else {
        old.insertBefore(document.importNode(node, true), place);
      }
    }
    while (place) {
      node = place.nextSibling;
      old.removeChild(place);
      place = node;
    }
  }

  /* -- going to a field by its name ------------------------------------------------------------- */

  function labels() {
    return Array.prototype.slice.call(form.querySelectorAll(".fact .name"));
  }

  /* A question stands under its own words; the fact that it asks for is beside them. */
  function nameOf(label) {
    return label.dataset.name || label.textContent.trim();
  }

  function fieldOf(label) {
    return document.getElementById(label.id.replace(/^l/, "f"));
  }

  function find(finder, begins) {
    var wanted = finder.value.trim().toLowerCase();
    var line = document.getElementById("finder-told");
    line.textContent = "";
    if (!wanted) {
      return;
    }
    var texts = labels().map(function (label) {
      return nameOf(label).toLowerCase();
    });
    var place = texts.indexOf(wanted);
    if (place < 0 && begins) {
      place = texts.findIndex(function (text) {
        return text.includes(wanted);
      });
    }
    var label = labels()[place];
    if (!label) {
      line.textContent = begins ? finder.dataset.none : "";
      return;
    }
    finder.value = "";
    var fold = label.closest("details");
    if (fold) {
      fold.open = true;
    }
    fieldOf(label).focus();
    label.scrollIntoView({ block: "center" });
  }

  function names() {
    var list = document.getElementById("found-names");
    labels().forEach(function (label) {
      var option = document.createElement("option");
      option.value = nameOf(label);
      list.appendChild(option);
    });
  }

  names();

  /* -- what the user does ---------------------------------------------------------------------- */

  /* A number whose unit is still to be chosen waits until the user leaves its row. */
  function unfinished(field) {
    var row = field.closest(".fact");
    var unit = row && row.querySelector("select[data-first]");
    var figure = row && row.querySelector(".figure");
    return Boolean(unit && figure && figure.value && !unit.value && field !== unit);
  }

  form.addEventListener("change", function (event) {
    var field = event.target;
    if (field.id === "finder") {
      find(field, false);
      return;
    }
    if (field.classList.contains("figure") && field.value) {
      var reason = document.getElementById(field.id.replace(/^f/, "x"));
      if (reason) {
        reason.value = "";
      }
    }
    if (unfinished(field)) {
      var row = field.closest(".fact");
      window.setTimeout(function () {
        if (row.contains(document.activeElement)) {
          row.addEventListener("focusout", function left(away) {
            if (!row.contains(away.relatedTarget)) {
              row.removeEventListener("focusout", left);
              soon();
            }
          });
        } else {
          soon();
        }
      }, 0);
      return;
    }
    soon();
  });

  form.addEventListener("keydown", function (event) {
    var field = event.target;
    var text = field.nodeName === "INPUT" && field.type !== "submit";
    if (event.key === "Enter" && text && !event.isComposing) {
      event.preventDefault();
      if (field.id === "finder") {
        find(field, true);
      } else {
        soon();
      }
    }
  });

  form.addEventListener("submit", function (event) {
    var by = event.submitter;
    if (by && by.name === "drop") {
      event.preventDefault();
      dropRow(by.closest(".therapy"));
    } else if (by && form.contains(by) && !by.hasAttribute("formaction")) {
      event.preventDefault();
      soon();
      beside.focus();
    } else {
      leaving = true;
      window.setTimeout(function () {
        leaving = false;
      }, 2000);
    }
  });

  function dropRow(row) {
    row.querySelectorAll("input, select").forEach(function (field) {
      field.value = "";
    });
    row.querySelector("input").focus();
    soon();
  }

  function given() {
    return touched || beside.querySelector(".plan") !== null || form.querySelector(".given") !== null;
  }

  function replaces(event) {
    if (given() && !window.confirm(form.dataset.replace)) {
      event.preventDefault();
    } else {
      leaving = true;
    }
  }

  if (opener) {
    opener.addEventListener("submit", replaces);
  }
  document.querySelectorAll("a.example, a.clear").forEach(function (link) {
    link.addEventListener("click", replaces);
  });
  window.addEventListener("beforeunload", function (event) {
    if (touched && !leaving) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
  /* A fault leads to its field, also inside a folded group. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest('a[href^="#"]') : null;
    var field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) {
      return;
    }
    var fold = field.closest("details");
    if (fold) {
      fold.open = true;
    }
    if (form.contains(field)) {
      event.preventDefault();
      field.focus();
    }
  });
})();
