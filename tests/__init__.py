"""Tests: what users would notice, room by room."""
