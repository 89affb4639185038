"""What sensors see, in panes over the map."""
