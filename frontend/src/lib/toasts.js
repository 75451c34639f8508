// Toasts go by themselves, except errors; a pointer on them keeps them.
const STAY = 6000

function arm(toast) {
  if (toast.dataset.armed) return
  toast.dataset.armed = "1"
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove())
  if (toast.classList.contains("error")) return
  let timer = setTimeout(() => toast.remove(), STAY)
  for (const on of ["mouseenter", "focusin"]) toast.addEventListener(on, () => clearTimeout(timer))
  for (const off of ["mouseleave", "focusout"])
    toast.addEventListener(off, () => (timer = setTimeout(() => toast.remove(), STAY)))
}
const armAll = () => document.querySelectorAll(".nx-toast").forEach(arm)
document.addEventListener("DOMContentLoaded", armAll)
document.addEventListener("htmx:afterSettle", armAll)

document.addEventListener("nx:toast", (event) => {
  const place = document.getElementById("nx-toasts")
  const model = document.getElementById("nx-toast-model")
  if (!place || !model) return
  const toast = model.content.firstElementChild.cloneNode(true)
  toast.classList.add(event.detail.level || "info")
  toast.querySelector("[data-text]").textContent = event.detail.text
  place.append(toast)
  arm(toast)
})
