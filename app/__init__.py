"""Group Code: a GraphQL server for the health of a group of people."""
