import type { FaultName } from './faults/fault-table.ts';

/** What every simulator offers, to tests as a function call and to the demo through the control API. */
export interface Simulator<State extends object = object> {
  /** What it is, what it received and which rules were broken; plain JSON. */
  state(): State;
  /**
   * Breaks it. Without `target` all of its parts are hit; without `durationMs` until `clearFaults`.
   * @throws UnknownFaultError when it has no such fault or no such part.
   */
  applyFault(fault: FaultName, target?: string, durationMs?: number): void;
  clearFaults(): void;
  /** Ends it and frees its ports. */
  close(): Promise<void>;
}
