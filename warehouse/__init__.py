"""Paths, connections, releases. Imports none of the other packages."""
