"""Contact sheets of what the world is made of: vehicles, people, styles, seasons, weather, hours."""
