"""Speed and memory beside PyTorch, onnxruntime and the loops, as ratios of one run (`make bench`)."""
