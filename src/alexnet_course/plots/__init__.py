"""Figures: functions that take arrays and integers, never layers, and return a closed Figure.

One module a chapter; `style` holds what they share. A notebook calls ``plots.response_maps(...)`` as a cell's
last line.
"""

from alexnet_course.plots.alexnet import grouped_and_ungrouped, two_towers
from alexnet_course.plots.convolution import (
    bank_responses,
    filter_bank,
    photograph_responses,
    response_maps,
    window_arithmetic,
)
from alexnet_course.plots.dense import dense_table, flatten_orders, parameters_and_work
from alexnet_course.plots.dropout import mask_votes, running_means
from alexnet_course.plots.forward_pass import deviations, feature_maps
from alexnet_course.plots.geometry import receptive_fields, ruler
from alexnet_course.plots.images import centring, gallery, preparation
from alexnet_course.plots.normalization import factor_curves, normalized_bars, normalized_maps
from alexnet_course.plots.pooling import pooled_maps, pooling_windows, shift_changes
from alexnet_course.plots.relu import activations, active_share
from alexnet_course.plots.softmax import loss_of_share, shares_in_order, shares_of_scores

__all__ = [
    "activations",
    "active_share",
    "bank_responses",
    "centring",
    "dense_table",
    "deviations",
    "factor_curves",
    "feature_maps",
    "filter_bank",
    "flatten_orders",
    "gallery",
    "grouped_and_ungrouped",
    "loss_of_share",
    "mask_votes",
    "normalized_bars",
    "normalized_maps",
    "parameters_and_work",
    "photograph_responses",
    "pooled_maps",
    "pooling_windows",
    "preparation",
    "receptive_fields",
    "response_maps",
    "ruler",
    "running_means",
    "shares_in_order",
    "shares_of_scores",
    "shift_changes",
    "two_towers",
    "window_arithmetic",
]
