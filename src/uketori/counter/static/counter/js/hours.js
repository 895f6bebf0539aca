/* The hours of the board kept up to date, and a sentence where they are not.
   Without script the link 新しくする does the same. */
const EVERY = 20000;
const PATIENCE = 15000;
const MOST_TURNS_MISSED = 3;
const hours = document.querySelector("[data-hours]");
const find = document.querySelector("#find");
const stale = document.querySelector("[data-stale]");
let turnsMissed = 0;

/* What a failed search left in the field is nothing that somebody is typing. */
function isTyping() {
  const isSearching = find.value && find.value !== find.defaultValue;
  return Boolean(isSearching || document.querySelector("[data-visit][data-dirty]"));
}

/* Said once, in the words of the page, with the time that the hours show. */
function tell(why) {
  if (stale.dataset.told === why) {
    return;
  }
  stale.dataset.told = why;
  const words = document.querySelector(`[data-stale-why="${why}"]`)?.content.cloneNode(true);
  const sentence = words?.querySelector("[data-sentence]");
  if (sentence) {
    const { at } = hours.querySelector("[data-at]").dataset;
    sentence.textContent = sentence.textContent.replace("{at}", at);
  }
  stale.replaceChildren(...(words ? [words] : []));
}

/* The marks by which the element with the focus is found again, the nearest thing to it last. */
function marksOf(element) {
  const person = element.closest("li")?.querySelector("a");
  const fold = element.closest("details[id]");
  const act = element.getAttribute("formaction");
  return [
    act && `button[formaction="${act}"][value="${element.value}"]`,
    act && `button[formaction="${act}"]:not([value])`,
    element.matches("[data-refresh]") && "[data-refresh]",
    person && `a[href="${person.getAttribute("href")}"]`,
    fold && `#${fold.id} > summary`,
  ].filter(Boolean);
}

function keepFocus(change) {
  const focused = hours.contains(document.activeElement) ? document.activeElement : null;
  const marks = focused ? marksOf(focused) : [];
  change();
  if (focused && !focused.isConnected) {
    const found = marks.map((mark) => hours.querySelector(mark)).find(Boolean);
    (found || hours.querySelector("summary"))?.focus({ preventScroll: true });
  }
}

/* Only what differs is exchanged: what is being read or pressed stays the same element. */
function renew(old, fresh) {
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
  if (old.isEqualNode(fresh)) {
    return;
  }
  const isAlike = old.cloneNode(false).isEqualNode(fresh.cloneNode(false));
  if (isAlike && before.length === after.length && before.length > 0) {
    before.forEach((one, place) => renew(one, after[place]));
  } else {
    old.replaceWith(fresh);
  }
}

/* Folds stay as they are, but an hour that begins unfolds, and one where more people wait. */
function keepFolds(fresh) {
  for (const one of hours.querySelectorAll("details[id]")) {
    const next = fresh.querySelector(`#${one.id}`);
    const begins = next?.matches(".board__hour--now") && !one.matches(".board__hour--now");
    const fills = next && Number(next.dataset.waiting) > Number(one.dataset.waiting);
    if (next && !begins && !fills) {
      next.open = one.open;
    }
  }
}

function show(text) {
  const fresh = hours.cloneNode(false);
  fresh.append(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  keepFolds(fresh);
  const [before, after] = [[...hours.children], [...fresh.children]];
  keepFocus(() => {
    if (before.length === after.length) {
      before.forEach((one, place) => renew(one, after[place]));
    } else {
      hours.replaceChildren(...after);
    }
  });
}

async function ask() {
  const form = document.querySelector("[data-people]");
  const opened = form.querySelector("[name=opened]").value;
  const answer = await fetch(`${form.dataset.address}?opened=${opened}`, {
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.type === "opaqueredirect") {
    return "locked";
  }
  if (!answer.ok) {
    return "failed";
  }
  show(await answer.text());
  return "";
}

async function refresh() {
  if (document.hidden) {
    return;
  }
  if (isTyping()) {
    turnsMissed += 1;
    if (turnsMissed >= MOST_TURNS_MISSED && !stale.dataset.told) {
      tell("typing");
    }
    return;
  }
  turnsMissed = 0;
  tell(await ask().catch(() => "failed"));
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
