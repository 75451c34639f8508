// The large-text switch: remembered in a cookie, which the server reads when it writes the page.
document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-large-text]")
  if (!toggle) return
  const root = document.documentElement
  const large = root.dataset.text !== "large"
  if (large) root.dataset.text = "large"
  else delete root.dataset.text
  toggle.setAttribute("aria-checked", String(large))
  document.cookie = `nx_text=${large ? "large" : ""}; path=/; max-age=31536000; samesite=lax`
})
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print()
})
