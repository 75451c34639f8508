// / search · j k move · Enter opens · x selects · ? shows the keys
import { refresh } from "./table.js"

const typing = (node) => node.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog")
const rows = () => [...document.querySelectorAll(".nx-table tbody tr[data-key]")]

function move(step) {
  const all = rows()
  if (!all.length) return
  const at = all.findIndex((r) => r.classList.contains("here"))
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))]
  all.forEach((r) => r.classList.remove("here"))
  next.classList.add("here")
  const link = next.querySelector("a.main") ?? next.querySelector("input")
  link?.focus({ preventScroll: true })
  next.scrollIntoView({ block: "nearest" })
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return
  const here = document.querySelector(".nx-table tbody tr.here")
  switch (event.key) {
    case "/": {
      const field = document.querySelector(".nx-tbl input[name=q]") ?? document.querySelector(".nx-top input[name=q]")
      if (!field) return
      field.focus()
      field.select()
      break
    }
    case "j":
      move(1)
      break
    case "k":
      move(-1)
      break
    case "x": {
      const box = here?.querySelector(".pick .nx-check")
      if (!box) return
      box.checked = !box.checked
      refresh(box.closest(".nx-tbl"))
      break
    }
    case "Enter":
      if (!here?.dataset.href || event.target.closest("a, button, summary, input")) return
      location.assign(here.dataset.href)
      break
    case "?":
      document.getElementById("nx-keys")?.showModal()
      break
    default:
      return
  }
  event.preventDefault()
})
