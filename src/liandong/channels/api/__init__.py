"""Other systems send matters over `/api/v1` (R2): each becomes a matter of the city's 12345, and stays known as that system's."""
