"""A scenario seen from above, in a window or in a picture."""

import os

# pygame greets on stdout, which belongs to the command's own output.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
# Desktops group windows and find their icons by this name.
os.environ.setdefault("SDL_VIDEO_X11_WMCLASS", "roadlab")
