"""Parts of the runtime that are loaded when a function needs them, through `runtime.doors`."""
