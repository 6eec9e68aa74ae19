"""Health: fetched, judged, refreshed, alerted, reported (R14, R18-R31, R36-R38)."""
