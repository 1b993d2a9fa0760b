// Written by tools/explorer_tile_network.py; do not edit. pooled: rows, columns, maps
// (2, 2, 3) in one row; weights: one row an input, one column an output.
export const TILE_NETWORK = {
  "pooled": {"ear": [5, 3, 3, 1, 3, 3, 7, 4, 6, 2, 4, 6], "stripe": [5, 0, 4, 3, 0, 4, 6, 2, 3, 4, 2, 3], "whisker": [1, 4, 2, 7, 4, 2, 1, 0, 2, 7, 0, 2]},
  "hiddenWeight": [[0, 1, 0, 0], [0, 0, -1, 0], [-1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, -1, 0, 0], [0, 0, 1, -1], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]],
  "hiddenBias": [1, 1, 1, 1],
  "outputWeight": [[1, 0, 0], [0, 0, 1], [-1, 1, 0], [-1, 0, 0]],
  "outputBias": [0, 0, 0]
};
