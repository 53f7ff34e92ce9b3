"""What was used, for people and programs: gathered once, shown as text, page, picture or data."""
