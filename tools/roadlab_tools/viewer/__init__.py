"""A scenario seen from above, in a window or in a picture."""

import os

# pygame greets on stdout, which belongs to the command's own output.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
