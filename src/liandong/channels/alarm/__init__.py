"""Alarm devices (smoke, gas, water, a button to press): each is listed by the city, reports by a signed webhook or over MQTT, and
an alarm of a trusted one is before a 110 seat at once."""
