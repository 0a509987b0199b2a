"""Where everything lies, connections, releases. Knows nothing of the other rooms."""
