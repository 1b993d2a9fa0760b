"""AlexNet from scratch: the network of Krizhevsky, Sutskever and Hinton (2012) in NumPy.

The package holds what the chapters explain: one module a layer, its loop version, the whole network, the
rule that trains it, and the figures and explorers that show it. Importing this package loads nothing else;
`alexnet_course.layers` and everything it stands on need NumPy alone.
"""

__version__ = "0.1.0"
