"""Where sun and moon stand, and how much light the sky brings: what drivers, street lamps and cameras go by."""
