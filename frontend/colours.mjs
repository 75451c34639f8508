// Tabler writes colours as oklch() and light-dark(); browsers in district offices are often older than that.
// The light theme is the only one here, so both can be worked out while building.

/** The end (exclusive) of the bracket that opens at `start`. */
function closing(text, start) {
  let depth = 0
  for (let i = start; i < text.length; i++) {
    if (text[i] === "(") depth++
    else if (text[i] === ")" && --depth === 0) return i + 1
  }
  return text.length
}

function lightOnly(css) {
  let at
  while ((at = css.lastIndexOf("light-dark(")) >= 0) {
    const open = at + "light-dark".length
    const end = closing(css, open)
    const inner = css.slice(open + 1, end - 1)
    let depth = 0
    let comma = inner.length
    for (let i = 0; i < inner.length; i++) {
      if (inner[i] === "(") depth++
      else if (inner[i] === ")") depth--
      else if (inner[i] === "," && depth === 0) {
        comma = i
        break
      }
    }
    css = css.slice(0, at) + inner.slice(0, comma).trim() + css.slice(end)
  }
  return css
}

function hex(lightness, chroma, hue) {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  const channel = (x) => {
    const v = Math.min(1, Math.max(0, x))
    const g = v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055
    return Math.round(g * 255).toString(16).padStart(2, "0")
  }
  return `#${linear.map(channel).join("")}`
}

export function plainColours(css) {
  return lightOnly(css).replace(
    /oklch\(\s*([\d.]+)(%?)\s+([\d.]+)\s+([\d.]+)(?:deg)?\s*\)/g,
    (_, l, percent, c, h) => hex(percent ? l / 100 : Number(l), Number(c), Number(h)),
  )
}
