import { findServer, searchFolders } from './servers/find-server.ts';
import { aptRights, installWithApt } from './servers/install-with-apt.ts';
import type { Program } from './servers/server-programs.ts';

const CHROMIUM: Program = {
  name: 'chromium',
  executables: ['chromium', 'chromium-browser', 'google-chrome'],
  versionPattern: /(\d+\.\d+\.\d+)/,
};

/** The browser in which the test of the overlay looks at it. Only that test needs it, and says so where there is none. */
export async function ensureChromium(say: (line: string) => void): Promise<void> {
  if ((await findServer(CHROMIUM, searchFolders())).state === 'found') return;
  const rights = await aptRights();
  if (rights === 'none') return say('NOT TESTED: the overlay in a browser: chromium is not on this machine.');
  say('installing chromium by apt, for the test of the overlay');
  const failure = await installWithApt([CHROMIUM.name], rights);
  if (failure !== undefined) say(`NOT TESTED: the overlay in a browser: apt could not install chromium: ${failure}`);
}
