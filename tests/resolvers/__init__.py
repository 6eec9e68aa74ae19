"""What resolvers reckon by themselves."""
