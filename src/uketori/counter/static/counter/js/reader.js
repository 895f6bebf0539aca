/* What a reader reads goes to the search, wherever the focus is.

   To the page a reader is a keyboard: signs right after one another, Enter or Tab at the end.  So
   that none of them acts on the way, a letter is held back until it is sure that nothing follows:
   only then do the scripts that act upon single keys hear of it, as "uketori:key".  They hear
   "uketori:burst" when keys begin, and "uketori:read" when these turn out to be a read: whatever
   the first of them did is to be undone. */
const GAP = 120; // milliseconds: the keys of a read are nearer, those of a person mostly further apart
const HURRY = 50; // milliseconds from key to key over six keys: nobody types so fast
const SHORTEST = 6;
const REFERENCE = /^(?:[[\]][a-z]\d)?(?:[2-46-9a-hjkmnp-rt-y]{4}-?[2-46-9a-hjkmnp-rt-y]{4}){1,2}$/i;
const TYPED_INTO = "textarea, input:not([type=checkbox], [type=radio], [type=submit], [type=button])";
const find = document.querySelector("#find");
let signs = [];
let begun = null;
let held = 0;

/* With Japanese input on, the browser tells which keys were pressed, and not their signs. */
function signOf({ key, code, isComposing }) {
  if (!isComposing && key !== "Process") {
    return key.length === 1 ? key : "";
  }
  const others = { Minus: "-", NumpadSubtract: "-", BracketRight: "]" };
  return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code)?.[1] ?? others[code] ?? "";
}

const isEnd = ({ key, code }) => [key, code].some((one) => /^(?:Numpad)?Enter$|^Tab$/.test(one));
const isRunning = ({ timeStamp }) => signs.length > 0 && timeStamp - signs.at(-1).at <= GAP;
const text = () => signs.map((one) => one.sign).join("");

/* In a field only what is no person's typing is a read: by its speed, or by its shape. */
function isRead() {
  const took = signs.at(-1).at - signs[0].at;
  return signs.length >= SHORTEST
    && (took <= HURRY * (signs.length - 1) || REFERENCE.test(text()));
}

function gather(sign, event) {
  const { target, timeStamp } = event;
  if (!isRunning(event)) {
    signs = [];
    begun = target.matches(TYPED_INTO) ? { field: target, value: target.value } : null;
    document.dispatchEvent(new Event("uketori:burst"));
  }
  signs.push({ sign, at: timeStamp });
}

function forget() {
  clearTimeout(held);
  signs = [];
}

function consume(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function toSearch() {
  clearTimeout(held);
  if (begun && begun.field !== find) {
    begun.field.value = begun.value;
  }
  document.dispatchEvent(new Event("uketori:read"));
  find.value = text();
  find.focus();
}

/* A page that was busy has keys waiting that it has not heard of: it listens once more. */
function release(one) {
  const late = performance.now() - one.due;
  if (late > GAP) {
    hold(one);
  } else {
    forget();
    const { key, target } = one;
    target.dispatchEvent(new CustomEvent("uketori:key", { bubbles: true, detail: { key } }));
  }
}

function hold({ key, target }) {
  held = setTimeout(release, GAP, { key, target, due: performance.now() + GAP });
}

/* A letter and whatever follows in a hurry is a read; of digits two may be somebody's number, and a
   Space after them is their mark on that case. */
function outsideOfFields(sign, event) {
  const isNumber = /^[\d ]*$/.test(text());
  const count = isNumber ? text().replaceAll(" ", "").length - 1 : signs.length;
  const marks = isNumber && event.target.matches("[type=checkbox]");
  clearTimeout(held);
  if (count >= 2) {
    consume(event);
    toSearch();
  } else if (sign === " " && !marks) {
    consume(event);
  } else if (/^[a-z[\]+]$/i.test(sign)) {
    consume(event);
    hold(event);
  }
}

/* The end of a read presses nothing, whatever has the focus. */
function ended(event) {
  const isTyped = event.target.matches(TYPED_INTO);
  if (isRunning(event) && isTyped && isRead()) {
    consume(event);
    toSearch();
    find.form.requestSubmit();
  } else if (isRunning(event) && !isTyped) {
    consume(event);
  }
  forget();
}

function pressed(event) {
  const sign = signOf(event);
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) {
    forget();
  } else if (isEnd(event)) {
    ended(event);
  } else if (sign && (sign !== " " || isRunning(event))) {
    gather(sign, event);
    if (!event.target.matches(TYPED_INTO)) {
      outsideOfFields(sign, event);
    }
  }
}

if (find) {
  window.addEventListener("keydown", pressed, { capture: true });
}
