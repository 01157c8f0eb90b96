/* The pages read well without this script. It adds two things: the other language opens at the
   place where the reader is, and the search page finds entries. */
"use strict";

document.addEventListener("DOMContentLoaded", function () {
  keepPlace();
  if (document.getElementById("found")) {
    search();
  }
});

/* The last thing with an anchor above the middle of the window. */
function placeInView() {
  var middle = window.innerHeight / 2;
  var found = "";
  document.querySelectorAll("main [id]").forEach(function (thing) {
    if (thing.tagName !== "svg" && !thing.closest("svg") && thing.getBoundingClientRect().top < middle) {
      found = thing.id;
    }
  });
  return window.scrollY > 0 ? found : "";
}

function keepPlace() {
  document.querySelectorAll("a.language").forEach(function (link) {
    link.addEventListener("click", function () {
      var url = new URL(link.getAttribute("href"), window.location.href);
      url.hash = placeInView();
      url.search = window.location.search;
      link.href = url.href;
    });
  });
}

function folded(text) {
  return text.normalize("NFKC").toLowerCase();
}

/* How well an entry [kind, id, title, text, link] answers: 0 where a word is missing in it. */
function score(entry, words) {
  var id = folded(entry[1]);
  var title = folded(entry[2]);
  var rest = folded(entry[3]);
  var sum = 0;
  for (var i = 0; i < words.length; i += 1) {
    var word = words[i];
    if (id === word) {
      sum += 8;
    } else if (title === word) {
      sum += 7;
    } else if (title.includes(word)) {
      sum += 3;
    } else if (rest.includes(word)) {
      sum += 2;
    } else if (id.includes(word)) {
      sum += 1;
    } else {
      return 0;
    }
  }
  return sum;
}

function search() {
  var query = new URLSearchParams(window.location.search).get("q") || "";
  var told = document.getElementById("told");
  var list = document.getElementById("found");
  var words = folded(query).split(/\s+/).filter(Boolean);
  document.getElementById("q").value = query;
  if (!words.length) {
    told.textContent = "";
    return;
  }
  var found = [];
  var order = 0;
  (window.searchIndex || []).forEach(function (kind) {
    kind[1].forEach(function (short) {
      var link = short[3].endsWith("#") ? short[3] + short[0] : short[3];
      var entry = [kind[0], short[0], short[1], short[2], link];
      var points = score(entry, words);
      order += 1;
      if (points) {
        found.push([points, order, entry]);
      }
    });
  });
  found.sort(function (a, b) {
    return b[0] - a[0] || a[1] - b[1];
  });
  told.textContent = found.length
    ? told.dataset.some + found.length
    : told.dataset.none + query;
  found.slice(0, 200).forEach(function (hit) {
    list.appendChild(row(hit[2]));
  });
}

function row(entry) {
  var item = document.createElement("li");
  var link = document.createElement("a");
  var kind = document.createElement("span");
  link.href = entry[4];
  link.textContent = entry[2] || entry[1];
  kind.className = "count";
  kind.textContent = entry[0] + " · " + entry[1];
  item.append(link, " ", kind);
  return item;
}
