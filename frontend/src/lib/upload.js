// <label class="nx-drop"> around a file field: drop a file on it, see its name and size.
const drop = (node) => node.closest?.(".nx-drop")

for (const name of ["dragenter", "dragover"])
  document.addEventListener(name, (event) => {
    if (!drop(event.target)) return
    event.preventDefault()
    drop(event.target).classList.add("over")
  })
document.addEventListener("dragleave", (event) => drop(event.target)?.classList.remove("over"))
document.addEventListener("drop", (event) => {
  const place = drop(event.target)
  if (!place) return
  event.preventDefault()
  place.classList.remove("over")
  const field = place.querySelector("input[type=file]")
  field.files = event.dataTransfer.files
  field.dispatchEvent(new Event("change", { bubbles: true }))
})
document.addEventListener("change", (event) => {
  const place = event.target.matches("input[type=file]") && drop(event.target)
  if (!place) return
  const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`)
  place.querySelector(".chosen").textContent = [...event.target.files].map((f) => `${f.name} · ${size(f.size)}`).join("　")
})
