"""What the explorers share, in Python and in the page."""
