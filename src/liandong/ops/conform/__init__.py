"""`liandong exchange conform`: does a partner's endpoint speak docs/reference/exchange.md? Needs no database and no node."""
