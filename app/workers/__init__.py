"""Work in the background: what kinds there are, the tick that claims it, the threads that do it."""
