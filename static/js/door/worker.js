// Decodes one frame at a time, off the main thread. The first message says where the decoder is.

let options;

self.onmessage = async (event) => {
  const { decoder, wasm, frame } = event.data;
  if (decoder) {
    importScripts(decoder);
    ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
    options = { formats: ["QRCode"], tryHarder: true, tryRotate: false, tryInvert: false, tryDownscale: true, maxNumberOfSymbols: 1 };
    return;
  }
  let text = null;
  try {
    const [found] = await ZXingWASM.readBarcodes(frame, options);
    text = found?.text || null;
  } catch (error) {
    self.postMessage({ error: String(error) });
    return;
  }
  self.postMessage({ text });
};
