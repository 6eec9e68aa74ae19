"""Due work, and the workers that do it."""
