/* Light or dark: as the system has it, or as the reader chose. Read before the page is drawn, so
   that nothing flashes. The choice is the only thing that is kept in the browser; it says nothing
   of a patient. */
"use strict";

(function () {
  var KEY = "myorx-theme";
  var MEDIA = { system: "screen and (prefers-color-scheme: dark)", light: "not all", dark: "screen" };

  function chosen() {
    try {
      var kept = window.localStorage.getItem(KEY);
      return MEDIA[kept] ? kept : "system";
    } catch (refused) {
      return "system";
    }
  }

  function keep(theme) {
    try {
      window.localStorage.setItem(KEY, theme);
    } catch (refused) {
      /* Then the choice lasts as long as the page. */
    }
  }

  function show(theme) {
    document.getElementById("dark").media = MEDIA[theme];
  }

  show(chosen());
  document.addEventListener("DOMContentLoaded", function () {
    var choice = document.getElementById("theme");
    choice.value = chosen();
    choice.closest("label").hidden = false;
    choice.addEventListener("change", function () {
      keep(choice.value);
      show(choice.value);
    });
  });
})();
