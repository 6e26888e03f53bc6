// Distinct sounds, with vibration. Browsers allow them only after a tap.

let context = null;
let isOn = true;

const NOTES = {
  yes: [[880, 0, 0.09], [1320, 0.1, 0.16]],
  no: [[220, 0, 0.22], [165, 0.25, 0.35]],
  ask: [[520, 0, 0.12], [520, 0.2, 0.12]],
  out: [[1320, 0, 0.09], [880, 0.1, 0.16]],
  unexpected: [[520, 0, 0.12], [660, 0.2, 0.12]],
  queued: [[660, 0, 0.05]],
  saved: [[660, 0, 0.08], [990, 0.09, 0.14]],
};
const BUZZ = { yes: [60], no: [200, 80, 200], ask: [80, 60, 80], out: [60], unexpected: [80, 60, 80], queued: [30], saved: [50] };

export function unlockSounds() {
  context ??= new AudioContext();
  return context.resume();
}

export function switchSounds(wanted) {
  isOn = wanted;
}

export function sound(tone) {
  navigator.vibrate?.(BUZZ[tone]);
  if (!isOn || context?.state !== "running") return;
  for (const [pitch, after, length] of NOTES[tone]) {
    const oscillator = new OscillatorNode(context, { type: tone === "no" ? "square" : "sine", frequency: pitch });
    const volume = new GainNode(context, { gain: 0.35 });
    volume.gain.setTargetAtTime(0, context.currentTime + after + length, 0.02);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(context.currentTime + after);
    oscillator.stop(context.currentTime + after + length + 0.1);
  }
}
