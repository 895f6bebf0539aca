/* The hour board by keyboard; what a reader types does not get here (reader.js).
   Without script everything is there as links and buttons. */
const TOGETHER = 1000;
const REFERENCE_SIGN = /^[2346789ABCDEFGHJKMNPQRTUVWXYabcdefghjkmnpqrtuvwxy-]$/;
const panel = document.querySelector("[data-opened]");
const visit = document.querySelector("[data-visit]");
const find = document.querySelector("#find");
let digits = "";
let lastDigitAt = 0;
let undo = () => {};

/* Whether something stands in the form that is not sent yet; hours.js reads it, too. */
const isDirty = () => Boolean(visit?.hasAttribute("data-dirty"));
const setDirty = (value) => visit?.toggleAttribute("data-dirty", value);

/* The reason a case is not issued is chosen beside its mark. */
const lines = () => [...document.querySelectorAll("[data-outcome] [data-order]")];
const box = (line) => line.querySelector("input[type=checkbox]");
const reason = (line) => line.querySelector("select");

function count() {
  const word = document.querySelector("[data-main-word]");
  if (!word) {
    return;
  }
  const all = lines();
  const kept = all.filter((line) => box(line).checked).length;
  word.textContent = kept
    ? word.dataset.some.replace("{issued}", all.length - kept)
    : word.dataset.all;
  const sum = document.querySelector("[data-issued]");
  const { issued, kept: notIssued, unit } = sum.dataset;
  sum.textContent = `${issued}${all.length - kept}${unit}　${notIssued}${kept}${unit}`;
  sum.hidden = kept === 0;
}

function mark(event) {
  setDirty(true);
  digits = "";
  const line = event.target.closest("[data-order]");
  if (line && event.target === box(line)) {
    if (box(line).checked) {
      reason(line).focus();
    } else {
      reason(line).value = "";
    }
  }
  count();
}

function toSearch(words) {
  digits = "";
  find.value = words;
  find.focus();
}

/* Two digits one after the other are one number. */
function goToCase(key, at) {
  digits = (at - lastDigitAt < TOGETHER && digits.length < 2 ? digits : "") + key;
  lastDigitAt = at;
  const line = lines().find((one) => one.dataset.order === digits)
    || lines().find((one) => one.dataset.order === key);
  if (line) {
    box(line).focus();
    line.scrollIntoView({ block: "nearest" });
  }
}

/* Choose the reason with this number. */
function chooseReason(select, number) {
  digits = "";
  if (number > 0 && number < select.options.length) {
    select.selectedIndex = number;
    setDirty(true);
    box(select.closest("[data-order]")).focus();
  }
}

/* Digits act at once, a Space does, and a read may begin with either: what they did is undone. */
function remember() {
  const [wasDirty, marks] = [isDirty(), lines().map((one) => [one, box(one).checked, reason(one).value])];
  undo = () => {
    marks.forEach(([one, isTicked, why]) => {
      box(one).checked = isTicked;
      reason(one).value = why;
    });
    setDirty(wasDirty);
    count();
  };
}

function press(key) {
  const button = visit?.querySelector(`[data-key="${key}"]`);
  if (button) {
    digits = "";
    button.click();
  }
  return Boolean(button);
}

/* Somebody who speaks to the computer, or rests on the keys, can do without single keys. */
const OFF = "uketori-counter-keys-off";
const isOff = () => localStorage.getItem(OFF) === "1";

function offerChoice() {
  const choice = document.querySelector("[data-keys-choice]");
  const off = document.querySelector("[data-keys-off]");
  if (choice && off) {
    choice.hidden = false;
    off.checked = isOff();
    off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : "0"));
  }
}

function pressed(event) {
  const { key, target } = event;
  if (isOff() || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
    return;
  }
  if (key === "Escape" && panel) {
    window.location.assign(panel.dataset.close);
    return;
  }
  if (target.matches("input:not([type=checkbox]), textarea")) {
    return;
  }
  if (handled(event)) {
    event.preventDefault();
  }
}

function handled({ key, target, timeStamp }) {
  const line = target.closest("[data-order]");
  if (key === "Enter") {
    return Boolean(line) && press("Z");
  }
  if (key === "Delete") {
    return press(key);
  }
  if (key === "/") {
    toSearch("");
    return true;
  }
  if (!/^[0-9]$/.test(key)) {
    return false;
  }
  if (panel && line && target === reason(line)) {
    chooseReason(target, Number(key));
  } else if (panel) {
    goToCase(key, timeStamp);
  } else {
    toSearch(key);
  }
  return true;
}

/* One letter, and nothing that followed it as fast as only a reader types. */
function pressedAlone({ detail: { key } }) {
  if (!isOff() && !press(key.toUpperCase()) && REFERENCE_SIGN.test(key)) {
    toSearch(key);
  }
}

document.addEventListener("keydown", pressed);
document.addEventListener("uketori:key", pressedAlone);
document.addEventListener("uketori:burst", remember);
document.addEventListener("uketori:read", () => undo());
visit?.addEventListener("change", mark);
visit?.addEventListener("input", () => {
  setDirty(true);
});
visit?.addEventListener("submit", () => {
  setDirty(false);
});
window.addEventListener("beforeunload", (event) => {
  if (isDirty()) {
    event.preventDefault();
  }
});
offerChoice();
count();
