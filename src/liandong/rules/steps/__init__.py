"""The rows of rules.flows, a file for each sort of machine."""
