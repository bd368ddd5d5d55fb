import type { ParameterValue } from './avatar.ts';

/** `idle`: nothing changes, so VRChat sends nothing of its own. Echoes of written parameters still come. */
export type Activity = 'active' | 'idle';

/** VRChat's visemes are 0..14, 0 being silence. */
const VISEMES = 15;
const METRES_PER_SECOND = 1.4;

/**
 * The built-in parameters of a player who walks about, and speaks or not, at one instant (`tick` counts up).
 * VRChat sends those that changed since the last instant.
 */
export function playerMotion(tick: number, speaking: boolean): Record<string, ParameterValue> {
  const turn = (tick * Math.PI) / 25;
  return {
    VelocityX: round(METRES_PER_SECOND * Math.sin(turn)),
    VelocityY: 0,
    VelocityZ: round(METRES_PER_SECOND * Math.cos(turn)),
    AngularY: round(Math.sin(turn / 2) / 2),
    Upright: 1,
    Grounded: true,
    Viseme: speaking ? 1 + (tick % (VISEMES - 1)) : 0,
    Voice: speaking ? round(0.4 + 0.3 * Math.sin(tick)) : 0,
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
