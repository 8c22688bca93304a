// Says while somebody types that a word may not be said of shares, why, and what to say instead.
// Without this file the same is said when the text is saved (compliance/risk_wording.py finds the words there).
(function () {
  "use strict";
  var list = document.getElementById("words-not-said");
  var place = document.getElementById("wording");
  if (!list || !place) return;

  function whole(phrase) {
    var plain = phrase.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp("(^|[^\\p{L}\\p{N}_])" + plain + "(?![\\p{L}\\p{N}_])", "gu");
  }
  var allowed = list.dataset.allowed.split("|").sort(function (a, b) { return b.length - a.length; }).map(whole);
  var words = Array.prototype.map.call(list.querySelectorAll("[data-word]"), function (row) {
    return { word: row.dataset.word, pattern: whole(row.dataset.word), advice: row.querySelector("dd").textContent };
  });

  function found(text) {
    var plain = text.normalize("NFKC").toLowerCase().split(/\s+/).join(" ");
    allowed.forEach(function (phrase) { plain = plain.replace(phrase, "$1·"); });
    return words.filter(function (one) { one.pattern.lastIndex = 0; return one.pattern.test(plain); });
  }
  function element(name, text) {
    var made = document.createElement(name);
    made.textContent = text;
    return made;
  }
  function show(ones) {
    var said = ones.map(function (one) { return one.word; }).join("|");
    if (place.dataset.said === said) return;
    place.dataset.said = said;
    place.className = ones.length ? "notice notice-due" : "";
    place.replaceChildren();
    if (!ones.length) return;
    place.append(element("h2", place.dataset.title));
    ones.forEach(function (one) {
      var line = document.createElement("p");
      line.append(element("strong", "“" + one.word + "”"), ": " + one.advice);
      place.append(line);
    });
  }

  var boxes = document.querySelectorAll("textarea, input[name=title]");
  function look() {
    show(found(Array.prototype.map.call(boxes, function (box) { return box.value; }).join("\n\n")));
  }
  boxes.forEach(function (box) { box.addEventListener("input", look); });
  look();
})();
