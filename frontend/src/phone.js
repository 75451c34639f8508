// The phone face: htmx, dialogs and toasts; a screen that works offline brings its own module.
import "./lib/htmx.js"
import "./lib/dialogs.js"
import "./lib/toasts.js"
import "./lib/preferences.js"
