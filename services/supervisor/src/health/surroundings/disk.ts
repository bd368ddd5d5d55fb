import { statfs } from 'node:fs/promises';
import type { Metrics } from '@understudy/shared/telemetry';

type Folder = 'logs' | 'data';

/** @param folders each kind of folder by its path; one that is not written to is left out */
export function createDiskLook(metrics: Pick<Metrics, 'set'>, folders: ReadonlyMap<Folder, string>) {
  return async (): Promise<void> => {
    for (const [folder, path] of folders) {
      const { bsize, bavail, blocks } = await statfs(path);
      metrics.set('understudy_disk_free_bytes', { folder }, bavail * bsize);
      metrics.set('understudy_disk_size_bytes', { folder }, blocks * bsize);
    }
  };
}
