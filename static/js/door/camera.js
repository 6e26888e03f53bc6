// The camera: sends the central square of a picture to the decoder, one at a time.

const LARGEST = 720;
// Between two frames the processor rests as long as the last one took, within these bounds.
const SHORTEST_REST_MS = 10;
const LONGEST_REST_MS = 150;
const NO_PICTURE_MS = 250; // a page in the background gets none

export class Camera {
  #video;
  #worker;
  #canvas = document.createElement("canvas");
  #context = this.#canvas.getContext("2d", { willReadFrequently: true });
  #stream = null;
  #timer = 0;
  #began = 0; // when the last look began
  #isNew = true; // whether the camera has a picture that was not looked at
  #isAwaited = false; // whether the next picture is looked at when it comes
  #devices = [];
  #onEnded;
  isPaused = false;

  // `onEnded` is called when the browser takes the camera away: for a call, another app, or because it was unplugged.
  constructor(video, { worker_url, decoder_url, wasm_url }, { onText, onBroken, onEnded }) {
    this.#video = video;
    this.#onEnded = onEnded;
    this.#worker = new Worker(worker_url);
    this.#worker.postMessage({ decoder: decoder_url, wasm: wasm_url });
    this.#worker.onmessage = (event) => {
      if (event.data.error) onBroken(event.data.error);
      else if (event.data.text && !this.isPaused) onText(event.data.text);
      this.#rest(performance.now() - this.#began);
    };
    this.#worker.onerror = (event) => onBroken(event.message);
  }

  // Opens the camera with this id, or the rear camera. Throws the browser's error.
  async open(deviceId) {
    this.close();
    const wanted = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { ...wanted, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    this.#track.addEventListener("ended", () => {
      this.close();
      this.#onEnded();
    });
    this.#video.srcObject = this.#stream;
    await this.#video.play();
    this.#devices = (await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === "videoinput");
    this.#rest(0);
  }

  close() {
    clearTimeout(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  get isOpen() {
    return this.#stream !== null;
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  async light(isOn) {
    await this.#track.applyConstraints({ advanced: [{ torch: isOn }] });
  }

  get hasOthers() {
    return this.#devices.length > 1;
  }

  // Opens the phone's next camera and returns its id.
  async openNext() {
    const here = this.#devices.findIndex((each) => each.deviceId === this.#track?.getSettings().deviceId);
    const next = this.#devices[(here + 1) % this.#devices.length].deviceId;
    await this.open(next);
    return next;
  }

  #rest(milliseconds) {
    clearTimeout(this.#timer);
    const rest = Math.min(Math.max(milliseconds, SHORTEST_REST_MS), LONGEST_REST_MS);
    this.#timer = setTimeout(() => {
      if (this.#isNew) return this.#look();
      this.#isAwaited = true;
      this.#timer = setTimeout(() => this.#look(), NO_PICTURE_MS);
    }, rest);
  }

  #expectPicture() {
    if (!this.#video.requestVideoFrameCallback) return; // an older browser: every look counts as new
    this.#isNew = false;
    this.#video.requestVideoFrameCallback(() => {
      this.#isNew = true;
      if (this.#isAwaited) this.#look();
    });
  }

  #look() {
    clearTimeout(this.#timer);
    this.#isAwaited = false;
    if (!this.isOpen) return;
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!width || document.hidden) return this.#rest(LONGEST_REST_MS);
    this.#began = performance.now();
    const side = Math.min(width, height);
    const size = Math.min(side, LARGEST);
    if (this.#canvas.width !== size) this.#canvas.width = this.#canvas.height = size;
    this.#context.drawImage(this.#video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, size, size);
    const frame = this.#context.getImageData(0, 0, size, size);
    this.#expectPicture();
    this.#worker.postMessage({ frame }, [frame.data.buffer]);
  }
}
