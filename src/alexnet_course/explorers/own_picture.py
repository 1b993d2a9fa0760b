"""A button for a picture of the reader's own, named by the trained network. It needs a running notebook."""

import html
import io

import ipywidgets
from PIL import Image

from alexnet_course.data.pictures import open_picture
from alexnet_course.images import centre_crop
from alexnet_course.squeezenet import INPUT_SHAPE, classify

WITHOUT_A_KERNEL = (
    "Here a running notebook has a button for a picture of your own. The network of this cell computes in "
    "Python, so the button needs a kernel; the picture stays on the machine that runs it."
)


class OwnPicture(ipywidgets.VBox):
    """A button that takes a picture; below it, what the network saw and how it names it.

    On a page without a kernel a sentence stands in its place, not a button that does nothing.

    Parameters
    ----------
    top : int
        How many names, 1 to 1000.

    Attributes
    ----------
    names : list of (str, float)
        The present answer, as `squeezenet.classify` gives it; empty before the first picture.
    """

    def __init__(self, top=5):
        self.top, self.names = top, []
        self._button = ipywidgets.FileUpload(accept="image/*", multiple=False, description="A picture")
        self._seen = ipywidgets.Image(format="png", width=INPUT_SHAPE[1], height=INPUT_SHAPE[0])
        self._seen.layout.display = "none"
        self._answer = ipywidgets.HTML("No picture yet.")
        self._button.observe(self._upload, names="value")
        super().__init__([self._button, self._seen, self._answer])

    def name_picture(self, source):
        """Name a picture and show the answer, or why there is none.

        Parameters
        ----------
        source : path-like, bytes or file object
            See `data.pictures.open_picture`.
        """
        self.names = []
        self._seen.layout.display = "none"
        try:
            picture = open_picture(source)
        except (ValueError, FileNotFoundError) as error:
            self._answer.value = f"<p>No answer: {html.escape(str(error))}.</p>"
            return
        file = io.BytesIO()
        Image.fromarray(centre_crop(picture, INPUT_SHAPE[0])).save(file, "PNG")
        self._seen.value, self._seen.layout.display = file.getvalue(), None
        self.names = classify(picture, self.top)
        rows = (f"<li>{html.escape(name)}: {probability:.3f}</li>" for name, probability in self.names)
        self._answer.value = f"<p>The network sees this square and says:</p><ol>{''.join(rows)}</ol>"

    def _upload(self, change):
        """Take the file that the button has read."""
        files = change["new"]
        if isinstance(files, dict):  # ipywidgets 7, which Colab has
            files = list(files.values())
        if files:
            self.name_picture(bytes(files[0]["content"]))

    def __repr__(self):
        return f"OwnPicture(top={self.top})"

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        page = f'<p class="needs-a-kernel">{WITHOUT_A_KERNEL}</p>'
        return {**bundle, "text/plain": repr(self), "text/html": page}
