"""Datasets as recordings for programs that play them: Foxglove and Rerun."""
