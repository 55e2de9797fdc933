"""The roads a matter may take: danger, the directory, an ordinary matter of either desk, unclear."""
