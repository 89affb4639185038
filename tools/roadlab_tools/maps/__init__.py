"""Plans of road networks: `roadlab map`."""
