import { runService } from '@understudy/shared/service';
import { compose } from './app.ts';

await runService('audio-gateway', compose);
