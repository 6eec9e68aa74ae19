"""From a call of the schema to a service or a query of rows. No rules."""
