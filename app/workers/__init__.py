"""Work in the background: the tick claims due rows, Dramatiq's actors carry them out."""
