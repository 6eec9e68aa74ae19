"""The adapters against the sandbox."""
