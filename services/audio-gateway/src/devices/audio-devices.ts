import type { ResolvedConfig } from '@understudy/shared/config';
import type { AudioDevice, LevelBy } from '@understudy/shared/contracts';
import {
  type CommandOutcome,
  createFailureStreaks,
  type FailureStreaks,
  type ProbeResult,
  type ServiceContext,
} from '@understudy/shared/service';
import { openPulseServer, type PulseServer } from '../adapters/pulse-server.ts';
import { openVbanNetwork } from '../adapters/vban-network.ts';
import type { SampleListener } from './audio-source.ts';
import { createHotPlug } from './hot-plug.ts';
import { createInputDevice, type InputDevice } from './input-device.ts';
import { openSinks, openSources, soundOf } from './open-devices.ts';
import { createOutputDevice, type OutputDevice } from './output-device.ts';
import { createSelectionStore } from './selection-store.ts';

export interface AudioDevices {
  readonly input: InputDevice;
  readonly output: OutputDevice;
  /** In the operator's order, inputs first. */
  list(signal: AbortSignal): Promise<AudioDevice[]>;
  /** Changes nothing. */
  test(id: string, signal: AbortSignal): Promise<ProbeResult>;
  /** Only to an approved device that has just proven to work. */
  switchTo(id: string, signal: AbortSignal): Promise<CommandOutcome>;
  /** For the time, or until a device came or went. */
  awaitChange(ms: number, signal: AbortSignal): Promise<void>;
  /** Whether the sound server of the devices of kind pulse answers. */
  proveServer(): Promise<ProbeResult>;
  isListening(): boolean;
  /** The UDP port that is really listened to. */
  port(): number;
  close(): Promise<void>;
}

interface AudioDevicesParts {
  readonly onSamples: SampleListener;
  readonly onInterrupted: () => void;
  readonly onInputLevel: (level: LevelBy) => void;
  readonly onOutputLevel: (level: LevelBy) => void;
}

type Surroundings = Pick<
  ServiceContext,
  'bus' | 'clock' | 'config' | 'logger' | 'metrics' | 'onConfig' | 'reportError' | 'signal'
>;

const LOOK_EVERY_MS = 50;

/** The operator's approved devices; nothing else is ever opened. */
export async function openAudioDevices(context: Surroundings, parts: AudioDevicesParts): Promise<AudioDevices> {
  const { clock } = context;
  const store = createSelectionStore(context.bus);
  const streaks = {
    input: createFailureStreaks(context.metrics, 'input'),
    output: createFailureStreaks(context.metrics, 'output'),
  };
  const input = createInputDevice(context, { ...parts, streaks: streaks.input, onLevel: parts.onInputLevel });
  const output = createOutputDevice(context, { streaks: streaks.output, onLevel: parts.onOutputLevel });
  const closing = new AbortController();
  const hotPlug = createHotPlug();
  let pulse: PulseServer | undefined;
  const openPulse = (): PulseServer => {
    if (pulse !== undefined) return pulse;
    pulse = openPulseServer(context, context.config().audio.pulse);
    pulse.onChange(() => {
      hotPlug.happened();
      input.look();
      output.watch().catch((error: unknown) => void context.reportError(error));
    });
    return pulse;
  };
  const network = await openVbanNetwork(context, context.config().audio.listen);
  let opened = describe(context.config().audio);

  const replaceInputs = (audio: Audio) => {
    streaks.input.expect(audio.inputs.map(({ id }) => id));
    const old = input.sources();
    input.replaceSources(openSources(context, { network, pulse: openPulse }, audio));
    for (const source of old) source.close();
  };

  const replaceOutputs = (audio: Audio) => {
    streaks.output.expect(audio.outputs.map(({ id }) => id));
    output.replaceSinks(openSinks(context, { network, pulse: openPulse }, audio));
  };

  const openAnew = async ({ audio }: ResolvedConfig): Promise<void> => {
    const before = opened;
    const next = describe(audio);
    opened = next;
    const changes = (part: keyof Opened) => next[part] !== before[part];
    if (changes('listen')) await network.moveTo(audio.listen);
    const oldPulse = pulse;
    if (changes('pulse') || !usesPulse(audio)) pulse = undefined;
    const isAnew = { input: changes('pulse') || changes('inputs'), output: changes('pulse') || changes('outputs') };
    if (!isAnew.input && !isAnew.output) return;
    if (isAnew.input) replaceInputs(audio);
    if (isAnew.output) replaceOutputs(audio);
    if (pulse !== oldPulse) await oldPulse?.close();
    if (isAnew.output) await output.watch();
    context.logger.info('Audio devices opened anew', {
      context: { input: input.selected()?.id, output: output.selected()?.id },
    });
  };

  replaceInputs(context.config().audio);
  replaceOutputs(context.config().audio);
  const { input: storedInput, output: storedOutput } = await store.read();
  if (input.sources().some(({ id, refusal }) => id === storedInput && refusal === undefined))
    input.select(storedInput ?? '');
  if (output.sinks().some(({ id }) => id === storedOutput)) output.select(storedOutput ?? '');
  let reloading: Promise<void> = Promise.resolve();
  context.onConfig((config) => {
    // One after another: what an earlier one has still to open must not replace what a later one asks for.
    reloading = reloading.then(() => openAnew(config)).catch((error: unknown) => void context.reportError(error));
  });

  const repeat = async (everyMs: () => number, work: () => unknown) => {
    while (!closing.signal.aborted) {
      try {
        await work();
      } catch (error) {
        context.reportError(error);
      }
      await clock.sleep(everyMs(), closing.signal).catch(() => {});
    }
  };
  const watching = [
    repeat(() => LOOK_EVERY_MS, input.look),
    repeat(() => context.config().audio.ping_interval_ms, output.watch),
  ];

  const sourceOf = (id: string) => input.sources().find((source) => source.id === id);
  const sinkOf = (id: string) => output.sinks().find((sink) => sink.id === id);
  const notApproved = (id: string): ProbeResult => ({
    ok: false,
    gone: true,
    detail: `${id} is not approved; audio.inputs and audio.outputs have ${[...input.sources(), ...output.sinks()].map((device) => device.id).join(', ') || 'none'}`,
  });

  const counted = (of: FailureStreaks, id: string, { ok }: ProbeResult) => (ok ? of.worked(id) : of.failed(id));
  const test: AudioDevices['test'] = async (id, signal) => {
    const source = sourceOf(id);
    const sink = sinkOf(id);
    const tested = await (source?.test(signal) ?? sink?.test?.(signal) ?? sink?.isThere(signal));
    if (!tested) return notApproved(id);
    if (!signal.aborted) counted(source ? streaks.input : streaks.output, id, tested);
    return tested;
  };

  const stateOf = (isActive: boolean, answer: ProbeResult): AudioDevice['state'] => {
    if (!answer.ok) return 'unavailable';
    return isActive ? 'active' : 'available';
  };

  return {
    input,
    output,
    list: (signal) =>
      Promise.all([
        ...input.sources().map(async (source) => ({
          id: source.id,
          direction: 'input' as const,
          state: stateOf(source === input.selected(), await source.test(signal)),
        })),
        ...output.sinks().map(async (sink) => ({
          id: sink.id,
          direction: 'output' as const,
          state: stateOf(sink === output.selected(), await sink.isThere(signal)),
        })),
      ]),
    test,
    async switchTo(id, signal) {
      const tested = await test(id, signal);
      if (!tested.ok) return tested;
      if (sourceOf(id)) input.select(id);
      else {
        output.select(id);
        await output.prove();
      }
      store.write({ ...idIn('input', input.selected()), ...idIn('output', output.selected()) });
      context.logger.info('Audio device switched', { context: { device: id } });
      return { ok: true, detail: `switched to ${id}: ${tested.detail}` };
    },
    awaitChange: (ms, signal) => hotPlug.awaitChange(clock, ms, signal),
    proveServer: async () =>
      pulse?.prove() ?? { ok: false, gone: true, detail: 'no approved device is on a sound server any more' },
    isListening: () => network.isListening(),
    port: () => network.port(),
    async close() {
      closing.abort();
      await Promise.all([...watching, reloading]);
      for (const source of input.sources()) source.close();
      await Promise.all([network.close(), pulse?.close()]);
    },
  };
}

type Audio = ResolvedConfig['audio'];
type Opened = ReturnType<typeof describe>;

/** What, when it changes, makes it necessary to open devices anew. An input is refused by what the outputs sound like. */
const describe = ({ listen, inputs, outputs, pulse }: Audio) => ({
  listen: JSON.stringify(listen),
  pulse: JSON.stringify(pulse),
  inputs: JSON.stringify([inputs, outputs.map(soundOf).sort()]),
  outputs: JSON.stringify(outputs),
});

const usesPulse = ({ inputs, outputs }: Audio): boolean => [...inputs, ...outputs].some(({ kind }) => kind === 'pulse');

const idIn = (direction: 'input' | 'output', device: { readonly id: string } | undefined) =>
  device === undefined ? {} : { [direction]: device.id };
