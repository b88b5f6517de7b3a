"""How sites are asked: robots.txt, pace, hours, budgets, turns, and what is never asked for (docs/manners.md)."""
