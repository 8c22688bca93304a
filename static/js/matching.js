// Keys for the list of bank lines: j next, k back, o opens; Enter presses the button that has the focus.
// Without this file the page works by Tab and Enter alone.
(function () {
  "use strict";
  var lines = Array.prototype.slice.call(document.querySelectorAll(".lines > li"));
  var keys = document.getElementById("keys");
  if (!lines.length) return;
  if (keys) keys.hidden = false;

  function first(line) { return line.querySelector("button, a"); }
  function here() {
    return lines.findIndex(function (line) { return line.contains(document.activeElement); });
  }
  function go(place) {
    var line = lines[Math.max(0, Math.min(place, lines.length - 1))];
    first(line.lastElementChild).focus();
    line.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "j") go(here() + 1);
    else if (event.key === "k") go(here() - 1);
    else if (event.key === "o" && here() >= 0) lines[here()].querySelector("div:last-child > a").click();
    else return;
    event.preventDefault();
  });

  // The address names a line; browsers give it the focus when the page has come, and it hands it to its button.
  document.addEventListener("focusin", function (event) {
    var place = lines.indexOf(event.target);
    if (place >= 0) go(place);
  });
  var asked = document.getElementById(location.hash.slice(1));
  go(asked ? lines.indexOf(asked) : 0);
})();
