// The verification list. Results are kept in the browser first and sent behind: nothing is lost without a network.
// Kept are the check's id, the result, remark and corrections, until the server has acknowledged them; never a
// number that was opened to call it.
import { queue as openQueue, uuid } from "./lib/queue.js"

const bar = document.getElementById("sync")
const say = (name, n) => (bar.dataset[name] ?? "").replace("{n}", n)
const toast = (text, level = "info") => document.dispatchEvent(new CustomEvent("nx:toast", { detail: { level, text } }))
const me = Number(bar?.dataset.user)
const cards = new Map([...document.querySelectorAll("[data-check]")].map((card) => [card.dataset.check, card]))
const store = bar ? openQueue() : null // a promise

// --- the form of one person ------------------------------------------------------------------------------------

function openForm(card) {
  if (card.dataset.read !== undefined || card.querySelector("form")) return
  if (card.dataset.result && card.dataset.result !== "unreachable") return // recorded; deleting it below opens it again
  const form = document.getElementById("check-form").content.firstElementChild.cloneNode(true)
  form.elements.kind.value = card.dataset.kind
  card.querySelector(".body").append(form)
  form.addEventListener("change", () => {
    form.querySelector(".fix").hidden = form.elements.result.value !== "corrected"
  })
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    save(card, form)
  })
}

function fault(form, text) {
  const place = form.querySelector("[data-error]")
  place.textContent = text
  place.hidden = !text
}

async function save(card, form) {
  const { kind, result, name, phone, remark } = form.elements
  const corrections = {}
  if (result.value === "corrected") {
    if (name.value.trim()) corrections.name = name.value.trim()
    if (phone.value.trim()) corrections.phone = phone.value.replace(/[\s-]/g, "")
    if (corrections.phone && !/^1\d{10}$/.test(corrections.phone) && !/^0\d{9,11}$/.test(corrections.phone))
      return fault(form, say("msgPhone"))
    if (!Object.keys(corrections).length && !remark.value.trim()) return fault(form, say("msgNothing"))
  }
  fault(form, "")
  const item = {
    client_key: uuid(), user: me, check: card.dataset.check, kind: kind.value, result: result.value,
    at: new Date().toISOString(), remark: remark.value.trim(), corrections,
  }
  await (await store).put(item)
  form.remove()
  card.open = false
  mark(card, "queued", item.result)
  const following = [...cards.values()].find((c) => !c.dataset.result && c.dataset.read === undefined
    && card.compareDocumentPosition(c) & Node.DOCUMENT_POSITION_FOLLOWING)
  following?.querySelector("summary").focus()
  await draw()
  sync()
}

function label(result) {
  return document.getElementById("check-form").content.querySelector(`[name=result][value="${result}"]`)?.parentElement.textContent.trim() ?? result
}

function mark(card, state, result) {
  const place = card.querySelector("[data-state]")
  const badge = document.getElementById(`state-${state}`).content.cloneNode(true)
  badge.firstElementChild.textContent = `${label(result)} · ${badge.firstElementChild.textContent}`
  place.replaceChildren(badge)
  card.dataset.result = result
  if (state === "sent" && result !== "unreachable") {
    card.dataset.read = ""
    card.querySelector(".dial")?.remove()
  }
}

function unmark(card) {
  card.querySelector("[data-state]").replaceChildren()
  delete card.dataset.result
  if (card.open) openForm(card)
}

// --- calling ---------------------------------------------------------------------------------------------------

async function call(button) {
  const error = button.parentElement.querySelector("[data-callerror]")
  error.textContent = ""
  button.disabled = true
  try {
    const { token } = await fresh()
    const answer = await fetch(button.dataset.call, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" })
    const body = await answer.json()
    if (!answer.ok) throw new Error(body.message)
    const link = document.createElement("a")
    link.href = `tel:${body.number}`
    link.className = button.className
    link.textContent = body.number
    button.replaceWith(link)
    link.click()
    // the number goes from the screen with the card
    link.closest("details").addEventListener("toggle", () => { button.disabled = false; link.replaceWith(button) }, { once: true })
  } catch (problem) {
    error.textContent = problem instanceof TypeError ? say("msgNonet") : problem.message
    button.disabled = false
  }
}

// --- sending ---------------------------------------------------------------------------------------------------

class SignedOut extends Error {}

/** A token for now: the page may be older than the session. */
async function fresh() {
  const answer = await fetch(bar.dataset.token, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(20000) })
  if (answer.type === "opaqueredirect" || !(answer.headers.get("Content-Type") ?? "").includes("json"))
    throw answer.status >= 500 ? new TypeError("server") : new SignedOut(say("msgSignin"))
  return answer.json()
}

let state = "" // "", sending, offline, signin, failed
let running = null
let again = false

function sync() {
  if (running) {
    again = true
    return running
  }
  running = (navigator.locks ? navigator.locks.request("nuanxin-checks", send) : send()).finally(() => {
    running = null
    if (again) {
      again = false
      sync()
    }
  })
  return running
}

async function send() {
  const db = await store
  const items = (await db.all()).filter((i) => i.user === me && !i.refused).slice(0, Number(bar.dataset.most))
  if (!items.length) return draw("")
  await draw("sending")
  try {
    const { token, user } = await fresh()
    if (user !== me) throw new SignedOut()
    const answer = await fetch(bar.dataset.sync, {
      method: "POST", redirect: "manual", signal: AbortSignal.timeout(60000),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ now: new Date().toISOString(), reports: items.map(({ user: _u, refused: _r, ...report }) => report) }),
    })
    if (answer.type === "opaqueredirect") throw new SignedOut()
    if (!answer.ok) return draw("failed")
    const { results, notice } = await answer.json()
    let retry = false
    for (const result of results) {
      const item = items.find((i) => i.client_key === result.client_key)
      const card = cards.get(item?.check)
      if (result.status === "ok") {
        await db.remove(result.client_key)
        if (card) mark(card, "sent", item.result)
      } else if (result.status === "refused" && item) await db.put({ ...item, refused: result.message })
      else retry = true
    }
    if (notice) toast(notice, "warning")
    if (results.length === items.length && !retry && items.length === Number(bar.dataset.most)) again = true
    return draw(retry ? "failed" : "")
  } catch (problem) {
    return draw(problem instanceof SignedOut ? "signin" : navigator.onLine ? "failed" : "offline")
  }
}

// --- what waits ------------------------------------------------------------------------------------------------

async function draw(now = state) {
  const before = state
  state = now
  const db = await store
  const all = await db.all()
  const mine = all.filter((i) => i.user === me)
  const refused = mine.filter((i) => i.refused)
  const others = all.length - mine.length
  bar.hidden = !all.length && !(before === "sending" && !mine.length)
  bar.className = `nx-sync ${refused.length || state === "signin" ? "bad" : mine.length ? "wait" : "good"}`
  bar.querySelector("[data-count]").textContent = mine.length ? say("msgWaiting", mine.length) : others ? "" : say("msgSent")
  const words = { sending: say("msgSending"), offline: say("msgOffline"), signin: say("msgSignin"), failed: say("msgFailed") }
  const texts = [mine.length ? words[navigator.onLine || state === "signin" ? state : "offline"] : ""]
  if (refused.length) texts.unshift(say("msgRefused", refused.length))
  if (others) texts.push(say("msgOther", others))
  if (mine.length && !db.lasting) texts.push(say("msgNostore"))
  bar.querySelector("[data-text]").textContent = texts.filter(Boolean).join("；")
  bar.querySelector("[data-now]").hidden = !mine.length || state === "sending" || state === "signin"
  bar.querySelector("[data-signin]").hidden = state !== "signin"
  const model = document.getElementById("sync-item").content.firstElementChild
  bar.querySelector("[data-items]").replaceChildren(
    ...mine.map((item) => {
      const line = model.cloneNode(true)
      const card = cards.get(item.check)
      line.querySelector("[data-name]").textContent = card?.dataset.name ?? say("msgElsewhere")
      line.querySelector("[data-result]").textContent = label(item.result)
      line.querySelector("[data-message]").textContent = item.refused ?? ""
      line.classList.toggle("refused", Boolean(item.refused))
      line.querySelector("[data-delete]").addEventListener("click", async () => {
        await db.remove(item.client_key)
        if (card) unmark(card)
        draw()
      })
      return line
    }),
  )
}

if (bar) {
  for (const card of cards.values()) card.addEventListener("toggle", () => card.open && openForm(card))
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-call]")
    if (button) call(button)
    if (event.target.closest("[data-now]")) sync()
  })
  store.then(async (db) => {
    for (const item of await db.all()) if (item.user === me && cards.has(item.check)) mark(cards.get(item.check), "queued", item.result)
    await draw()
    sync()
  })
  addEventListener("online", () => sync())
  addEventListener("offline", () => draw())
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sync())
  setInterval(async () => {
    const db = await store
    if (navigator.onLine && (await db.all()).some((i) => i.user === me && !i.refused)) sync()
  }, 30000)
}
