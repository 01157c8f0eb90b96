/* The plan works without this script: each of its buttons then opens a page of its own. With it,
   what stands one click deeper opens in its place, a note is copied, the page prints itself. */
"use strict";

(function () {
  document.documentElement.classList.add("scripted");

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) {
      return;
    }
    if (button.classList.contains("deeper")) {
      event.preventDefault();
      deeper(button);
    } else if (button.classList.contains("copy")) {
      copy(button);
    } else if (button.classList.contains("print")) {
      window.print();
    }
  });

  /* Open what a button asks for below its line, or close it again. */
  function deeper(button) {
    var place = button.closest("li, p, td") || button.parentElement;
    var shown = place.querySelector(".deeper-here");
    if (shown && shown.source === button) {
      shown.remove();
      button.setAttribute("aria-expanded", "false");
      return;
    }
    if (!button.form || button.getAttribute("aria-busy") === "true") {
      return;
    }
    button.setAttribute("aria-busy", "true");
    fetch(button.formAction, {
      method: "POST",
      body: body(button),
      credentials: "same-origin",
      redirect: "error",
    })
      .then(function (answer) {
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        return answer.text();
      })
      .then(function (text) {
        open(button, place, text);
      })
      .catch(function () {
        /* The page that the button opens without script says what is wrong. */
        submit(button);
      })
      .then(function () {
        button.removeAttribute("aria-busy");
      });
  }

  function body(button) {
    var fields = new URLSearchParams();
    new FormData(button.form).forEach(function (value, name) {
      if (typeof value === "string") {
        fields.append(name, value);
      }
    });
    if (button.name) {
      fields.append(button.name, button.value);
    }
    return fields;
  }

  function open(button, place, text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var found = page.querySelector("[data-sheet]");
    if (!found) {
      throw new Error("no sheet");
    }
    /* Everything that belongs to the facts as they were is renewed with them; see case.js. */
    place.querySelectorAll(".deeper-here").forEach(function (each) {
      each.source.setAttribute("aria-expanded", "false");
      each.remove();
    });
    found.querySelectorAll("[id]").forEach(function (each) {
      each.removeAttribute("id");
    });
    /* Under a candidate its headings are smaller ones. */
    found.querySelectorAll("h2").forEach(function (each) {
      each.setAttribute("aria-level", "5");
    });
    found.querySelectorAll("h3").forEach(function (each) {
      each.setAttribute("aria-level", "6");
    });
    var shown = document.createElement("div");
    shown.className = "deeper-here";
    shown.tabIndex = -1;
    shown.source = button;
    shown.append(document.importNode(found, true));
    place.append(shown);
    button.setAttribute("aria-expanded", "true");
    shown.focus({ preventScroll: true });
  }

  function submit(button) {
    if (button.form.requestSubmit) {
      button.classList.remove("deeper");
      button.form.requestSubmit(button);
      button.classList.add("deeper");
    }
  }

  /* Not every page on a hospital's network may use the clipboard; a selection always can. */
  function copy(button) {
    var text = document.getElementById(button.dataset.copy);
    text.focus();
    text.select();
    var done = false;
    try {
      done = document.execCommand("copy");
    } catch (error) {
      done = false;
    }
    if (done) {
      button.textContent = button.dataset.done;
    }
  }
})();
