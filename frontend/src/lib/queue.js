// What waits to be sent, in the browser's IndexedDB; in memory where the browser refuses one (`lasting` is false then).
const NAME = "nuanxin-checks"

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

async function open() {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => request.result.createObjectStore("queue", { keyPath: "client_key" })
  return done(request)
}

export async function queue() {
  try {
    const db = await open()
    // written is what its transaction has completed: a phone may be switched off any moment
    const write = (act) =>
      new Promise((resolve, reject) => {
        const transaction = db.transaction("queue", "readwrite")
        act(transaction.objectStore("queue"))
        transaction.oncomplete = () => resolve()
        transaction.onabort = transaction.onerror = () => reject(transaction.error)
      })
    return {
      lasting: true,
      all: async () => {
        const items = await done(db.transaction("queue", "readonly").objectStore("queue").getAll())
        return items.sort((a, b) => a.at.localeCompare(b.at))
      },
      put: (item) => write((store) => store.put(item)),
      remove: (key) => write((store) => store.delete(key)),
    }
  } catch {
    const items = new Map()
    return {
      lasting: false,
      all: async () => [...items.values()],
      put: async (item) => items.set(item.client_key, item),
      remove: async (key) => items.delete(key),
    }
  }
}

/** A random UUID; `crypto.randomUUID` is missing on plain http. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}
