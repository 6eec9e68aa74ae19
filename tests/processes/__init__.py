"""Several processes over PostgreSQL and Redis, killed and restarted."""
