"""What the course computes on: the tile, the photographs, and where each of them comes from."""
