"""The course on the command line: ``python -m alexnet_course classify photo.jpg --weights FILE``."""

import argparse
import sys


def main(arguments=None):
    """Run a command; end with status 2 and one line on what is wrong where it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m alexnet_course", description="AlexNet from scratch.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "classify",
        help="name what is on photographs",
        description="Print the five most probable of ImageNet's 1000 classes for each photograph.",
    )
    command.add_argument("photographs", nargs="+", metavar="PHOTO", help="PNG, JPEG, WebP, GIF, BMP or TIFF")
    command.add_argument(
        "--weights",
        metavar="FILE",
        help="trained weights of AlexNet: .onnx, .safetensors or .pth; without them SqueezeNet answers, a "
        "smaller network that ships with the course",
    )
    given = parser.parse_args(arguments)
    try:
        for line in classify(given.photographs, given.weights):
            sys.stdout.write(f"{line}\n")
    except (OSError, ValueError, ImportError) as error:
        command.error(str(error))


def classify(photographs, weights=None):
    """Return in turn the lines that name what is on photographs.

    Parameters
    ----------
    photographs : list of path-like
        All are read before the first line is given.
    weights : path-like, optional
        See `pretrained.load_alexnet`; without them SqueezeNet answers.

    Yields
    ------
    str

    Raises
    ------
    ImportError, OSError, ValueError
        If a file cannot be read, or what reads it is not installed.
    """
    # Help and messages need neither Pillow nor the networks.
    from alexnet_course import pretrained, squeezenet

    pictures = [_picture(path) for path in photographs]
    if weights is None:
        name, answers = "SqueezeNet 1.1, since no --weights are given: it is not AlexNet", squeezenet.classify
    else:
        loaded = pretrained.load_alexnet(weights)
        name, answers = loaded.source, loaded.classify
    yield f"network: {name}"
    for path, picture in zip(photographs, pictures, strict=True):
        yield f"\n{path}"
        for answer, probability in answers(picture):
            yield f"{probability:8.1%}  {answer}"


def _picture(path):
    """Return a photograph, or raise an error that names the file."""
    from alexnet_course.data.pictures import open_picture

    try:
        return open_picture(path)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


if __name__ == "__main__":
    main()
