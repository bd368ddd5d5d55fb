import { parseConfig } from '@understudy/shared/config';

const loaded = parseConfig('', 'defaults.yaml');
if (!loaded.ok) throw new Error('the defaults are a configuration');

/** What holds when config/understudy.yaml says nothing. */
export const DEFAULTS = loaded.config;
export const POLICY = DEFAULTS.recovery;
