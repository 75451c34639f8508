// <button data-dialog="id"> opens <dialog id>; data-close closes; data-confirm="…" asks before a form is sent.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]")
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog)
    if (dialog && !dialog.open) {
      event.preventDefault()
      for (const menu of document.querySelectorAll("details.nx-menu[open]")) menu.open = false
      dialog.showModal()
    }
    return
  }
  const closer = event.target.closest("dialog [data-close]")
  if (closer) {
    event.preventDefault()
    closer.closest("dialog").close()
  }
  if (event.target instanceof HTMLDialogElement) event.target.close() // the backdrop
})

let sure = null
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-confirm]")
    if (!button || button === sure) return
    const dialog = document.getElementById("nx-confirm")
    if (!dialog) return
    event.preventDefault()
    event.stopImmediatePropagation()
    dialog.querySelector("[data-text]").textContent = button.dataset.confirm
    const yes = dialog.querySelector("[data-yes]")
    yes.textContent = button.dataset.confirmYes || button.textContent.trim()
    yes.classList.toggle("btn-danger", button.hasAttribute("data-danger"))
    yes.classList.toggle("btn-primary", !button.hasAttribute("data-danger"))
    yes.onclick = () => {
      dialog.close()
      sure = button
      button.click()
      sure = null
    }
    dialog.showModal()
  },
  true,
)

// the first faulty field, or the summary, after an answer with errors
const toErrors = (root) => root.querySelector?.(".nx-errors")?.focus()
document.addEventListener("htmx:afterSettle", (event) => toErrors(event.target))
document.addEventListener("DOMContentLoaded", () => toErrors(document))
