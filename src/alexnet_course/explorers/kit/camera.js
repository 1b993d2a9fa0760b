/** The camera of the reader's device, in the place of a picture. */
import { button } from "./controls.js";
import { h } from "./elements.js";
import { wordsOf } from "./trained.js";

export class Camera {
  /**
   * @param {{ press: () => void, take: (picture: ImageBitmap) => void }} acts what opening or closing it does, and what
   *   is done with a picture that is taken
   */
  constructor({ press, take }) {
    this.take = take;
    this.video = h("video", { muted: true, playsinline: true, hidden: true, "aria-label": "The camera" });
    this.toggle = button("Camera", press);
    this.shutter = button("Take the picture", () => this.snap(), { hidden: true });
    /** @type {MediaStream | undefined} */
    this.stream = undefined;
  }

  /**
   * Opens the camera; what goes wrong is thrown in words.
   *
   * @param {() => boolean} wanted whether it is still wanted when the reader has allowed it
   */
  async open(wanted) {
    try {
      const { mediaDevices } = navigator;
      if (!mediaDevices) throw new Error("Only pages that come over https may use a camera.");
      const stream = await mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!wanted()) return stream.getTracks().forEach((track) => track.stop());
      this.stream = stream;
      this.show(true);
      this.video.srcObject = stream;
      await this.video.play();
    } catch (error) {
      throw new Error(cameraWords(error), { cause: error });
    }
  }

  close() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = undefined;
    this.video.srcObject = null;
    this.show(false);
  }

  /** @param {boolean} shown */
  show(shown) {
    this.video.hidden = this.shutter.hidden = !shown;
    this.video.parentElement?.classList.toggle("camera", shown);
    this.toggle.textContent = shown ? "Close the camera" : "Camera";
  }

  async snap() {
    if (!this.video.videoWidth) return;
    const bitmap = await createImageBitmap(this.video);
    this.close();
    this.take(bitmap);
  }
}

/**
 * Why there is no camera, in words.
 *
 * @param {unknown} error
 * @returns {string}
 */
function cameraWords(error) {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError")
    return "The camera was not allowed; the browser's settings for this page decide.";
  if (name === "NotFoundError") return "No camera was found.";
  return `There is no picture from the camera: ${wordsOf(error)}`;
}
