// The review queue: a decision shows the next pair at once (it is fetched beforehand) and is sent behind it.
const stage = document.getElementById("pair-stage")
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? ""
const toast = (text, level = "info") => document.dispatchEvent(new CustomEvent("nx:toast", { detail: { level, text } }))
const typing = (node) => node.closest?.("input, textarea, select, [contenteditable]")

const decided = [] // what this person has decided on this page, the last at the end: {id, sent}
const undoButton = document.querySelector('[data-do="undo"]')
const counter = document.querySelector("[data-left]:not(#pair-stage)")
const done = stage?.querySelector("[data-done]")
let left = Number(stage?.dataset.left ?? 0)
let ahead = null // {after, card: Promise<Element|null>}

const current = () => stage.querySelector("[data-pair]")
const id = (card) => card.dataset.pair

function count(change) {
  left = Math.max(0, left + change)
  counter.textContent = left.toLocaleString("en")
  undoButton.disabled = !decided.length
}

function parse(html) {
  const box = document.createElement("template")
  box.innerHTML = html
  return box.content.querySelector("[data-pair]")
}

async function ask(url, options = {}) {
  const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", ...options,
    headers: { "X-Requested-With": "fetch", ...(options.method ? { "X-CSRFToken": token() } : {}) } })
  if (answer.type === "opaqueredirect") throw new Error(stage.dataset.msgSignin)
  return answer
}

function fetchBehind(card) {
  const seen = decided.slice(-60).map((d) => d.id)
  const query = new URLSearchParams({ after: id(card), seen: seen.join(",") })
  const found = ask(`${stage.dataset.next}?${query}`)
    .then(async (answer) => (answer.status === 200 ? parse(await answer.text()) : null))
    .catch(() => undefined) // undefined: not known, ask again when it is needed
  ahead = { after: id(card), card: found }
}

function show(card) {
  const before = current()
  if (before) before.remove()
  done.hidden = Boolean(card)
  if (!card) return
  stage.prepend(card)
  card.focus({ preventScroll: true })
  window.scrollTo({ top: 0 })
  fetchBehind(card)
}

async function behind(card) {
  if (ahead?.after !== id(card)) fetchBehind(card)
  let found = await ahead.card
  if (found === undefined) {
    fetchBehind(card)
    found = await ahead.card
  }
  return found
}

let busy = false
async function decide(same) {
  const card = current()
  if (!card || busy) return
  busy = true
  const entry = { id: id(card) }
  decided.push(entry)
  count(-1)
  entry.sent = send(entry, card, same)
  const next = await behind(card)
  if (next === undefined) await entry.sent
  if (current() === card) show(next ?? null)
  busy = false
}

async function send(entry, card, same) {
  let text = ""
  try {
    const answer = await ask(stage.dataset.decide.replace("/0/", `/${entry.id}/`), {
      method: "POST", body: new URLSearchParams({ same: same ? "1" : "0" }),
    })
    if (answer.ok) return true
    text = answer.status === 409 ? await answer.text() : document.documentElement.dataset[answer.status === 404 ? "msgGone" : "msgError"]
    if (answer.headers.get("X-Code") === "decided" || answer.headers.get("X-Code") === "gone" || answer.status === 404) {
      forget(entry)
      toast(text, "warning")
      return false
    }
  } catch (error) {
    text = error instanceof TypeError ? stage.dataset.msgLost : error.message
  }
  forget(entry)
  count(+1)
  toast(text, "error")
  show(card) // the question comes back: it has no answer yet
  return false
}

function forget(entry) {
  const at = decided.indexOf(entry)
  if (at >= 0) decided.splice(at, 1)
  undoButton.disabled = !decided.length
}

async function skip() {
  const card = current()
  if (!card || busy) return
  busy = true
  const next = await behind(card)
  if (next) show(next)
  else toast(stage.dataset.msgLast)
  busy = false
}

async function undo() {
  if (busy || !decided.length) return
  busy = true
  const entry = decided[decided.length - 1]
  try {
    if (await entry.sent) {
      const answer = await ask(stage.dataset.undo.replace("/0/", `/${entry.id}/`), { method: "POST" })
      if (answer.ok) {
        forget(entry)
        count(+1)
        show(parse(await answer.text()))
        toast(stage.dataset.msgUndone, "success")
      } else toast(answer.status === 409 ? await answer.text() : document.documentElement.dataset.msgError, "error")
    }
  } catch (error) {
    toast(error instanceof TypeError ? document.documentElement.dataset.msgOffline : error.message, "error")
  }
  busy = false
}

const act = { same: () => decide(true), distinct: () => decide(false), skip, undo }
const KEYS = { s: "same", 1: "same", d: "distinct", 2: "distinct", k: "skip", ArrowRight: "skip", u: "undo" }

if (stage) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]")
    if (!button || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    act[button.dataset.do]()
  })
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return
      if (typing(event.target) || document.querySelector("dialog[open]")) return
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
      if (key === "?") document.getElementById("pair-keys").showModal()
      else if (KEYS[key]) act[KEYS[key]]()
      else return
      event.preventDefault()
      event.stopImmediatePropagation()
    },
    true,
  )
  if (current()) fetchBehind(current())
}
