"""A real exchange behind the port: Asterisk, held by its REST interface (docs/adr/0017-asterisk.md)."""
