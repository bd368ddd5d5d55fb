/** A pause within speech is shorter. */
const HOLD_MS = 2000;

export type GateMove = 'opens' | 'open' | 'closes' | 'closed';

/** Opens with the first sound above `audio.speech_detection.gate_db` and closes 2 s after the last one. */
export function createSoundGate(): { move(levelDb: number, gateDb: number, now: number): GateMove; close(): void } {
  let isOpen = false;
  let lastSoundAt = 0;
  return {
    move(levelDb, gateDb, now) {
      const wasOpen = isOpen;
      if (levelDb > gateDb) {
        lastSoundAt = now;
        isOpen = true;
      } else isOpen = isOpen && now - lastSoundAt < HOLD_MS;
      if (isOpen) return wasOpen ? 'open' : 'opens';
      return wasOpen ? 'closes' : 'closed';
    },
    close() {
      isOpen = false;
    },
  };
}
