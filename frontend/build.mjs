// Builds frontend/dist with stable names; Django's manifest storage adds the hashes.
//
//   console.css  Tabler (only the rules that our templates use) + tokens + console
//   phone.css    WeUI (likewise) + tokens + phone
//   print.css    A4
//   console.js, phone.js   htmx and the small scripts of src/lib
//   pairs.js, checks.js    what one screen needs beside console.js
//   icons.svg    a sprite of the Tabler icons that templates name: icon("name"), icon="name", src/icons.txt
//
// A template that uses a class or an icon for the first time needs a new build.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, watch, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build, transform } from "esbuild"
import { PurgeCSS } from "purgecss"
import { plainColours } from "./colours.mjs"

const HERE = dirname(fileURLToPath(import.meta.url))
const HOUSE = join(HERE, "..", "nuanxin")
const DIST = join(HERE, "dist")
const TARGET = ["chrome111", "firefox113", "safari16.4"]

/** All files below a folder whose name ends in one of the endings. */
function* walk(folder, endings) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && entry.name !== "__pycache__") yield* walk(path, endings)
    } else if (endings.some((e) => entry.name.endsWith(e))) yield path
  }
}

function sources() {
  return [
    ...walk(join(HOUSE, "web"), [".html", ".py"]),
    ...walk(join(HERE, "src"), [".js"]),
  ].map((path) => ({ path, raw: readFileSync(path, "utf8") }))
}

/** The rules of a library's style sheet that our templates can use. */
async function used(file, content) {
  const css = plainColours(readFileSync(join(HERE, "node_modules", file), "utf8"))
  const [result] = await new PurgeCSS().purge({
    css: [{ raw: css }],
    content: content.map(({ raw, path }) => ({ raw, extension: path.split(".").pop() })),
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_:/.-]+[A-Za-z0-9_:/-]/g) ?? [],
    // these are put together at run time: badge colours, columns, buttons
    safelist: {
      standard: [/^btn-/, /^bg-.*-lt$/, /^text-(bg-)?[a-z]+$/, /^alert/, /^badge/, /^col-/, /^row/, /^[mpg][tbxyse]?-\d$/,
        /^d-/, /^form-/, /^input-/, /^is-invalid/, /^invalid-/, /^card/, /^table/, /^steps?/, /^list-/, /^fw-/, /^w-\d/],
    },
    variables: false,
    keyframes: true,
    fontFace: true,
  })
  return result.css
}

function iconNames(content) {
  const names = new Set()
  for (const line of readFileSync(join(HERE, "src", "icons.txt"), "utf8").split(/\s+/)) if (line) names.add(line)
  const patterns = [/\bicon\(\s*["']([a-z0-9-]+)["']/g, /\bicon\s*[=:]\s*["']([a-z0-9-]+)["']/g]
  for (const { raw } of content)
    for (const pattern of patterns) for (const [, name] of raw.matchAll(pattern)) names.add(name)
  return [...names].sort()
}

function sprite(content) {
  const folder = join(HERE, "node_modules", "@tabler", "icons", "icons")
  const missing = []
  const symbols = iconNames(content).map((name) => {
    const file = [join(folder, "outline", `${name}.svg`), join(folder, "filled", `${name.replace(/-filled$/, "")}.svg`)]
    const found = file.find((f) => existsSync(f))
    if (!found) {
      missing.push(name)
      return ""
    }
    const body = readFileSync(found, "utf8").replace(/<!--[\s\S]*?-->/g, "")
    const inner = body.slice(body.indexOf(">", body.indexOf("<svg")) + 1, body.lastIndexOf("</svg>")).trim()
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, "")}</symbol>`
  })
  if (missing.length) console.error(`icons unknown to @tabler/icons: ${missing.join(", ")}`)
  if (missing.length) process.exitCode = 1
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`
}

const put = (name, text) => {
  // whole or not at all: a server that reads while we build never sees half a file
  writeFileSync(join(DIST, `.${name}`), text)
  renameSync(join(DIST, `.${name}`), join(DIST, name))
}

async function style(name, library, content) {
  const own = await build({ entryPoints: [join(HERE, "src", `${name}.css`)], bundle: true, write: false, target: TARGET })
  const base = library ? await used(library, content) : ""
  const result = await transform(base + own.outputFiles[0].text, { loader: "css", minify: true, target: TARGET })
  put(`${name}.css`, result.code)
}

async function script(name) {
  const result = await build({
    entryPoints: [join(HERE, "src", `${name}.js`)], bundle: true, minify: true, write: false, target: TARGET, format: "iife",
  })
  put(`${name}.js`, result.outputFiles[0].text)
}

async function all() {
  const started = Date.now()
  mkdirSync(DIST, { recursive: true })
  const content = sources()
  await Promise.all([
    style("console", "@tabler/core/dist/css/tabler.min.css", content),
    style("phone", "weui/dist/style/weui.min.css", content),
    style("print", null, content),
    script("console"),
    script("phone"),
    script("pairs"), // only on the review queue
    script("checks"), // only on the verification list
  ])
  put("icons.svg", sprite(content))
  for (const name of readdirSync(DIST)) if (name.startsWith(".")) rmSync(join(DIST, name))
  const sizes = readdirSync(DIST).map((n) => `${n} ${Math.round(readFileSync(join(DIST, n)).length / 1024)}K`)
  console.log(`frontend/dist: ${sizes.join(", ")} (${Date.now() - started} ms)`)
}

await all()
if (process.argv.includes("--watch")) {
  let timer
  for (const folder of [join(HERE, "src"), join(HOUSE, "web")])
    watch(folder, { recursive: true }, () => {
      clearTimeout(timer)
      timer = setTimeout(() => all().catch((error) => console.error(error.message)), 150)
    })
}
