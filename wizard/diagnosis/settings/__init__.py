"""Settings of clients: the forms they come in, how each quotes a value, and a fragment of them that can be mended."""
