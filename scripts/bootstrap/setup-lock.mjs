import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The holder touches its lock this often, in ms. */
const TOUCH_EVERY_MS = 2_000;
/** A lock that was not touched for so long (as waited here, no clocks compared) is nobody's, in ms: a process id may have been given to another. */
const ABANDONED_AFTER_MS = 20_000;
const LOOK_AGAIN_MS = 200;
/** What a rename onto a folder with content answers: the first two on POSIX, the others on Windows. */
const FOLDER_IS_TAKEN = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES']);

/**
 * Runs `work` while no other bootstrap of this checkout does: `npm start` and `npm test` may begin in the same second.
 * The lock is a folder that holds its owner's process id; a dead owner's lock is taken over.
 * @template T
 * @param {string} lockFolder
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (ownerPid: number) => void }} [observer]
 * @returns {Promise<T>}
 */
export async function withSetupLock(lockFolder, work, { onWait } = {}) {
  const owner = `${process.pid} ${randomUUID()}`;
  await acquire(lockFolder, owner, onWait);
  const touching = setInterval(() => {
    const now = new Date();
    utimes(join(lockFolder, 'owner'), now, now).catch(() => {}); // Taken over meanwhile: nothing left to touch.
  }, TOUCH_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    if ((await readLock(lockFolder))?.owner === owner) await discard(lockFolder);
  }
}

/**
 * @param {string} lockFolder
 * @param {string} owner
 * @param {((ownerPid: number) => void) | undefined} onWait
 */
async function acquire(lockFolder, owner, onWait) {
  /** @type {{ seen: string, since: number } | undefined} */
  let unchanged;
  let announced = false;
  while (!(await tryCreate(lockFolder, owner))) {
    const lock = await readLock(lockFolder);
    if (lock === undefined) continue; // Released in between.
    const seen = `${lock.owner} ${lock.touchedAtMs}`;
    if (unchanged?.seen !== seen) unchanged = { seen, since: performance.now() };

    const ownerPid = Number.parseInt(lock.owner, 10);
    if (!isAlive(ownerPid) || performance.now() - unchanged.since > ABANDONED_AFTER_MS) {
      await takeAway(lockFolder, lock.owner);
      continue;
    }
    if (!announced) onWait?.(ownerPid);
    announced = true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/**
 * The folder appears by a rename, owner inside: no moment exists in which a lock has no owner.
 * @param {string} lockFolder
 * @param {string} owner
 * @returns {Promise<boolean>} false when somebody holds the lock
 */
async function tryCreate(lockFolder, owner) {
  const draft = `${lockFolder}.${randomUUID()}`;
  await mkdir(dirname(lockFolder), { recursive: true });
  await mkdir(draft);
  await writeFile(join(draft, 'owner'), owner);
  try {
    await rename(draft, lockFolder);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (FOLDER_IS_TAKEN.has(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) return false;
    throw error;
  }
}

/**
 * Two waiters may see the same dead owner: the second must not throw out the first, who holds the lock by then. So the removal has a lock of its own,
 * and looks again at the owner under it.
 * @param {string} lockFolder
 * @param {string} deadOwner
 */
async function takeAway(lockFolder, deadOwner) {
  const guard = `${lockFolder}.takeover`;
  if (!(await tryCreate(guard, String(process.pid)))) {
    const holder = await readLock(guard);
    if (holder !== undefined && !isAlive(Number.parseInt(holder.owner, 10))) await discard(guard);
    return;
  }
  try {
    if ((await readLock(lockFolder))?.owner === deadOwner) await discard(lockFolder);
  } finally {
    await discard(guard);
  }
}

/**
 * Renamed first: removing in place empties the folder before it goes, and another could move in between.
 * @param {string} folder
 */
async function discard(folder) {
  const rubbish = `${folder}.${randomUUID()}`;
  try {
    await rename(folder, rubbish);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return;
    throw error;
  }
  await rm(rubbish, { recursive: true, force: true });
}

/**
 * @param {string} lockFolder
 * @returns {Promise<{ owner: string, touchedAtMs: number } | undefined>}
 */
async function readLock(lockFolder) {
  const file = join(lockFolder, 'owner');
  try {
    return { owner: await readFile(file, 'utf8'), touchedAtMs: (await stat(file)).mtimeMs };
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
