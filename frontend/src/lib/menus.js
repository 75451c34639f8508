// <details class="nx-menu"> closes on a click beside it and on Escape; only one is open at a time.
const open = () => document.querySelectorAll("details.nx-menu[open]")

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false
})
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return
  for (const menu of open()) {
    menu.open = false
    menu.querySelector("summary")?.focus()
  }
})
// a list with a search of its own: <input data-narrow> hides what does not contain the text
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-narrow]")) return
  const text = event.target.value.trim().toLowerCase()
  for (const item of event.target.closest(".panel").querySelectorAll("[data-word]"))
    item.hidden = Boolean(text) && !item.dataset.word.toLowerCase().includes(text)
})
