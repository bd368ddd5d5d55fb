/** Pure readers of what each system says about the owner of a port. */

const LISTENS = '0A';

/**
 * Inodes of the sockets on `port` in a table of /proc/net/{tcp,tcp6,udp,udp6} (proc(5)).
 * @param protocol of TCP only listening sockets count; a UDP socket has no such state
 */
export function socketInodes(table: string, protocol: 'tcp' | 'udp', port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    const isWanted = local?.endsWith(`:${wanted}`) && (protocol === 'udp' || state === LISTENS);
    return isWanted && inode !== undefined && inode !== '0' ? [inode] : [];
  });
}

/** The process id in the output of `lsof -nP -iTCP:PORT -sTCP:LISTEN -Fp` (one `pPID` line a process). */
export function lsofPid(output: string): number | undefined {
  const found = /^p(\d+)$/m.exec(output)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The process id in the output of Windows' `netstat -ano -p TCP` (or UDP); its last column. */
export function netstatPid(output: string, protocol: 'tcp' | 'udp', port: number): number | undefined {
  for (const line of output.split(/\r?\n/)) {
    const columns = line.trim().split(/\s+/);
    const [kind, local, remote] = columns;
    if (kind?.toLowerCase() !== protocol || !local?.endsWith(`:${port}`)) continue;
    // A listening socket has no peer; its state's name is translated, so it is not read.
    if (protocol === 'tcp' && !/^(0\.0\.0\.0|\[::\]):0$/.test(remote ?? '')) continue;
    const pid = Number(columns.at(-1));
    if (Number.isInteger(pid) && pid > 0) return pid;
  }
  return undefined;
}
