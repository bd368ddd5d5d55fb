import { runService } from '@understudy/shared/service';
import { compose } from './app.ts';

await runService('cv-service', compose);
