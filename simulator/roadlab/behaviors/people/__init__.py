"""People among others: social forces, pavements, crossings, groups."""
