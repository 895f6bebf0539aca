/* A column that is pasted into the field of one number: each line gets a row of its own.  A table
   goes where tables go.  Without script the browser puts blanks between the lines, and the server
   makes the rows; it does so with whatever finds no row here. */
const ROW = "input[name^='number-']";
const CORRECTION = "input[name^='new-number-']";
const BETWEEN = "、";

function put(field, text) {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function emptyBelow(field) {
  const rows = [...field.form.querySelectorAll(ROW)];
  return rows.slice(rows.indexOf(field) + 1).filter((row) => !row.value.trim());
}

function fill(rows, lines) {
  const last = Math.min(rows.length, lines.length) - 1;
  rows.slice(0, last).forEach((row, at) => put(row, lines[at]));
  put(rows[last], lines.slice(last).join(BETWEEN));
}

document.addEventListener("paste", (event) => {
  const field = event.target.closest(`${ROW}, ${CORRECTION}`);
  const text = event.clipboardData.getData("text/plain");
  const lines = text.split(/\r\n?|\n/).filter((line) => line.trim());
  if (!field || lines.length < 2) {
    return;
  }
  event.preventDefault();
  const table = field.form.querySelector("textarea[name=paste]");
  if (table && /[\t"]/.test(text)) {
    table.closest("details").open = true;
    put(table, text);
  } else {
    fill(field.matches(CORRECTION) ? [field] : [field, ...emptyBelow(field)], lines);
  }
});
