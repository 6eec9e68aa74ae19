"""The sandbox as its users drive it."""
