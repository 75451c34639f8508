// htmx under our Content-Security-Policy: no eval, no style element, no page kept in the browser's storage.
import htmx from "htmx.org"

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages show personal data: they are asked for anew, never stored
  refreshOnHistoryMiss: true,
  defaultSwapStyle: "outerHTML",
  scrollIntoViewOnBoost: false,
  timeout: 60000,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true }, // a form with its errors
    { code: "[45]..", swap: false, error: true },
  ],
})
window.htmx = htmx

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? ""

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token()
})

const say = (name) => document.documentElement.dataset[name] ?? ""
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status
  const text = status === 404 ? say("msgGone") : status === 403 ? say("msgForbidden") : say("msgError")
  document.dispatchEvent(new CustomEvent("nx:toast", { detail: { level: "error", text } }))
})
for (const name of ["htmx:sendError", "htmx:timeout"])
  document.addEventListener(name, () =>
    document.dispatchEvent(new CustomEvent("nx:toast", { detail: { level: "error", text: say("msgOffline") } })),
  )

export default htmx
