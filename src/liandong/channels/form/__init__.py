"""The city's form on the web (R2): what somebody wrote becomes a matter of the 12345 desk."""
