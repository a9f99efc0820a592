"""The language: text in, resolved specs and diagnostics out; knows no model, device or runtime."""
