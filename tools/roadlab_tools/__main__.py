"""`python -m roadlab_tools` is `roadlab`."""

from roadlab_tools.cli import main

if __name__ == "__main__":
    main()
