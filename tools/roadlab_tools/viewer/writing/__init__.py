"""From the window back into the author's file: places that are dragged, parameters that are slid."""
