"""Textbook models of bargaining, conflict, trust and learning, each with its closed form or published numbers."""
