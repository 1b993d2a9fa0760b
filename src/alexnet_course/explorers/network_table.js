// Written by tools/explorer_network_table.py; do not edit. The rows of alexnet.TABLE;
// grouped: in two groups in 2012.
export const INPUT_SHAPE = [227, 227, 3];
export const TABLE = [
  {"name": "conv1", "kind": "convolution", "kernel_size": 11, "stride": 4, "padding": 0, "filters": 96, "grouped": false},
  {"name": "pool1", "kind": "pooling", "kernel_size": 3, "stride": 2},
  {"name": "conv2", "kind": "convolution", "kernel_size": 5, "stride": 1, "padding": 2, "filters": 256, "grouped": true},
  {"name": "pool2", "kind": "pooling", "kernel_size": 3, "stride": 2},
  {"name": "conv3", "kind": "convolution", "kernel_size": 3, "stride": 1, "padding": 1, "filters": 384, "grouped": false},
  {"name": "conv4", "kind": "convolution", "kernel_size": 3, "stride": 1, "padding": 1, "filters": 384, "grouped": true},
  {"name": "conv5", "kind": "convolution", "kernel_size": 3, "stride": 1, "padding": 1, "filters": 256, "grouped": true},
  {"name": "pool5", "kind": "pooling", "kernel_size": 3, "stride": 2},
  {"name": "fc6", "kind": "dense", "features": 4096},
  {"name": "fc7", "kind": "dense", "features": 4096},
  {"name": "fc8", "kind": "dense", "features": 1000}
];
