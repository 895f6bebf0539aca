/* The hour board by keyboard and by reader.  Without script everything is there as links and buttons. */
const TOGETHER = 1000;
const READER = 120;
const REFERENCE_SIGN = /^[2346789ABCDEFGHJKMNPQRTUVWXYabcdefghjkmnpqrtuvwxy-]$/;
const panel = document.querySelector("[data-opened]");
const visit = document.querySelector("[data-visit]");
const find = document.querySelector("#find");
let digits = "";
let recent = [];

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
  forgetDigits();
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

function forgetDigits() {
  digits = "";
  recent = [];
}

/* A reader types a reference wherever the focus is: it belongs to the search, and what its first
   digits did on the way is undone. */
function toSearch(signs) {
  signs.forEach((one) => one.undo?.());
  forgetDigits();
  find.value = signs.map((one) => one.key).join("");
  find.focus();
}

/* Every digit is kept for a moment, whatever it does: it may be the first sign of a reference.
   Three in a hurry are a reference being read. */
function typeDigit(key, at, select) {
  const pause = at - (recent.at(-1)?.at ?? 0);
  const sign = { key, at };
  recent = [...recent, sign].slice(-8);
  if (inAHurry(at).length > 2) {
    toSearch(inAHurry(at));
  } else if (select) {
    sign.undo = chooseReason(select, Number(key));
  } else {
    goToCase(key, pause);
  }
}

/* Two digits one after the other are one number. */
function goToCase(key, pause) {
  digits = (pause < TOGETHER && digits.length < 2 ? digits : "") + key;
  const line = lines().find((one) => one.dataset.order === digits)
    || lines().find((one) => one.dataset.order === key);
  if (line) {
    box(line).focus();
    line.scrollIntoView({ block: "nearest" });
  }
}

/* The digits that came just before this moment as fast as only a reader types.  Moments are those of
   the keys, not of their handling: a page that was busy must not tear a reference apart. */
function inAHurry(moment) {
  let begin = recent.length;
  for (let later = moment; begin > 0 && later - recent[begin - 1].at <= READER; begin -= 1) {
    later = recent[begin - 1].at;
  }
  return recent.slice(begin);
}

/* Choose the reason with this number; return how to undo it. */
function chooseReason(select, number) {
  digits = "";
  if (number < 1 || number >= select.options.length) {
    return null;
  }
  const [chosen, wasDirty] = [select.selectedIndex, isDirty()];
  select.selectedIndex = number;
  setDirty(true);
  box(select.closest("[data-order]")).focus();
  return () => {
    select.selectedIndex = chosen;
    setDirty(wasDirty);
  };
}

function press(key) {
  const button = visit?.querySelector(`[data-key="${key}"]`);
  if (button) {
    forgetDigits();
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
  if (target.matches("input:not([type=checkbox]), textarea, summary")) {
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
    toSearch([]);
    return true;
  }
  if (/^[0-9]$/.test(key) && panel) {
    typeDigit(key, timeStamp, line && target === reason(line) ? target : null);
    return true;
  }
  if (/^[a-z]$/i.test(key) && press(key.toUpperCase())) {
    return true;
  }
  if (REFERENCE_SIGN.test(key)) {
    toSearch([...inAHurry(timeStamp), { key }]);
    return true;
  }
  return false;
}

document.addEventListener("keydown", pressed);
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
