"""Convolution as one matrix product: a row a window, a column a filter ("image to columns").

The pixels of overlapping windows are copied many times over (7 times in conv1), and that pays: matrix
products run near the speed of the processor.
"""

from alexnet_course.windows import add_windows, sliding_windows


def responses(padded, weight, stride):
    """Return the sums of products of every window and every filter.

    Parameters
    ----------
    padded : ndarray, shape (N, H, W, C)
        Images with their padding.
    weight : ndarray, shape (kernel_h, kernel_w, C, filters)
        Filters.
    stride : pair of int
        Pixels from one window to the next.

    Returns
    -------
    ndarray, shape (N, H', W', filters)
    """
    windows = sliding_windows(padded, weight.shape[:2], stride)  # (N, H', W', kh, kw, C), a view
    filters = weight.reshape(-1, weight.shape[-1])  # (kh kw C, filters), a view
    matrix = windows.reshape(-1, len(filters))  # (N H' W', kh kw C), the copy
    return (matrix @ filters).reshape(*windows.shape[:3], -1)


def gradients(padded, weight, stride, grad_output, input_gradient):
    """Return the gradients of the weights and, if wanted, of the padded images (otherwise None).

    Parameters are those of `responses`, the gradient of its result, shape (N, H', W', filters), and a bool.
    """
    windows = sliding_windows(padded, weight.shape[:2], stride)
    filters = weight.reshape(-1, weight.shape[-1])
    matrix = windows.reshape(-1, len(filters))
    grad_rows = grad_output.reshape(-1, weight.shape[-1])  # (N H' W', filters)
    grad_weight = (matrix.T @ grad_rows).reshape(weight.shape)
    if not input_gradient:
        return grad_weight, None
    grad_windows = (grad_rows @ filters.T).reshape(windows.shape)
    return grad_weight, add_windows(grad_windows, padded.shape, stride)
