"""JSON for other systems. So far: the door for messages of another organisation's node."""
