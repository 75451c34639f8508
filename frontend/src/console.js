// The console's scripts. Every screen works without them; they make it quick.
import "./lib/htmx.js"
import "./lib/menus.js"
import "./lib/dialogs.js"
import "./lib/toasts.js"
import "./lib/table.js"
import "./lib/keyboard.js"
import "./lib/upload.js"
import "./lib/preferences.js"
