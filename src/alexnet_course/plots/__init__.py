"""Figures: functions that take arrays and integers, never layers, and return a closed Figure.

One module a chapter; `style` holds what they share. A notebook calls ``plots.response_maps(...)`` as a cell's
last line.
"""

from alexnet_course.plots.convolution import (
    bank_responses,
    filter_bank,
    photograph_responses,
    response_maps,
    window_arithmetic,
)
from alexnet_course.plots.geometry import receptive_fields, ruler

__all__ = [
    "bank_responses",
    "filter_bank",
    "photograph_responses",
    "receptive_fields",
    "response_maps",
    "ruler",
    "window_arithmetic",
]
