import type { Program } from './server-programs.ts';

const VERSION = /version (\d+\.\d+\.\d+)/;

/** What the tests of rules and notices run. The oldest versions that know what is rendered; Debian 13 has older ones. */
export const MONITORING_PROGRAMS: readonly Program[] = [
  { name: 'prometheus', executables: ['prometheus'], versionPattern: VERSION, oldestVersion: '3.5.0' },
  { name: 'promtool', executables: ['promtool'], versionPattern: VERSION, oldestVersion: '3.5.0' },
  { name: 'alertmanager', executables: ['alertmanager'], versionPattern: VERSION, oldestVersion: '0.33.0' },
  { name: 'amtool', executables: ['amtool'], versionPattern: VERSION, oldestVersion: '0.33.0' },
];
