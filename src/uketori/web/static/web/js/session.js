/* Says in time that the page is about to end, and lengthens it without leaving it.
   Without script the line at the top tells the end, and its button works as a form; on a page with
   a draft it saves the draft. */
const live = document.querySelector("[data-session-warning]");
let timers = [];

const line = () => document.querySelector("[data-session]");

function show(name) {
  const template = line().querySelector(`[data-session-${name}]`);
  live.replaceChildren(template.content.cloneNode(true));
}

/* A sleeping computer stops timers: the moments are fixed, and looked at again on waking. */
function wait() {
  timers.forEach(clearInterval);
  const { secondsLeft, warnSeconds } = line().dataset;
  const end = Date.now() + Number(secondsLeft) * 1000;
  const moments = [[end - Number(warnSeconds) * 1000, "soon"], [end, "over"]];
  timers = [setInterval(look, 1000)];

  function look() {
    while (moments.length && moments[0][0] <= Date.now()) {
      show(moments.shift()[1]);
    }
  }
}

async function extend(form, button) {
  const body = new FormData(form);
  if (button?.name) {
    body.append(button.name, button.value);
  }
  const response = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-session]");
  if (response.ok && fresh) {
    line().replaceWith(fresh);
    live.replaceChildren();
    wait();
  } else {
    show(response.ok ? "over" : "failed");
  }
}

document.addEventListener("submit", (event) => {
  const keeps = event.submitter?.matches("[data-session-keep]");
  if (keeps || event.target.matches("[data-session-extend]")) {
    event.preventDefault();
    extend(event.target, event.submitter).catch(() => show("failed"));
  }
});

if (live && line()) {
  wait();
}
