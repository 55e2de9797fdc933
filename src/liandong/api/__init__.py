"""JSON for other systems. The door for other systems (v1), and the one for messages of another organisation's node."""
