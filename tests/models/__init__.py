"""The rows: migrations, transactions, locks and quotas."""
