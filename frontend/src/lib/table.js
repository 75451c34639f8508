// Selection, row click and the moving of columns in the tables of shared/table.html.
const tableOf = (node) => node.closest(".nx-tbl")
const boxes = (table) => [...table.querySelectorAll("tbody .pick .nx-check")]

export function refresh(table) {
  const all = boxes(table)
  const picked = all.filter((b) => b.checked).length
  const head = table.querySelector("thead .pick .nx-check")
  if (head) {
    head.checked = picked > 0 && picked === all.length
    head.indeterminate = picked > 0 && picked < all.length
  }
  const everything = table.querySelector("[data-everything]")
  if (everything && picked < all.length) everything.value = ""
  const whole = Boolean(everything?.value)
  const count = table.querySelector("[data-picked]")
  if (count) count.textContent = whole ? count.dataset.all : count.dataset.picked.replace("0", String(picked))
  const more = table.querySelector("[data-pick-all]")
  if (more) more.hidden = whole || picked < all.length
}

let last = null
document.addEventListener("click", (event) => {
  const box = event.target.closest(".pick .nx-check")
  if (box) {
    const table = tableOf(box)
    const all = boxes(table)
    if (box.closest("thead")) for (const b of all) b.checked = box.checked
    else if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b)
      for (const b of all.slice(from, to + 1)) b.checked = box.checked
    }
    last = box
    refresh(table)
    return
  }
  const pickAll = event.target.closest("[data-pick-all]")
  if (pickAll) {
    const table = tableOf(pickAll)
    table.querySelector("[data-everything]").value = "1"
    refresh(table)
    return
  }
  const none = event.target.closest("[data-pick-none]")
  if (none) {
    const table = tableOf(none)
    for (const b of boxes(table)) b.checked = false
    refresh(table)
    return
  }
  // a row opens on a click, unless something in it was meant or text is being copied
  const row = event.target.closest("tr[data-href]")
  if (!row || event.target.closest("a, button, input, label, summary, select, textarea, .pick")) return
  if (String(getSelection())) return
  if (event.metaKey || event.ctrlKey) window.open(row.dataset.href, "_blank", "noopener")
  else location.assign(row.dataset.href)
})

// searches of tables with personal data go in the body, never in the address: the form says method="post"
document.addEventListener("htmx:afterSettle", (event) => {
  for (const table of document.querySelectorAll(".nx-tbl")) if (table.contains(event.target) || event.target.contains(table)) refresh(table)
})

// columns: ↑ and ↓ beside each name in the menu
document.addEventListener("click", (event) => {
  const mover = event.target.closest("[data-move]")
  if (!mover) return
  event.preventDefault()
  const line = mover.closest("[data-column]")
  const other = mover.dataset.move === "up" ? line.previousElementSibling : line.nextElementSibling
  if (!other?.matches("[data-column]")) return
  mover.dataset.move === "up" ? other.before(line) : other.after(line)
  mover.focus()
  line.querySelector("input").dispatchEvent(new Event("change", { bubbles: true }))
})

// search while typing; a word that is still being composed (pinyin input) is no search yet
let timer
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-search]") || event.isComposing) return
  const form = event.target.form
  clearTimeout(timer)
  timer = setTimeout(() => form.dispatchEvent(new CustomEvent("nx:search", { bubbles: true })), 300)
})
document.addEventListener("compositionend", (event) => {
  if (event.target.matches("[data-search]")) event.target.dispatchEvent(new InputEvent("input", { bubbles: true }))
})
// leaving the field is no change: the search has run already
document.addEventListener("change", (event) => event.target.matches("[data-search], [data-narrow], [data-local]") && event.stopPropagation(), true)
