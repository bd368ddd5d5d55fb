// The one door to @vladmandic/human. Its `exports` are malformed (3.3.6): neither its wasm build nor its types can be imported by name.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What is used of a result. Boxes are `[x, y, width, height]` in pixels. */
export interface HumanResult {
  readonly error?: unknown;
  readonly face: readonly { readonly score: number; readonly box: Box }[];
  readonly hand: readonly { readonly score: number; readonly box: Box }[];
  readonly object: readonly { readonly label: string; readonly score: number }[];
  readonly gesture: readonly { readonly hand?: number; readonly gesture: string }[];
}
export type Box = readonly [x: number, y: number, width: number, height: number];

interface Tensor {
  readonly shape: readonly number[];
}

interface Model {
  /** Absent in one that could not be loaded, which can neither be disposed of. */
  readonly executor?: object;
  dispose(): void;
}

/** What is used of an instance. */
export interface Human {
  readonly tf: {
    tensor3d(values: Uint8Array, shape: readonly [number, number, 3], type: 'int32'): Tensor;
    dispose(tensor: Tensor): void;
  };
  readonly models: {
    stats(): { readonly modelStats: readonly { readonly name: string; readonly loaded: boolean }[] };
    readonly models: Readonly<Record<string, Model | null>>;
  };
  /** Of the whole library, not of this instance alone: all models will be loaded anew. */
  reset(): void;
  load(settings: object): Promise<void>;
  detect(picture: Tensor, settings: object): Promise<HumanResult>;
}

interface HumanLibrary {
  readonly Human: new (settings: object) => Human;
}

const require = createRequire(import.meta.url);
const HUMAN_FOLDER = dirname(dirname(require.resolve('@vladmandic/human')));
const WASM_FOLDER = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));

/** A picture with many people that comes with the library: what the models are shown when they shall prove that they work. */
export const SAMPLE_PICTURE = join(HUMAN_FOLDER, 'assets/samples.jpg');

/** The library fetches its models, and Node's fetch refuses files. Only those of the library's own folder are read. */
function letFetchReadModels(): void {
  const models = pathToFileURL(join(HUMAN_FOLDER, 'models/')).href;
  const fetchByNetwork = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith(models)) return fetchByNetwork(input, init);
    return new Response(new Uint8Array(await readFile(fileURLToPath(url))));
  };
}

let isPrepared = false;

/** @throws whatever a missing or broken package throws */
export function createHuman(): Human {
  if (!isPrepared) letFetchReadModels();
  isPrepared = true;
  const library: HumanLibrary = require(join(HUMAN_FOLDER, 'dist/human.node-wasm.js'));
  return new library.Human({
    backend: 'wasm',
    wasmPath: `${WASM_FOLDER}/`,
    modelBasePath: pathToFileURL(join(HUMAN_FOLDER, 'models/')).href,
  });
}
